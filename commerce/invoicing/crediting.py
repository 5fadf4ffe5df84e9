"""What a credit note says, worked out from the invoice that it corrects and the credit notes before it. Pure.

Rules: the refund's own amounts and taxes are taken as they were decided, line by line. What was given back without a
line lowers the price of all that is left, rate by rate. No rate is ever credited beyond what the invoice charged at it,
and once everything is given back, invoice and credit notes cancel out to the cent at every rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from commerce.invoicing.documents import (
    Correction,
    InvoiceDocument,
    Row,
    Seller,
    TaxRow,
    decimal_of,
    require_sum,
    taxes_of,
)
from commerce.invoicing.wording import words
from commerce.kit.currencies import exponent
from commerce.kit.money import Money, round_half_up


@dataclass(frozen=True, slots=True)
class Part:
    """Amounts with the tax in them, and that tax, in minor units."""

    quantity: int
    gross: int
    tax: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """`lines` by the position of the order's line; the rest of `total` was given back without one."""

    total: int
    lines: Mapping[int, Part] = field(default_factory=dict)
    shipping: Part = Part(1, 0, 0)


def credit_document(
    *,
    invoice: InvoiceDocument,
    before: Sequence[InvoiceDocument],
    given: GivenBack | None,
    number: str,
    issued_on: str,
    seller: Seller,
) -> InvoiceDocument:
    """`before` are the earlier credit notes for this invoice; `given` is None to take back all that they have left.

    Raises:
        ValueError: more would be credited than is left of the invoice; a defect, never printed.
    """
    say = words(invoice["language"])
    left = _Left.of(invoice, before)
    if given is None:
        rows, rounding = _completed(list(invoice["rows"]), left, invoice)
        total = left.total
    else:
        if given.total > left.total:
            raise ValueError(f"{given.total} would be credited and {left.total} is left of {invoice['number']}")
        total = given.total
        rows = [*_lines(invoice, given), *_shipping(invoice, given)]
        rows, rounding = (
            _completed(rows, left, invoice) if total == left.total else _reduced(rows, left, given, invoice)
        )
    taxes = taxes_of(rows)
    document = InvoiceDocument(
        **{
            **invoice,
            "kind": "credit_note",
            "number": number,
            "issued_on": issued_on,
            "paid_on": None,
            "supplied_on": None,
            "seller": seller,
            "rows": rows,
            "taxes": taxes,
            "net": sum(row["net"] for row in taxes),
            "tax": sum(row["tax"] for row in taxes),
            "rounding": rounding,
            "total": total,
            "paid_by": [],
            "due": 0,
            "corrects": Correction(
                number=invoice["number"],
                issued_on=invoice["issued_on"],
                reason=say["taken_back"] if given is None else "",
            ),
        }
    )
    require_sum(document)
    return document


@dataclass(frozen=True, slots=True)
class _Left:
    """What the credit notes have left of an invoice, by rate and in all."""

    rates: dict[str, Part]
    rounding: int
    total: int

    @classmethod
    def of(cls, invoice: InvoiceDocument, before: Iterable[InvoiceDocument]) -> _Left:
        rates = _by_rate(invoice["taxes"])
        rounding, total = invoice["rounding"], invoice["total"]
        for note in before:
            for percent, part in _by_rate(note["taxes"]).items():
                rates[percent] = _minus(rates[percent], part)
            rounding -= note["rounding"]
            total -= note["total"]
        return cls(rates, rounding, total)


def _by_rate(taxes: Iterable[TaxRow]) -> dict[str, Part]:
    return {row["percent"]: Part(1, row["gross"], row["tax"]) for row in taxes}


def _minus(one: Part, other: Part) -> Part:
    return Part(1, one.gross - other.gross, one.tax - other.tax)


def _lines(invoice: InvoiceDocument, given: GivenBack) -> list[Row]:
    """A line that the invoice does not have, because the order was edited since, is given back without one."""
    sold = {row["line"]: row for row in invoice["rows"] if row["kind"] == "goods"}
    return [_row(sold[position], part, invoice) for position, part in sorted(given.lines.items()) if position in sold]


def _shipping(invoice: InvoiceDocument, given: GivenBack) -> list[Row]:
    """Cut up as the invoice cut it up by rates."""
    charged = [row for row in invoice["rows"] if row["kind"] == "shipping"]
    weights = [row["gross"] for row in charged]
    if not given.shipping.gross or not sum(weights):
        return []
    grosses = _allocated(given.shipping.gross, weights, invoice)
    taxed = [row["tax"] for row in charged]
    taxes = _allocated(given.shipping.tax, taxed, invoice) if sum(taxed) else [0] * len(charged)
    return [
        _row(row, Part(1, gross, tax), invoice)
        for row, gross, tax in zip(charged, grosses, taxes, strict=True)
        if gross
    ]


def _completed(rows: list[Row], left: _Left, invoice: InvoiceDocument) -> tuple[list[Row], int]:
    """With whatever is left of each rate, less than nothing if it was given back before."""
    credited = _by_rate(taxes_of(rows))
    rests = {percent: _minus(part, credited.get(percent, Part(1, 0, 0))) for percent, part in left.rates.items()}
    return [*rows, *_others(rests, invoice)], left.rounding


def _reduced(rows: list[Row], left: _Left, given: GivenBack, invoice: InvoiceDocument) -> tuple[list[Row], int]:
    """With what was given back without a line, spread over what is left of each rate."""
    credited = _by_rate(taxes_of(rows))
    room = {percent: _minus(part, credited.get(percent, Part(1, 0, 0))) for percent, part in left.rates.items()}
    # A rate that an earlier reduction has left less of than its line costs: the rest of that reduction was another's.
    beyond = {percent: part for percent, part in room.items() if part.gross < 0}
    rest = given.total - sum(row["gross"] for row in rows) - sum(part.gross for part in beyond.values())
    rates = [percent for percent in room if percent not in beyond]
    shares = _allocated(rest, [room[percent].gross for percent in rates], invoice) if rest else []
    others = dict(beyond)
    for percent, gross in zip(rates, shares, strict=False):
        part = room[percent]
        tax = round_half_up(Fraction(gross * part.tax, part.gross)) if part.gross else 0
        others[percent] = Part(1, gross, tax)
    return [*rows, *_others(others, invoice)], 0


def _others(parts: Mapping[str, Part], invoice: InvoiceDocument) -> list[Row]:
    say = words(invoice["language"])
    return [
        _row(
            Row(
                kind="other",
                line=None,
                sku="",
                title=say["other"] if part.gross > 0 else say["credited_before"],
                name="",
                given_by="",
                quantity=1,
                unit_price="",
                unit_net="",
                discount=0,
                percent=percent,
                net=0,
                tax=0,
                gross=0,
            ),
            part,
            invoice,
        )
        for percent, part in parts.items()
        if part.gross or part.tax
    ]


def _row(row: Row, part: Part, invoice: InvoiceDocument) -> Row:
    net, places = part.gross - part.tax, exponent(invoice["currency"])
    price = part.gross if invoice["with_tax"] else net
    return Row(
        **{
            **row,
            "quantity": part.quantity,
            "unit_price": decimal_of(Fraction(price, part.quantity), places),
            "unit_net": decimal_of(Fraction(net, part.quantity), places),
            "discount": 0,
            "net": net,
            "tax": part.tax,
            "gross": part.gross,
        }
    )


def _allocated(minor: int, weights: Sequence[int], invoice: InvoiceDocument) -> list[int]:
    return [part.minor for part in Money(minor, invoice["currency"]).allocate(weights)]
