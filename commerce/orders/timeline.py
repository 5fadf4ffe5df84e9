"""One chronological list of all that happened to an order, and who did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from commerce.kit.money import Money
from commerce.kit.states import STATUS
from commerce.kit.writing import money_written
from commerce.orders.models import (
    FulfilmentEvent,
    Order,
    OrderEvent,
    OrderNote,
    OrderRefund,
    OrderRevision,
    Replacement,
    ReturnEvent,
)
from commerce.orders.states import FulfilmentStatus, OrderStatus, PaymentState, ReturnStatus
from commerce.payments.models import DisputeEvent, PaymentEvent, RefundEvent
from commerce.payments.states import DisputeState, PaymentStatus, RefundState


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` and `name` are stable and for programs; `words` say what happened, `detail` why. An entry that is not
    for the shopper says so. `place` keeps what happened at the same instant in order, cause before effect."""

    at: datetime
    kind: str
    name: str
    words: str
    detail: str
    actor: str
    is_visible: bool
    facts: dict[str, Any] = field(default_factory=dict)
    place: tuple[int, int] = (0, 0)


def timeline(order: Order, *, further: Iterable[Entry] = ()) -> list[Entry]:
    """Oldest first. `further` are entries of rooms that orders know nothing of, such as mails that were sent.

    Nine queries, whatever has happened.
    """
    entries = [
        *_states(order),
        *_edits(order),
        *_payments(order),
        *_parcels(order),
        *_returns(order),
        *_refunds(order),
        *_notes(order),
        *further,
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.place))


def _written(amount: Money) -> str:
    """Entries are in English, and so are their amounts."""
    return money_written(amount, language="en")


_OF_ORDER = {
    "pending": "Order placed, waits for payment",
    "confirmed": "Order confirmed",
    "processing": "Order in work",
    "shipped": "Order sent",
    "delivered": "Order delivered",
    "cancelled": "Order cancelled",
    "refunded": "Order paid back",
}
_OF_MONEY = {
    "pending": "Payment awaited",
    "authorised": "Payment authorised",
    "partially_paid": "Partly paid",
    "paid": "Paid",
    "partially_refunded": "Partly paid back",
    "refunded": "Paid back",
    "voided": "Payment called off",
}


def _states(order: Order) -> Iterable[Entry]:
    was_cancelled = False
    for event in OrderEvent.objects.filter(order=order).exclude(field="fulfilment_state"):
        about_order = event.field == STATUS
        words = (_OF_ORDER if about_order else _OF_MONEY)[event.to_status]
        kind = "order" if about_order else "payment_state"
        step = f"{kind}.{event.to_status}"
        if not event.from_status:
            step = "placed"
        elif event.to_status == PaymentState.VOIDED and not was_cancelled:
            step = "lapsed"
        elif event.from_status in _GONE_BACK:
            step = f"payment_state.{event.from_status}"
            if event.to_status == PaymentState.PAID:
                words = "Not paid back after all"
        was_cancelled = was_cancelled or event.to_status == OrderStatus.CANCELLED
        place = _place(step, event.pk)
        yield Entry(event.at, kind, event.to_status, words, event.reason, event.actor, True, place=place)


_GONE_BACK = (PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED)
_CAUSE_BEFORE_EFFECT = (
    "edit", "payment", "dispute", "placed", "payment_state.pending", "payment_state.authorised",
    "payment_state.partially_paid", "payment_state.paid", "fulfilment.cancelled", "return", "exchange",
    "order.confirmed", "fulfilment.packed", "order.processing", "fulfilment.shipped", "order.shipped",
    "fulfilment.delivered", "order.delivered", "lapsed", "order.cancelled", "refund", "payment_refund",
    "payment_state.voided", "payment_state.partially_refunded", "payment_state.refunded", "order.refunded", "note",
)  # fmt: skip
"""What happens at one instant, by its kind or its kind and name, in the order in which it leads to the next."""
_STEPS = {step: number for number, step in enumerate(_CAUSE_BEFORE_EFFECT)}


def _place(step: str, row: int = 0) -> tuple[int, int]:
    return _STEPS[step], row


def _edits(order: Order) -> Iterable[Entry]:
    revisions = list(OrderRevision.objects.filter(order=order).order_by("number"))
    totals = [Money.from_document(each.quote["total"]) for each in revisions] + [order.total]
    for edit, before, after in zip(revisions, totals, totals[1:], strict=False):
        words = f"Order changed: {_written(after)} instead of {_written(before)}"
        facts = {"before": before.document(), "after": after.document()}
        place = _place("edit", edit.number)
        yield Entry(edit.at, "edit", "edited", words, edit.reason, edit.actor, True, facts, place)


def _payments(order: Order) -> Iterable[Entry]:
    of_order = order.payments.values("payment")
    for event in PaymentEvent.objects.filter(payment__in=of_order):
        words, place = _OF_PAYMENT[PaymentStatus(event.to_status)], _place("payment", event.pk)
        if event.from_status == event.to_status:
            words = "A part of the payment came"
        yield Entry(event.at, "payment", event.to_status, words, event.reason, event.actor, False, place=place)
    for word in DisputeEvent.objects.filter(dispute__payment__in=of_order).select_related("dispute"):
        disputed = word.dispute.amount
        words = _OF_DISPUTE[DisputeState(word.to_status)].format(_written(disputed))
        facts = {"amount": disputed.document()}
        place = _place("dispute", word.pk)
        yield Entry(word.at, "dispute", word.to_status, words, word.reason, word.actor, False, facts, place)
    for change in RefundEvent.objects.filter(refund__payment__in=of_order).select_related("refund"):
        amount = change.refund.amount
        # Once it has failed, the shopper is to know how it goes on.
        is_visible = RefundState.FAILED in (change.from_status, change.to_status)
        words, facts = _OF_REFUND[RefundState(change.to_status)].format(_written(amount)), {"amount": amount.document()}
        place = _place("payment_refund", change.pk)
        yield Entry(
            change.at, "payment_refund", change.to_status, words, change.reason, change.actor, is_visible, facts, place
        )


_OF_PAYMENT = {
    PaymentStatus.OPENING: "Payment asked for",
    PaymentStatus.OPEN: "Payment awaited",
    PaymentStatus.AUTHORISED: "Payment authorised",
    PaymentStatus.SUCCEEDED: "Payment received",
    PaymentStatus.CANCELLED: "Payment called off",
}
_OF_DISPUTE = {
    DisputeState.NEEDS_RESPONSE: "Disputed: {}",
    DisputeState.UNDER_REVIEW: "Dispute under review: {}",
    DisputeState.WON: "Dispute won: {}",
    DisputeState.LOST: "Dispute lost: {}",
}
_OF_REFUND = {
    RefundState.REQUESTED: "Refund of {} asked for",
    RefundState.SUCCEEDED: "Refund of {} made",
    RefundState.FAILED: "Refund of {} did not arrive: it is still owed",
    RefundState.WAIVED: "Refund of {} is not owed any more",
}
_OF_PARCEL = {
    FulfilmentStatus.PACKED: "Parcel packed",
    FulfilmentStatus.SHIPPED: "Parcel sent",
    FulfilmentStatus.DELIVERED: "Parcel delivered",
    FulfilmentStatus.CANCELLED: "Parcel unpacked",
}


def _parcels(order: Order) -> Iterable[Entry]:
    events = FulfilmentEvent.objects.filter(fulfilment__order=order).select_related("fulfilment")
    for event in events:
        parcel = event.fulfilment
        is_gone = event.to_status in (FulfilmentStatus.SHIPPED, FulfilmentStatus.DELIVERED)
        facts = {"fulfilment": str(parcel.pk)}
        if is_gone:
            facts |= {"tracking_number": parcel.tracking_number, "tracking_url": parcel.tracking_url}
        words = _OF_PARCEL[FulfilmentStatus(event.to_status)]
        place = _place(f"fulfilment.{event.to_status}", event.pk)
        yield Entry(event.at, "fulfilment", event.to_status, words, event.reason, event.actor, is_gone, facts, place)


_OF_RETURN = {
    ReturnStatus.REQUESTED: "Return asked for",
    ReturnStatus.APPROVED: "Return approved",
    ReturnStatus.REJECTED: "Return rejected",
    ReturnStatus.RECEIVED: "Returned goods received",
    ReturnStatus.CLOSED: "Return closed",
}


def _returns(order: Order) -> Iterable[Entry]:
    for event in ReturnEvent.objects.filter(parent__order=order):
        words, facts = _OF_RETURN[ReturnStatus(event.to_status)], {"return": str(event.parent_id)}
        place = _place("return", event.pk)
        yield Entry(event.at, "return", event.to_status, words, event.reason, event.actor, True, facts, place)
    for each in Replacement.objects.filter(parent__order=order).select_related("line"):
        words = f"Exchange arranged: {each.quantity} × {each.sku}"
        facts = {"return": str(each.parent_id)}
        detail = f"for {each.line.sku}"
        yield Entry(each.arranged_at, "exchange", "arranged", words, detail, "", True, facts, _place("exchange"))


def _refunds(order: Order) -> Iterable[Entry]:
    for refund in OrderRefund.objects.filter(order=order):
        if not refund.total_minor:
            continue
        voided = Money(refund.voided_minor, refund.currency)
        back = refund.total - voided
        words = f"{_written(back)} to be paid back" if back else f"{_written(voided)} no longer to be paid"
        if refund.purpose == OrderRefund.Purpose.GATEWAY:
            words = f"{_written(back)} went back"
        facts = {"refund": str(refund.pk), "amount": refund.total.document(), "credit": refund.credit.document()}
        place = _place("refund")
        yield Entry(refund.at, "refund", refund.purpose, words, refund.reason, refund.actor, True, facts, place)


def _notes(order: Order) -> Iterable[Entry]:
    for note in OrderNote.objects.filter(order=order):
        name = "visible" if note.is_visible else "internal"
        yield Entry(note.at, "note", name, note.text, "", note.actor, note.is_visible, place=_place("note", note.pk))


_REASONED_TO_SHOPPERS = frozenset({"return", "exchange", "mail"})


def for_shopper(entries: Iterable[Entry]) -> list[Entry]:
    """Without what only the shop is to know: who of it did something, and the reasons that staff write down."""
    return [
        replace(entry, actor="", detail=entry.detail if entry.kind in _REASONED_TO_SHOPPERS else "")
        for entry in entries
        if entry.is_visible
    ]
