"""Invoices over the API: for whoever may see the order, and for nobody else."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from rest_framework.test import APIClient

from commerce.invoicing.attaching import printed
from commerce.invoicing.issuing import issue_what_is_owed
from commerce.invoicing.models import Invoice, InvoicePdf
from commerce.orders.access import access_signature
from commerce.orders.models import Order
from tests.factories import Shop, UserFactory
from tests.factories.invoicing import placed, seller_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop: Shop, at: datetime) -> Order:
    seller_of(shop)
    order = placed(shop, (shop.sell(price=1999), 2), at=at, customer=UserFactory.create(email="owner@example.com"))
    issue_what_is_owed(order_id=order.pk, at=at)
    return order


def _browser_of(email: str) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(email=email))
    return browser


def _list(order: Order) -> str:
    return f"/api/v1/orders/{order.pk}/invoices/"


def _pdf(order: Order, number: str = "EU-2026-00001") -> str:
    return f"{_list(order)}{number}/pdf/"


def test_the_holder_of_the_signature_sees_and_gets_the_invoice(order: Order, api: APIClient) -> None:
    access = {"access": access_signature(order.pk)}
    [listed] = api.get(_list(order), access).json()["results"]
    assert (listed["number"], listed["kind"], listed["total"]["minor"]) == ("EU-2026-00001", "invoice", 4488)
    answer = api.get(listed["pdf"], access)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="EU-2026-00001.pdf"'
    assert set(answer["Cache-Control"].replace(" ", "").split(",")) >= {"private", "no-store"}
    assert answer.content == printed(Invoice.objects.get())
    assert InvoicePdf.objects.get().invoice == Invoice.objects.get()


@pytest.mark.parametrize("accept", ["application/pdf", "*/*", "text/html,*/*;q=0.8", "application/json", "image/png"])
def test_it_is_a_pdf_whatever_the_browser_would_rather_have(order: Order, api: APIClient, accept: str) -> None:
    answer = api.get(_pdf(order), {"access": access_signature(order.pk)}, headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_the_signed_in_owner_needs_no_signature(order: Order) -> None:
    owner = _browser_of("owner@example.com")
    assert owner.get(_list(order)).json()["results"][0]["number"] == "EU-2026-00001"
    assert owner.get(_pdf(order)).content.startswith(b"%PDF")


def test_nobody_else_gets_anything(shop: Shop, order: Order, api: APIClient, at: datetime) -> None:
    other = placed(shop, (shop.sell(), 1), at=at)
    UserFactory.create(email="stranger@example.com")
    stranger = _browser_of("stranger@example.com")
    for address in (_list(order), _pdf(order)):
        for answer in (
            api.get(address),
            api.get(address, {"access": "wrong"}),
            api.get(address, {"access": access_signature(other.pk)}),
            stranger.get(address),
        ):
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"] == "order_not_found"
    assert not InvoicePdf.objects.exists()


def test_an_invoice_is_only_found_with_its_own_order(shop: Shop, order: Order, api: APIClient, at: datetime) -> None:
    other = placed(shop, (shop.sell(), 1), at=at)
    access = {"access": access_signature(other.pk)}
    assert api.get(_list(other), access).json() == {"results": []}
    for number in ("EU-2026-00001", "EU-2026-99999", "%00", "..%2f..%2fsecret", "x" * 300):
        answer = api.get(_pdf(other, number), access)
        assert (answer.status_code, answer.json()["code"]) in {(404, "invoice_not_found"), (404, "not_found")}


def test_an_order_that_does_not_exist_gives_the_same_answer(api: APIClient) -> None:
    order = Order(pk=uuid.uuid4())
    for address in (_list(order), _pdf(order)):
        assert api.get(address, {"access": access_signature(order.pk)}).json()["code"] == "order_not_found"


def test_what_cannot_be_printed_yet_says_so(shop: Shop, api: APIClient, at: datetime) -> None:
    seller_of(shop)
    variant = shop.sell()
    content = shop.content(variant)
    content.title = "鉄瓶"
    content.save()
    order = placed(shop, (variant, 1), at=at)
    issue_what_is_owed(order_id=order.pk, at=at)
    answer = api.get(_pdf(order), {"access": access_signature(order.pk)})
    assert (answer.status_code, answer.json()["code"]) == (409, "unprintable")
