from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from commerce.accounts.models import User
from commerce.kit.clock import now
from commerce.payments.models import GatewayCustomer
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.commerce.payments.paying import paid
from tests.factories import UserFactory
from tests.till import Till

pytestmark = pytest.mark.django_db

CARDS = "/api/v1/customers/me/cards/"


def _refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.fixture
def shopper(till: Till) -> User:
    """Somebody with one saved card."""
    user: User = UserFactory.create()
    paid(till, now(), customer=user, save_card=True)
    return user


def test_whoever_is_not_signed_in_has_no_cards(api: APIClient, shopper: User) -> None:
    _refused(api.get(CARDS), 403, "sign_in_required")
    _refused(api.delete(f"{CARDS}pm_1/"), 403, "sign_in_required")


def test_a_shopper_sees_their_own_cards_and_no_cache_keeps_them(api: APIClient, shopper: User) -> None:
    api.force_login(shopper)
    answer = api.get(CARDS)
    [card] = answer.json()["results"]
    assert (card["brand"], card["last4"], card["exp_month"], card["exp_year"]) == ("visa", "4242", 12, 2034)
    assert "no-store" in answer["Cache-Control"]
    assert "4242424242424242" not in answer.content.decode()


def test_whoever_has_saved_none_is_not_even_made_known_to_the_payment_service(api: APIClient, till: Till) -> None:
    api.force_login(UserFactory.create())
    assert api.get(CARDS).json() == {"results": []}
    assert not GatewayCustomer.objects.exists()


def test_a_shopper_forgets_a_card(api: APIClient, shopper: User) -> None:
    api.force_login(shopper)
    card = api.get(CARDS).json()["results"][0]["id"]
    assert api.delete(f"{CARDS}{card}/").status_code == 204
    assert api.get(CARDS).json() == {"results": []}
    _refused(api.delete(f"{CARDS}{card}/"), 404, "card_not_found")


def test_nobody_forgets_the_card_of_somebody_else(api: APIClient, shopper: User, till: Till) -> None:
    api.force_login(shopper)
    card = api.get(CARDS).json()["results"][0]["id"]
    stranger = UserFactory.create()
    paid(till, now(), customer=stranger, save_card=True)
    api.force_login(stranger)
    for named in (card, "pm_unknown", "x" * 300, "%00"):
        _refused(api.delete(f"{CARDS}{named}/"), 404, "card_not_found")
    api.force_login(shopper)
    assert len(api.get(CARDS).json()["results"]) == 1


def test_while_the_payment_service_is_away_the_answer_says_so(api: APIClient, shopper: User, till: Till) -> None:
    api.force_login(shopper)
    till.provoke(FaultKind.LOSE_REPLY, match="GET *", times=MAX_NETWORK_RETRIES + 1)
    answer = api.get(CARDS)
    _refused(answer, 503, "payment_gateway_unavailable")
    assert answer["Retry-After"]
