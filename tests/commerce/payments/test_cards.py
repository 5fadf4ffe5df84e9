from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings

from commerce.accounts.models import User
from commerce.payments import cards
from commerce.payments.cards import CardNotFound, customer_for, forget, saved_cards
from commerce.payments.gateways import GatewayUnavailable
from commerce.payments.models import GatewayCustomer
from commerce.payments.opening import open_payment
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.commerce.payments.paying import ACTOR, fresh, opened, paid, prepared
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada@example.com")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben@example.com")


def _customers(till: Till) -> list[dict[str, Any]]:
    listed = till.send("GET", "/v1/customers", {}, key=settings.STRIPE_SECRET_KEY)
    found: list[dict[str, Any]] = listed.body["data"]
    return found


def test_a_customer_is_made_known_once(till: Till, at: datetime, ada: User) -> None:
    assert customer_for(ada, at=at) == customer_for(ada, at=at)
    [known] = _customers(till)
    assert known["email"] == "ada@example.com"
    assert known["metadata"]["customer"] == str(GatewayCustomer.objects.get().pk)


def test_a_customer_whose_making_was_not_heard_of_is_made_once(till: Till, at: datetime, ada: User) -> None:
    till.provoke(FaultKind.LOSE_REPLY, match="POST /v1/customers", times=MAX_NETWORK_RETRIES + 1)
    with pytest.raises(GatewayUnavailable):
        customer_for(ada, at=at)
    assert customer_for(ada, at=at)
    assert len(_customers(till)) == 1


def test_a_customer_whose_making_failed_is_made_under_a_new_key(till: Till, at: datetime, ada: User) -> None:
    till.provoke(FaultKind.SERVER_ERROR, match="POST /v1/customers")
    with pytest.raises(GatewayUnavailable):
        customer_for(ada, at=at)
    assert customer_for(ada, at=at)


def test_a_card_is_kept_for_the_customer_who_wants_it(till: Till, at: datetime, ada: User, ben: User) -> None:
    assert saved_cards(ada) == []
    paid(till, at, customer=ada, save_card=True)
    paid(till, at, customer=ben)
    [card] = saved_cards(ada)
    assert (card.brand, card.last4, card.exp_month, card.exp_year) == ("visa", "4242", 12, 2034)
    assert saved_cards(ben) == []


def test_a_guests_card_is_never_kept(till: Till, at: datetime) -> None:
    payment = opened(at, save_card=True)
    assert payment.saves_card is False
    assert till.intent(payment)["setup_future_usage"] is None


def test_the_gateway_sends_its_receipt_where_it_is_told(till: Till, at: datetime) -> None:
    payment = opened(at, receipt_email="ada@example.com")
    assert till.intent(payment)["receipt_email"] == "ada@example.com"


def test_a_customer_forgets_a_card_of_their_own_and_no_other(till: Till, at: datetime, ada: User, ben: User) -> None:
    paid(till, at, customer=ada, save_card=True)
    paid(till, at, customer=ben, save_card=True)
    [hers] = saved_cards(ada)
    [his] = saved_cards(ben)
    for card in (his.gateway_id, "pm_unknown", ""):
        with pytest.raises(CardNotFound):
            forget(ada, card)
    forget(ada, hers.gateway_id)
    assert saved_cards(ada) == []
    assert saved_cards(ben) == [his]


def test_a_customer_whom_the_gateway_has_forgotten_can_still_pay(till: Till, at: datetime, ada: User) -> None:
    lost = customer_for(ada, at=at)
    till.send("DELETE", f"/v1/customers/{lost}", {}, key=settings.STRIPE_SECRET_KEY)
    payment = open_payment(payment_id=prepared(at, customer=ada).pk, actor=ACTOR, at=at)
    assert payment.status == "open"
    assert fresh(GatewayCustomer.objects.get()).gateway_id not in {"", lost}
    assert till.intent(payment)["customer"] == GatewayCustomer.objects.get().gateway_id


def test_a_customer_whom_the_gateway_has_forgotten_has_no_cards(till: Till, at: datetime, ada: User) -> None:
    GatewayCustomer.objects.create(user=ada, gateway_id="cus_unknown", created_at=at)
    assert saved_cards(ada) == []
    assert cards.customer_for(ada, at=at) != "cus_unknown"
