from __future__ import annotations

from datetime import datetime

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.payments.announcing import announce
from commerce.payments.models import Payment
from commerce.payments.settling import end_offline, is_being_captured
from commerce.payments.states import PaymentStatus


class CancelRefused(DomainError):
    code = "payment_not_cancellable"
    title = "The payment was made or is being captured; it can only be refunded"
    kind = ErrorKind.CONFLICT


def request_cancel(*, payment: Payment, reason: str, actor: str, at: datetime) -> None:
    """Decide that nobody shall pay any more, in the caller's transaction; a task then asks the gateway till it answers.

    A payment outside any gateway ends at once, and what came in of it is to be paid back. What has ended stays so.
    Should the shopper be faster than the task, the payment succeeds all the same: listen for `payments.succeeded`.

    Raises:
        CancelRefused: it succeeded, or it is being captured.
    """
    payment = locked_row(Payment, payment.pk)
    if payment.status == PaymentStatus.CANCELLED:
        return
    if payment.is_settled or is_being_captured(payment):
        raise CancelRefused()
    if payment.is_offline:
        end_offline(payment, reason=reason, actor=actor, at=at)
    elif payment.cancel_requested_at is None:
        Payment.objects.filter(pk=payment.pk).update(cancel_requested_at=at)
        announce("cancel_requested", payment, at=at, actor=actor)
