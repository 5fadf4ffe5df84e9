from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from commerce.desk.promotions.coupons import safe_cell
from commerce.kit.clock import now
from commerce.promotions.generating import generate
from commerce.promotions.models import Coupon, CouponBatch, CouponUse, Promotion
from tests.commerce.desk.promotions.pages import browser_with
from tests.factories import LONG_AGO, Shop
from tests.factories.promotions import CouponFactory, PromotionFactory

pytestmark = pytest.mark.django_db
GENERATE = "/admin/coupons/generate/"


@pytest.fixture
def welcome(shop: Shop) -> Promotion:
    return PromotionFactory.create(name="Welcome", code="welcome", requires_coupon=True)


@pytest.fixture
def batch(welcome: Promotion) -> CouponBatch:
    return generate(promotion=welcome, count=3, name="=1+1 flyer", prefix="fly", actor="test", at=LONG_AGO)


def _wanted(promotion: Promotion, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"promotion": promotion.pk, "name": "Flyer", "count": "5", "total_limit": "1", **fields}


def test_a_batch_is_made(admin: Client, welcome: Promotion) -> None:
    answer = admin.post(GENERATE, _wanted(welcome, {"code_prefix": "fly", "per_customer_limit": "1"}), follow=True)
    made = CouponBatch.objects.get()
    assert made.actor == "Admin"
    assert made.coupons.filter(code__startswith="FLY-", total_limit=1, per_customer_limit=1).count() == 5
    assert "5 coupons are made." in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"count": "0"}, "count", "greater than or equal to 1"),
        ({"count": "-1"}, "count", "greater than or equal to 1"),
        ({"count": "10001"}, "count", "less than or equal to 10000"),
        ({"count": "9" * 40}, "count", "less than or equal to 10000"),
        ({"count": "many"}, "count", "whole number"),
        ({"total_limit": "0"}, "total_limit", "greater than or equal to 1"),
        ({"total_limit": "9" * 30}, "total_limit", "less than or equal to"),
        ({"per_customer_limit": "0"}, "per_customer_limit", "greater than or equal to 1"),
        ({"code_prefix": "=cmd"}, "code_prefix", "Letters A to Z"),
        ({"code_prefix": "ÄÖ"}, "code_prefix", "Letters A to Z"),
        ({"code_prefix": "X" * 60}, "code_prefix", "at most 20"),
        (
            {"valid_from": "2030-02-01 10:00", "valid_until": "2030-01-01 10:00"},
            "valid_until",
            "They would end before they begin.",
        ),
        ({"name": ""}, "name", "required"),
        ({"promotion": "nonsense"}, "promotion", "not "),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    admin: Client, welcome: Promotion, fields: dict[str, str], field: str, message: str
) -> None:
    answer = admin.post(GENERATE, _wanted(welcome, fields))
    assert answer.status_code == 200
    assert message in str(answer.context["form"].errors.get(field))
    assert not Coupon.objects.exists()


def test_only_promotions_that_need_a_coupon_have_coupons(admin: Client, shop: Shop) -> None:
    answer = admin.post(GENERATE, _wanted(PromotionFactory.create(), {}))
    assert "promotion" in answer.context["form"].errors
    assert not Coupon.objects.exists()


def test_the_form_knows_which_promotion_it_was_opened_for(admin: Client, welcome: Promotion) -> None:
    page = admin.get(GENERATE, {"promotion": str(welcome.pk)}).content.decode()
    assert f'<option value="{welcome.pk}" selected>' in page
    assert admin.get(GENERATE, {"promotion": "nonsense"}).status_code == 200


def test_one_coupon_by_hand(admin: Client, welcome: Promotion) -> None:
    new = {"promotion": welcome.pk, "code": "welcome 10"}
    page = admin.post("/admin/coupons/new/", new, follow=True).content.decode()
    assert "The coupon WELCOME10 is made." in page
    again = admin.post("/admin/coupons/new/", new)
    assert "already exists" in str(again.context["form"].errors["code"])
    strange = admin.post("/admin/coupons/new/", new | {"code": "=1+1"})
    assert "Letters A to Z" in str(strange.context["form"].errors["code"])


def test_the_codes_are_downloaded(admin: Client, batch: CouponBatch) -> None:
    answer = admin.get(f"/admin/coupons/batches/{batch.pk}.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coupons-11-flyer.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["code"] for row in rows] == sorted(batch.coupons.values_list("code", flat=True))
    assert {row["batch"] for row in rows} == {"'=1+1 flyer"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert [safe_cell(value) for value in ("SPRING-7KQ4", 5, "", "a=b")] == ["SPRING-7KQ4", "5", "", "a=b"]


def test_a_coupon_is_found_by_its_code_however_it_is_written(admin: Client, welcome: Promotion) -> None:
    CouponFactory.create(promotion=welcome, code="SPRING-7KQ4")
    CouponFactory.create(promotion=welcome, code="OTHER")
    page = admin.get("/admin/coupons/results/", {"q": " spring-7k"}).content.decode()
    assert "SPRING-7KQ4" in page
    assert "OTHER" not in page


def test_the_report_counts_by_promotion_batch_and_coupon(admin: Client, batch: CouponBatch) -> None:
    coupon = batch.coupons.order_by("code")[0]
    Coupon.objects.filter(pk=coupon.pk).update(used=1)
    CouponUse.objects.create(
        coupon=coupon, holder=uuid.uuid4(), state="used", saved_minor=1234, currency="EUR", held_at=LONG_AGO
    )
    for address in ("/admin/coupons/report/", f"/admin/coupons/report/{batch.promotion_id}/", "/admin/coupons/"):
        page = admin.get(address).content.decode()
        assert "€12.34" in page, address
    listed = admin.get("/admin/promotions/").content.decode()
    assert "€12.34" in listed
    one = admin.get(f"/admin/coupons/report/{batch.promotion_id}/", {"code": coupon.code.lower()})
    assert [report.name for report, _ in one.context["coupons"]] == [coupon.code]
    assert admin.get(f"/admin/coupons/report/{batch.promotion_id}/", {"code": "a\0"}).status_code == 200


def test_withdrawn_coupons_cannot_be_redeemed(admin: Client, batch: CouponBatch) -> None:
    one = batch.coupons.order_by("code")[0]
    admin.post(f"/admin/coupons/{one.pk}/withdraw/")
    assert batch.coupons.filter(is_active=True).count() == 2
    admin.post(f"/admin/coupons/batches/{batch.pk}/withdraw/")
    assert not batch.coupons.filter(is_active=True).exists()


def test_what_is_not_there_is_not_found(admin: Client, shop: Shop) -> None:
    assert admin.get("/admin/coupons/batches/99.csv").status_code == 404
    assert admin.post("/admin/coupons/99/withdraw/").status_code == 404
    assert admin.get(f"/admin/coupons/report/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("codenames", "may"),
    [
        ((), set()),
        (("view_coupon",), {"list", "report", "file"}),
        (("add_coupon",), {"list", "report", "file", "generate", "new"}),
        (("change_coupon",), {"list", "report", "file", "withdraw"}),
        (("change_promotion",), set()),
    ],
)
def test_everybody_does_what_they_may(batch: CouponBatch, codenames: tuple[str, ...], may: set[str]) -> None:
    browser = browser_with(*codenames)
    coupon = batch.coupons.order_by("code")[0]
    answers = {
        "list": browser.get("/admin/coupons/"),
        "report": browser.get("/admin/coupons/report/"),
        "file": browser.get(f"/admin/coupons/batches/{batch.pk}.csv"),
        "generate": browser.post(GENERATE, _wanted(batch.promotion, {})),
        "new": browser.post("/admin/coupons/new/", {"promotion": batch.promotion_id, "code": "ONE"}),
        "withdraw": browser.post(f"/admin/coupons/{coupon.pk}/withdraw/"),
    }
    turned_away = {
        name
        for name, answer in answers.items()
        if answer.status_code == 403 or answer.headers.get("Location") == "/admin/"
    }
    assert set(answers) - turned_away == may


def test_a_coupon_says_when_it_is_valid(admin: Client, welcome: Promotion) -> None:
    CouponFactory.create(promotion=welcome, code="LATER", valid_from=now() + timedelta(days=1))
    page = admin.get("/admin/coupons/").content.decode()
    assert "from " in page
    assert f"{now() + timedelta(days=1):%Y}" in page
