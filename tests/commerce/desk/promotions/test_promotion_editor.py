from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from commerce.kit.clock import now
from commerce.promotions.models import Promotion, PromotionTarget
from tests.commerce.desk.promotions.pages import NEW, browser_with, filled, opened, page_of
from tests.factories import MarketFactory, Shop
from tests.factories.promotions import CouponFactory, PromotionFactory, PromotionTargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheduled(shop: Shop) -> Promotion:
    return PromotionFactory.create(name="Soon", code="soon", begins_at=now() + timedelta(days=3))


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        pytest.param({"percent": "12.5"}, {"kind": "percentage", "level": "line"}, id="percent off each line"),
        pytest.param(
            {"kind": "amount", "amount": "5", "level": "order"},
            {"amount_minor": 500, "currency": "EUR", "level": "order", "percent": None},
            id="five euros off the order, in the market's currency",
        ),
        pytest.param(
            {"kind": "fixed_price", "amount": "9.99"}, {"amount_minor": 999, "percent": None}, id="9.99 a piece"
        ),
        pytest.param(
            {"kind": "free_shipping", "shipping_methods": ["parcel"], "min_value": "40"},
            {"shipping_methods": "parcel", "min_value_minor": 4000, "percent": None},
            id="free shipping by parcel from 40 euros",
        ),
        pytest.param(
            {"kind": "buy_x_get_y", "buy_quantity": "2", "get_quantity": "1", "percent": "100", "at_most": "3"},
            {"buy_quantity": 2, "get_quantity": 1, "at_most": 3},
            id="three for two, three times at most",
        ),
        pytest.param(
            {"countries": "fr, de", "first_order": "on", "requires_coupon": "on", "exclusive": "on", "priority": "7"},
            {"countries": "DE FR", "first_order": True, "requires_coupon": True, "exclusive": True, "priority": 7},
            id="all conditions of the shopper",
        ),
    ],
)
def test_what_was_entered_is_saved(admin: Client, fields: dict[str, Any], facts: dict[str, Any]) -> None:
    answer = admin.post(NEW, filled(**fields))
    assert answer.status_code == 302, answer.context["form"].errors
    promotion = Promotion.objects.get()
    assert {name: getattr(promotion, name) for name in facts} == facts
    assert promotion.code == "ten-percent-off"


def test_a_gift_is_named_by_its_sku(admin: Client, shop: Shop) -> None:
    mug = shop.sell(sku="MUG-1")
    assert admin.post(NEW, filled(kind="gift", gift="mug-1", gift_quantity="2")).status_code == 302
    assert (Promotion.objects.get().gift_variant, Promotion.objects.get().gift_quantity) == (mug, 2)


def test_fields_of_another_benefit_are_not_read(admin: Client, shop: Shop) -> None:
    """Without script all fields are there, and an earlier choice may have left something in them."""
    left_over = filled(kind="percentage", amount="-5", buy_quantity="nonsense", gift="no such thing", at_most="0")
    assert admin.post(NEW, left_over).status_code == 302
    promotion = Promotion.objects.get()
    assert (promotion.amount_minor, promotion.buy_quantity, promotion.gift_variant) == (None, None, None)


def test_targets_are_named_as_people_name_them(admin: Client, shop: Shop) -> None:
    lamp = shop.sell(sku="LAMP-1", options={"Colour": "Moss"})
    lamps = shop.category("Lamps")
    title = shop.content(lamp).title
    rows = [
        {"kind": "product", "goods": title},
        {"kind": "variant", "goods": "LAMP-1", "role": "excluded"},
        {"kind": "category", "goods": "lamps"},
        {"kind": "attribute", "goods": "Colour: Moss", "role": "bought"},
        {"kind": "brand", "goods": ""},
    ]
    assert admin.post(NEW, filled(*rows)).status_code == 302
    found = {(target.role, target.kind, target.key) for target in PromotionTarget.objects.all()}
    assert found == {
        ("discounted", "product", str(lamp.product_id)),
        ("excluded", "variant", str(lamp.pk)),
        ("discounted", "category", str(lamps.translation_key)),
        ("bought", "attribute", "Colour"),
    }


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        pytest.param({"percent": "0"}, "percent", "greater than or equal to 0.01", id="0 percent"),
        pytest.param({"percent": "150"}, "percent", "less than or equal to 100", id="150 percent, below zero"),
        pytest.param({"percent": "-5"}, "percent", "greater than", id="a negative percentage"),
        pytest.param({"percent": "1e999999"}, "percent", "Ensure", id="an absurd percentage"),
        pytest.param({"percent": ""}, "percent", "Say how many percent.", id="no percentage"),
        pytest.param({"kind": "amount", "amount": "-5"}, "amount", "not negative", id="a negative amount"),
        pytest.param({"kind": "amount", "amount": "0"}, "amount", "saves nothing", id="an amount of nothing"),
        pytest.param({"kind": "amount", "amount": ""}, "amount", "Say which amount.", id="no amount"),
        pytest.param({"kind": "amount", "amount": "9" * 25}, "amount", "not that high", id="an absurd amount"),
        pytest.param({"kind": "amount", "amount": "1e9999999"}, "amount", "Write an amount", id="beyond numbers"),
        pytest.param({"kind": "amount", "amount": "1,000"}, "amount", "Write an amount", id="a comma"),
        pytest.param({"kind": "amount", "amount": "1.999"}, "amount", "Write an amount", id="a tenth of a cent"),
        pytest.param({"kind": "amount", "amount": "NaN"}, "amount", "Write an amount", id="not a number"),
        pytest.param({"min_value": "5", "max_value": "4"}, "max_value", "less than the lower", id="limits crossed"),
        pytest.param({"min_quantity": "5", "max_quantity": "4"}, "max_quantity", "less than the lower", id="pieces"),
        pytest.param(
            {"begins_at": "2030-02-01 10:00", "ends_at": "2030-01-01 10:00"},
            "ends_at",
            "It would end before it begins.",
            id="a window that ends before it begins",
        ),
        pytest.param({"begins_at": "2020-01-01 10:00"}, "begins_at", "in the past", id="a beginning in the past"),
        pytest.param({"begins_at": "soon"}, "begins_at", "valid date/time", id="no moment at all"),
        pytest.param(
            {"kind": "amount", "amount": "5", "currency": "USD"},
            "currency",
            "No market sells in USD",
            id="no market's money",
        ),
        pytest.param({"kind": "bundle"}, None, "A bundle needs the goods", id="a bundle without targets"),
        pytest.param({"kind": "bundle", "amount": "5"}, "amount", "either one price", id="a bundle with two prices"),
        pytest.param({"kind": "buy_x_get_y"}, "buy_quantity", "At least one.", id="buy nothing"),
        pytest.param({"kind": "gift"}, "gift", "Choose what is given.", id="no gift"),
        pytest.param({"kind": "gift", "gift": "???"}, "gift", "Nothing is called", id="an unknown gift"),
        pytest.param({"countries": "ZZ"}, "countries", "No market ships to ZZ.", id="a country that no market serves"),
        pytest.param({"kind": "magic"}, "kind", "Select a valid choice", id="an unknown benefit"),
        pytest.param({"name": ""}, "name", "required", id="no name"),
        pytest.param({"name": "!!!"}, "code", "none follow from the name", id="a name without letters"),
        pytest.param({"code": "taken"}, "code", "already exists", id="a code that is taken"),
        pytest.param({"name": "x" * 101}, "name", "at most 100", id="too long a name"),
        pytest.param({"priority": "99999999999"}, "priority", "less than or equal to 1000", id="an absurd priority"),
        pytest.param({"min_quantity": "9" * 30}, "min_quantity", "less than or equal", id="absurdly many pieces"),
        pytest.param({"market": "no number"}, "market", "Select a valid choice", id="an unknown market"),
        pytest.param({"name": "a\0b"}, "name", "Null characters", id="a null character"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    admin: Client, fields: dict[str, Any], field: str | None, message: str
) -> None:
    PromotionFactory.create(code="taken")
    answer = admin.post(NEW, filled(**fields))
    assert answer.status_code == 200
    form = answer.context["form"]
    errors = form.non_field_errors() if field is None else form.errors.get(field, [])
    assert message in " ".join(errors)
    assert Promotion.objects.count() == 1


def test_a_currency_that_the_market_does_not_have_is_refused(admin: Client, shop: Shop) -> None:
    MarketFactory.create(code="us", currency="USD")
    answer = admin.post(NEW, filled(kind="amount", amount="5", currency="USD", market=shop.market.pk))
    assert "sells in EUR" in str(answer.context["form"].errors["currency"])
    assert not Promotion.objects.exists()


def test_with_several_currencies_one_has_to_be_said(admin: Client) -> None:
    MarketFactory.create(code="us", currency="USD")
    answer = admin.post(NEW, filled(kind="amount", amount="5"))
    assert "Say in which currency." in str(answer.context["form"].errors["currency"])


def test_an_unknown_target_is_said_at_its_row(admin: Client) -> None:
    answer = admin.post(NEW, filled({"kind": "brand", "goods": "No such brand"}))
    assert "Nothing is called “No such brand”" in str(answer.context["rows"].errors)
    assert not Promotion.objects.exists()


def test_a_scheduled_promotion_can_be_changed_in_everything(admin: Client, scheduled: Promotion, shop: Shop) -> None:
    lamp = shop.sell(sku="LAMP-1")
    PromotionTargetFactory.create(promotion=scheduled, kind="product", product=lamp.product)
    form = opened(admin, scheduled)
    form |= {"percent": "25", "targets-0-kind": "variant", "targets-0-goods": "LAMP-1"}
    assert admin.post(page_of(scheduled), form).status_code == 302
    scheduled.refresh_from_db()
    assert scheduled.percent == 25
    assert [target.variant for target in scheduled.targets.all()] == [lamp]


def test_sent_back_as_it_was_opened_nothing_changes(admin: Client, scheduled: Promotion, shop: Shop) -> None:
    moss = shop.sell(options={"Colour": "Moss"})
    PromotionTargetFactory.create(promotion=scheduled, kind="attribute", option_name="Colour", option_value="Moss")
    PromotionTargetFactory.create(promotion=scheduled, kind="variant", variant=moss, role="excluded", quantity=3)
    before = [(each.role, each.kind, each.key, each.quantity) for each in scheduled.targets.all()]
    assert admin.post(page_of(scheduled), opened(admin, scheduled)).status_code == 302
    assert [(each.role, each.kind, each.key, each.quantity) for each in scheduled.targets.all()] == before


def test_a_colleague_is_not_overwritten(admin: Client, scheduled: Promotion) -> None:
    form = opened(admin, scheduled)
    admin.post(page_of(scheduled), opened(admin, scheduled) | {"percent": "30"})
    answer = admin.post(page_of(scheduled), form | {"percent": "40"})
    assert "Somebody has changed this promotion" in answer.content.decode()
    scheduled.refresh_from_db()
    assert scheduled.percent == 30


def test_of_one_that_has_begun_only_name_and_end_can_change(admin: Client, shop: Shop) -> None:
    running = PromotionFactory.create()
    page = admin.get(page_of(running)).content.decode()
    assert "This promotion has begun" in page
    assert 'name="percent"' not in page
    ends_at = (now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    form = opened(admin, running) | {"name": "Renamed", "ends_at": ends_at, "percent": "99"}
    assert admin.post(page_of(running), form).status_code == 302
    running.refresh_from_db()
    assert (running.name, running.percent) == ("Renamed", 10)
    assert running.ends_at is not None


def test_a_promotion_that_has_begun_cannot_be_prolonged(admin: Client, shop: Shop) -> None:
    running = PromotionFactory.create(ends_at=now() + timedelta(days=1))
    later = (now() + timedelta(days=9)).strftime("%Y-%m-%d %H:%M")
    answer = admin.post(page_of(running), opened(admin, running) | {"ends_at": later})
    assert "can end sooner, not later" in answer.content.decode()


def test_it_is_ended_now(admin: Client, shop: Shop) -> None:
    running = PromotionFactory.create()
    assert admin.post(f"{page_of(running)}end/").status_code == 302
    running.refresh_from_db()
    assert running.ends_at is not None
    assert running.ends_at <= now()
    assert "has ended" in admin.post(f"{page_of(running)}end/", follow=True).content.decode()


def test_a_copy_is_a_draft_with_the_same_targets(admin: Client, shop: Shop) -> None:
    lamp = shop.sell()
    running = PromotionFactory.create(code="lamps")
    PromotionTargetFactory.create(promotion=running, kind="product", product=lamp.product)
    admin.post(f"{page_of(running)}copy/")
    admin.post(f"{page_of(running)}copy/")
    copies = Promotion.objects.filter(is_active=False).order_by("code")
    assert [each.code for each in copies] == ["lamps-copy", "lamps-copy-2"]
    assert [each.targets.get().product for each in copies] == [lamp.product] * 2
    # Made active, it begins at once, for its page leaves the beginning blank.
    assert admin.post(page_of(copies[0]), opened(admin, copies[0]) | {"is_active": "on"}).status_code == 302
    assert Promotion.objects.get(pk=copies[0].pk).has_begun(at=now())


def test_the_list_says_what_runs_and_what_it_gives(admin: Client, shop: Shop) -> None:
    gift = shop.sell(sku="MUG-1")
    PromotionFactory.create(name="Runs")
    PromotionFactory.create(name="Comes", begins_at=now() + timedelta(days=1), kind="free_shipping")
    PromotionFactory.create(name="Ran", ends_at=now() - timedelta(days=1), kind="gift", gift_variant=gift)
    PromotionFactory.create(name="Rests", is_active=False)
    CouponFactory.create(used=3)
    page = admin.get("/admin/promotions/").content.decode()
    assert all(word in page for word in ("Running", "Scheduled", "Ended", "Inactive", "Free shipping", "1 × MUG-1"))
    only = admin.get("/admin/promotions/", {"status": "scheduled"}).content.decode()
    assert "Comes" in only
    assert "Ran" not in only


@pytest.mark.parametrize(
    ("codenames", "answers"),
    [
        pytest.param((), (403, 403, 403, 403, 403, 403), id="nobody in particular"),
        pytest.param(("view_promotion",), (200, 403, 200, 403, 403, 403), id="who may look"),
        pytest.param(("change_promotion",), (200, 403, 200, 302, 302, 403), id="who may change"),
        pytest.param(("add_promotion",), (200, 200, 200, 403, 403, 302), id="who may add"),
    ],
)
def test_everybody_does_what_they_may(shop: Shop, codenames: tuple[str, ...], answers: tuple[int, ...]) -> None:
    browser = browser_with(*codenames)
    running = PromotionFactory.create()
    reader = browser_with("view_promotion")
    form = opened(reader, running) | {"name": "Renamed"}
    given = (
        browser.get("/admin/promotions/"),
        browser.get(NEW),
        browser.get(page_of(running)),
        browser.post(page_of(running), form),
        browser.post(f"{page_of(running)}end/"),
        browser.post(f"{page_of(running)}copy/"),
    )
    assert tuple(_refused_or(answer) for answer in given) == answers


def _refused_or(answer: Any) -> int:
    """Wagtail sends whoever may not back to the dashboard."""
    return 403 if answer.status_code == 302 and answer.headers["Location"] == "/admin/" else answer.status_code
