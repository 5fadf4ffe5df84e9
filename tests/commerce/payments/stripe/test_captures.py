"""Authorise now, capture later: manual capture through both doors of the sandbox."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from commerce.payments.stripe.sandbox import capturing
from commerce.payments.stripe.sandbox.machine import Reply
from tests.commerce.payments.stripe.doors import Door


def authorised(door: Door, amount: int = 2000, card: str = "pm_card_visa") -> str:
    """The id of an intent that waits for its capture."""
    params = {"amount": str(amount), "currency": "eur", "capture_method": "manual"}
    intent: str = door.send("POST", "/v1/payment_intents", params).body["id"]
    door.send("POST", f"/v1/payment_intents/{intent}/confirm", {"payment_method": card})
    return intent


def capture(door: Door, intent: str, **params: str) -> Reply:
    return door.send("POST", f"/v1/payment_intents/{intent}/capture", params)


def look(door: Door, intent: str) -> dict[str, Any]:
    """With its charge."""
    return door.send("GET", f"/v1/payment_intents/{intent}", {"expand[]": "latest_charge"}).body


def test_a_good_card_holds_the_amount_and_no_money_moves(door: Door) -> None:
    intent = look(door, authorised(door))
    charge = intent["latest_charge"]
    assert (intent["status"], intent["amount_capturable"], intent["amount_received"]) == ("requires_capture", 2000, 0)
    assert (charge["paid"], charge["captured"], charge["amount_captured"]) == (True, False, 0)
    seven_days = 7 * 24 * 3600
    assert charge["payment_method_details"]["card"]["capture_before"] == charge["created"] + seven_days
    assert door.event_types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
    ]


@pytest.mark.parametrize(("params", "taken"), [({}, 2000), ({"amount_to_capture": "1250"}, 1250)])
def test_a_capture_takes_all_or_a_part_and_releases_the_rest(door: Door, params: dict[str, str], taken: int) -> None:
    intent = authorised(door)
    captured = capture(door, intent, **params).body
    assert (captured["status"], captured["amount_received"], captured["amount_capturable"]) == ("succeeded", taken, 0)
    charge = look(door, intent)["latest_charge"]
    assert (charge["captured"], charge["amount_captured"], charge["amount"]) == (True, taken, 2000)
    assert door.event_types()[-2:] == ["charge.captured", "payment_intent.succeeded"]


def test_a_refund_gives_back_no_more_than_was_captured(door: Door) -> None:
    intent = authorised(door)
    capture(door, intent, amount_to_capture="1250")
    refuse = door.send("POST", "/v1/refunds", {"payment_intent": intent, "amount": "1251"})
    assert refuse.status == 400
    assert door.send("POST", "/v1/refunds", {"payment_intent": intent}).body["amount"] == 1250
    assert look(door, intent)["latest_charge"]["refunded"] is True


@pytest.mark.parametrize("amount", ["0", "-1", "2001", "12.50"])
def test_an_amount_that_was_not_authorised_is_not_captured(door: Door, amount: str) -> None:
    intent = authorised(door)
    assert capture(door, intent, amount_to_capture=amount).status == 400
    assert look(door, intent)["status"] == "requires_capture"


def test_only_what_is_authorised_can_be_captured(door: Door) -> None:
    intent = door.open().gateway_id
    for expected in ("requires_payment_method", "succeeded", "succeeded"):
        error = capture(door, intent).body["error"]
        assert error["code"] == "payment_intent_unexpected_state"
        assert f"status of {expected}" in error["message"]
        door.send("POST", f"/v1/payment_intents/{intent}/confirm", {"payment_method": "pm_card_visa"})
    assert capture(door, "pi_unknown").body["error"]["code"] == "resource_missing"


def test_a_second_capture_takes_nothing(door: Door) -> None:
    intent = authorised(door)
    capture(door, intent, amount_to_capture="500")
    assert capture(door, intent).body["error"]["code"] == "payment_intent_unexpected_state"
    assert look(door, intent)["amount_received"] == 500


def test_the_same_key_captures_once(door: Door) -> None:
    path = f"/v1/payment_intents/{authorised(door)}/capture"
    first, second = (door.send("POST", path, {"amount_to_capture": "500"}, idempotency_key="c") for _ in range(2))
    assert first.body == second.body
    assert door.event_types().count("charge.captured") == 1


def test_a_cancelled_authorisation_releases_the_hold(door: Door) -> None:
    intent = authorised(door)
    door.gateway.cancel_intent(gateway_id=intent)
    found = look(door, intent)
    assert (found["status"], found["amount_capturable"], found["amount_received"]) == ("canceled", 0, 0)
    assert (found["latest_charge"]["captured"], found["latest_charge"]["refunded"]) == (False, True)
    assert capture(door, intent).body["error"]["code"] == "payment_intent_unexpected_state"
    assert door.event_types()[-2:] == ["charge.refunded", "payment_intent.canceled"]


def test_after_seven_days_the_hold_is_gone(door: Door) -> None:
    intent = authorised(door)
    door.clock.now += capturing.AUTHORISED_FOR
    assert capture(door, intent).body["error"]["code"] == "payment_intent_unexpected_state"
    found = look(door, intent)
    assert (found["status"], found["cancellation_reason"]) == ("canceled", "expired")
    assert door.event_types()[-2:] == ["charge.expired", "payment_intent.canceled"]


def test_just_before_seven_days_it_can_be_captured_and_then_it_stays(door: Door) -> None:
    intent = authorised(door)
    door.clock.now += capturing.AUTHORISED_FOR
    door.clock.advance(seconds=-1)
    assert capture(door, intent).body["status"] == "succeeded"
    door.clock.advance(days=1)
    assert look(door, intent)["status"] == "succeeded"


def test_time_passes_without_anybody_asking(in_process: Door) -> None:
    authorised(in_process)
    in_process.machine.let_time_pass(at=in_process.clock() + capturing.AUTHORISED_FOR)
    assert in_process.event_types()[-1] == "payment_intent.canceled"


def test_an_authorisation_can_be_made_to_expire(door: Door) -> None:
    intent = authorised(door)
    assert door.send("POST", f"/_sandbox/payment_intents/{intent}/expire").body["status"] == "canceled"
    assert door.send("POST", "/_sandbox/payment_intents/pi_unknown/expire").status == 404


def test_a_three_d_secure_card_is_authorised_after_authentication(door: Door) -> None:
    params = {"amount": "2000", "currency": "eur", "capture_method": "manual"}
    opened = door.send("POST", "/v1/payment_intents", params).body
    confirm = {"payment_method": "pm_card_authenticationRequired"}
    door.send("POST", f"/v1/payment_intents/{opened['id']}/confirm", confirm)
    answer = {"client_secret": opened["client_secret"], "outcome": "succeeded"}
    authenticated = door.send("POST", f"/_sandbox/authentications/{opened['id']}", answer, key="")
    assert authenticated.body["status"] == "requires_capture"


def test_a_declined_card_holds_nothing(door: Door) -> None:
    intent = look(door, authorised(door, card="pm_card_visa_chargeDeclined"))
    assert (intent["status"], intent["amount_capturable"]) == ("requires_payment_method", 0)
    assert intent["latest_charge"]["receipt_url"] is None


def test_capture_and_cancel_at_once_end_in_one_of_the_two(door: Door) -> None:
    intent = authorised(door)
    barrier = Barrier(2)

    def ask(path: str) -> int:
        barrier.wait(timeout=10)
        return door.send("POST", f"/v1/payment_intents/{intent}/{path}").status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, ["capture", "cancel"])) == [200, 400]
    found = look(door, intent)
    assert (found["status"], found["amount_received"]) in {("succeeded", 2000), ("canceled", 0)}


@pytest.mark.parametrize("path", ["colour", "id", "status.charge", "[x]"])
def test_what_cannot_be_expanded_is_refused_and_nothing_is_made(door: Door, path: str) -> None:
    params = {"amount": "500", "currency": "eur"}
    refused = door.send("POST", "/v1/payment_intents", params | {"expand[]": path}, idempotency_key="free")
    assert (refused.status, door.event_types()) == (400, [])
    assert door.send("POST", "/v1/payment_intents", params, idempotency_key="free").status == 200
