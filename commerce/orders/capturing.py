"""Taking what was authorised for an order: never more than the order still owes, whoever asks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.orders.locking import lock_order
from commerce.orders.models import Order, OrderPayment
from commerce.orders.paying import owed
from commerce.payments.capturing import CaptureRefused, request_capture
from commerce.payments.models import Capture, Payment
from commerce.payments.states import CaptureState


class MoreThanIsOwed(DomainError):
    """`facts["owed"]` is what the order still owes."""

    code = "capture_exceeds_owed"
    title = "More would be captured than the order still owes: it was edited or refunded since it was authorised"
    kind = ErrorKind.CONFLICT


def capture(*, payment: Payment, amount: Money | None, reason: str, actor: str, at: datetime) -> Capture:
    """Have what was authorised taken, or less of it; None: as much as is still owed. What is not taken is set free.

    A payment of no order is captured as it is. What the order comes to owe less while the gateway is asked goes back
    as a surplus. Lock order: order, payment.

    Raises:
        MoreThanIsOwed: the order was edited or refunded meanwhile.
        CaptureRefused, CaptureTooLarge, CurrencyMismatch: see `payments.capturing`.
    """
    with transaction.atomic():
        link = OrderPayment.objects.filter(payment=payment).first()
        if link is not None:
            left = _still_to_take(lock_order(link.order_id), besides=payment)
            if amount is None:
                amount = min(left, Payment.objects.get(pk=payment.pk).authorised)
            if not left:
                raise CaptureRefused("Nothing of the order is owed any more")
            if amount > left:
                raise MoreThanIsOwed(owed=left.document())
        return request_capture(payment=payment, amount=amount, reason=reason, actor=actor, at=at)


def capturable(order: Order, payment: Payment) -> Money:
    """What of this payment would be taken now."""
    return min(payment.authorised, _still_to_take(order, besides=payment))


def _still_to_take(order: Order, *, besides: Payment) -> Money:
    """What is owed, without what is being captured of the order's other payments."""
    others = order.payments.exclude(payment=besides).values("payment")
    asked = Capture.objects.filter(payment__in=others, status=CaptureState.REQUESTED).order_by()
    minor = asked.aggregate(minor=Sum("amount_minor"))["minor"] or 0
    return max(Money.zero(order.currency), owed(order) - Money(minor, order.currency))
