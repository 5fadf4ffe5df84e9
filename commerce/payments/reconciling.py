"""By the clock: what may still move is compared with the gateway; no lost message loses money (invariant I6)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q, QuerySet

from commerce.payments import capturing, refunding, settling
from commerce.payments.gateways import GatewayUnavailable
from commerce.payments.models import Capture, Method, Payment, Refund
from commerce.payments.states import CaptureState, PaymentStatus, RefundState

LEFT_ALONE_FOR = timedelta(seconds=60)
TIMES_FOR_AUTHORISED = 60
"""An authorisation is left alone that much longer: it moves by our own doing or lapses after days."""
REFUNDS_LEFT_ALONE_FOR = timedelta(minutes=5)
AWAY_AFTER = 2
ACTOR = "reconciler"

logger = logging.getLogger(__name__)


def reconcile(*, at: datetime, limit: int = 100, left_alone_for: timedelta = LEFT_ALONE_FOR) -> int:
    """Settle the payments that may still move and that nobody looked at for a while, oldest look first, and cancel
    those that are to be cancelled. Returns how many.

    Each stands alone: one that cannot be looked up goes to the end of the line. Two in a row that the gateway
    does not answer end the round, for then it is away.
    """
    waited = Q(status=PaymentStatus.OPEN, checked_at__lte=at - left_alone_for)
    held = Q(status=PaymentStatus.AUTHORISED, checked_at__lte=at - TIMES_FOR_AUTHORISED * left_alone_for)
    unwanted = Q(cancel_requested_at__isnull=False, checked_at__lte=at - left_alone_for)
    may_still_move = Payment.objects.filter(
        status__in=[PaymentStatus.OPEN, PaymentStatus.AUTHORISED], method=Method.STRIPE, quarantine_reason=""
    )
    stale = may_still_move.filter(waited | held | unwanted).order_by("checked_at")
    keys = list(stale.values_list("pk", "cancel_requested_at")[:limit])
    return _each((f"payment {key}", partial(_look, key, is_unwanted is not None, at=at)) for key, is_unwanted in keys)


def _look(payment_id: uuid.UUID, is_to_be_cancelled: bool, *, at: datetime) -> None:
    Payment.objects.filter(pk=payment_id).update(checked_at=at)
    if is_to_be_cancelled:
        settling.cancel(payment_id=payment_id, actor=ACTOR, at=at)
    else:
        settling.settle(payment_id=payment_id, actor=ACTOR, at=at)


def reconcile_refunds(*, at: datetime, limit: int = 100, left_alone_for: timedelta = REFUNDS_LEFT_ALONE_FOR) -> int:
    """Carry out the refunds that are still only requested, however often their task has failed; those that nobody saw
    to for longest first. Returns how many."""
    waiting = Refund.objects.filter(
        status=RefundState.REQUESTED, created_at__lte=at - left_alone_for, payment__method=Method.STRIPE
    )
    return _each(_turns(waiting, lambda key: refunding.carry_out(refund_id=key, actor=ACTOR, at=at), limit, at=at))


def reconcile_captures(*, at: datetime, limit: int = 100, left_alone_for: timedelta = REFUNDS_LEFT_ALONE_FOR) -> int:
    """The same for captures."""
    waiting = Capture.objects.filter(status=CaptureState.REQUESTED, created_at__lte=at - left_alone_for)
    return _each(_turns(waiting, lambda key: capturing.carry_out(capture_id=key, actor=ACTOR, at=at), limit, at=at))


def _turns(
    waiting: QuerySet[Refund] | QuerySet[Capture], carry_out: Callable[[uuid.UUID], None], limit: int, *, at: datetime
) -> Iterator[tuple[str, Callable[[], None]]]:
    """One that is tried goes to the end of the line, so that those which never succeed hold up nobody."""
    rows = waiting.model._default_manager
    longest_first = waiting.order_by(F("checked_at").asc(nulls_first=True), "created_at")

    def take(key: uuid.UUID) -> None:
        rows.filter(pk=key).update(checked_at=at)
        carry_out(key)

    for key in longest_first.values_list("pk", flat=True)[:limit]:
        yield f"{waiting.model._meta.model_name} {key}", partial(take, key)


def _each(steps: Iterable[tuple[str, Callable[[], None]]]) -> int:
    """Take the steps that can be taken. Returns how many were."""
    taken, unanswered = 0, 0
    for name, step in steps:
        try:
            step()
            taken, unanswered = taken + 1, 0
        except Exception as error:  # whatever is wrong with one, the others go on
            logger.warning("%s cannot be reconciled: %s", name, error, exc_info=True)
            unanswered = unanswered + 1 if isinstance(error, GatewayUnavailable) else 0
        if unanswered == AWAY_AFTER:
            break
    return taken
