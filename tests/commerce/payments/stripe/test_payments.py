"""The payment's life through the gateway, the same through both doors of the sandbox."""

from __future__ import annotations

from uuid import uuid4

import pytest

from commerce.kit.money import Money
from commerce.payments.gateways import GatewayRefused, IntentStatus, RefundStatus
from commerce.payments.stripe.sandbox.refunds import SECONDS_PENDING
from tests.commerce.payments.stripe.doors import PUBLISHABLE_KEY, REFERENCE, Door

DECLINES = [
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000000069", "expired_card", "expired_card"),
    ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    ("4000000000000119", "processing_error", "processing_error"),
    ("4111111111111111", "card_declined", "test_mode_live_card"),
]


def test_an_opened_intent_waits_for_the_shopper_and_names_our_payment(door: Door) -> None:
    intent = door.open(Money(1999, "EUR"))
    assert intent.status is IntentStatus.AWAITING_SHOPPER
    assert (intent.amount, intent.captured) == (Money(1999, "EUR"), Money(0, "EUR"))
    assert intent.reference == REFERENCE
    assert intent.client_secret.startswith(f"{intent.gateway_id}_secret_")
    assert door.gateway.fetch_intent(gateway_id=intent.gateway_id) == intent


@pytest.mark.parametrize("number", ["4242424242424242", "5555555555554444", "378282246310005"])
def test_a_good_card_pays(door: Door, number: str) -> None:
    intent = door.open()
    reply = door.confirm(intent, number)
    assert (reply.status, reply.body["status"]) == (200, "succeeded")
    paid = door.gateway.fetch_intent(gateway_id=intent.gateway_id)
    assert (paid.status, paid.captured) == (IntentStatus.SUCCEEDED, Money(1999, "EUR"))
    assert door.event_types() == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.mark.parametrize(("number", "code", "decline_code"), DECLINES)
def test_a_declined_card_says_why_and_another_card_may_be_tried(
    door: Door, number: str, code: str, decline_code: str
) -> None:
    intent = door.open()
    reply = door.confirm(intent, number)
    error = reply.body["error"]
    assert (reply.status, error["type"], error["code"], error["decline_code"]) == (
        402,
        "card_error",
        code,
        decline_code,
    )
    assert error["payment_intent"]["status"] == "requires_payment_method"
    declined = door.gateway.fetch_intent(gateway_id=intent.gateway_id)
    assert (declined.status, declined.decline_code) == (IntentStatus.AWAITING_SHOPPER, decline_code)
    assert declined.captured == Money(0, "EUR")
    assert door.event_types()[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    assert door.confirm(intent, "4242424242424242").body["status"] == "succeeded"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": "4242424242424241"}, "incorrect_number"),
        ({"number": "42"}, "invalid_number"),
        ({"exp_month": "13"}, "invalid_expiry_month"),
        ({"exp_year": "2025"}, "invalid_expiry_year"),
        ({"exp_year": "26", "exp_month": "10"}, "invalid_expiry_month"),
        ({"cvc": "12"}, "invalid_cvc"),
    ],
)
def test_a_card_that_cannot_be_right_is_refused_before_a_charge(door: Door, fields: dict[str, str], code: str) -> None:
    reply = door.confirm(door.open(), **{"number": "4242424242424242"} | fields)
    assert (reply.status, reply.body["error"]["code"]) == (402, code)
    assert door.event_types() == ["payment_intent.created"]


def test_a_three_d_secure_card_pays_after_authentication(door: Door) -> None:
    intent = door.open()
    waiting = door.confirm(intent, "4000002760003184").body
    assert waiting["status"] == "requires_action"
    assert waiting["next_action"]["use_stripe_sdk"]["type"] == "three_d_secure_redirect"
    assert door.gateway.fetch_intent(gateway_id=intent.gateway_id).status is IntentStatus.AWAITING_SHOPPER
    assert door.authenticate(intent, "succeeded").body["status"] == "succeeded"
    assert door.gateway.fetch_intent(gateway_id=intent.gateway_id).status is IntentStatus.SUCCEEDED


def test_a_failed_authentication_takes_no_money(door: Door) -> None:
    intent = door.open()
    door.confirm(intent, "4000002500003155")
    assert door.authenticate(intent, "failed").body["status"] == "requires_payment_method"
    failed = door.gateway.fetch_intent(gateway_id=intent.gateway_id)
    assert failed.decline_code == "payment_intent_authentication_failure"
    assert failed.captured == Money(0, "EUR")


def test_a_card_can_be_declined_after_authentication(door: Door) -> None:
    intent = door.open()
    door.confirm(intent, "4000008400001629")
    door.authenticate(intent, "succeeded")
    assert door.gateway.fetch_intent(gateway_id=intent.gateway_id).decline_code == "generic_decline"


def test_authentication_needs_the_client_secret_and_happens_once(door: Door) -> None:
    intent = door.open()
    door.confirm(intent, "4000002760003184")
    path = f"/_sandbox/authentications/{intent.gateway_id}"
    assert door.send("POST", path, {"outcome": "succeeded", "client_secret": "x"}, key="").status == 400
    door.authenticate(intent, "succeeded")
    assert door.authenticate(intent, "succeeded").body["error"]["code"] == "payment_intent_unexpected_state"


def test_a_cancelled_intent_takes_no_payment(door: Door) -> None:
    intent = door.open()
    cancelled = door.gateway.cancel_intent(gateway_id=intent.gateway_id)
    assert cancelled.status is IntentStatus.CANCELLED
    refused = door.confirm(intent, "4242424242424242")
    assert (refused.status, refused.body["error"]["code"]) == (400, "payment_intent_unexpected_state")


@pytest.mark.parametrize("times", [1, 2])
def test_cancelling_what_can_no_longer_be_cancelled_returns_it_as_it_is(door: Door, times: int) -> None:
    intent = door.paid()
    for _ in range(times):
        found = door.gateway.cancel_intent(gateway_id=intent.gateway_id)
        assert found.status is IntentStatus.SUCCEEDED


def test_confirming_a_paid_intent_again_charges_nothing(door: Door) -> None:
    intent = door.paid()
    again = door.confirm(intent, "4242424242424242")
    assert again.body["error"]["code"] == "payment_intent_unexpected_state"
    assert door.event_types().count("charge.succeeded") == 1


def test_refunds_stop_at_what_was_charged(door: Door) -> None:
    intent = door.paid(Money(1999, "EUR"))
    first = door.refund(intent, 1500, idempotency_key="refund-1")
    assert (first.status, first.amount) == (RefundStatus.SUCCEEDED, Money(1500, "EUR"))
    with pytest.raises(GatewayRefused):
        door.refund(intent, 500, idempotency_key="refund-2")
    door.refund(intent, 499, idempotency_key="refund-3")
    with pytest.raises(GatewayRefused) as refusal:
        door.refund(intent, 1, idempotency_key="refund-4")
    assert refusal.value.facts == {"gateway_code": "charge_already_refunded"}
    charge = door.send("GET", f"/v1/charges/{_charge_id(door, intent.gateway_id)}").body
    assert (charge["amount_refunded"], charge["refunded"]) == (1999, True)
    assert door.send("GET", f"/v1/refunds/{first.gateway_id}").body["amount"] == 1500


def test_a_receipt_says_what_was_paid_and_what_was_refunded(door: Door) -> None:
    intent = door.paid(Money(1999, "EUR"))
    door.refund(intent, 500, idempotency_key="refund-1")
    charge = door.send("GET", f"/v1/charges/{_charge_id(door, intent.gateway_id)}").body
    path = charge["receipt_url"].removeprefix("http://localhost:8002")
    receipt = door.send("GET", f"{path}/facts", key="").body
    assert receipt["facts"] == {"Paid": "19.99 EUR", "Refunded": "5.00 EUR", "Card": "visa •••• 4242"}


def test_an_unpaid_intent_has_nothing_to_refund(door: Door) -> None:
    with pytest.raises(GatewayRefused):
        door.refund(door.open(), 1, idempotency_key="refund-1")


def test_a_refund_is_found_by_our_reference_among_those_of_its_intent(door: Door) -> None:
    intent, other = door.open(idempotency_key="open-1"), door.open(idempotency_key="open-2")
    references = [uuid4() for _ in range(2)]
    for each in (intent, other):
        door.confirm(each, "4242424242424242")
    made = [door.refund(intent, 500, reference=each, idempotency_key=f"refund-{each}") for each in references]
    door.send("POST", "/v1/refunds", {"payment_intent": intent.gateway_id, "amount": "100"})
    found = [door.gateway.find_refund(gateway_id=intent.gateway_id, reference=each) for each in references]
    assert found == made
    assert door.gateway.find_refund(gateway_id=other.gateway_id, reference=references[0]) is None
    assert door.gateway.find_refund(gateway_id=intent.gateway_id, reference=uuid4()) is None


def test_refunds_are_listed_newest_first_page_by_page(door: Door) -> None:
    intent = door.paid()
    oldest, middle, newest = (door.refund(intent, 100 + n, idempotency_key=f"refund-{n}") for n in range(3))
    params = {"payment_intent": intent.gateway_id, "limit": "2"}
    page = door.send("GET", "/v1/refunds", params).body
    assert ([refund["id"] for refund in page["data"]], page["has_more"]) == (
        [newest.gateway_id, middle.gateway_id],
        True,
    )
    rest = door.send("GET", "/v1/refunds", params | {"starting_after": middle.gateway_id}).body
    assert ([refund["id"] for refund in rest["data"]], rest["has_more"]) == ([oldest.gateway_id], False)
    assert door.send("GET", "/v1/refunds", {"payment_intent": "pi_unknown"}).status == 404


def test_a_refund_further_down_than_one_page_is_found(door: Door) -> None:
    intent, reference = door.paid(), uuid4()
    first = door.refund(intent, 1, reference=reference, idempotency_key="first")
    for number in range(100):
        door.refund(intent, 1, idempotency_key=f"refund-{number}")
    assert door.gateway.find_refund(gateway_id=intent.gateway_id, reference=reference) == first


def test_a_pending_refund_succeeds_later_and_tells_so_once(door: Door) -> None:
    intent, reference = door.open(), uuid4()
    door.confirm(intent, "4000000000007726")
    made = door.refund(intent, 500, reference=reference, idempotency_key="refund-1")
    assert made.status is RefundStatus.PENDING
    door.clock.advance(seconds=SECONDS_PENDING - 1)
    assert door.gateway.find_refund(gateway_id=intent.gateway_id, reference=reference) == made
    door.clock.advance(seconds=1)
    for _ in range(2):
        found = door.gateway.find_refund(gateway_id=intent.gateway_id, reference=reference)
        assert found is not None
        assert (found.gateway_id, found.status) == (made.gateway_id, RefundStatus.SUCCEEDED)
    assert door.send("GET", f"/v1/refunds/{made.gateway_id}").body["status"] == "succeeded"
    assert door.event_types().count("refund.updated") == 1
    assert door.refund(intent, 500, reference=reference, idempotency_key="refund-1").status is RefundStatus.PENDING


def test_an_amount_below_the_minimum_is_refused(door: Door) -> None:
    with pytest.raises(GatewayRefused) as refusal:
        door.open(Money(49, "EUR"))
    assert refusal.value.facts == {"gateway_code": "amount_too_small"}


def test_an_amount_that_stripe_cannot_write_is_refused_without_a_call(door: Door) -> None:
    with pytest.raises(GatewayRefused) as refusal:
        door.open(Money(1255, "KWD"))
    assert refusal.value.facts == {"gateway_code": "amount_not_chargeable"}
    assert door.event_types() == []


def test_an_unknown_intent_is_refused(door: Door) -> None:
    with pytest.raises(GatewayRefused) as refusal:
        door.gateway.fetch_intent(gateway_id="pi_unknown")
    assert refusal.value.facts == {"gateway_code": "resource_missing"}


def test_a_shopper_sees_the_intent_only_with_its_client_secret(door: Door) -> None:
    intent = door.open()
    path = f"/v1/payment_intents/{intent.gateway_id}"
    assert door.send("GET", path, key=PUBLISHABLE_KEY).body["error"]["code"] == "parameter_missing"
    wrong = door.send("GET", path, {"client_secret": "pi_x_secret_y"}, key=PUBLISHABLE_KEY)
    assert wrong.body["error"]["code"] == "payment_intent_invalid_parameter"
    seen = door.send("GET", path, {"client_secret": intent.client_secret}, key=PUBLISHABLE_KEY)
    assert (seen.status, "metadata" in seen.body) == (200, False)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("", "You did not provide an API key."),
        ("sk_test_other", "Invalid API Key provided."),
        ("sk_live_contract", "accepts no live keys"),
        ("pk_live_contract", "accepts no live keys"),
        (PUBLISHABLE_KEY, "publishable API key"),
    ],
)
def test_other_keys_are_refused(door: Door, key: str, says: str) -> None:
    reply = door.send("GET", "/v1/events", key=key)
    assert reply.status == 401
    assert says in reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"currency": "eur"}, "parameter_missing"),
        ({"amount": "1999", "currency": "eur", "colour": "red"}, "parameter_unknown"),
        ({"amount": "19.99", "currency": "eur"}, "parameter_invalid_integer"),
        ({"amount[x]": "1", "currency": "eur"}, None),
        ({"amount": "1999", "currency": "xyz"}, None),
        ({"amount": "1999", "currency": "eur", "metadata[a][b]": "c"}, None),
        ({"amount": "1999", "currency": "eur", "metadata[a]": "c" * 501}, None),
        ({"amount": "1999", "currency": "eur", f"metadata[{'a' * 41}]": "c"}, None),
        ({"amount": "1999", "currency": "eur"} | {f"metadata[{n}]": "c" for n in range(51)}, None),
    ],
)
def test_wrong_parameters_are_refused(door: Door, params: dict[str, str], code: str | None) -> None:
    reply = door.send("POST", "/v1/payment_intents", params)
    assert (reply.status, reply.body["error"].get("code")) == (400, code)


def test_a_payment_method_of_the_test_kit_can_be_confirmed_with_the_secret_key(door: Door) -> None:
    intent = door.open()
    path = f"/v1/payment_intents/{intent.gateway_id}/confirm"
    assert door.send("POST", path, {"payment_method": "pm_card_visa"}).body["status"] == "succeeded"


def test_events_are_listed_newest_first_page_by_page(door: Door) -> None:
    door.paid()
    newest = door.send("GET", "/v1/events", {"limit": "1"}).body
    assert ([event["type"] for event in newest["data"]], newest["has_more"]) == (
        ["payment_intent.succeeded"],
        True,
    )
    after = newest["data"][0]["id"]
    older = door.send("GET", "/v1/events", {"starting_after": after}).body
    assert [event["type"] for event in older["data"]] == ["charge.succeeded", "payment_intent.created"]
    created = door.send("GET", "/v1/events", {"type": "payment_intent.created"}).body["data"]
    assert door.send("GET", f"/v1/events/{created[0]['id']}").body == created[0]


def _charge_id(door: Door, gateway_id: str) -> str:
    found: str = door.send("GET", f"/v1/payment_intents/{gateway_id}").body["latest_charge"]
    return found
