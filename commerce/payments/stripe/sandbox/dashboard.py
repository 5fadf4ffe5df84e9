"""What nobody can ask Stripe's API for: faults, a fresh start, and what people do in Stripe's own dashboard."""

from __future__ import annotations

from dataclasses import replace

from commerce.payments.stripe.sandbox import capturing, disputes, errors, faults, idempotency, intents, refunds, setups
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.store import Document


def add_fault(call: Call) -> Document:
    try:
        kind = FaultKind(call.text("kind"))
    except ValueError:
        raise errors.parameter_invalid("kind", f"Unknown fault: {call.text('kind')}") from None
    fault = Fault(
        kind,
        call.text("match", "*"),
        call.integer("times", 1),
        call.integer("copies", 2),
        call.integer("milliseconds", 0),
    )
    faults.provoke(call.records, fault, fault_id=call.new_id("flt"))
    return {"object": "sandbox.fault", "kind": kind}


def list_faults(call: Call) -> Document:
    return {"object": "list", "data": faults.waiting(call.records)}


def clear_faults(call: Call) -> Document:
    """No further request or webhook is hit. What hangs already is released by `release`."""
    for fault in faults.waiting(call.records):
        call.records.discard("fault", fault["id"])
    return {"object": "list", "data": []}


def release(call: Call) -> Document:
    """The hanging requests are answered now."""
    hanging = list(call.records.oldest("hang"))
    for hang in hanging:
        call.records.discard("hang", hang["id"])
        if hang["idempotency_key"]:
            idempotency.finish(call.records, hang["idempotency_key"], at=call.at)
    return {"object": "sandbox.release", "released": len(hanging)}


def reset(call: Call) -> Document:
    call.records.erase()
    return {"object": "sandbox", "empty": True}


def authenticate(call: Call, intent_id: str) -> Document:
    """What the card's holder answers its bank, for a payment intent or a setup intent."""
    answer = setups.authenticate if intent_id.startswith("seti_") else intents.authenticate
    return answer(call, intent_id)


def expire_authorisation(call: Call, intent_id: str) -> Document:
    """The bank lets an authorised amount go before its seven days are over."""
    intent = call.records.find("payment_intent", intent_id)
    if intent is None:
        raise errors.missing("payment_intent", intent_id, param="intent")
    capturing.expire(call, intent)
    return intent


def refund(call: Call) -> Document:
    """By hand, in the dashboard: no request of the shop's, and no metadata that names the shop's own refund."""
    return refunds.refund(replace(call, request={"id": None, "idempotency_key": None}))


def succeed_refund(call: Call, refund_id: str) -> Document:
    found = refunds.show(call, refund_id)
    refunds.succeed(call, found)
    return found


def fail_refund(call: Call, refund_id: str) -> Document:
    """The card's bank sends the money back, before or after the refund had succeeded."""
    found = refunds.show(call, refund_id)
    refunds.fail(call, found, reason=call.text("reason", "unknown"))
    return found


def open_dispute(call: Call) -> Document:
    """Of what is left of a payment, or less."""
    intent_id = call.text("payment_intent")
    reason = call.choice("reason", disputes.REASONS, "fraudulent")
    charge = refunds.charge_of(call, intent_id)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.integer("amount", left)
    if not 1 <= amount <= left:
        raise errors.parameter_invalid("amount", f"Of this charge, {left} can be disputed.")
    return disputes.open_dispute(call, charge, reason=reason, amount=amount)


def decide_dispute(call: Call, dispute_id: str) -> Document:
    outcome = call.choice("outcome", ("won", "lost"), "lost")
    return disputes.decide(call, disputes.found(call, dispute_id), outcome)
