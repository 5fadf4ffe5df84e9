from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commerce.markets.models import Market
from commerce.pricing.models import CustomerGroup
from commerce.tax.models import TaxExemption
from commerce.tax.treatment import TAXED, Treatment, TreatmentKind, treatment_of
from commerce.tax.vat_ids import InvalidVatId
from tests.factories import LONG_AGO, MarketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return MarketFactory.create(origin_country="DE")


@pytest.fixture
def embassies() -> CustomerGroup:
    return CustomerGroup.objects.create(code="embassies", name="Embassies")


def exempt(group: CustomerGroup, reason: str = "Article 151", **fields: Any) -> TaxExemption:
    return TaxExemption.objects.create(customer_group=group, reason=reason, **{"valid_from": LONG_AGO} | fields)


def treated(market: Market, at: datetime, country: str = "FR", vat_id: str = "", groups: Any = ("embassies",)) -> Any:
    return treatment_of(market=market, country=country, vat_id=vat_id, groups=groups, at=at)


def test_a_group_is_exempt_everywhere_when_no_country_is_named(
    market: Market, embassies: CustomerGroup, at: datetime
) -> None:
    exempt(embassies)
    assert treated(market, at) == Treatment(TreatmentKind.EXEMPT, "Article 151")
    assert treated(market, at, groups=()) == TAXED
    assert treated(market, at, groups=("members",)) == TAXED


def test_the_country_of_an_exemption_counts_and_beats_the_one_for_any(
    market: Market, embassies: CustomerGroup, at: datetime
) -> None:
    exempt(embassies, "French law", country="FR")
    assert treated(market, at, country="AT") == TAXED
    exempt(embassies, "any")
    assert treated(market, at).reason == "French law"
    assert treated(market, at, country="AT").reason == "any"


def test_an_exemption_holds_from_its_first_moment_until_just_before_its_end(
    market: Market, embassies: CustomerGroup, at: datetime
) -> None:
    exempt(embassies, valid_from=at, valid_until=at + timedelta(days=1))
    moments = [at - timedelta(microseconds=1), at, at + timedelta(days=1, microseconds=-1), at + timedelta(days=1)]
    kinds = [treated(market, moment).kind for moment in moments]
    assert kinds == ["taxed", "exempt", "exempt", "taxed"]


def test_a_business_abroad_accounts_for_the_tax_itself(market: Market, at: datetime) -> None:
    found = treated(market, at, vat_id="fr 40 303 265 045", groups=())
    assert found == Treatment(TreatmentKind.REVERSE_CHARGE, "intra_community_supply", "FR40303265045")


def test_a_wrong_vat_id_is_refused_even_where_it_would_change_nothing(
    market: Market, embassies: CustomerGroup, at: datetime
) -> None:
    exempt(embassies)
    for country in ("DE", "FR", "US"):
        with pytest.raises(InvalidVatId):
            treated(market, at, country=country, vat_id="FR00000000000")


def test_one_query_at_most(market: Market, at: datetime, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        treated(market, at, groups=("embassies", "members"))
    with django_assert_num_queries(0):
        treated(market, at, groups=(), vat_id="FR40303265045")


def test_an_exemption_that_ends_before_it_begins_cannot_be_written(embassies: CustomerGroup, at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        exempt(embassies, valid_from=at, valid_until=at)
