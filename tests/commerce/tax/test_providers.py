"""The built-in table and Stripe Tax answer the same request in the same words."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stripe

from commerce.kit.money import Money
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.machine import Keys, Machine
from commerce.payments.stripe.sandbox.store import SqliteStore
from commerce.payments.stripe.sandbox.transport import SandboxTransport
from commerce.payments.stripe.taxes import StripeTaxes
from commerce.payments.tax_gateways import TaxServiceRefused, TaxServiceUnavailable
from commerce.tax.computing import NoTaxRate, TaxableLine, TaxRequest, replay
from commerce.tax.models import TaxCalculation, TaxRate
from commerce.tax.providers import OwnRates, TaxNotPrepared, TaxService, tax_provider
from commerce.tax.queries import rate_table
from commerce.tax.treatment import Treatment, TreatmentKind
from tests.factories import LONG_AGO

pytestmark = pytest.mark.django_db
BUSINESS = Treatment(TreatmentKind.REVERSE_CHARGE, "intra_community_supply", "FR40303265045")
EXEMPT = Treatment(TreatmentKind.EXEMPT, "Article 151")


def request(included: bool = True, country: str = "DE", currency: str = "EUR", **changes: Any) -> TaxRequest:
    line = TaxableLine("coat", Money(11900, currency), "standard")
    free = TaxableLine("sticker", Money(0, currency), "standard")
    asked = TaxRequest(currency, included, country, "", (line, free), Money(490, currency))
    return replace(asked, **changes)


class Counting(SandboxTransport):
    calls = 0

    def request(self, *args: Any, **options: Any) -> Any:
        self.calls += 1
        return super().request(*args, **options)


class Silent(stripe.HTTPClient):
    name = "silent"

    def request(self, *args: Any, **options: Any) -> Any:
        raise AssertionError("the network was asked")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    keys = Keys(secret="sk_test_tax", publishable="pk_test_tax")
    return Machine(store=SqliteStore(tmp_path / "sandbox.sqlite3"), keys=keys, address="http://localhost:8002")


@pytest.fixture
def transport(machine: Machine, at: datetime) -> Counting:
    return Counting(machine, now=lambda: at)


@pytest.fixture
def service(transport: Counting) -> TaxService:
    return service_over(transport)


def service_over(transport: stripe.HTTPClient) -> TaxService:
    gateway = StripeTaxes(secret_key="sk_test_tax", sandbox_url="http://localhost:8002", transport=transport)
    return TaxService(name="stripe", gateway=lambda: gateway)


@pytest.fixture
def german_rates() -> None:
    for tax_class, percent in (("standard", "19"), ("reduced", "7")):
        TaxRate.objects.create(
            country="DE", tax_class=tax_class, percent=Decimal(percent), valid_from=LONG_AGO, source="a table"
        )


def test_the_setting_names_the_provider(settings: Any) -> None:
    settings.TAX_PROVIDER = "builtin"
    assert tax_provider().name == "builtin"
    settings.TAX_PROVIDER = "stripe"
    assert tax_provider().name == "stripe"


@pytest.mark.parametrize("treatment", [Treatment(), EXEMPT, BUSINESS], ids=lambda each: each.kind.value)
@pytest.mark.parametrize("included", [True, False], ids=["prices with tax", "prices without"])
@pytest.mark.usefixtures("german_rates")
def test_both_providers_find_the_same_cents(
    service: TaxService, at: datetime, included: bool, treatment: Treatment
) -> None:
    asked = request(included, treatment=treatment)
    service.prepare(request=asked, at=at)
    theirs, ours = service.answer(request=asked, at=at), OwnRates().answer(request=asked, at=at)
    for key in ("coat", "sticker"):
        assert (theirs.lines[key].amount, theirs.lines[key].tax) == (ours.lines[key].amount, ours.lines[key].tax)
    assert (theirs.shipping.amount, theirs.shipping.tax) == (ours.shipping.amount, ours.shipping.tax)
    assert theirs.summary == ours.summary
    assert theirs.provider == "stripe"


def test_a_kept_answer_is_asked_for_once_and_replays_without_the_service(
    service: TaxService, transport: Counting, at: datetime
) -> None:
    for _ in range(3):
        service.prepare(request=request(), at=at)
    assert transport.calls == 2
    answer = service_over(Silent()).answer(request=request(), at=at)
    assert answer.tax == Money(1900 + 78, "EUR")
    assert replay(answer.derivation) == answer
    assert TaxCalculation.objects.get().answer["reference"].startswith("taxcalc_")


@pytest.mark.parametrize(
    "other",
    [
        {"shipping": Money(491, "EUR")},
        {"region": "Bayern"},
        {"treatment": EXEMPT},
        {"included": False},
        {"lines": (TaxableLine("coat", Money(11901, "EUR"), "standard"),)},
    ],
    ids=["other shipping", "another region", "another buyer", "other prices", "another line"],
)
def test_an_answer_is_used_for_the_very_request_that_was_prepared_and_no_other(
    service: TaxService, at: datetime, other: dict[str, Any]
) -> None:
    service.prepare(request=request(), at=at)
    with pytest.raises(TaxNotPrepared) as refusal:
        service.answer(request=request(**other), at=at)
    assert refusal.value.may_be_repeated


def test_an_answer_holds_for_its_hour(service: TaxService, at: datetime) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    service.prepare(request=request(), at=hour)
    assert service.answer(request=request(), at=hour + timedelta(minutes=59, seconds=59)).tax
    with pytest.raises(TaxNotPrepared):
        service.answer(request=request(), at=hour + timedelta(hours=1))


def test_a_purchase_that_costs_nothing_needs_no_service(at: datetime) -> None:
    silent = service_over(Silent())
    asked = request(lines=(TaxableLine("sticker", Money(0, "EUR"), "standard"),), shipping=Money(0, "EUR"))
    silent.prepare(request=asked, at=at)
    assert silent.answer(request=asked, at=at).tax == Money(0, "EUR")


@pytest.mark.parametrize(
    "kind", [FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.LOSE_REPLY], ids=lambda kind: kind.value
)
def test_a_service_that_does_not_answer_may_be_asked_again(
    service: TaxService, machine: Machine, at: datetime, kind: FaultKind
) -> None:
    machine.provoke(Fault(kind, "POST /v1/tax/calculations", 3))
    with pytest.raises(TaxServiceUnavailable) as refusal:
        service.prepare(request=request(), at=at)
    assert (refusal.value.kind.value, refusal.value.may_be_repeated) == ("unavailable", True)
    assert not TaxCalculation.objects.exists()
    machine.answer(
        method="POST",
        path="/_sandbox/reset",
        params={},
        headers={"authorization": "Bearer sk_test_tax"},
        at=at,
    )
    service.prepare(request=request(), at=at)
    assert service.answer(request=request(), at=at).tax


def test_what_the_service_refuses_is_refused_for_good(service: TaxService, at: datetime) -> None:
    with pytest.raises(TaxServiceRefused) as refusal:
        service.prepare(request=request(country="Nowhere"), at=at)
    assert refusal.value.facts == {"gateway_code": "customer_tax_location_invalid"}
    assert (refusal.value.kind.value, refusal.value.may_be_repeated) == ("refused", False)


def test_reduced_goods_need_stripes_code_for_what_they_are(service: TaxService, at: datetime, settings: Any) -> None:
    book = request(lines=(TaxableLine("book", Money(1070, "EUR"), "reduced"),), shipping=Money(0, "EUR"))
    settings.STRIPE_REDUCED_TAX_CODE = ""
    with pytest.raises(TaxServiceRefused) as refusal:
        service.prepare(request=book, at=at)
    assert refusal.value.facts == {"gateway_code": "tax_code_missing"}
    settings.STRIPE_REDUCED_TAX_CODE = "txcd_35010000"
    service.prepare(request=book, at=at)
    line = service.answer(request=book, at=at).lines["book"]
    assert (line.tax, line.percent) == (Money(70, "EUR"), 7)


@pytest.mark.parametrize(
    ("minor", "currency", "tax"),
    [
        pytest.param(1190, "JPY", 190, id="yen have no decimals"),
        pytest.param(1190, "ISK", 190, id="krónur are written with two at Stripe"),
        pytest.param(11900, "KWD", 1900, id="dinar end in a zero there"),
        pytest.param(11900, "CHF", 1900, id="francs"),
    ],
)
def test_stripes_own_units_are_translated(
    service: TaxService, at: datetime, minor: int, currency: str, tax: int
) -> None:
    line = TaxableLine("coat", Money(minor, currency), "standard")
    asked = request(currency=currency, lines=(line,), shipping=Money(0, currency))
    service.prepare(request=asked, at=at)
    assert service.answer(request=asked, at=at).tax == Money(tax, currency)


def test_an_amount_that_stripe_cannot_write_is_refused(service: TaxService, at: datetime) -> None:
    asked = request(currency="KWD", lines=(TaxableLine("coat", Money(1255, "KWD"), "standard"),))
    with pytest.raises(TaxServiceRefused) as refusal:
        service.prepare(request=asked, at=at)
    assert refusal.value.facts == {"gateway_code": "amount_not_chargeable"}


def test_thirty_lines_come_back_as_thirty(service: TaxService, at: datetime) -> None:
    """Stripe shows ten of a new calculation; a list of a hundred is asked for."""
    lines = tuple(TaxableLine(f"line-{number}", Money(119 * number, "EUR"), "standard") for number in range(30))
    asked = request(lines=lines)
    service.prepare(request=asked, at=at)
    answer = service.answer(request=asked, at=at)
    assert [answer.lines[line.key].tax.minor for line in lines] == [19 * number for number in range(30)]


@pytest.mark.usefixtures("german_rates")
def test_the_shops_own_rates_take_one_query_however_many_lines(at: datetime, django_assert_num_queries: Any) -> None:
    lines = tuple(TaxableLine(f"{n}", Money(119, "EUR"), "standard" if n % 2 else "reduced") for n in range(40))
    asked = request(lines=lines, shipping_tax="share")
    OwnRates().prepare(request=asked, at=at)
    with django_assert_num_queries(1):
        OwnRates().answer(request=asked, at=at)


def test_a_region_is_found_whatever_the_case_of_letters_beyond_ascii(at: datetime) -> None:
    for region, percent in (("", "24"), ("Åland", "10")):
        TaxRate.objects.create(
            country="FI", region=region, tax_class="standard", percent=Decimal(percent), valid_from=LONG_AGO
        )
    table = rate_table(country="FI", region=" åland ", tax_classes=["standard"], at=at)
    assert table.percent("standard") == 10


def test_a_region_of_the_database_beats_its_country_whatever_its_spelling(at: datetime) -> None:
    for region, percent in (("", "23"), ("Madeira", "22")):
        TaxRate.objects.create(
            country="PT", region=region, tax_class="standard", percent=Decimal(percent), valid_from=LONG_AGO
        )
    found = [
        rate_table(country="PT", region=region, tax_classes=["standard"], at=at).percent("standard")
        for region in ("", "Lisboa", "Madeira", "MADEIRA")
    ]
    assert found == [23, 23, 22, 22]
    with pytest.raises(NoTaxRate):
        rate_table(country="ES", region="Madeira", tax_classes=["standard"], at=at)


def test_an_unknown_provider_stops_the_start_by_name() -> None:
    environment = {"PATH": os.environ["PATH"], "MAGPIE_TAX_PROVIDER": "abacus"}
    started = subprocess.run(
        [sys.executable, "-c", "import config.settings.base"],
        cwd=Path(__file__).resolve().parents[3], env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert started.returncode != 0
    assert "MAGPIE_TAX_PROVIDER must be builtin or stripe, not 'abacus'" in started.stderr
