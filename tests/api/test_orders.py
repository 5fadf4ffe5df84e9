"""What shoppers see of their orders and may do to them, and that nobody else may."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.kit.money import Money
from commerce.orders import returning
from commerce.orders.access import access_signature
from commerce.orders.exchanging import exchange
from commerce.orders.fulfilling import deliver, pack, ship
from commerce.orders.models import Order, OrderRefund, Return, ReturnReason
from commerce.orders.noting import note
from commerce.orders.paying import payments_of
from commerce.orders.refunding import refund
from commerce.payments.models import Payment, PaymentMethodOffer
from commerce.payments.receiving import record_receipt
from tests.factories import Shop, UserFactory
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "0c0f6d0e-6d0e-4b0e-9b0e-0c0f6d0e6d0e"}


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    return shop.sell(price=1999, stock=50)


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory.create()


@pytest.fixture
def order(lamp: Variant, owner: User, at: datetime) -> Order:
    return buy(Bought(lamp, 3), at=at, customer=owner)


def _path(order: Order, rest: str = "", *, signed: bool = True) -> str:
    access = f"?access={access_signature(order.pk)}" if signed else ""
    return f"/api/v1/orders/{order.pk}/{rest}{access}"


def _post(api: APIClient, path: str, body: Any = None, **headers: Any) -> Any:
    return api.post(path, body or {}, format="json", **headers)


def _sent(order: Order, at: datetime) -> Order:
    ship(fulfilment=pack(order=order, actor="clerk", at=at), tracking_number="A1", actor="clerk", at=at)
    return order


def _back(quantity: int = 1, **changes: Any) -> dict[str, Any]:
    return {"lines": [{"position": 0, "quantity": quantity, "reason": "unwanted"} | changes]}


def test_an_order_tells_how_it_stands(api: APIClient, order: Order, at: datetime) -> None:
    shown = api.get(_path(order)).json()
    assert (shown["status"], shown["payment_state"], shown["fulfilment_state"]) == ("confirmed", "paid", "unfulfilled")
    assert (shown["may_cancel"], shown["parcels"], shown["returns"]) == (True, [], [])
    assert [entry["words"] for entry in shown["timeline"]] == ["Order confirmed", "Paid"]
    note(order=order, text="Rude on the phone", is_visible=False, actor="clerk", at=at)
    note(order=order, text="It leaves on Monday", is_visible=True, actor="clerk", at=at)
    _sent(order, at)
    answer = api.get(_path(order))
    shown = answer.json()
    assert "Rude" not in answer.content.decode()
    assert "clerk" not in answer.content.decode()
    assert "It leaves on Monday" in answer.content.decode()
    assert shown["parcels"][0]["tracking_number"] == "A1"
    assert (shown["lines"][0]["sent"], shown["lines"][0]["returnable"], shown["may_cancel"]) == (3, 3, False)
    assert answer["Cache-Control"] == "private, no-store"


def test_an_order_tells_of_each_refund_how_far_it_is(api: APIClient, order: Order, at: datetime) -> None:
    refund(order=order, lines={}, other=Money(500, "EUR"), reason="Scratch", restock=False, actor="clerk", at=at)
    assert [(each["amount"]["minor"], each["status"]) for each in api.get(_path(order)).json()["refunds"]] == [
        (500, "requested")
    ]
    assert "Scratch" not in api.get(_path(order)).content.decode()


def test_a_parcel_that_is_packed_is_not_told_of(api: APIClient, order: Order, at: datetime) -> None:
    pack(order=order, actor="clerk", at=at)
    shown = api.get(_path(order)).json()
    assert (shown["parcels"], shown["may_cancel"]) == ([], False)


def test_who_waits_for_a_transfer_is_told_how_to_pay(api: APIClient, shop: Shop, lamp: Variant, at: datetime) -> None:
    PaymentMethodOffer.objects.create(market=shop.market, method="bank_transfer", instructions="To DE89 3704")
    order = buy(Bought(lamp, 1), at=at, method="bank_transfer", state="pending")
    shown = api.get(_path(order)).json()
    assert (shown["status"], shown["payment_instructions"]) == ("pending", "To DE89 3704")
    assert shown["pay_by"] is None
    Payment.objects.update(pay_by=at)
    assert datetime.fromisoformat(api.get(_path(order)).json()["pay_by"]) == at


def test_the_orders_of_who_is_signed_in_and_no_others(
    api: APIClient, order: Order, lamp: Variant, owner: User, at: datetime
) -> None:
    buy(Bought(lamp, 1), at=at)
    assert api.get("/api/v1/orders/").json()["code"] == "sign_in_required"
    api.force_login(owner)
    listed = api.get("/api/v1/orders/")
    assert [each["number"] for each in listed.json()["results"]] == [order.number]
    assert listed.json()["results"][0]["item_count"] == 3
    assert listed["Cache-Control"] == "private, no-store"
    api.force_login(UserFactory.create())
    assert api.get("/api/v1/orders/").json()["count"] == 0


def test_a_page_of_orders_costs_as_many_queries_for_many(
    api: APIClient, order: Order, lamp: Variant, owner: User, at: datetime
) -> None:
    api.force_login(owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get("/api/v1/orders/").status_code == 200
        return len(captured)

    few = queries()
    for _ in range(5):
        buy(Bought(lamp, 1), at=at, customer=owner)
    assert queries() == few


def test_an_order_costs_as_many_queries_with_many_parcels_and_returns(
    api: APIClient, lamp: Variant, at: datetime
) -> None:
    order = buy(Bought(lamp, 6), at=at)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(_path(order)).status_code == 200
        return len(captured)

    def send_one_and_ask_for_it() -> None:
        ship(fulfilment=pack(order=order, lines={order.lines.get(): 1}, actor="x", at=at), actor="x", at=at)
        assert _post(api, _path(order, "returns/"), _back()).status_code == 201

    send_one_and_ask_for_it()
    few = queries()
    for _ in range(3):
        send_one_and_ask_for_it()
    assert queries() == few


def test_a_shopper_cancels_once_however_often_the_key_comes(api: APIClient, order: Order, shop: Shop) -> None:
    first, again = (_post(api, _path(order, "cancel/"), {"reason": "Too late"}, headers=KEY) for _ in range(2))
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert first.json() == again.json()
    refused = _post(api, _path(order, "cancel/"))
    assert (refused.status_code, refused.json()["code"]) == (409, "order_not_cancellable")
    assert OrderRefund.objects.count() == 1


def test_what_is_packed_is_not_cancelled(api: APIClient, order: Order, at: datetime) -> None:
    pack(order=order, actor="clerk", at=at)
    refused = _post(api, _path(order, "cancel/"))
    assert (refused.status_code, refused.json()["code"]) == (409, "order_not_cancellable")


def test_a_return_is_asked_for_and_listed(api: APIClient, order: Order, at: datetime) -> None:
    _sent(order, at)
    made = _post(api, _path(order, "returns/"), _back(2) | {"words": "Too dark"}, headers=KEY)
    assert made.status_code == 201
    assert (made.json()["status"], made.json()["lines"][0]["quantity"]) == ("requested", 2)
    assert _post(api, _path(order, "returns/"), _back(2) | {"words": "Too dark"}, headers=KEY).json() == made.json()
    assert api.get(_path(order, "returns/")).json() == [made.json()]
    assert Return.objects.count() == 1
    refused = _post(api, _path(order, "returns/"), _back(2))
    assert (refused.status_code, refused.json()["code"]) == (409, "return_exceeds_sent")
    assert refused.json()["lines"][0]["left"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ({"lines": []}, 400), ({"lines": "x"}, 400), ({"lines": [None]}, 400), (_back(0), 400),
        (_back(-1), 400), (_back(10**30), 400), (_back(reason="mood"), 400), (_back(position=-1), 400),
        (_back(position=7), 409), (_back(4), 409), (_back(words=[1]) | {"words": [1]}, 400),
        (_back() | {"words": "x" * 1001}, 400), (_back() | {"words": "a\x00b"}, 400),
        ({"lines": [_back()["lines"][0]] * 201}, 400), ([], 400),
    ],
)  # fmt: skip
def test_a_return_that_cannot_be_is_refused_and_nothing_is_written(
    api: APIClient, order: Order, at: datetime, body: Any, status: int
) -> None:
    _sent(order, at)
    answer = api.post(_path(order, "returns/"), body, format="json")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Return.objects.exists()


WAYS = [("get", ""), ("post", "cancel/"), ("get", "returns/"), ("post", "returns/")]


@pytest.mark.parametrize(("method", "rest"), WAYS)
def test_nobody_else_gets_at_an_order(
    api: APIClient, order: Order, lamp: Variant, at: datetime, method: str, rest: str
) -> None:
    other = buy(Bought(lamp, 1), at=at)
    strange = _path(order, rest, signed=False)
    answers = []
    for signature in ("", f"?access={access_signature(other.pk)}", "?access=nothing"):
        answers.append(getattr(api, method)(strange + signature, _back(), format="json"))
    api.force_login(UserFactory.create())
    answers.append(getattr(api, method)(strange, _back(), format="json"))
    answers.append(getattr(api, method)(f"/api/v1/orders/{uuid.uuid4()}/{rest}", _back(), format="json"))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "order_not_found")}
    assert {answer.json()["detail"] for answer in answers} == {"There is no such order for you"}


def test_the_owner_needs_no_signature(api: APIClient, order: Order, owner: User, at: datetime) -> None:
    api.force_login(owner)
    assert api.get(_path(order, signed=False)).status_code == 200
    assert _post(api, _path(order, "cancel/", signed=False)).status_code == 200


def test_the_answer_of_one_is_not_replayed_to_another(api: APIClient, order: Order, owner: User) -> None:
    api.force_login(owner)
    path = _path(order, "cancel/", signed=False)
    assert _post(api, path, headers=KEY).status_code == 200
    api.logout()
    assert _post(api, path, headers=KEY).json()["code"] == "order_not_found"


def test_another_site_cannot_cancel_by_the_cookie_of_the_owner(api: APIClient, order: Order, owner: User) -> None:
    api.force_login(owner)
    posted = api.post(_path(order, "cancel/", signed=False), "reason=x", content_type="text/plain")
    assert posted.status_code == 415
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_what_has_come_of_a_transfer_and_what_is_left_is_told(api: APIClient, lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, method="bank_transfer", state="pending")

    def told() -> tuple[int | None, int | None, int]:
        answer = api.get(_path(order)).json()
        awaited = answer["to_pay"]
        left, came = (awaited[name]["minor"] if awaited else None for name in ("amount", "received"))
        return left, came, answer["overpaid"]["minor"]

    [payment] = payments_of(order)
    assert told() == (4488, 0, 0)
    record_receipt(payment=payment, amount=Money(1000, "EUR"), reference="R1", actor="clerk", at=at)
    assert told() == (3488, 1000, 0)
    record_receipt(payment=payment, amount=Money(4000, "EUR"), reference="R2", actor="clerk", at=at)
    assert told() == (None, None, 512)


def test_of_a_returned_line_it_is_told_how_many_are_exchanged(
    api: APIClient, shop: Shop, order: Order, lamp: Variant, at: datetime
) -> None:
    other = shop.sell(product=lamp.product, price=1999, stock=5)
    parcel = ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at)
    deliver(fulfilment=parcel, actor="clerk", at=at)
    asked = [returning.Asked(order.lines.get(), 2, ReturnReason.DAMAGED)]
    parent = returning.request(order=order, asked=asked, actor="shopper", at=at)
    returning.approve(parent=parent, actor="clerk", at=at)
    exchange(return_line=parent.lines.get(), variant=other, quantity=1, actor="clerk", at=at)
    [line] = api.get(_path(order)).json()["returns"][0]["lines"]
    assert (line["quantity"], line["exchanged"], line["exchanged_for"]) == (2, 1, other.sku)
