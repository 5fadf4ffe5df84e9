from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Max, OuterRef, Q, Subquery, Sum, When

from commerce.invoicing.models import Invoice, InvoiceCounter
from commerce.orders.models import Order, OrderRefund

_SETTLES_WITHIN = timedelta(hours=1)


def discrepancies(*, at: datetime) -> Iterator[str]:
    """Numbers that are missing or were never counted, and orders whose invoices and credit notes do not come to what
    the order costs less what was given back. A handful of queries, however many invoices there are."""
    yield from _gaps()
    yield from _sums(at=at)


def _gaps() -> Iterator[str]:
    counted = {(each.market, each.year): each.last for each in InvoiceCounter.objects.all()}
    years = Invoice.objects.order_by().values_list("market", "year").annotate(many=Count("pk"), highest=Max("sequence"))
    issued = {(market, year): (many, highest) for market, year, many, highest in years}
    for key in sorted(counted.keys() | issued.keys()):
        many, highest = issued.get(key, (0, 0))
        last = counted.get(key, 0)
        if not many == highest == last:
            market, year = key
            yield f"invoices of {market} {year}: counted to {last}, {many} issued, the highest is {highest}"


def _sums(*, at: datetime) -> Iterator[str]:
    """Orders to which something happened within the last hour may still be waiting for their papers."""
    settled = at - _SETTLES_WITHIN
    charged = Case(When(kind=Invoice.Kind.INVOICE, then=F("total_minor")), default=-F("total_minor"))
    mine = Invoice.objects.filter(order=OuterRef("pk")).order_by().values("order")
    stands = mine.annotate(sum=Sum(charged)).values("sum")
    lately = OrderRefund.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(last=Max("at"))
    orders = Order.objects.order_by().annotate(
        papers=Subquery(stands),
        edition=Subquery(mine.annotate(last=Max("edition")).values("last")),
        refunded_at=Subquery(lately.values("last")),
    )
    orders = orders.filter(Q(refunded_at=None) | Q(refunded_at__lt=settled), edition=F("edited"), papers__isnull=False)
    wrong = orders.exclude(papers=F("total_minor") - F("refunded_minor"))
    for number, papers, total, refunded in wrong.values_list("number", "papers", "total_minor", "refunded_minor"):
        yield f"order {number}: invoices less credit notes make {papers}, {total} less {refunded} refunded is right"
