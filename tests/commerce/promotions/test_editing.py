from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commerce.kit.errors import DomainError
from commerce.kit.models import OutboxEvent
from commerce.promotions import editing
from commerce.promotions.editing import CouponIsWrong, PromotionHasBegun, PromotionHasEnded, PromotionIsWrong
from commerce.promotions.models import Coupon, Promotion, PromotionTarget
from tests.factories import MarketFactory, Shop
from tests.factories.promotions import CouponFactory, PromotionFactory, PromotionTargetFactory, key_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ALL = "__all__"


def _promotion(**fields: Any) -> Promotion:
    return Promotion(**{"code": "sale", "name": "Sale", "kind": "percentage", "percent": Decimal(10), **fields})


def _mugs(**fields: Any) -> PromotionTarget:
    return PromotionTarget(kind="category", category_key=key_of("mugs"), **fields)


def test_a_promotion_without_a_beginning_begins_now(shop: Shop, at: datetime) -> None:
    made = editing.create(promotion=_promotion(), targets=[_mugs()], at=at)
    made.refresh_from_db()
    assert (made.begins_at, made.created_at) == (at, at)
    assert [target.category_key for target in made.targets.all()] == [key_of("mugs")]
    [event] = OutboxEvent.objects.filter(name="promotions.changed")
    assert event.payload == {
        "promotion": str(made.pk),
        "code": "sale",
        "begins_at": at.isoformat(),
        "ends_at": None,
    }


WRONG: list[Any] = [
    pytest.param({"percent": None}, {"percent"}, id="a percentage of nothing"),
    pytest.param({"percent": Decimal(0)}, {"percent"}, id="zero percent"),
    pytest.param({"percent": Decimal("100.01")}, {"percent"}, id="more than all of it"),
    pytest.param({"kind": "amount", "percent": None, "currency": "EUR"}, {"amount_minor"}, id="no amount"),
    pytest.param(
        {"kind": "amount", "percent": None, "amount_minor": 0, "currency": "EUR"}, {"amount_minor"}, id="nothing off"
    ),
    pytest.param({"kind": "amount", "percent": None, "amount_minor": 500}, {"currency"}, id="500 of what?"),
    pytest.param(
        {"kind": "amount", "percent": None, "amount_minor": -5, "currency": "EUR"}, {"amount_minor"}, id="less than 0"
    ),
    pytest.param({"min_value_minor": 500}, {"currency"}, id="from 500 of what?"),
    pytest.param({"min_value_minor": 500, "currency": "JPY"}, {"currency"}, id="a currency that no market has"),
    pytest.param({"ends_at": -HOUR}, {"ends_at"}, id="an end before the beginning"),
    pytest.param({"begins_at": -HOUR}, {"begins_at"}, id="a beginning in the past"),
    pytest.param({"kind": "bundle"}, {ALL}, id="a bundle of nothing"),
    pytest.param({"kind": "bundle", "percent": None}, {"amount_minor", ALL}, id="a bundle without a price"),
    pytest.param({"kind": "gift", "percent": None}, {"gift_variant"}, id="a gift of nothing"),
    pytest.param({"kind": "buy_x_get_y"}, {"buy_quantity", "get_quantity"}, id="buy how many, get how many?"),
    pytest.param({"kind": "fixed_price", "percent": None}, {"amount_minor"}, id="no price"),
    pytest.param(
        {"kind": "fixed_price", "percent": None, "amount_minor": 1, "currency": "EUR", "level": "order"},
        {"level"},
        id="one price for all together",
    ),
    pytest.param({"min_quantity": 3, "max_quantity": 2}, {"max_quantity"}, id="from three up to two"),
    pytest.param({"countries": "DE Germany"}, {"countries"}, id="not a country"),
    pytest.param({"kind": "free_shipping", "best_of": "sale"}, {"best_of"}, id="comparing shipping"),
    pytest.param({"code": "", "name": ""}, {"code", "name"}, id="no name"),
    pytest.param({"kind": "magic"}, {"kind"}, id="an unknown benefit"),
]


@pytest.mark.parametrize(("fields", "wrong"), WRONG)
def test_what_is_wrong_is_said_field_by_field(
    shop: Shop, at: datetime, fields: dict[str, Any], wrong: set[str]
) -> None:
    placed = {name: at + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    with pytest.raises(PromotionIsWrong) as refusal:
        editing.create(promotion=_promotion(**placed), at=at)
    assert set(refusal.value.facts["fields"]) == wrong
    assert all(refusal.value.facts["fields"].values())
    assert not Promotion.objects.exists()


def test_an_amount_is_in_the_currency_of_its_market(shop: Shop, at: datetime) -> None:
    british = MarketFactory.create(code="uk", currency="GBP")
    wrong = _promotion(kind="amount", percent=None, amount_minor=500, currency="EUR", market=british)
    with pytest.raises(PromotionIsWrong) as refusal:
        editing.create(promotion=wrong, at=at)
    assert refusal.value.facts["fields"] == {"currency": [f"{british} sells in GBP."]}


def test_a_target_names_its_goods(shop: Shop, at: datetime) -> None:
    with pytest.raises(PromotionIsWrong) as refusal:
        editing.create(promotion=_promotion(), targets=[PromotionTarget(kind="brand")], at=at)
    assert refusal.value.facts["fields"] == {ALL: ["Choose which."]}


def test_a_code_is_taken_once(at: datetime) -> None:
    editing.create(promotion=_promotion(), at=at)
    with pytest.raises(PromotionIsWrong) as refusal:
        editing.create(promotion=_promotion(), at=at)
    assert set(refusal.value.facts["fields"]) == {"code"}


def test_before_it_begins_everything_may_change(at: datetime) -> None:
    made = editing.create(promotion=_promotion(begins_at=at + HOUR), targets=[_mugs()], at=at)
    made.percent = Decimal(20)
    editing.change(promotion=made, targets=[_mugs(), _mugs(role="excluded")], at=at)
    made.refresh_from_db()
    assert (made.percent, made.targets.count()) == (20, 2)


def _percent(made: Promotion, at: datetime) -> None:
    made.percent = Decimal(20)


def _deactivate(made: Promotion, at: datetime) -> None:
    made.is_active = False


def _end_before(made: Promotion, at: datetime) -> None:
    made.ends_at = at - HOUR / 2


def _end_later(made: Promotion, at: datetime) -> None:
    made.ends_at = at + 9 * HOUR


def _never_end(made: Promotion, at: datetime) -> None:
    made.ends_at = None


REWRITING: list[Any] = [
    pytest.param(_percent, PromotionHasBegun, id="another percentage"),
    pytest.param(_deactivate, PromotionHasBegun, id="as if it had never been"),
    pytest.param(_end_before, PromotionIsWrong, id="an end in the past"),
    pytest.param(_end_later, PromotionHasBegun, id="a later end"),
    pytest.param(_never_end, PromotionHasBegun, id="no end"),
]


@pytest.mark.parametrize(("rewrite", "error"), REWRITING)
def test_what_has_begun_is_not_rewritten(at: datetime, rewrite: Any, error: type[DomainError]) -> None:
    made = editing.create(promotion=_promotion(ends_at=at + 3 * HOUR), at=at)
    rewrite(made, at + HOUR)
    with pytest.raises(error):
        editing.change(promotion=made, at=at + HOUR)
    stored = Promotion.objects.get()
    assert (stored.percent, stored.is_active, stored.ends_at) == (10, True, at + 3 * HOUR)


def test_the_targets_of_what_has_begun_stay(at: datetime) -> None:
    made = editing.create(promotion=_promotion(), targets=[_mugs()], at=at)
    with pytest.raises(PromotionHasBegun):
        editing.change(promotion=made, targets=[], at=at + HOUR)
    assert made.targets.count() == 1


def test_what_has_begun_may_be_renamed_and_end_sooner(at: datetime) -> None:
    made = editing.create(promotion=_promotion(ends_at=at + 3 * HOUR), targets=[_mugs()], at=at)
    made.name, made.ends_at = "Last hours", at + 2 * HOUR
    editing.change(promotion=made, targets=[_mugs()], at=at + HOUR)
    made.refresh_from_db()
    assert (made.name, made.ends_at) == ("Last hours", at + 2 * HOUR)
    assert OutboxEvent.objects.filter(name="promotions.changed").count() == 2


def test_ending_ends_now_and_once(at: datetime) -> None:
    made = editing.create(promotion=_promotion(), at=at)
    ended = editing.end(promotion=made, at=at + HOUR)
    assert (ended.ends_at, ended.is_active) == (at + HOUR, True)
    with pytest.raises(PromotionHasEnded):
        editing.end(promotion=made, at=at + 2 * HOUR)


def test_ending_what_has_not_begun_puts_it_aside(at: datetime) -> None:
    made = editing.create(promotion=_promotion(begins_at=at + HOUR), at=at)
    assert not editing.end(promotion=made, at=at).is_active


def test_a_copy_has_the_same_benefit_and_waits_to_be_activated(at: datetime) -> None:
    made = editing.create(promotion=_promotion(ends_at=at + HOUR), targets=[_mugs()], at=at)
    CouponFactory.create(promotion=made)
    again = editing.copy(promotion=made, code="sale-2", at=at + 2 * HOUR)
    again.refresh_from_db()
    assert (again.percent, again.is_active, again.begins_at, again.ends_at) == (10, False, at + 2 * HOUR, None)
    assert [target.category_key for target in again.targets.all()] == [key_of("mugs")]
    assert again.coupons.count() == 0
    again.is_active, again.begins_at = True, at + 3 * HOUR
    editing.change(promotion=again, at=at + 2 * HOUR)
    with pytest.raises(PromotionIsWrong):
        editing.copy(promotion=made, code="sale", at=at)


def test_a_coupon_is_stored_in_capitals_and_once(at: datetime) -> None:
    promotion = PromotionFactory.create(requires_coupon=True)
    made = editing.create_coupon(coupon=Coupon(promotion=promotion, code="Welcome 10"), at=at)
    assert made.code == "WELCOME10"
    with pytest.raises(CouponIsWrong) as refusal:
        editing.create_coupon(coupon=Coupon(promotion=promotion, code="welcome10"), at=at)
    assert set(refusal.value.facts["fields"]) == {"code"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"code": "ÄÖ"}, "code", id="letters that not every keyboard has"),
        pytest.param({"code": ""}, "code", id="no code"),
        pytest.param({"total_limit": 0}, "total_limit", id="no use at all"),
        pytest.param({"valid_from": HOUR, "valid_until": HOUR}, "valid_until", id="no time to hold"),
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(at: datetime, fields: dict[str, Any], wrong: str) -> None:
    placed = {name: at + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    promotion = PromotionFactory.create(requires_coupon=True)
    with pytest.raises(CouponIsWrong) as refusal:
        editing.create_coupon(coupon=Coupon(**{"promotion": promotion, "code": "OK", **placed}), at=at)
    assert wrong in refusal.value.facts["fields"]


def test_withdrawn_coupons_stay_withdrawn() -> None:
    kept, lost = CouponFactory.create(), CouponFactory.create()
    assert editing.withdraw_coupons(coupons=Coupon.objects.filter(pk=lost.pk)) == 1
    assert editing.withdraw_coupons(coupons=Coupon.objects.filter(pk=lost.pk)) == 0
    assert list(Coupon.objects.filter(is_active=True)) == [kept]


def test_a_promotion_for_everybody_takes_no_coupon(at: datetime) -> None:
    with pytest.raises(CouponIsWrong):
        editing.create_coupon(coupon=Coupon(promotion=PromotionFactory.create(), code="OK"), at=at)


@pytest.mark.parametrize(
    "fields",
    [{"percent": Decimal(101)}, {"percent": None}, {"kind": "bundle", "amount_minor": 5}, {"min_value_minor": 5}],
)
def test_the_database_refuses_half_a_promotion(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PromotionFactory.create(**fields)


def test_the_database_refuses_a_target_without_goods() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PromotionTargetFactory.create(kind="brand")
