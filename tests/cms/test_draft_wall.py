"""The draft wall: whatever becomes of a draft, what sells stays as it is now and not as it was then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from cms.catalogue.models import ProductContent, Variant
from cms.pages.publishing import publish_due
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockMovement
from commerce.kit.money import Money
from commerce.pricing.setting import set_price
from tests.cms.editing import PUBLISH, edit_product, product_form, product_url
from tests.factories import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant(shop: Shop) -> Variant:
    """Online since its first revision, at 19.99, ten in stock."""
    variant = shop.sell(price=1999, stock=10)
    _rename(shop.content(variant), title="Moss Lamp", slug="moss-lamp").save_revision().publish()
    return variant


def _rename(content: ProductContent, **fields: str) -> ProductContent:
    for name, value in fields.items():
        setattr(content, name, value)
    return content


def _sell_seven_and_raise_the_price(shop: Shop, variant: Variant) -> None:
    at = timezone.now() - timedelta(minutes=1)
    adjust(
        variant=variant,
        location=shop.warehouse,
        change=-7,
        kind=StockMovement.Kind.SALE,
        actor="test",
        reason="Sold",
        at=at,
    )
    set_price(variant=variant, price_list=shop.prices, amount=Money(2499, "EUR"), valid_from=at, at=at)


def _shown(api: APIClient) -> tuple[str, int, int]:
    detail = api.get("/api/v1/products/moss-lamp/").json()
    return detail["title"], detail["variants"][0]["available"], detail["price"]["current"]["minor"]


def _publish_what_is_due(monkeypatch: pytest.MonkeyPatch, *, at: datetime) -> None:
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: at)
        publish_due(at=at)


def test_publishing_an_older_draft_brings_back_neither_stock_nor_price(
    editor: Client, shop: Shop, variant: Variant, api: APIClient
) -> None:
    content = shop.content(variant)
    edit_product(editor, content, title="Fern Lamp")
    _sell_seven_and_raise_the_price(shop, variant)
    content.refresh_from_db()
    content.latest_revision.publish()
    assert _shown(api) == ("Fern Lamp", 3, 2499)


def test_reverting_to_an_older_revision_brings_back_neither_stock_nor_price(
    editor: Client, shop: Shop, variant: Variant, api: APIClient
) -> None:
    content = shop.content(variant)
    first = content.latest_revision
    edit_product(editor, content, publish=True, title="Fern Lamp")
    _sell_seven_and_raise_the_price(shop, variant)
    url = product_url("revisions_revert", content.pk, first.pk)
    assert editor.post(url, product_form(content=first.as_object()) | PUBLISH).status_code == 302
    assert _shown(api) == ("Moss Lamp", 3, 2499)


def test_a_scheduled_go_live_brings_back_neither_stock_nor_price(
    editor: Client, shop: Shop, variant: Variant, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_live = timezone.now() + timedelta(days=1)
    edit_product(editor, shop.content(variant), publish=True, title="Fern Lamp", go_live_at=goes_live)
    _sell_seven_and_raise_the_price(shop, variant)
    _publish_what_is_due(monkeypatch, at=goes_live - timedelta(minutes=5))
    assert _shown(api) == ("Moss Lamp", 3, 2499)
    _publish_what_is_due(monkeypatch, at=goes_live + timedelta(minutes=5))
    assert _shown(api) == ("Fern Lamp", 3, 2499)


def test_an_imported_product_stays_online_while_a_change_of_it_is_scheduled(
    editor: Client, shop: Shop, variant: Variant, api: APIClient
) -> None:
    content = shop.content(variant)
    goes_live = timezone.now() + timedelta(days=1)
    edited = edit_product(editor, content, publish=True, title="Fern Lamp", go_live_at=goes_live)
    assert (edited.live, edited.title) == (True, "Moss Lamp")
    assert edited.scheduled_revision is not None
    assert _shown(api)[0] == "Moss Lamp"


def test_unpublishing_takes_a_product_off_the_shop_and_leaves_its_stock(
    editor: Client, shop: Shop, variant: Variant, api: APIClient
) -> None:
    content = shop.content(variant)
    assert editor.post(product_url("unpublish", content.pk)).status_code == 302
    assert api.get("/api/v1/products/moss-lamp/").status_code == 404
    assert shop.level(variant).on_hand == 10
