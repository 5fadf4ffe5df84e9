"""Whether the ledger says what the prices say. Only of one instant: of the past the ledger is the witness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from commerce.kit.money import Money
from commerce.pricing import ledger
from commerce.pricing.models import Price, PriceChange, PriceList
from commerce.pricing.timelines import quoted

Said = tuple[Money | None, Money | None]


def discrepancies(*, at: datetime) -> Iterator[str]:
    """Variants of which a list asks something else at `at` than its ledger tells. Two queries for each batch."""
    lists = list(PriceList.objects.select_related("market", "base").prefetch_related("former_terms").order_by("pk"))
    facts = [each.facts for each in lists]
    keys = [each.pk for each in lists]
    priced = Price.objects.order_by().values_list("variant", flat=True).distinct()
    told_of = PriceChange.objects.order_by().values_list("variant", flat=True).distinct()
    for variants in ledger.in_batches(sorted({*priced, *told_of})):
        rows = ledger.rows_not_over(keys, variants, at=at)
        told = ledger.paths(variants=variants, price_lists=keys, until=at)
        for variant in variants:
            for each in facts:
                own, base = rows.get((variant, each.pk), []), rows.get((variant, each.base_pk or 0), [])
                price = quoted(each, own, base, quantity=1, at=at)
                asks: Said = (price.current.amount, price.regular.amount) if price is not None else (None, None)
                path = told.get((variant, each.pk), ())
                tells: Said = (path[-1].current, path[-1].regular) if path else (None, None)
                if asks != tells:
                    yield (
                        f"price of variant {variant} in list {each.code}: "
                        f"it is {_words(asks)}, the ledger tells {_words(tells)}"
                    )


def _words(said: Said) -> str:
    current, regular = said
    return "none" if current is None else f"{current} (regular {regular})"
