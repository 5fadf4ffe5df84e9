from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from commerce.orders.models import Order
from demo.staff import ADMIN, MERCHANDISER, hire
from tests.factories import GERMAN_ADDRESS, Shop, UserFactory
from tests.till import Till


@pytest.fixture
def order(shop: Shop, till: Till, api: APIClient) -> Order:
    """Two moss-coloured lamps, bought and paid for through the shop."""
    variant = shop.sell(price=1999, stock=10, options={"Colour": "Moss"})
    cart = shop.cart((variant, 2), email="buyer@example.com", address=GERMAN_ADDRESS.document())
    checkout = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").json()
    till.confirm(checkout["payment"]["client_secret"])
    done = api.post(f"/api/v1/checkouts/{checkout['id']}/complete/", {}, format="json")
    assert done.json()["status"] == "completed", done.content
    return Order.objects.get()


@pytest.fixture
def editor(shop: Shop) -> Client:
    """The browser of a merchandiser, who may look at orders and stock."""
    hire(home=shop.home)
    return _browser_of(MERCHANDISER)


@pytest.fixture
def admin(editor: Client) -> Client:
    """The browser of the administrator, who may do whatever can be done."""
    return _browser_of(ADMIN)


@pytest.fixture
def writer(shop: Shop) -> Client:
    """The browser of somebody who may enter the Wagtail admin and nothing else."""
    user = UserFactory.create()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return _browser_of(user.email)


def _browser_of(email: str) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(email=email))
    return browser
