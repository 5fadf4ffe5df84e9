from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from commerce.kit.clock import now
from commerce.promotions.models import Promotion
from tests.commerce.desk.promotions.pages import NEW, browser_with, filled, opened, page_of
from tests.factories import Shop
from tests.factories.promotions import CouponFactory, PromotionFactory

pytestmark = pytest.mark.django_db
EXAMPLE = "/admin/promotions/example/"


@pytest.fixture(autouse=True)
def goods(shop: Shop) -> None:
    shop.sell(sku="LAMP", price=10000)
    shop.sell(sku="MUG", price=1000)


def _shown(browser: Client, *, address: str = EXAMPLE, **fields: Any) -> str:
    lines = fields.pop("lines", (("LAMP", 1), ("MUG", 3)))
    answer = browser.post(address, filled(lines=lines, **fields))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_each_line_is_shown_before_and_after(admin: Client) -> None:
    page = _shown(admin)
    assert all(amount in page for amount in ("€100.00", "€90.00", "€30.00", "€27.00", "−€10.00", "−€3.00"))
    assert "Ten percent off saves 13.00 EUR." in page
    assert "No other promotion runs" in page


def test_it_shows_what_becomes_of_it_beside_the_others(admin: Client) -> None:
    """20 % first leave 104.00 of 130.00; 10 % of that are 8.00 + 2.40."""
    PromotionFactory.create(name="A fifth off", code="fifth", percent=20, priority=9)
    page = _shown(admin)
    assert "Ten percent off saves 13.00 EUR." in page
    assert "A fifth off saves 26.00 EUR." in page
    assert "Ten percent off saves 10.40 EUR." in page


def test_an_exclusive_one_before_it_is_called_by_its_name(admin: Client) -> None:
    PromotionFactory.create(name="Alone", code="alone-code", percent=20, priority=9, exclusive=True)
    page = _shown(admin)
    assert "Ten percent off comes after Alone, which is exclusive." in page
    assert "alone-code" not in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"min_value": "200"}, "asks for goods worth 200.00 EUR; there are 130.00 EUR, 70.00 EUR are missing"),
        ({"first_order": "on"}, "is for a first order"),
        ({"first_order": "on", "shopper-first_order": "on"}, "saves 13.00 EUR"),
        ({"countries": "FR"}, "is for orders to FR"),
        ({"countries": "FR", "shopper-country": "FR"}, "saves 13.00 EUR"),
        ({"requires_coupon": "on"}, "(with its coupon) saves 13.00 EUR"),
        ({"kind": "free_shipping"}, "makes shipping free"),
        ({"kind": "gift", "gift": "MUG"}, "gives 1 × "),
        (
            {"kind": "buy_x_get_y", "buy_quantity": "9", "get_quantity": "1"},
            "asks for 9 pieces to be bought and 1 more to be reduced",
        ),
        ({"kind": "amount", "amount": "500", "level": "order"}, "saves 130.00 EUR"),
        ({"shopper-coupons": "NONE"}, "Coupon NONE: There is no such coupon."),
    ],
)
def test_the_verdict_is_in_words(admin: Client, fields: dict[str, Any], sentence: str) -> None:
    assert sentence in _shown(admin, **fields)


def test_a_coupon_of_another_promotion_takes_part(admin: Client) -> None:
    CouponFactory.create(code="WELCOME", promotion__name="Welcome", promotion__requires_coupon=True)
    assert "Welcome (coupon WELCOME) saves" in _shown(admin, **{"shopper-coupons": "welcome"})


def test_what_keeps_the_promotion_from_being_whole_is_listed(admin: Client) -> None:
    page = _shown(admin, kind="bundle", amount="10", percent="")
    assert "The example appears once this is mended" in page
    assert "A bundle needs the goods that it is made of." in page


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((("NO SUCH", 1),), "Nothing is called “NO SUCH”"),
        ((("LAMP", 0),), "greater than or equal to 1"),
        ((("LAMP", 100000),), "less than or equal to 999"),
        ((), "Put something into the example cart"),
        ((("LAMP", 1),) * 25, "Please submit at most 20"),
    ],
)
def test_a_strange_cart_is_answered_in_words(admin: Client, lines: Any, message: str) -> None:
    assert message in _shown(admin, lines=lines)


def test_an_edited_promotion_does_not_stand_beside_itself(admin: Client) -> None:
    tomorrow = now() + timedelta(days=1)
    promotion = PromotionFactory.create(name="Soon", code="soon", begins_at=tomorrow)
    page = _shown(admin, address=f"{page_of(promotion)}example/", code="other", begins_at=f"{tomorrow:%Y-%m-%d %H:%M}")
    assert "No other promotion runs" in page
    assert "when it begins" in page


def test_one_that_has_begun_shows_its_example_too(admin: Client) -> None:
    promotion = PromotionFactory.create(name="Runs")
    page = _shown(admin, address=f"{page_of(promotion)}example/")
    assert "Runs saves 13.00 EUR." in page


def test_the_page_comes_with_goods_in_the_cart(admin: Client) -> None:
    page = admin.get(NEW).content.decode()
    assert "LAMP" in page
    assert "MUG" in page


def test_without_script_a_button_shows_the_example_and_saves_nothing(admin: Client) -> None:
    data = filled(lines=(("LAMP", 1),), percent="50", show_example="1")
    page = admin.post(NEW, data).content.decode()
    assert "Ten percent off saves 50.00 EUR." in page
    assert 'value="50"' in page
    promotion = PromotionFactory.create()
    page = admin.post(page_of(promotion), opened(admin, promotion) | data).content.decode()
    assert "saves 10.00 EUR." in page


def test_the_example_writes_nothing(admin: Client) -> None:
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]

    def rows() -> dict[str, int]:
        return {model._meta.label: model._default_manager.count() for model in models}

    before = rows()
    _shown(admin, requires_coupon="on", **{"shopper-first_order": "on"})
    admin.post(NEW, filled(lines=(("LAMP", 1),), show_example="1"))
    assert rows() == before
    assert not Promotion.objects.exists()


def test_only_who_may_see_promotions_may_try_them() -> None:
    nobody, reader = browser_with(), browser_with("view_promotion")
    assert nobody.post(EXAMPLE, filled()).status_code in {302, 403}
    assert reader.post(EXAMPLE, filled()).status_code == 200
    assert reader.get(EXAMPLE).status_code == 405


def test_nonsense_is_no_error_of_the_server(admin: Client) -> None:
    assert admin.post(EXAMPLE, {}).status_code == 200
    assert admin.post(NEW, {}).status_code == 200
    assert admin.post(EXAMPLE, {"targets-TOTAL_FORMS": "x", "lines-TOTAL_FORMS": "-1"}).status_code == 200
