from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from commerce.credit.models import CreditEntry
from commerce.orders.models import (
    FulfilmentLine,
    Order,
    OrderLine,
    OrderPayment,
    OrderRefund,
    OrderRefundLine,
    Replacement,
    ReturnLine,
)
from commerce.orders.states import TAKEN, FulfilmentStatus
from commerce.payments.models import LedgerEntry
from commerce.payments.states import PaymentStatus, RefundState

_AWAITED = (PaymentStatus.OPENING, PaymentStatus.OPEN, PaymentStatus.AUTHORISED)


def discrepancies() -> Iterator[str]:
    """Orders whose lines do not add up to their sums (the rest of I7 is a database constraint), whose counters or
    refunds say something else than the rows behind them."""
    yield from _sums()
    yield from _payments()
    yield from _refunds()
    yield from _given_back()
    yield from _counters()


def _sums() -> Iterator[str]:
    summed = Order.objects.annotate(
        lines_minor=Sum("lines__total_minor"),
        discounts_minor=Sum("lines__discount_minor"),
        reliefs_minor=Sum("lines__relief_minor"),
        goods_minor=F("subtotal_minor") - F("discount_minor") - F("relief_minor"),
    ).order_by()
    adds_up = Q(lines_minor=F("goods_minor"), discounts_minor=F("discount_minor"), reliefs_minor=F("relief_minor"))
    for order in summed.exclude(adds_up):
        yield f"I7 order {order.number}: lines make {order.lines_minor}, goods are {order.goods_minor}"


def _payments() -> Iterator[str]:
    """What counts as paid has been paid, by the books of the payments and of the gift cards; while the difference for
    an edit is awaited, it need not have come."""
    came = _sum_of(
        OrderPayment.objects.filter(order=OuterRef("pk"), payment__ledger__kind=LedgerEntry.Kind.CAPTURE),
        "order",
        "payment__ledger__amount_minor",
    )
    asked_back = _sum_of(OrderPayment.objects.filter(order=OuterRef("pk")), "order", "payment__refunds__amount_minor")
    by_credit = _sum_of(
        CreditEntry.objects.filter(holder=OuterRef("checkout_id"), kind__in=["redeem", "refund"]),
        "holder",
        "amount_minor",
    )
    awaited = OrderPayment.objects.filter(order=OuterRef("pk"), payment__status__in=_AWAITED)
    counted = Order.objects.filter(~Exists(awaited), payment_state__in=TAKEN).order_by()
    kept = F("came") - F("asked_back") - F("by_credit")
    paid = counted.annotate(came=came, asked_back=asked_back, by_credit=by_credit).annotate(kept=kept)
    for order in paid.filter(kept__lt=F("total_minor") - F("refunded_minor")):
        left = order.total_minor - order.refunded_minor
        yield f"I1 order {order.number}: {order.payment_state}, and {order.kept} of {left} is there"


def _refunds() -> Iterator[str]:
    """Each refund is the sum of its parts, and an order knows what of its total was given back."""
    lines = _sum_of(OrderRefundLine.objects.filter(refund=OuterRef("pk")), "refund", "amount_minor")
    parts = _sum_of(
        OrderRefund.objects.filter(pk=OuterRef("pk"), parts__isnull=False), "pk", "parts__payment_refund__amount_minor"
    )
    made_of = F("lines_minor") + F("shipping_minor") + F("other_minor") + F("adjustment_minor")
    paid_by = F("parts_minor") + F("credit_minor") + F("voided_minor")
    refunds = OrderRefund.objects.annotate(lines_minor=lines, parts_minor=parts).order_by()
    for refund in refunds.exclude(total_minor=made_of).select_related("order"):
        yield f"I1 order {refund.order.number}: refund {refund.pk} is {refund.total_minor}, its parts make another sum"
    # What somebody gave back at the payment service may be more than was left of the order.
    ours = refunds.exclude(purpose=OrderRefund.Purpose.GATEWAY)
    for refund in ours.exclude(total_minor=paid_by).select_related("order"):
        yield f"I1 order {refund.order.number}: refund {refund.pk} is {refund.total_minor}, other money was asked for"
    counted = OrderRefund.objects.filter(order=OuterRef("pk")).exclude(purpose=OrderRefund.Purpose.SURPLUS)
    orders = Order.objects.annotate(given=_sum_of(counted, "order", "total_minor")).order_by()
    for order in orders.exclude(refunded_minor=F("given")):
        yield f"I1 order {order.number}: {order.refunded_minor} given back, its refunds make {order.given}"


def _given_back() -> Iterator[str]:
    """What an order gave back has gone back by the ledgers, is owed, was waived or was never to be paid. More may have
    gone: what was paid twice, say, is no part of the order."""
    of_order = OrderPayment.objects.filter(order=OuterRef("pk"))
    back = of_order.filter(payment__ledger__kind__in=_WENT_BACK)
    unpaid = of_order.filter(payment__refunds__status__in=_NOT_PAID_OUT)
    to_cards = CreditEntry.objects.filter(holder=OuterRef("checkout_id"), kind=CreditEntry.Kind.REFUND)
    of_refunds = OrderRefund.objects.filter(order=OuterRef("pk"))
    orders = Order.objects.filter(Exists(of_refunds)).order_by()
    summed = orders.annotate(
        given=_sum_of(of_refunds, "order", "total_minor"),
        voided=_sum_of(of_refunds, "order", "voided_minor"),
        back=_sum_of(back, "order", "payment__ledger__amount_minor"),
        unpaid=_sum_of(unpaid, "order", "payment__refunds__amount_minor"),
        to_cards=_sum_of(to_cards, "holder", "amount_minor"),
    ).annotate(known=F("voided") - F("back") + F("unpaid") + F("to_cards"))
    for order in summed.filter(given__gt=F("known")):
        yield f"I1 order {order.number}: {order.given} given back, of which {order.known} went, is owed or was waived"


_WENT_BACK = (LedgerEntry.Kind.REFUND, LedgerEntry.Kind.REFUND_FAILED, LedgerEntry.Kind.DISPUTE)
_NOT_PAID_OUT = (RefundState.REQUESTED, RefundState.FAILED, RefundState.WAIVED)


def _counters() -> Iterator[str]:
    live = ~Q(fulfilment__status=FulfilmentStatus.CANCELLED)
    fulfilled = _sum_of(FulfilmentLine.objects.filter(live, line=OuterRef("pk")), "line", "quantity")
    refunded = _sum_of(OrderRefundLine.objects.filter(line=OuterRef("pk")), "line", "quantity")
    came = _sum_of(ReturnLine.objects.filter(line=OuterRef("pk")), "line", "received")
    lines = OrderLine.objects.annotate(sent=fulfilled, paid_back=refunded, came=came).order_by()
    # Units may also come back with a refund, without a return.
    agrees = Q(fulfilled=F("sent"), refunded=F("paid_back"), returned__gte=F("came"))
    for line in lines.exclude(agrees).select_related("order"):
        yield (
            f"I7 order {line.order.number} line {line.position}: {line.fulfilled} fulfilled of {line.sent}, "
            f"{line.refunded} paid back of {line.paid_back}, {line.returned} returned of {line.came}"
        )
    sent = _sum_of(FulfilmentLine.objects.filter(live, replacement=OuterRef("pk")), "replacement", "quantity")
    for each in Replacement.objects.annotate(sent=sent).exclude(fulfilled=F("sent")).order_by():
        yield f"I7 replacement {each.pk}: {each.fulfilled} fulfilled of {each.sent}"


def _sum_of(rows: QuerySet[models.Model], key: str, name: str) -> Coalesce:
    summed = rows.order_by().values(key).annotate(sum=Sum(name)).values("sum")
    return Coalesce(Subquery(summed), 0)
