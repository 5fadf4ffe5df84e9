"""Disputes: a card's holder asks the bank for the money back, and the bank takes it until it has decided.

Source: docs.stripe.com/disputes/how-disputes-work, docs.stripe.com/testing (evidence).
"""

from __future__ import annotations

from datetime import timedelta

from commerce.payments.stripe.sandbox import cards, errors, events, lists, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

TIME_TO_ANSWER = timedelta(days=9)
REASONS = (
    "credit_not_processed", "duplicate", "fraudulent", "general", "product_not_received", "product_unacceptable",
    "subscription_canceled", "unrecognized",
)  # fmt: skip
# What the test kit's evidence decides at once.
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
_CLOSED = ("won", "lost", "warning_closed")
_REFUNDABLE = ("won", "warning_needs_response", "warning_under_review", "warning_closed")


def open_dispute(call: Call, charge: Document, *, reason: str, amount: int, is_inquiry: bool = False) -> Document:
    """The bank takes the money at once; after an inquiry it has only asked."""
    due = call.at + TIME_TO_ANSWER
    dispute = objects.dispute(
        call, charge=charge, reason=reason, amount=amount, due_by=int(due.timestamp()), is_inquiry=is_inquiry
    )
    charge["disputed"] = True
    call.records.save("charge", charge)
    call.records.save("dispute", dispute)
    call.records.set_alarm("dispute", dispute["id"], due_at=due)
    events.record(call, "charge.dispute.created", dispute)
    if not is_inquiry:
        events.record(call, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def open_as_card_says(call: Call, charge: Document) -> None:
    """Some test cards dispute whatever was collected from them."""
    record = call.records.find("payment_method", charge["payment_method"])
    card = cards.card_for(record["number"]) if record else None
    if card is not None and card.disputed_as:
        amount = charge["amount_captured"]
        open_dispute(call, charge, reason=card.disputed_as, amount=amount, is_inquiry=card.inquires_only)


def show(call: Call, dispute_id: str) -> Document:
    return found(call, dispute_id)


def list_newest(call: Call) -> Document:
    charge = call.text("charge", "")
    return lists.newest(
        call,
        "dispute",
        url="/v1/disputes",
        owner=call.text("payment_intent", ""),
        wanted=lambda dispute: charge in ("", dispute["charge"]),
    )


def update(call: Call, dispute_id: str) -> Document:
    """Collect evidence and, unless `submit` is false, hand it to the bank."""
    dispute = found(call, dispute_id)
    evidence = call.group("evidence")
    unknown = set(evidence) - set(dispute["evidence"])
    if unknown:
        raise errors.parameter_unknown(f"evidence[{min(unknown)}]")
    if not all(isinstance(value, str) for value in evidence.values()):
        raise errors.parameter_invalid("evidence", "Invalid string")
    if evidence and not dispute["status"].endswith("needs_response"):
        raise errors.ApiError(400, f"Evidence cannot be added to a dispute that is {dispute['status']}.", executed=True)
    details = dispute["evidence_details"]
    dispute |= {
        "evidence": dispute["evidence"] | evidence,
        "evidence_details": details | {"has_evidence": details["has_evidence"] or bool(evidence)},
        "metadata": objects.metadata(call, dispute["metadata"]),
    }
    is_submitted = bool(evidence) and call.choice("submit", ("true", "false"), "true") == "true"
    if is_submitted:
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
        dispute["evidence_details"]["submission_count"] += 1
        call.records.clear_alarm("dispute", dispute_id)
    call.records.save("dispute", dispute)
    events.record(call, "charge.dispute.updated", dispute)
    verdict = _VERDICTS.get(evidence.get("uncategorized_text", "")) if is_submitted else None
    return decide(call, dispute, verdict) if verdict else dispute


def close(call: Call, dispute_id: str) -> Document:
    """The shop gives in."""
    return decide(call, found(call, dispute_id), "lost")


def decide(call: Call, dispute: Document, outcome: str) -> Document:
    """The bank's word is the last one. `outcome` is "won" or "lost", for the shop."""
    if dispute["status"] in _CLOSED:
        raise errors.ApiError(400, f"This dispute is already closed: {dispute['status']}.", executed=True)
    is_inquiry = dispute["status"].startswith("warning_")
    dispute["status"] = "warning_closed" if is_inquiry else outcome
    call.records.save("dispute", dispute)
    call.records.clear_alarm("dispute", dispute["id"])
    events.record(call, "charge.dispute.closed", dispute)
    if dispute["status"] == "won":
        events.record(call, "charge.dispute.funds_reinstated", dispute)
    return dispute


def run_out(call: Call, dispute: Document) -> None:
    """Who does not answer in time has lost."""
    if dispute["status"].endswith("needs_response"):
        dispute["evidence_details"]["past_due"] = True
        decide(call, dispute, "lost")


def require_refundable(call: Call, charge: Document) -> None:
    if not charge["disputed"]:
        return
    held = [
        dispute
        for dispute in call.records.newest("dispute", owner=charge["payment_intent"])
        if dispute["charge"] == charge["id"] and dispute["status"] not in _REFUNDABLE
    ]
    if held:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise errors.ApiError(400, message, executed=True, code="charge_disputed")


def found(call: Call, dispute_id: str) -> Document:
    dispute = call.records.find("dispute", dispute_id)
    if dispute is None:
        raise errors.missing("dispute", dispute_id, param="dispute")
    return dispute
