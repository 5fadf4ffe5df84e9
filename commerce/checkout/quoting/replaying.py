"""A frozen quote computed once more from its own facts: the proof that every amount explains itself."""

from __future__ import annotations

from typing import Any

from commerce.checkout.quoting.computing import compute
from commerce.checkout.quoting.facts import QuoteFacts
from commerce.kit.money import Money
from commerce.orders.snapshots import QuoteSnapshot
from commerce.pricing.resolving import replayed


def replay(frozen: QuoteSnapshot) -> QuoteSnapshot:
    """The quote that the frozen facts make."""
    return compute(QuoteFacts.from_document(frozen["facts"]))


def differences(frozen: QuoteSnapshot) -> list[str]:
    """Where the quote does not follow from its facts, as paths such as `lines.0.total`; empty when it all does."""
    found = list(_differing(dict(frozen), dict(replay(frozen)), ""))
    for line in frozen["facts"]["lines"]:
        if replayed(line["price"]) != Money.from_document(line["unit_price"]):
            found.append(f"facts.lines.{line['goods']['sku']}.unit_price")
    return found


def same_purchase(one: QuoteSnapshot, other: QuoteSnapshot) -> bool:
    """Whether two quotes sell the same for the same, in whatever order, whenever they were made and whenever it would
    arrive."""
    return _purchase(one) == _purchase(other)


def _purchase(quote: QuoteSnapshot) -> dict[str, Any]:
    shipping = quote["shipping"]
    way = {name: shipping[name] for name in ("method", "pickup_point", "total", "tax")} if shipping else None
    lines = [{name: value for name, value in line.items() if name != "wait"} for line in quote["lines"]]
    names = ("market", "currency", "tax", "rounding", "total", "credits", "due", "treatment")
    lines.sort(key=lambda line: (line["variant"], line["given_by"], line["quantity"]))
    return {**{name: quote[name] for name in names}, "lines": lines, "shipping": way}  # type: ignore[literal-required]


def _differing(one: Any, other: Any, path: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(one.keys() | other.keys())
        return [each for key in keys for each in _differing(one.get(key), other.get(key), f"{path}.{key}".strip("."))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [each for at, (left, right) in pairs for each in _differing(left, right, f"{path}.{at}")]
    return [] if one == other else [path]
