"""Refunds: never more than what is left of the charge.

Source: docs.stripe.com/api/refunds, docs.stripe.com/testing (asynchronous refunds).
"""

from __future__ import annotations

from datetime import timedelta

from commerce.payments.stripe.amounts import from_stripe
from commerce.payments.stripe.sandbox import cards, disputes, errors, events, lists, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.cards import Card
from commerce.payments.stripe.sandbox.store import Document

SECONDS_PENDING = 60
PENDING_FOR = timedelta(seconds=SECONDS_PENDING)
_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def refund(call: Call) -> Document:
    """Refund a charge in full or in part.

    Raises:
        ApiError: 400 when nothing was charged, nothing is left, or less is left than asked for.
    """
    call.choice("reason", _REASONS, "")
    charge = _charge_to_refund(call)
    disputes.require_refundable(call, charge)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.integer("amount", left or 1)
    if amount < 1:
        raise errors.parameter_invalid("amount", "Invalid positive integer", code="parameter_invalid_integer")
    _require_left(charge, amount, left)
    return _carry_out(call, charge, amount)


def _require_left(charge: Document, amount: int, left: int) -> None:
    if left == 0:
        raise errors.ApiError(
            400,
            f"Charge {charge['id']} has already been refunded.",
            executed=True,
            code="charge_already_refunded",
        )
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise errors.ApiError(400, message, executed=True, param="amount")


def _carry_out(call: Call, charge: Document, amount: int) -> Document:
    card = _card(call, charge)
    made = objects.refund(call, charge=charge, amount=amount, status="pending" if card.refunds_later else "succeeded")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    call.records.save("refund", made)
    call.records.save("charge", charge)
    if card.refunds_later or card.refunds_fail:
        call.records.set_alarm("refund", made["id"], due_at=call.at + PENDING_FOR)
    events.record(call, "refund.created", made)
    events.record(call, "charge.refunded", charge)
    return made


def _charge_to_refund(call: Call) -> Document:
    if "payment_intent" not in call.params:
        return _charge(call, call.text("charge"), param="charge")
    return charge_of(call, call.text("payment_intent"))


def charge_of(call: Call, intent_id: str) -> Document:
    """The charge that paid an intent.

    Raises:
        ApiError: 404 there is no such intent, 400 nothing was charged.
    """
    intent = call.records.find("payment_intent", intent_id)
    if intent is None:
        raise errors.missing("payment_intent", intent_id, param="payment_intent")
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({intent_id}) does not have a successful charge to refund."
        raise errors.ApiError(400, message, executed=True, param="payment_intent")
    return _charge(call, intent["latest_charge"], param="payment_intent")


def _charge(call: Call, charge_id: str, *, param: str) -> Document:
    charge = call.records.find("charge", charge_id)
    if charge is None:
        raise errors.missing("charge", charge_id, param=param)
    if not charge["captured"]:
        raise errors.ApiError(400, f"Charge {charge_id} has taken no money that could be refunded.", executed=True)
    return charge


def _card(call: Call, charge: Document) -> Card:
    record = call.records.find("payment_method", charge["payment_method"])
    return cards.card_for(record["number"] if record else "")


def show(call: Call, refund_id: str) -> Document:
    found = call.records.find("refund", refund_id)
    if found is None:
        raise errors.missing("refund", refund_id, param="id")
    return found


def list_newest(call: Call) -> Document:
    """A page of the refunds, of one intent if asked."""
    intent_id = call.text("payment_intent", "")
    if intent_id and call.records.find("payment_intent", intent_id) is None:
        raise errors.missing("payment_intent", intent_id, param="payment_intent")
    charge = call.text("charge", "")
    return lists.newest(
        call,
        "refund",
        url="/v1/refunds",
        owner=intent_id,
        wanted=lambda refund: charge in ("", refund["charge"]),
    )


def settle(call: Call, refund: Document) -> None:
    """What the card's bank makes of a refund: a pending one succeeds, one of a card that is gone comes back."""
    charge = call.records.find("charge", refund["charge"])
    assert charge is not None, "a refund is of a charge"
    if _card(call, charge).refunds_fail:
        fail(call, refund, reason="expired_or_canceled_card")
    else:
        succeed(call, refund)


def succeed(call: Call, refund: Document) -> None:
    if refund["status"] == "pending":
        refund["status"] = "succeeded"
        _tell(call, refund)


def fail(call: Call, refund: Document, *, reason: str) -> None:
    """The money is the shop's again, even after the refund had succeeded, and can be refunded once more."""
    if refund["status"] not in ("pending", "succeeded"):
        return
    charge = call.records.find("charge", refund["charge"])
    assert charge is not None, "a refund is of a charge"
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    refund |= {
        "status": "failed",
        "failure_reason": reason,
        "failure_balance_transaction": call.new_id("txn"),
    }
    call.records.save("charge", charge)
    _tell(call, refund)
    events.record(call, "refund.failed", refund)


def _tell(call: Call, refund: Document) -> None:
    call.records.save("refund", refund)
    call.records.clear_alarm("refund", refund["id"])
    events.record(call, "refund.updated", refund)
    events.record(call, "charge.refund.updated", refund)


def update(call: Call, refund_id: str) -> Document:
    refund = show(call, refund_id)
    refund["metadata"] = objects.metadata(call, refund["metadata"])
    call.records.save("refund", refund)
    events.record(call, "refund.updated", refund)
    return refund


def show_receipt(call: Call, charge_id: str) -> Document:
    """What whoever knows the receipt's address may read."""
    charge = show_charge(call, charge_id)
    currency = charge["currency"].upper()
    card = charge["payment_method_details"]["card"]
    amounts = {
        "Paid": charge["amount_captured"],
        "Refunded": charge["amount_refunded"] if charge["captured"] else 0,
    }
    facts = {name: str(from_stripe(units, currency)) for name, units in amounts.items()}
    return {"object": "sandbox.receipt", "facts": facts | {"Card": f"{card['brand']} •••• {card['last4']}"}}


def list_charges(call: Call) -> Document:
    customer = call.text("customer", "")
    return lists.newest(
        call,
        "charge",
        url="/v1/charges",
        owner=call.text("payment_intent", ""),
        wanted=lambda charge: customer in ("", charge["customer"]),
    )


def show_charge(call: Call, charge_id: str) -> Document:
    found = call.records.find("charge", charge_id)
    if found is None:
        raise errors.missing("charge", charge_id, param="id")
    return found
