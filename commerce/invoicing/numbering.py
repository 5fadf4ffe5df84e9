from __future__ import annotations

from dataclasses import dataclass

from commerce.invoicing.models import NUMBER_DIGITS, InvoiceCounter
from commerce.kit.locks import locked_one


@dataclass(frozen=True, slots=True)
class Number:
    year: int
    sequence: int
    written: str


def take_number(*, market: str, year: int, prefix: str) -> Number:
    """The next number of the market's year, in the transaction that inserts the invoice.

    Rule: gap-free and unique. The counter is locked until that transaction ends, so the numbers come one after the
    other, and one that is rolled back, or whose process dies, is given out again. It is the last lock to be taken, and
    the invoices of a market wait for each other here; so nothing slow may follow.
    """
    counter = _locked_counter(market, year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return Number(year, counter.last, f"{prefix}{year}-{counter.last:0{NUMBER_DIGITS}}")


def _locked_counter(market: str, year: int) -> InvoiceCounter:
    counters = InvoiceCounter.objects.filter(market=market, year=year)
    try:
        return locked_one(counters)
    except InvoiceCounter.DoesNotExist:
        InvoiceCounter.objects.get_or_create(market=market, year=year)
        return locked_one(counters)
