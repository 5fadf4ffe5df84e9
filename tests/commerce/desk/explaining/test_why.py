"""The screen that answers "why does this cost that?", as staff see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.catalogue.models import ProductContent, Variant
from commerce.kit.clock import now
from commerce.kit.money import Money
from commerce.markets.models import Market, MarketCountry
from commerce.pricing.grouping import open_group
from commerce.pricing.lists import open_list
from commerce.pricing.models import PriceList
from commerce.pricing.setting import set_price
from commerce.shipping.models import ShippingMethod, Zone
from commerce.tax.models import TaxRate
from tests.factories import LONG_AGO, Shop, UserFactory
from tests.factories.promotions import PromotionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(client: Client) -> Client:
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_pricelist"]))
    client.force_login(user)
    return client


def ask(browser: Client, *lines: tuple[str, int], **question: Any) -> Any:
    asked = {"sku": [sku for sku, _ in lines], "quantity": [str(quantity) for _, quantity in lines]}
    page = browser.get(reverse("desk_why"), asked | question)
    assert page.status_code == 200, page.content.decode()[:2000]
    return page


def text(page: Any) -> str:
    return " ".join(page.content.decode().split())


def answer(page: Any) -> Any:
    assert page.context["answer"] is not None, page.context["form"].errors
    return page.context["answer"]


def due(page: Any) -> str:
    amount = Money.from_document(answer(page).quote["due"])
    return f"{amount.amount} {amount.currency}"


def test_one_lamp_to_germany_is_explained_from_price_list_to_total(asker: Client, shop: Shop) -> None:
    lamp = shop.sell(price=1999)
    page = ask(asker, (lamp.sku, 2), country="DE")
    assert due(page) == "44.88 EUR"
    shown = text(page)
    for words in (
        "19.99 EUR is the regular price in the list",
        "2 × 19.99 EUR = 39.98 EUR.",
        "19 % tax of DE",
        "Parcel: 4.90 EUR, a flat price per order.",
        "Left to pay: 44.88 EUR.",
        "✓ was taken",
    ):
        assert words in shown


def test_without_an_address_there_is_no_shipping_and_the_screen_says_so(asker: Client, shop: Shop) -> None:
    page = ask(asker, (shop.sell(price=1999).sku, 1))
    assert due(page) == "19.99 EUR"
    assert "The address is not known" in text(page)


def test_before_anything_is_asked_the_screen_is_empty_and_fine(asker: Client, shop: Shop) -> None:
    assert "Any price, for anybody, at any moment" in text(asker.get(reverse("desk_why")))


def test_a_price_scheduled_for_a_moment_is_what_the_screen_says_at_that_moment(asker: Client, shop: Shop) -> None:
    lamp = shop.sell(price=1999)
    begins = (now() + timedelta(days=3)).replace(second=0, microsecond=0)
    set_price(
        variant=lamp,
        price_list=shop.prices,
        amount=Money(1499, "EUR"),
        kind="sale",  # type: ignore[arg-type]
        valid_from=begins,
        at=now(),
    )

    def at(moment: datetime) -> str:
        return due(ask(asker, (lamp.sku, 1), at=moment.isoformat()))

    assert due(ask(asker, (lamp.sku, 1))) == "19.99 EUR"
    assert at(begins - timedelta(minutes=1)) == "19.99 EUR"
    assert at(begins) == "14.99 EUR"
    page = ask(asker, (lamp.sku, 1), at=begins.isoformat())
    assert "€19.99 is the earlier price to show: the lowest in the 30 days before" in text(page)
    assert "Stock, publication, products and ways of shipping are told as they are now." in text(page)


def test_a_price_of_the_past_is_still_told(asker: Client, shop: Shop) -> None:
    lamp = shop.sell(price=None)
    ended = datetime(2026, 3, 1, tzinfo=UTC)
    shop.price(lamp, 2499, valid_from=datetime(2026, 1, 1, tzinfo=UTC), valid_until=ended)
    shop.price(lamp, 1999, valid_from=ended)
    assert due(ask(asker, (lamp.sku, 1), at="2026-02-28T23:59")) == "24.99 EUR"
    assert due(ask(asker, (lamp.sku, 1), at="2026-03-01T00:00")) == "19.99 EUR"


def test_of_several_groups_the_best_placed_list_is_taken_and_the_others_say_why_not(asker: Client, shop: Shop) -> None:
    lamp = shop.sell(price=2000)
    club, trade = open_group(code="club", name="Club"), open_group(code="trade", name="Trade")
    open_list(market=shop.market, code="club", name="Club prices", customer_group=club, priority=5, at=now())
    open_list(
        market=shop.market,
        code="trade",
        name="Trade prices",
        customer_group=trade,
        base=shop.prices,
        factor=Decimal("0.8"),
        at=now(),
    )
    page = ask(asker, (lamp.sku, 1), group=["club", "trade"])
    assert due(page) == "16.00 EUR"
    [line] = answer(page).lines
    assert [(row.code, row.became) for row in line.lists] == [
        ("club", "passed_over"),
        ("trade", "taken"),
        (shop.prices.code, "later"),
    ]
    assert "20.00 EUR × factor 0.8" in text(page)
    alone = ask(asker, (lamp.sku, 1))
    assert due(alone) == "20.00 EUR"
    assert "is for customers in Trade only" in text(alone)


def test_yen_have_no_decimals_and_tax_comes_on_top_where_the_market_says_so(asker: Client, shop: Shop) -> None:
    japan = Market.objects.create(code="jp", name="Japan", currency="JPY", tax_inclusive=False)
    MarketCountry.objects.create(market=japan, country="JP")
    TaxRate.objects.create(country="JP", tax_class="standard", percent=Decimal(10), valid_from=LONG_AGO)
    zone = Zone.objects.create(market=japan, name="Japan")
    zone.areas.create(country="JP")
    ShippingMethod.objects.create(zone=zone, code="parcel", name="Parcel", price_minor=900)
    open_list(market=japan, code="jp", name="Japan", base=shop.prices, rate=Decimal(160), at=now())
    lamp = shop.sell(price=2000)
    page = ask(asker, (lamp.sku, 2), market="jp", country="JP")
    # 2 × 20 EUR × 160 = 6400, 900 for shipping, 10 % of both on top.
    assert due(page) == "8030 JPY"
    assert "¥8,030" in text(page)
    assert "¥8,030.00" not in text(page)


def _switched_off(variant: Variant) -> None:
    Variant.objects.filter(pk=variant.pk).update(is_active=False)


def _unpublished(variant: Variant) -> None:
    ProductContent.objects.filter(product=variant.product).update(live=False)


def _not_yet_sold(variant: Variant) -> None:
    variant.product.available_from = now() + timedelta(days=5)
    variant.product.save()


def _no_longer_sold(variant: Variant) -> None:
    variant.product.available_until = now() - timedelta(days=5)
    variant.product.save()


def _unpriced(variant: Variant) -> None:
    variant.prices.all().delete()


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (_switched_off, "The variant is not active."),
        (_unpublished, "The product is not published."),
        (_not_yet_sold, "The product is sold from"),
        (_no_longer_sold, "The product was sold until"),
        (_unpriced, "No price list that holds for this customer has a price for it"),
    ],
)
def test_a_variant_that_cannot_be_bought_says_why(asker: Client, shop: Shop, happens: Any, words: str) -> None:
    lamp, mug = shop.sell(price=1999), shop.sell(price=500)
    happens(lamp)
    alone = ask(asker, (lamp.sku, 1), country="DE")
    assert words in text(alone)
    assert "there is nothing to add up" in text(alone)
    beside = ask(asker, (lamp.sku, 1), (mug.sku, 1), country="DE")
    assert words in text(beside)
    assert due(beside) == "9.90 EUR"


def test_what_is_out_of_stock_is_priced_and_marked(asker: Client, shop: Shop) -> None:
    gone, few = shop.sell(price=1999, stock=0), shop.sell(price=500, stock=2)
    shown = text(ask(asker, (gone.sku, 1), (few.sku, 3)))
    assert "Out of stock now" in shown
    assert "Only 2 in stock now." in shown


def test_promotions_that_apply_and_that_do_not_say_why(asker: Client, shop: Shop) -> None:
    PromotionFactory.create(code="ten", name="Ten off")
    PromotionFactory.create(code="big", name="Big spenders", min_value_minor=100_00, currency="EUR")
    PromotionFactory.create(code="secret", name="Secret", requires_coupon=True)
    page = ask(asker, (shop.sell(price=1000).sku, 1), coupons="nope, NOPE")
    assert due(page) == "9.00 EUR"
    rows = {row.name: row for row in answer(page).promotions}
    assert rows["Ten off"].applied
    assert rows["Big spenders"].words.startswith("Asks for goods worth €100.00; there are €")
    assert rows["Coupon NOPE"].words == "Is not known"
    assert not rows["Coupon NOPE"].applied


def test_every_way_of_shipping_is_shown_with_its_price_or_its_problem(asker: Client, shop: Shop) -> None:
    zone = Zone.objects.get()
    ShippingMethod.objects.create(zone=zone, code="light", name="Letter", price_minor=200, max_weight_grams=100)
    lamp = shop.sell(price=1999, weight_grams=900)
    page = ask(asker, (lamp.sku, 1), country="DE")
    rows = {row.option.method: row for row in answer(page).shipping}
    assert rows["parcel"].is_taken
    assert rows["light"].words == "The parcel is heavier than the method takes"
    assert rows["light"].pays is None


def test_where_nothing_can_be_shipped_the_rest_is_answered_without_shipping(asker: Client, shop: Shop) -> None:
    ShippingMethod.objects.update(is_active=False)
    page = ask(asker, (shop.sell(price=1999).sku, 1), country="FR")
    assert "This cannot be shipped to FR" in text(page)
    assert "What follows leaves shipping out." in text(page)
    assert due(page) == "19.99 EUR"
    assert [row["country"] for row in answer(page).quote["tax"]] == ["FR"]


def test_a_country_without_a_tax_rate_has_no_total_but_explains_the_price(asker: Client, shop: Shop) -> None:
    TaxRate.objects.filter(country="FR").delete()
    page = ask(asker, (shop.sell(price=1999).sku, 1), country="FR")
    assert answer(page).quote is None
    assert "No total: FR: no rate for" in text(page)
    assert "19.99 EUR is the regular price" in text(page)


def test_a_business_in_another_country_of_the_eu_is_told_of_reverse_charge(asker: Client, shop: Shop) -> None:
    Market.objects.update(origin_country="DE")
    lamp = shop.sell(price=1200)
    page = ask(asker, (lamp.sku, 1), country="FR", vat_id="FR 40 303 265 045")
    assert "reverse charge" in text(page)
    assert Money.from_document(answer(page).quote["tax_total"]) == Money(0, "EUR")
    at_home = ask(asker, (lamp.sku, 1), country="DE", vat_id="FR40303265045")
    assert "the goods stay in the market&#x27;s own country" in text(at_home)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"sku": "NO-SUCH"}, "No variant has this SKU."),
        ({"sku": "LAMP", "quantity": "0"}, "greater than or equal to 1"),
        ({"sku": "LAMP", "quantity": "many"}, "Enter a whole number."),
        ({"sku": "LAMP", "quantity": "100000000000000000000"}, "less than or equal to"),
        ({"sku": ["LAMP", "LAMP"], "quantity": ["60", "60"]}, "At most 99 of one variant."),
        ({"sku": [f"S-{n}" for n in range(40)]}, "At most 20 variants at once."),
        ({"sku": ""}, "Say what is bought"),
        ({"sku": "LAMP\0"}, "Null characters are not allowed."),
        ({"sku": "LAMP", "market": "mars"}, "Select a valid choice."),
        ({"sku": "LAMP", "channel": "pipe"}, "Select a valid choice."),
        ({"sku": "LAMP", "country": "XX"}, "Select a valid choice."),
        ({"sku": "LAMP", "country": "CH"}, "CH is a country of the market Alps, not of"),
        ({"sku": "LAMP", "method": "parcel"}, "Say where it goes"),
        ({"sku": "LAMP", "vat_id": "DE123"}, "This is not a VAT identification number"),
        ({"sku": "LAMP", "at": "tomorrow"}, "Enter a valid date/time."),
        ({"sku": "LAMP", "at": "0001-01-01T00:00"}, "Take a moment between the years 2000 and 2100."),
        ({"sku": "LAMP", "at": "9999-12-31T23:59"}, "Take a moment between the years 2000 and 2100."),
        ({"sku": "LAMP", "email": "nobody"}, "Enter a valid email address."),
        ({"sku": "LAMP", "coupons": " ".join(f"C{n}" for n in range(11))}, "An order takes up to 10 coupons."),
        ({"sku": "LAMP", "coupons": "A\0"}, "Null characters are not allowed."),
        ({"sku": "LAMP", "postal_code": "1" * 30}, "at most 20 characters"),
    ],
)
def test_a_question_that_makes_no_sense_is_marked_where_it_does_not(
    asker: Client, shop: Shop, question: dict[str, Any], words: str
) -> None:
    shop.sell(sku="LAMP")
    alps = Market.objects.create(code="alps", name="Alps", currency="CHF")
    MarketCountry.objects.create(market=alps, country="CH")
    open_group(code="club", name="Club")
    page = asker.get(reverse("desk_why"), question)
    assert page.status_code == 200
    assert page.context["answer"] is None
    assert words in text(page)


def test_words_in_the_address_are_shown_as_words(asker: Client, shop: Shop) -> None:
    page = asker.get(reverse("desk_why"), {"sku": "<script>x</script>", "coupons": "<b>"})
    assert "<script>x</script>" not in page.content.decode()


def test_asking_writes_nothing_and_posting_is_refused(asker: Client, shop: Shop) -> None:
    assert asker.post(reverse("desk_why")).status_code == 405


def test_more_lines_cost_no_more_queries(asker: Client, shop: Shop) -> None:
    PromotionFactory.create(code="ten", name="Ten off")
    variants = [shop.sell(price=1000 + n) for n in range(20)]
    variants[0].prices.all().delete()
    variants[1].prices.all().delete()

    def queries(count: int) -> int:
        chosen = variants[:1] + variants[2:3] if count == 2 else variants[:count]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask(asker, *((each.sku, 1) for each in chosen), country="DE")
        return len(captured)

    queries(2)
    assert queries(20) == queries(2)


def test_without_the_permission_nobody_asks(client: Client, shop: Shop) -> None:
    lamp = shop.sell()
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    for address in (reverse("desk_why"), reverse("desk_why_product", args=[lamp.product_id])):
        assert client.get(address, {"sku": lamp.sku}).status_code in {302, 403}
    home = client.get(reverse("wagtailadmin_home"))
    assert reverse("desk_why") not in home.content.decode()


def test_the_menu_leads_there(asker: Client, shop: Shop) -> None:
    assert reverse("desk_why") in asker.get(reverse("wagtailadmin_home")).content.decode()


def test_a_product_leads_to_the_question_about_its_first_variant(asker: Client, shop: Shop) -> None:
    second = shop.sell(position=2)
    first = shop.sell(product=second.product, position=1)
    shop.sell(product=second.product, position=0, is_active=False)
    answered = asker.get(reverse("desk_why_product", args=[second.product_id]), follow=True)
    assert answered.redirect_chain[0][0] == f"{reverse('desk_why')}?sku={first.sku}&country=DE"
    assert answer(answered).lines[0].variant == first


def test_the_list_of_products_has_the_button(admin: Client, shop: Shop) -> None:
    lamp = shop.sell()
    listed = admin.get(reverse("wagtailsnippets_catalogue_productcontent:list")).content.decode()
    assert reverse("desk_why_product", args=[lamp.product_id]) in listed


def test_every_variant_on_the_page_of_its_product_has_the_link(admin: Client, shop: Shop) -> None:
    lamp = shop.sell(sku="LAMP/1 & more")
    page = admin.get(reverse("desk_selling", args=[lamp.product_id])).content.decode()
    assert f"{reverse('desk_why')}?sku=LAMP%2F1%20%26%20more" in page


def test_lists_of_other_markets_are_not_told(asker: Client, shop: Shop) -> None:
    other = Market.objects.create(code="uk", name="UK", currency="GBP")
    PriceList.objects.create(market=other, code="uk", name="Sterling")
    assert "Sterling" not in text(ask(asker, (shop.sell().sku, 1)))
