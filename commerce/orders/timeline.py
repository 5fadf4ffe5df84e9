"""One chronological list of all that happened to an order, and who did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from commerce.kit.money import Money
from commerce.kit.states import STATUS
from commerce.orders.models import (
    FulfilmentEvent,
    Order,
    OrderEvent,
    OrderNote,
    OrderRefund,
    Replacement,
    ReturnEvent,
)
from commerce.orders.states import FulfilmentStatus, ReturnStatus
from commerce.payments.models import PaymentEvent, RefundEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` and `name` are stable and for programs; `words` say what happened, `detail` why. An entry that is not
    for the shopper says so. `place` keeps what happened at the same instant in the order in which it was written."""

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

    Seven queries, whatever has happened.
    """
    entries = [
        *_states(order),
        *_payments(order),
        *_parcels(order),
        *_returns(order),
        *_refunds(order),
        *_notes(order),
        *further,
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.place))


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
    "paid": "Paid",
    "partially_refunded": "Partly paid back",
    "refunded": "Paid back",
    "voided": "Payment called off",
}


def _states(order: Order) -> Iterable[Entry]:
    for event in OrderEvent.objects.filter(order=order).exclude(field="fulfilment_state"):
        about_order = event.field == STATUS
        words = (_OF_ORDER if about_order else _OF_MONEY)[event.to_status]
        kind = "order" if about_order else "payment_state"
        yield Entry(
            event.at,
            kind,
            event.to_status,
            words,
            event.reason,
            event.actor,
            True,
            place=(1 + (not about_order), event.pk),
        )


def _payments(order: Order) -> Iterable[Entry]:
    of_order = order.payments.values("payment")
    for event in PaymentEvent.objects.filter(payment__in=of_order):
        words = f"Payment {event.to_status}"
        yield Entry(event.at, "payment", event.to_status, words, event.reason, event.actor, False, place=(0, event.pk))
    for change in RefundEvent.objects.filter(refund__payment__in=of_order).select_related("refund"):
        money_ = change.refund.amount
        yield Entry(
            change.at, "payment_refund", change.to_status, f"Refund of {money_} {change.to_status}", change.reason,
            change.actor, False, {"amount": money_.document()}, (4, change.pk),
        )  # fmt: skip


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
        yield Entry(
            event.at, "fulfilment", event.to_status, words, event.reason, event.actor, is_gone, facts, (0, event.pk)
        )


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
        yield Entry(event.at, "return", event.to_status, words, event.reason, event.actor, True, facts, (0, event.pk))
    for each in Replacement.objects.filter(parent__order=order).select_related("line"):
        words = f"Exchange arranged: {each.quantity} × {each.sku}"
        facts = {"return": str(each.parent_id)}
        detail = f"for {each.line.sku}"
        yield Entry(each.arranged_at, "exchange", "arranged", words, detail, "", True, facts, (5, 0))


def _refunds(order: Order) -> Iterable[Entry]:
    for refund in OrderRefund.objects.filter(order=order):
        if not refund.total_minor:
            continue
        voided = Money(refund.voided_minor, refund.currency)
        back = refund.total - voided
        words = f"{back} to be paid back" if back else f"{voided} no longer to be paid"
        facts = {"refund": str(refund.pk), "amount": refund.total.document(), "credit": refund.credit.document()}
        yield Entry(refund.at, "refund", refund.purpose, words, refund.reason, refund.actor, True, facts, (3, 0))


def _notes(order: Order) -> Iterable[Entry]:
    for note in OrderNote.objects.filter(order=order):
        name = "visible" if note.is_visible else "internal"
        yield Entry(note.at, "note", name, note.text, "", note.actor, note.is_visible, place=(6, note.pk))


_REASONED_TO_SHOPPERS = frozenset({"return", "exchange", "mail"})


def for_shopper(entries: Iterable[Entry]) -> list[Entry]:
    """Without what only the shop is to know: who of it did something, and the reasons that staff write down."""
    return [
        replace(entry, actor="", detail=entry.detail if entry.kind in _REASONED_TO_SHOPPERS else "")
        for entry in entries
        if entry.is_visible
    ]
