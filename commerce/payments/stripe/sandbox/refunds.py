"""Refunds: never more than what is left of the charge.

Source: docs.stripe.com/api/refunds, docs.stripe.com/testing (asynchronous refunds).
"""

from __future__ import annotations

from commerce.payments.stripe.sandbox import cards, errors, events, lists, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

SECONDS_PENDING = 60
_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def refund(call: Call) -> Document:
    """Refund a charge in full or in part.

    Raises:
        ApiError: 400 when nothing was charged, nothing is left, or less is left than asked for.
    """
    reason = call.text("reason", "")
    if reason and reason not in _REASONS:
        raise errors.parameter_invalid("reason", f"Invalid reason: {reason}")
    charge = _charge_to_refund(call)
    left = charge["amount"] - charge["amount_refunded"]
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
    made = objects.refund(call, charge=charge, amount=amount, status=_first_status(call, charge))
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.records.save("refund", made)
    call.records.save("charge", charge)
    events.record(call, "refund.created", made)
    events.record(call, "charge.refunded", charge)
    return made


def _charge_to_refund(call: Call) -> Document:
    if "payment_intent" not in call.params:
        return _charge(call, call.text("charge"), param="charge")
    intent_id = call.text("payment_intent")
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
    if not charge["paid"]:
        raise errors.ApiError(400, f"Charge {charge_id} has failed and has nothing to refund.", executed=True)
    return charge


def _first_status(call: Call, charge: Document) -> str:
    method = call.records.find("payment_method", charge["payment_method"])
    return "pending" if method and cards.card_for(method["number"]).refunds_later else "succeeded"


def show(call: Call, refund_id: str) -> Document:
    found = call.records.find("refund", refund_id)
    if found is None:
        raise errors.missing("refund", refund_id, param="id")
    return _as_it_stands(call, found)


def list_newest(call: Call) -> Document:
    """A page of the refunds, of one intent if asked."""
    intent_id = call.text("payment_intent", "")
    if intent_id and call.records.find("payment_intent", intent_id) is None:
        raise errors.missing("payment_intent", intent_id, param="payment_intent")
    page = lists.newest(
        call, "refund", url="/v1/refunds", wanted=lambda refund: intent_id in ("", refund["payment_intent"])
    )
    return page | {"data": [_as_it_stands(call, refund) for refund in page["data"]]}


def _as_it_stands(call: Call, refund: Document) -> Document:
    """Nothing here happens by itself: a pending refund succeeds when it is first looked at after its minute."""
    if refund["status"] == "pending" and call.timestamp - refund["created"] >= SECONDS_PENDING:
        refund |= {"status": "succeeded"}
        call.records.save("refund", refund)
        events.record(call, "refund.updated", refund)
    return refund


def show_charge(call: Call, charge_id: str) -> Document:
    found = call.records.find("charge", charge_id)
    if found is None:
        raise errors.missing("charge", charge_id, param="id")
    return found
