"""What a person can do about a payment that needs one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404

from commerce.kit import outbox
from commerce.orders import capturing
from commerce.payments import attention, quarantining, refunding, settling, webhooks
from commerce.payments.attention import MatterKind
from commerce.payments.cancelling import request_cancel
from commerce.payments.models import Payment, Refund, WebhookEvent

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it to what, and what they wrote."""

    key: str
    written: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    label: str
    done: str
    run: Callable[[Doing], object]
    asks: str = ""
    """What must be written for it, in a word or two; empty: nothing."""
    is_grave: bool = False


def _row(model: type[M], key: str) -> M:
    try:
        return get_object_or_404(model, pk=UUID(key))
    except ValueError:
        raise Http404 from None


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return int(key)


def _try_again(doing: Doing) -> None:
    refunding.try_again(refund=_row(Refund, doing.key), actor=doing.actor, at=doing.at)


def _paid_back(doing: Doing) -> None:
    refund = _row(Refund, doing.key)
    refunding.record_paid_back(refund=refund, reference=doing.written, actor=doing.actor, at=doing.at)


def _waive(doing: Doing) -> None:
    refunding.waive(refund=_row(Refund, doing.key), reason=doing.written, actor=doing.actor, at=doing.at)


def _release(doing: Doing) -> None:
    quarantining.release(payment=_row(Payment, doing.key))


def _look(doing: Doing) -> None:
    settling.settle(payment_id=UUID(doing.key), actor=doing.actor, at=doing.at)


def _give_up(doing: Doing) -> None:
    payment = _row(Payment, doing.key)
    quarantining.give_up(payment=payment, reason=doing.written, actor=doing.actor, at=doing.at)


def _capture(doing: Doing) -> None:
    payment = _row(Payment, doing.key)
    capturing.capture(payment=payment, amount=None, reason="About to lapse", actor=doing.actor, at=doing.at)


def _cancel(doing: Doing) -> None:
    request_cancel(payment=_row(Payment, doing.key), reason=doing.written, actor=doing.actor, at=doing.at)


def _give_back(doing: Doing) -> None:
    payment = _row(Payment, doing.key)
    excess = attention.excess_of(payment)
    refunding.request_refund(payment=payment, amount=excess, reason="Overpaid", actor=doing.actor, at=doing.at)


def _retry_webhook(doing: Doing) -> None:
    webhook = get_object_or_404(WebhookEvent, pk=_number(doing.key))
    webhooks.retry(webhook=webhook, at=doing.at)


def _retry_delivery(doing: Doing) -> None:
    if not outbox.retry(delivery_id=_number(doing.key), at=doing.at):
        raise Http404


_PAID_BACK = Action("paid_back", "Paid back", "It is in the books as paid back.", _paid_back, asks="Bank's reference")
ACTIONS: dict[MatterKind, tuple[Action, ...]] = {
    MatterKind.FAILED_REFUND: (
        Action("try_again", "Try again", "The gateway is asked again.", _try_again),
        _PAID_BACK,
        Action("waive", "Not owed", "It is not owed any more.", _waive, asks="Reason", is_grave=True),
    ),
    MatterKind.REFUND_TO_PAY: (_PAID_BACK,),
    MatterKind.QUARANTINED: (
        Action("release", "Look again", "It was compared with the gateway again.", _release),
        Action("give_up", "Not ours", "The payment is cancelled.", _give_up, asks="Reason", is_grave=True),
    ),
    MatterKind.PARKED_WEBHOOK: (Action("retry", "Try again", "The event is handled again.", _retry_webhook),),
    MatterKind.DISPUTE: (),
    MatterKind.LAPSING_AUTHORISATION: (
        Action("capture", "Capture", "The gateway is asked to take the money.", _capture),
        Action("cancel", "Cancel", "The gateway is asked to let it go.", _cancel, asks="Reason", is_grave=True),
    ),
    MatterKind.OVERPAID: (Action("give_back", "Give back", "A refund of it is waiting to be paid.", _give_back),),
    # The order's own page has the receipt, the refund and the cancellation.
    MatterKind.NOT_PAID_IN_TIME: (),
    MatterKind.PARKED_DELIVERY: (Action("retry", "Try again", "It is tried again.", _retry_delivery),),
}
_AFTERWARDS = {"release": _look}
"""What asks the gateway, and so must wait until the transaction is over."""


def act(kind: str, name: str, doing: Doing) -> Action:
    """Carry out the action.

    Raises:
        Http404: there is no such matter or action.
        DomainError: it cannot be done, or not any more.
    """
    actions = ACTIONS.get(MatterKind(kind), ()) if kind in set(MatterKind) else ()
    action = next((each for each in actions if each.name == name), None)
    if action is None:
        raise Http404
    with transaction.atomic():
        action.run(doing)
    if name in _AFTERWARDS:
        _AFTERWARDS[name](doing)
    return action
