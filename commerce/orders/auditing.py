from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum

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
from commerce.orders.paying import paid_short, sum_of
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
    """What counts as paid has been paid; while the difference for an edit is awaited, it need not have come."""
    awaited = OrderPayment.objects.filter(order=OuterRef("pk"), payment__status__in=_AWAITED)
    short = paid_short(Order.objects.filter(~Exists(awaited), payment_state__in=TAKEN))
    left = F("total_minor") - F("refunded_minor")
    for number, state, kept, of in short.values_list("number", "payment_state", "kept", left):
        yield f"I1 order {number}: {state}, and {kept} of {of} is there"


def _refunds() -> Iterator[str]:
    """Each refund is the sum of its parts, and an order knows what of its total was given back."""
    lines = sum_of(OrderRefundLine.objects.filter(refund=OuterRef("pk")), "refund", "amount_minor")
    parts = sum_of(
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
    orders = Order.objects.annotate(given=sum_of(counted, "order", "total_minor")).order_by()
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
        given=sum_of(of_refunds, "order", "total_minor"),
        voided=sum_of(of_refunds, "order", "voided_minor"),
        back=sum_of(back, "order", "payment__ledger__amount_minor"),
        unpaid=sum_of(unpaid, "order", "payment__refunds__amount_minor"),
        to_cards=sum_of(to_cards, "holder", "amount_minor"),
    ).annotate(known=F("voided") - F("back") + F("unpaid") + F("to_cards"))
    for order in summed.filter(given__gt=F("known")):
        yield f"I1 order {order.number}: {order.given} given back, of which {order.known} went, is owed or was waived"


_WENT_BACK = (LedgerEntry.Kind.REFUND, LedgerEntry.Kind.REFUND_FAILED, LedgerEntry.Kind.DISPUTE)
_NOT_PAID_OUT = (RefundState.REQUESTED, RefundState.FAILED, RefundState.WAIVED)


def _counters() -> Iterator[str]:
    live = ~Q(fulfilment__status=FulfilmentStatus.CANCELLED)
    fulfilled = sum_of(FulfilmentLine.objects.filter(live, line=OuterRef("pk")), "line", "quantity")
    refunded = sum_of(OrderRefundLine.objects.filter(line=OuterRef("pk")), "line", "quantity")
    came = sum_of(ReturnLine.objects.filter(line=OuterRef("pk")), "line", "received")
    lines = OrderLine.objects.annotate(sent=fulfilled, paid_back=refunded, came=came).order_by()
    # Units may also come back with a refund, without a return.
    agrees = Q(fulfilled=F("sent"), refunded=F("paid_back"), returned__gte=F("came"))
    for line in lines.exclude(agrees).select_related("order"):
        yield (
            f"I7 order {line.order.number} line {line.position}: {line.fulfilled} fulfilled of {line.sent}, "
            f"{line.refunded} paid back of {line.paid_back}, {line.returned} returned of {line.came}"
        )
    sent = sum_of(FulfilmentLine.objects.filter(live, replacement=OuterRef("pk")), "replacement", "quantity")
    for each in Replacement.objects.annotate(sent=sent).exclude(fulfilled=F("sent")).order_by():
        yield f"I7 replacement {each.pk}: {each.fulfilled} fulfilled of {each.sent}"
