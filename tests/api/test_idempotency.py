from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from commerce.cart.models import Cart
from commerce.kit import clock, idempotency
from commerce.kit.models import IdempotentRequest
from tests.factories import Shop

pytestmark = pytest.mark.django_db

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def _post(api: APIClient, path: str, body: Any, key: str) -> Any:
    return api.post(path, body, format="json", headers={"Idempotency-Key": key})


def test_the_same_key_and_body_give_the_first_answer_again(api: APIClient, shop: Shop) -> None:
    first, again = (_post(api, "/api/v1/carts/", {}, KEY) for _ in range(2))
    assert first.json() == again.json()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert Cart.objects.count() == 1


def test_a_retried_line_is_added_once(api: APIClient, shop: Shop) -> None:
    cart, variant = shop.cart(), shop.sell()
    for _ in range(3):
        body = {"variant": str(variant.pk), "quantity": 2}
        answer = _post(api, f"/api/v1/carts/{cart.pk}/lines/", body, KEY)
    assert answer.json()["item_count"] == 2


def test_the_same_key_with_another_body_is_refused(api: APIClient, shop: Shop) -> None:
    _post(api, "/api/v1/carts/", {}, KEY)
    other = _post(api, "/api/v1/carts/", {"market": "eu"}, KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_of_another_address_is_another_key(api: APIClient, shop: Shop) -> None:
    variant = shop.sell()
    for cart in (shop.cart(), shop.cart()):
        body = {"variant": str(variant.pk), "quantity": 1}
        assert _post(api, f"/api/v1/carts/{cart.pk}/lines/", body, KEY).json()["id"] == str(cart.pk)


def test_while_the_first_request_runs_the_second_is_told_to_wait(api: APIClient, shop: Shop) -> None:
    _post(api, "/api/v1/carts/", {}, KEY)
    running = IdempotentRequest.objects.get()
    IdempotentRequest.objects.update(http_status=None, leased_until=clock.now() + idempotency.LEASE)
    waiting = _post(api, "/api/v1/carts/", {}, running.key)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "idempotency_key_in_flight")
    assert int(waiting["Retry-After"]) > 0


def test_a_refusal_frees_the_key(api: APIClient, shop: Shop) -> None:
    cart, variant = shop.cart(), shop.sell(stock=0)
    body = {"variant": str(variant.pk), "quantity": 1}
    assert _post(api, f"/api/v1/carts/{cart.pk}/lines/", body, KEY).status_code == 409
    shop.stock(variant, 5)
    assert _post(api, f"/api/v1/carts/{cart.pk}/lines/", body, KEY).status_code == 201


@pytest.mark.parametrize("key", ["1", "k" * 15, "k" * 256])
def test_a_key_that_another_guest_might_choose_or_that_is_too_long_is_refused(
    api: APIClient, shop: Shop, key: str
) -> None:
    refused = _post(api, "/api/v1/carts/", {}, key)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert not Cart.objects.exists()


@pytest.fixture
def database_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the first request: neither its work nor the freeing of its key gets through."""
    free, away = idempotency.finish, iter([True])

    def finish(**claim: Any) -> None:
        if next(away, False):
            raise OperationalError("the server closed the connection unexpectedly")
        free(**claim)

    def create_cart(**wanted: Any) -> Cart:
        monkeypatch.undo()
        monkeypatch.setattr(idempotency, "finish", finish)
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr("commerce.cart.filling.create_cart", create_cart)


@pytest.mark.usefixtures("database_goes_away")
def test_a_key_that_could_not_be_freed_while_the_database_was_away_is_free_once_it_is_back(
    api: APIClient, shop: Shop
) -> None:
    first, again = (_post(api, "/api/v1/carts/", {}, KEY) for _ in range(2))
    assert (first.status_code, first.json()["code"]) == (503, "busy")
    assert again.status_code == 201


@pytest.mark.usefixtures("database_goes_away")
def test_a_key_whose_lease_is_over_is_not_taken_from_whoever_has_it_now(
    api: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(api, "/api/v1/carts/", {}, KEY)
    later = clock.now() + idempotency.LEASE
    (kept,) = IdempotentRequest.objects.all()
    idempotency.begin(scope=kept.scope, key=KEY, fingerprint=kept.fingerprint, at=later)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _post(api, "/api/v1/carts/", {}, KEY).json()["code"] == "idempotency_key_in_flight"
