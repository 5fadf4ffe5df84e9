"""Disputes, refunds that fail, and what people do in the dashboard, through both doors of the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from commerce.payments.stripe.sandbox import disputes
from commerce.payments.stripe.sandbox.refunds import SECONDS_PENDING
from tests.commerce.payments.stripe.doors import Door


def paid(door: Door, card: str = "pm_card_visa", **params: str) -> str:
    params = {"amount": "2000", "currency": "eur", "confirm": "true", "payment_method": card} | params
    intent: str = door.send("POST", "/v1/payment_intents", params).body["id"]
    return intent


def post(door: Door, path: str, **params: str) -> dict[str, Any]:
    reply = door.send("POST", path, params)
    assert reply.status == 200, reply.body
    return reply.body


def dispute_of(door: Door, intent: str) -> dict[str, Any]:
    (found,) = door.send("GET", "/v1/disputes", {"payment_intent": intent}).body["data"]
    assert found == door.send("GET", f"/v1/disputes/{found['id']}").body
    return dict(found)


def charge_of(door: Door, intent: str) -> dict[str, Any]:
    (found,) = door.send("GET", "/v1/charges", {"payment_intent": intent}).body["data"]
    return dict(found)


@pytest.mark.parametrize(
    ("card", "reason", "status"),
    [
        ("pm_card_createDispute", "fraudulent", "needs_response"),
        ("pm_card_createDisputeProductNotReceived", "product_not_received", "needs_response"),
        ("pm_card_createDisputeInquiry", "product_not_received", "warning_needs_response"),
    ],
)
@pytest.mark.parametrize("capture_method", ["automatic", "manual"])
def test_a_test_card_disputes_what_was_collected(
    door: Door, card: str, reason: str, status: str, capture_method: str
) -> None:
    intent = paid(door, card, capture_method=capture_method)
    if capture_method == "manual":
        assert door.send("GET", "/v1/disputes").body["data"] == []
        post(door, f"/v1/payment_intents/{intent}/capture", amount_to_capture="1500")
    found = dispute_of(door, intent)
    assert (found["reason"], found["status"]) == (reason, status)
    assert found["amount"] == (1500 if capture_method == "manual" else 2000)
    assert charge_of(door, intent)["disputed"] is True
    assert ("charge.dispute.funds_withdrawn" in door.event_types()) is (status == "needs_response")


def test_what_is_disputed_cannot_be_refunded_until_it_is_won(door: Door) -> None:
    intent = paid(door)
    found = post(door, "/_sandbox/disputes", payment_intent=intent, reason="general", amount="500")
    refused = door.send("POST", "/v1/refunds", {"payment_intent": intent}).body["error"]
    assert refused["code"] == "charge_disputed"
    won = post(door, f"/_sandbox/disputes/{found['id']}/decide", outcome="won")
    assert won["status"] == "won"
    assert door.event_types()[-2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]
    assert post(door, "/v1/refunds", payment_intent=intent)["amount"] == 2000


@pytest.mark.parametrize(("evidence", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_the_test_kits_evidence_decides_at_once(door: Door, evidence: str, status: str) -> None:
    found = dispute_of(door, paid(door, "pm_card_createDispute"))
    params = {"evidence[uncategorized_text]": evidence}
    assert post(door, f"/v1/disputes/{found['id']}", **params)["status"] == status


def test_evidence_is_collected_then_submitted_and_then_the_bank_decides(door: Door) -> None:
    found = dispute_of(door, paid(door, "pm_card_createDispute"))
    path = f"/v1/disputes/{found['id']}"
    staged = post(door, path, submit="false", **{"evidence[customer_name]": "A Reader"})
    assert (staged["status"], staged["evidence_details"]["submission_count"]) == ("needs_response", 0)
    submitted = post(door, path, **{"evidence[shipping_carrier]": "Post"})
    assert (submitted["status"], submitted["evidence"]["customer_name"]) == ("under_review", "A Reader")
    door.clock.now += disputes.TIME_TO_ANSWER
    assert door.send("GET", path).body["status"] == "under_review"
    assert door.send("POST", path, {"evidence[receipt]": "file"}).status == 400
    lost = post(door, f"/_sandbox/disputes/{found['id']}/decide", outcome="lost")
    assert lost["status"] == "lost"
    assert door.send("POST", f"/_sandbox/disputes/{found['id']}/decide", {"outcome": "won"}).status == 400


def test_evidence_of_an_unknown_kind_is_refused(door: Door) -> None:
    found = dispute_of(door, paid(door, "pm_card_createDispute"))
    refused = door.send("POST", f"/v1/disputes/{found['id']}", {"evidence[horoscope]": "x"})
    assert refused.body["error"]["code"] == "parameter_unknown"


def test_who_gives_in_has_lost(door: Door) -> None:
    found = dispute_of(door, paid(door, "pm_card_createDispute"))
    assert post(door, f"/v1/disputes/{found['id']}/close")["status"] == "lost"
    assert door.send("POST", f"/v1/disputes/{found['id']}/close").status == 400
    assert door.send("POST", "/v1/disputes/du_unknown/close").status == 404


@pytest.mark.parametrize(
    ("card", "outcome"), [("pm_card_createDispute", "lost"), ("pm_card_createDisputeInquiry", "warning_closed")]
)
def test_who_does_not_answer_in_time_has_lost(door: Door, card: str, outcome: str) -> None:
    intent = paid(door, card)
    door.clock.now += disputes.TIME_TO_ANSWER
    found = dispute_of(door, intent)
    assert (found["status"], found["evidence_details"]["past_due"]) == (outcome, True)
    assert door.event_types()[-1] == "charge.dispute.closed"


@pytest.mark.parametrize("params", [{"amount": "0"}, {"amount": "2001"}, {"reason": "boredom"}])
def test_no_more_than_was_paid_is_disputed_and_for_a_known_reason(door: Door, params: dict[str, str]) -> None:
    assert door.send("POST", "/_sandbox/disputes", {"payment_intent": paid(door)} | params).status == 400


def test_a_refund_that_succeeded_fails_later_and_can_be_made_again(door: Door) -> None:
    intent = paid(door, "pm_card_refundFail")
    refund = post(door, "/v1/refunds", payment_intent=intent)
    assert refund["status"] == "succeeded"
    assert door.send("POST", "/v1/refunds", {"payment_intent": intent}).status == 400
    door.clock.advance(seconds=SECONDS_PENDING)
    failed = door.send("GET", f"/v1/refunds/{refund['id']}").body
    assert (failed["status"], failed["failure_reason"]) == ("failed", "expired_or_canceled_card")
    charge = charge_of(door, intent)
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert door.event_types()[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    assert post(door, "/v1/refunds", payment_intent=intent)["amount"] == 2000


def test_a_refund_that_came_back_fails_once(door: Door) -> None:
    intent = paid(door, "pm_card_pendingRefund")
    refund = post(door, "/v1/refunds", payment_intent=intent, amount="700")
    path = f"/_sandbox/refunds/{refund['id']}"
    assert post(door, f"{path}/succeed")["status"] == "succeeded"
    for _ in range(2):
        assert post(door, f"{path}/fail", reason="lost_or_stolen_card")["failure_reason"] == "lost_or_stolen_card"
    assert post(door, f"{path}/succeed")["status"] == "failed"
    door.clock.advance(seconds=SECONDS_PENDING)
    assert charge_of(door, intent)["amount_refunded"] == 0
    assert door.event_types().count("refund.failed") == 1


def test_a_refund_made_in_the_dashboard_names_no_request_of_ours(door: Door) -> None:
    intent = paid(door)
    made = post(door, "/_sandbox/refunds", payment_intent=intent, amount="300", reason="duplicate")
    assert (made["amount"], made["metadata"], made["status"]) == (300, {}, "succeeded")
    told = door.send("GET", "/v1/events", {"type": "refund.created"}).body["data"][0]
    assert told["request"] == {"id": None, "idempotency_key": None}
    assert charge_of(door, intent)["amount_refunded"] == 300


def test_a_refunds_notes_can_be_changed(door: Door) -> None:
    refund = post(door, "/v1/refunds", payment_intent=paid(door), **{"metadata[refund]": "1"})
    assert post(door, f"/v1/refunds/{refund['id']}", **{"metadata[refund]": ""})["metadata"] == {}


def test_refunds_are_found_by_their_charge(door: Door) -> None:
    first, second = paid(door), paid(door)
    for intent in (first, second):
        post(door, "/v1/refunds", payment_intent=intent)
    listed = door.send("GET", "/v1/refunds", {"charge": charge_of(door, first)["id"]}).body["data"]
    assert [refund["payment_intent"] for refund in listed] == [first]


@pytest.mark.parametrize("path", ["disputes/x/decide", "refunds/x/fail", "refunds/x/succeed", "disputes", "refunds"])
def test_the_dashboard_is_for_the_merchant(door: Door, path: str) -> None:
    assert door.send("POST", f"/_sandbox/{path}", key="").status == 401
    assert door.send("POST", f"/_sandbox/{path}").status in {400, 404}
