"""What the shop relies on, held against both doors of the sandbox and, with a test key, against Stripe itself.

STRIPE_CONTRACT_KEY=sk_test_… opts in; docs/stripe-sandbox.md says how. Only the secret key and Stripe's own test
payment methods are used, so that nothing needs to be enabled in the account.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from commerce.kit.money import Money
from commerce.payments.gateways import GatewayRefused, IntentStatus, RefundStatus
from commerce.payments.stripe.adapter import connect
from commerce.payments.stripe.sandbox.transport import SandboxTransport
from tests.commerce.payments.stripe import accounts
from tests.commerce.payments.stripe.accounts import WITHOUT_REDIRECTS, Account, refused
from tests.commerce.payments.stripe.doors import SECRET_KEY, Door

URL = "http://localhost:8002"


AT_STRIPE = [pytest.param("at_stripe", marks=pytest.mark.enable_socket)] if accounts.CONTRACT_KEY else []


@pytest.fixture(params=["in_process", "over_http", *AT_STRIPE])
def account(request: pytest.FixtureRequest) -> Account:
    if request.param == "at_stripe":
        return accounts.at_stripe()
    door: Door = request.getfixturevalue(request.param)
    if request.param == "over_http":
        assert door.server
        client = connect(secret_key=SECRET_KEY, sandbox_url=door.server.url, transport=door.client)
    else:
        transport = SandboxTransport(door.machine, now=door.clock)
        client = connect(secret_key=SECRET_KEY, sandbox_url=URL, transport=transport)
    return Account(client, door.gateway, door.clock)


@pytest.fixture
def customer(account: Account) -> str:
    return account.client.v1.customers.create({"email": "reader@example.com"}).id


def saved(account: Account, customer: str, card: str) -> str:
    return account.client.v1.payment_methods.attach(card, {"customer": customer}).id


def test_the_adapter_opens_and_cancels_an_intent_that_names_its_payment(account: Account) -> None:
    reference = uuid4()
    opened = account.gateway.open_intent(
        amount=Money(1999, "EUR"), reference=reference, idempotency_key=f"open-{reference}"
    )
    assert (opened.status, opened.reference, opened.amount) == (
        IntentStatus.AWAITING_SHOPPER,
        reference,
        Money(1999, "EUR"),
    )
    assert account.gateway.fetch_intent(gateway_id=opened.gateway_id) == opened
    for _ in range(2):
        assert account.gateway.cancel_intent(gateway_id=opened.gateway_id).status is IntentStatus.CANCELLED


def test_a_good_card_pays_at_once(account: Account) -> None:
    intent = account.look(account.paid())
    charge = intent["latest_charge"]
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 2000)
    assert (charge["paid"], charge["captured"], charge["amount_captured"]) == (True, True, 2000)
    assert charge["receipt_url"]
    wanted = {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"}
    account.eventually(lambda: wanted <= set(account.types_of(intent)))


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ],
)
def test_a_declined_card_says_why_and_another_may_pay(
    account: Account, card: str, code: str, decline_code: str | None
) -> None:
    intent = account.open()
    with refused(code, status=402):
        account.client.v1.payment_intents.confirm(intent["id"], {"payment_method": card})
    seen = account.look(intent)
    assert (seen["status"], seen["last_payment_error"]["code"]) == ("requires_payment_method", code)
    assert decline_code in (None, seen["last_payment_error"]["decline_code"])
    paid = account.client.v1.payment_intents.confirm(intent["id"], {"payment_method": "pm_card_visa"})
    assert paid.status == "succeeded"


def test_a_card_that_asks_its_holder_waits_for_an_action(account: Account) -> None:
    intent = account.paid("pm_card_threeDSecure2Required", use_stripe_sdk=True)
    assert (intent["status"], intent["amount_received"]) == ("requires_action", 0)
    assert account.gateway.cancel_intent(gateway_id=intent["id"]).status is IntentStatus.CANCELLED


def test_what_has_been_paid_can_neither_be_paid_again_nor_cancelled(account: Account) -> None:
    intent = account.paid()
    with refused("payment_intent_unexpected_state"):
        account.client.v1.payment_intents.confirm(intent["id"], {"payment_method": "pm_card_visa"})
    with refused("payment_intent_unexpected_state"):
        account.client.v1.payment_intents.cancel(intent["id"])


def test_an_amount_below_the_minimum_is_refused(account: Account) -> None:
    with refused("amount_too_small"):
        account.open(1)


def test_an_unknown_parameter_and_an_unknown_intent_are_refused(account: Account) -> None:
    with refused("parameter_unknown"):
        account.open(colour="red")
    with refused("resource_missing", status=None):
        account.client.v1.payment_intents.retrieve("pi_unknown")


def test_an_authorised_amount_is_captured_in_part_and_no_more(account: Account) -> None:
    intent = account.paid(capture_method="manual")
    assert (intent["status"], intent["amount_capturable"], intent["amount_received"]) == ("requires_capture", 2000, 0)
    with refused("amount_too_large"):
        account.client.v1.payment_intents.capture(intent["id"], {"amount_to_capture": 2001})
    captured = account.client.v1.payment_intents.capture(intent["id"], {"amount_to_capture": 1250})
    assert (captured.status, captured.amount_received, captured.amount_capturable) == ("succeeded", 1250, 0)
    with refused("payment_intent_unexpected_state"):
        account.client.v1.payment_intents.capture(intent["id"])
    with refused(None):
        account.client.v1.refunds.create({"payment_intent": intent["id"], "amount": 1251})
    assert account.client.v1.refunds.create({"payment_intent": intent["id"]}).amount == 1250


def test_a_cancelled_authorisation_takes_nothing(account: Account) -> None:
    intent = account.paid(capture_method="manual")
    account.client.v1.payment_intents.cancel(intent["id"])
    seen = account.look(intent)
    assert (seen["status"], seen["amount_received"], seen["amount_capturable"]) == ("canceled", 0, 0)
    assert seen["latest_charge"]["captured"] is False


def test_refunds_stop_at_what_was_paid(account: Account) -> None:
    intent = account.paid()
    first = account.gateway.refund(
        gateway_id=intent["id"], reference=uuid4(), amount=Money(1500, "EUR"), idempotency_key=str(uuid4())
    )
    assert (first.status, first.amount) == (RefundStatus.SUCCEEDED, Money(1500, "EUR"))
    with refused(None):
        account.client.v1.refunds.create({"payment_intent": intent["id"], "amount": 501})
    account.client.v1.refunds.create({"payment_intent": intent["id"]})
    with refused("charge_already_refunded"):
        account.client.v1.refunds.create({"payment_intent": intent["id"]})
    assert account.look(intent)["latest_charge"]["refunded"] is True


def test_a_refund_is_found_by_our_reference(account: Account) -> None:
    intent, reference = account.paid(), uuid4()
    made = account.gateway.refund(
        gateway_id=intent["id"], reference=reference, amount=Money(100, "EUR"), idempotency_key=str(uuid4())
    )
    assert account.gateway.find_refund(gateway_id=intent["id"], reference=reference) == made
    assert account.gateway.find_refund(gateway_id=intent["id"], reference=uuid4()) is None


@pytest.mark.parametrize(
    ("card", "first", "last"),
    [("pm_card_pendingRefund", "pending", "succeeded"), ("pm_card_refundFail", "succeeded", "failed")],
)
def test_a_refund_changes_its_mind_later(account: Account, card: str, first: str, last: str) -> None:
    refund = account.client.v1.refunds.create({"payment_intent": account.paid(card)["id"]})
    assert refund.status == first

    def changed() -> bool:
        return account.client.v1.refunds.retrieve(refund.id).status == last

    account.eventually(changed)


def test_the_same_key_answers_the_same_and_other_parameters_are_an_error(account: Account) -> None:
    options: Any = {"idempotency_key": str(uuid4())}
    params: Any = {"amount": 2000, "currency": "eur", **WITHOUT_REDIRECTS}
    first, second = (account.client.v1.payment_intents.create(params, options) for _ in range(2))
    assert first.id == second.id
    with refused(None):
        account.client.v1.payment_intents.create(params | {"amount": 3000}, options)


def test_a_saved_card_pays_without_its_holder(account: Account, customer: str) -> None:
    card = saved(account, customer, "pm_card_visa")
    listed = account.client.v1.customers.payment_methods.list(customer, {"type": "card"})
    assert [method.id for method in listed.data] == [card]
    assert account.paid(card, customer=customer, off_session=True)["status"] == "succeeded"
    account.client.v1.payment_methods.detach(card)
    assert account.client.v1.customers.payment_methods.list(customer).data == []
    with refused(None):
        account.paid(card, customer=customer)


def test_a_card_that_always_asks_cannot_pay_without_its_holder(account: Account, customer: str) -> None:
    card = saved(account, customer, "pm_card_authenticationRequired")
    with refused("authentication_required", status=402):
        account.paid(card, customer=customer, off_session=True)


def test_an_intent_saves_the_card_for_its_customer(account: Account, customer: str) -> None:
    account.paid(customer=customer, setup_future_usage="off_session")
    assert len(account.client.v1.payment_methods.list({"customer": customer, "type": "card"}).data) == 1


def test_a_setup_saves_a_card_without_money(account: Account, customer: str) -> None:
    setup = account.client.v1.setup_intents.create(
        {"customer": customer, "payment_method": "pm_card_visa", "confirm": True, **WITHOUT_REDIRECTS}
    )
    assert (setup.status, setup.usage) == ("succeeded", "off_session")
    assert len(account.client.v1.payment_methods.list({"customer": customer, "type": "card"}).data) == 1


def test_a_deleted_customer_is_shown_as_deleted(account: Account, customer: str) -> None:
    assert account.client.v1.customers.delete(customer).deleted is True
    assert account.client.v1.customers.retrieve(customer).deleted is True
    with refused("resource_missing", status=None):
        account.open(customer=customer)


def test_a_dispute_takes_the_money_and_forbids_a_refund(account: Account) -> None:
    intent = account.paid("pm_card_createDispute")
    disputes = account.client.v1.disputes
    dispute = account.eventually(lambda: next(iter(disputes.list({"payment_intent": intent["id"]}).data), None))
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 2000)
    with refused("charge_disputed"):
        account.client.v1.refunds.create({"payment_intent": intent["id"]})
    disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    account.eventually(lambda: disputes.retrieve(dispute.id).status == "won")


def test_lists_are_newest_first_and_paged_by_cursors(account: Account, customer: str) -> None:
    made = [account.open(customer=customer)["id"] for _ in range(3)]
    intents = account.client.v1.payment_intents
    page = intents.list({"customer": customer, "limit": 2})
    assert ([each.id for each in page.data], page.has_more) == (made[:0:-1], True)
    rest = intents.list({"customer": customer, "starting_after": made[1]})
    assert ([each.id for each in rest.data], rest.has_more) == (made[:1], False)
    newer = intents.list({"customer": customer, "ending_before": made[0]})
    assert [each.id for each in newer.data] == made[:0:-1]


def test_events_are_found_by_type_and_time(account: Account) -> None:
    intent = account.paid()

    def found() -> bool:
        params: Any = {"type": "payment_intent.succeeded", "created": {"gte": intent["created"]}, "limit": 100}
        events = account.client.v1.events.list(params).to_dict()["data"]
        return intent["id"] in [event["data"]["object"]["id"] for event in events]

    account.eventually(found)


def test_the_adapter_words_a_refusal_as_its_own(account: Account) -> None:
    with pytest.raises(GatewayRefused) as refusal:
        account.gateway.fetch_intent(gateway_id="pi_unknown")
    assert refusal.value.facts == {"gateway_code": "resource_missing"}
