from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.cart.abandoning import announce_abandoned
from commerce.cart.filling import set_address
from commerce.cart.models import Cart
from commerce.kit.models import OutboxEvent
from tests.factories import GERMAN_ADDRESS, Shop

pytestmark = pytest.mark.django_db

AFTER = timedelta(minutes=60)


@pytest.fixture(autouse=True)
def reminders(settings: Any) -> None:
    settings.CART_ABANDONED_AFTER_MINUTES = 60


def _left(shop: Shop, at: datetime, **fields: Any) -> Cart:
    return shop.cart((shop.sell(), 1), **{"updated_at": at, "mail_consent_at": at, **fields})


def _announced() -> list[str]:
    return [event.payload["cart"] for event in OutboxEvent.objects.filter(name="cart.abandoned")]


def test_a_cart_left_behind_is_announced_once(shop: Shop, at: datetime) -> None:
    cart = _left(shop, at)
    assert announce_abandoned(at=at + AFTER - timedelta(seconds=1)) == 0
    assert announce_abandoned(at=at + AFTER) == 1
    assert announce_abandoned(at=at + AFTER * 2) == 0
    assert _announced() == [str(cart.pk)]


def test_it_is_off_unless_the_shop_wants_it(shop: Shop, at: datetime, settings: Any) -> None:
    settings.CART_ABANDONED_AFTER_MINUTES = 0
    _left(shop, at)
    assert announce_abandoned(at=at + AFTER) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"mail_consent_at": None},
        {"email": ""},
        {"held_as": uuid.uuid4()},
        {"closed_at": datetime.fromisoformat("2026-11-21T09:30:00+00:00")},
    ],
    ids=["without consent", "without an address to write to", "being paid", "paid"],
)
def test_these_are_left_alone(shop: Shop, at: datetime, fields: dict[str, Any]) -> None:
    _left(shop, at, **fields)
    assert announce_abandoned(at=at + AFTER) == 0


def test_an_empty_cart_and_one_with_saved_lines_alone_are_left_alone(shop: Shop, at: datetime) -> None:
    _left(shop, at).lines.all().delete()
    _left(shop, at).lines.update(saved_at=at)
    assert announce_abandoned(at=at + AFTER) == 0


def test_a_shop_that_begins_to_remind_writes_nobody_about_last_week(shop: Shop, at: datetime) -> None:
    _left(shop, at)
    assert announce_abandoned(at=at + timedelta(days=7)) == 0


@pytest.mark.parametrize(
    ("steps", "agreed"),
    [
        ([("a@example.com", None)], False),
        ([("a@example.com", True)], True),
        ([("a@example.com", True), ("a@example.com", None)], True),
        ([("a@example.com", True), ("a@example.com", False)], False),
        ([("a@example.com", True), ("b@example.com", None)], False),
        ([("a@example.com", True), ("b@example.com", True)], True),
    ],
)
def test_consent_is_given_for_one_address_and_can_be_withdrawn(
    shop: Shop, at: datetime, steps: list[tuple[str, bool | None]], agreed: bool
) -> None:
    cart = shop.cart(email="", address=None)
    for email, remind in steps:
        set_address(cart_id=cart.pk, email=email, address=GERMAN_ADDRESS, remind=remind, at=at)
    cart.refresh_from_db()
    assert (cart.mail_consent_at is not None) == agreed
