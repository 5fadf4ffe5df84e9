from __future__ import annotations

import pytest

from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.payments.methods import MethodNotOffered, OfferedMethod, method_for, methods_for
from commerce.payments.models import PaymentMethodOffer

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market.objects.create(code="de", name="Germany", currency="EUR")


def _codes(market: Market, minor: int) -> list[str]:
    return [method.code for method in methods_for(market, Money(minor, "EUR"))]


def test_a_market_that_says_nothing_offers_stripe_alone(market: Market) -> None:
    assert methods_for(market, Money(100, "EUR")) == [OfferedMethod("stripe", "Card and more", "")]


def test_nothing_to_pay_is_paid_in_no_way(market: Market) -> None:
    assert _codes(market, 0) == []


def test_a_market_offers_what_it_says_in_its_order_and_words(market: Market) -> None:
    PaymentMethodOffer.objects.create(market=market, method="stripe", position=2)
    PaymentMethodOffer.objects.create(
        market=market, method="bank_transfer", name="Vorkasse", instructions="IBAN …", position=1
    )
    assert methods_for(market, Money(100, "EUR")) == [
        OfferedMethod("bank_transfer", "Vorkasse", "IBAN …"),
        OfferedMethod("stripe", "Card and more", ""),
    ]


@pytest.mark.parametrize(("minor", "offered"), [(999, False), (1000, True), (20_000, True), (20_001, False)])
def test_a_method_may_be_offered_for_some_totals_only(market: Market, minor: int, offered: bool) -> None:
    PaymentMethodOffer.objects.create(market=market, method="cash_on_delivery", least_minor=1000, most_minor=20_000)
    assert ("cash_on_delivery" in _codes(market, minor)) is offered
    assert "stripe" not in _codes(market, minor)


def test_only_what_is_offered_can_be_chosen(market: Market) -> None:
    PaymentMethodOffer.objects.create(market=market, method="bank_transfer")
    assert method_for(market, Money(1, "EUR"), "bank_transfer").code == "bank_transfer"
    for code in ("stripe", "cash_on_delivery", "magic", ""):
        with pytest.raises(MethodNotOffered):
            method_for(market, Money(1, "EUR"), code)
