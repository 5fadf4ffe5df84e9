"""What holds for every purchase, whatever is bought."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.kit.currencies import EXPONENTS
from commerce.kit.money import CurrencyMismatch, Money
from commerce.tax.computing import ProvidedTax, TaxableLine, TaxAnswer, TaxRequest, assemble, compute, replay, tax_on
from commerce.tax.rate_tables import NoTaxRate, Rate, RateTable
from commerce.tax.treatment import Treatment, TreatmentKind

percents = st.decimals(min_value=0, max_value=100, places=3)
minors = st.integers(min_value=0, max_value=10**9)
classes = st.sampled_from(["standard", "reduced", "zero"])
treatments = st.builds(Treatment, st.sampled_from(TreatmentKind), st.just("because"), st.sampled_from(["", "DE1"]))


def table(standard: Decimal, reduced: Decimal) -> RateTable:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    rates = (Rate("DE", "reduced", reduced, since), Rate("DE", "standard", standard, since, source="a table"))
    return RateTable("DE", "", rates)


tables = st.builds(table, percents, percents)


@st.composite
def requests(draw: st.DrawFn) -> TaxRequest:
    currency = draw(st.sampled_from(sorted(EXPONENTS)))
    goods = draw(st.lists(st.tuples(minors, classes), max_size=6))
    return TaxRequest(
        currency=currency,
        included=draw(st.booleans()),
        country="DE",
        region="",
        lines=tuple(TaxableLine(f"{n}", Money(minor, currency), name) for n, (minor, name) in enumerate(goods)),
        shipping=Money(draw(minors), currency),
        shipping_tax=draw(st.sampled_from(["standard", "reduced", "zero", "share"])),
        treatment=draw(treatments),
    )


@given(request=requests(), rates=tables)
def test_the_summary_adds_up_to_the_lines_and_the_shipping(request: TaxRequest, rates: RateTable) -> None:
    answer = compute(request, rates)
    parts = [*answer.lines.values(), answer.shipping]
    for name in ("tax", "net"):
        whole = Money.total((getattr(part, name) for part in parts), currency=request.currency)
        assert Money.total((getattr(row, name) for row in answer.summary), currency=request.currency) == whole
    assert answer.tax == Money.total((row.tax for row in answer.summary), currency=request.currency)
    assert len({row.percent for row in answer.summary}) == len(answer.summary)


@given(request=requests(), rates=tables)
def test_what_is_paid_is_the_net_and_the_tax(request: TaxRequest, rates: RateTable) -> None:
    answer = compute(request, rates)
    for asked, part in [(line.amount, answer.lines[line.key]) for line in request.lines] + [
        (request.shipping, answer.shipping)
    ]:
        paid = part.amount if request.included else part.amount + part.tax
        assert paid == part.net + part.tax
        if request.treatment.is_taxed:
            assert part.amount == asked
        else:
            assert not part.tax
            assert part.amount <= asked


@given(request=requests(), rates=tables, data=st.data())
def test_the_order_of_lines_changes_nothing(request: TaxRequest, rates: RateTable, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(request.lines))
    fields = {name: getattr(request, name) for name in TaxRequest.__slots__} | {"lines": tuple(shuffled)}
    other = TaxRequest(**fields)
    assert compute(other, rates) == compute(request, rates)
    assert json.dumps(compute(other, rates).document()) == json.dumps(compute(request, rates).document())
    assert other.fingerprint() == request.fingerprint()


@given(request=requests(), rates=tables)
def test_a_frozen_answer_is_read_back_and_replayed_to_the_same_cents(request: TaxRequest, rates: RateTable) -> None:
    answer = compute(request, rates)
    frozen = json.loads(json.dumps(answer.document()))
    assert TaxAnswer.from_document(frozen) == answer
    assert replay(frozen["derivation"]) == answer


@given(request=requests(), tax=minors, percent=percents)
def test_a_services_answer_is_replayed_too(request: TaxRequest, tax: int, percent: Decimal) -> None:
    said = (Money(0, request.currency), percent)
    provided = ProvidedTax("stripe", "taxcalc_1", {line.key: said for line in request.lines}, said)
    answer = assemble(request, provided)
    assert replay(json.loads(json.dumps(answer.document()))["derivation"]) == answer


@given(net=minors, percent=percents, currency=st.sampled_from(["EUR", "JPY", "KWD", "ISK", "CHF"]))
def test_a_net_price_and_its_gross_price_hold_the_same_tax(net: int, percent: Decimal, currency: str) -> None:
    on_top = tax_on(Money(net, currency), percent=percent, included=False)
    assert tax_on(Money(net, currency) + on_top, percent=percent, included=True) == on_top


@given(gross=minors, percent=percents)
def test_a_gross_price_is_found_again_from_its_net_to_the_cent(gross: int, percent: Decimal) -> None:
    net = Money(gross, "EUR") - tax_on(Money(gross, "EUR"), percent=percent, included=True)
    again = net + tax_on(net, percent=percent, included=False)
    assert abs(again.minor - gross) <= 1


def test_a_class_without_a_rate_is_not_guessed() -> None:
    line = TaxableLine("book", Money(1000, "EUR"), "reduced")
    request = TaxRequest("EUR", True, "CH", "", (line,), Money(0, "EUR"), "zero")
    with pytest.raises(NoTaxRate) as refusal:
        compute(request, RateTable("CH", "", ()))
    assert refusal.value.facts == {"country": "CH"}


@pytest.mark.parametrize(
    ("lines", "shipping", "error"),
    [
        ((TaxableLine("a", Money(1, "USD"), "standard"),), Money(0, "EUR"), CurrencyMismatch),
        ((), Money(0, "USD"), CurrencyMismatch),
        ((TaxableLine("a", Money(-1, "EUR"), "standard"),), Money(0, "EUR"), ValueError),
        ((TaxableLine("a", Money(1, "EUR"), "standard"),) * 2, Money(0, "EUR"), ValueError),
    ],
    ids=["a line in another currency", "shipping in another currency", "a negative line", "one key twice"],
)
def test_a_request_that_makes_no_sense_cannot_be_made(
    lines: tuple[TaxableLine, ...], shipping: Money, error: type[Exception]
) -> None:
    with pytest.raises(error):
        TaxRequest("EUR", True, "DE", "", lines, shipping)
