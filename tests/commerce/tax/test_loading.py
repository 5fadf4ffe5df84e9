"""The EU's rates come from kept data, beside what staff enter and never over it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from commerce.tax.loading import LoadedRate, NotInTheData, Outcome, RateData, RateHasBegun, load_rates, packaged
from commerce.tax.models import TaxRate
from commerce.tax.queries import rate_table
from commerce.tax.vat_ids import EU_COUNTRIES

pytestmark = pytest.mark.django_db
NEW_YEAR, NEXT_YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def data(standard: str = "19", reduced: str = "7", version: str = "2026-09-29") -> RateData:
    return RateData(version, {"DE": {"standard": Decimal(standard), "reduced": Decimal(reduced)}})


def load(percents: RateData, starting: datetime = NEW_YEAR) -> dict[str, Outcome]:
    loaded = load_rates(data=percents, countries=["DE"], starting=starting)
    return {rate.tax_class: rate.outcome for rate in loaded}


def standard() -> list[tuple[Decimal, datetime, datetime | None]]:
    rows = TaxRate.objects.filter(tax_class="standard")
    return list(rows.values_list("percent", "valid_from", "valid_until"))


@pytest.mark.parametrize(
    ("country", "full", "reduced"),
    [
        ("DE", "19", "7"),
        ("FI", "25.5", "10"),
        pytest.param("FR", "20", "5.5", id="France: 0.9 and 2.1 are not ordinary"),
        pytest.param("AT", "20", "10", id="Austria: the lowest of 10, 13 and Jungholz's 19"),
        pytest.param("IE", "23", "9", id="Ireland: the lowest of 9 and 13.5"),
        pytest.param("DK", "25", "25", id="Denmark has no reduced rate"),
        pytest.param("CH", "8.1", "2.6", id="Switzerland is not bound to five percent"),
    ],
)
def test_of_several_reduced_rates_the_lowest_ordinary_one_is_the_reduced_class(
    country: str, full: str, reduced: str
) -> None:
    assert packaged().percents[country] == {"standard": Decimal(full), "reduced": Decimal(reduced)}


def test_the_data_knows_all_of_the_union_in_exact_decimals() -> None:
    percents = packaged().percents
    assert set(percents) >= EU_COUNTRIES
    for country in EU_COUNTRIES:
        assert all(5 <= percent <= 27 and percent % Decimal("0.5") == 0 for percent in percents[country].values())


def test_what_is_loaded_is_dated_names_its_source_and_can_be_sold_by() -> None:
    loaded = load_rates(countries=["FI"], starting=NEW_YEAR)
    assert loaded == (
        LoadedRate("FI", "standard", Decimal("25.5"), Outcome.BEGAN),
        LoadedRate("FI", "reduced", Decimal("10"), Outcome.BEGAN),
    )
    (row,) = TaxRate.objects.filter(tax_class="standard")
    assert (row.valid_from, row.valid_until) == (NEW_YEAR, None)
    assert row.source == packaged().source
    table = rate_table(country="FI", tax_classes=["standard"], at=NEW_YEAR)
    assert table.percent("standard") == Decimal("25.5")


def test_loading_again_changes_nothing() -> None:
    assert load(data()) == {"standard": Outcome.BEGAN, "reduced": Outcome.BEGAN}
    before = list(TaxRate.objects.values())
    assert load(data(version="2026-11-01"), NEXT_YEAR) == {
        "standard": Outcome.UNCHANGED,
        "reduced": Outcome.UNCHANGED,
    }
    assert list(TaxRate.objects.values()) == before


def test_a_changed_rate_ends_the_old_row_and_begins_another_at_that_instant() -> None:
    load(data())
    assert load(data("21", version="2026-12-20"), NEXT_YEAR) == {
        "standard": Outcome.CHANGED,
        "reduced": Outcome.UNCHANGED,
    }
    assert standard() == [(19, NEW_YEAR, NEXT_YEAR), (21, NEXT_YEAR, None)]
    assert load(data("21", version="2026-12-21"), NEXT_YEAR)["standard"] is Outcome.UNCHANGED
    later = NEXT_YEAR + timedelta(days=180)
    assert load(data("19", version="2027-05-01"), later)["standard"] is Outcome.CHANGED
    assert standard()[1:] == [(21, NEXT_YEAR, later), (19, later, None)]


def test_what_held_in_the_past_is_not_rewritten() -> None:
    load(data())
    before = list(TaxRate.objects.values())
    with pytest.raises(RateHasBegun):
        load(data("21", "8"))
    assert list(TaxRate.objects.values()) == before


def test_a_rate_that_staff_entered_is_never_touched() -> None:
    TaxRate.objects.create(country="DE", tax_class="standard", percent=16, valid_from=NEW_YEAR)
    assert load(data()) == {"standard": Outcome.KEPT, "reduced": Outcome.BEGAN}
    assert standard() == [(16, NEW_YEAR, None)]


@pytest.mark.parametrize(
    "edit",
    [
        {"percent": Decimal("18")},
        {"valid_from": NEW_YEAR - timedelta(days=1)},
        {"valid_until": NEXT_YEAR + timedelta(days=1)},
    ],
    ids=["its percentage", "its beginning", "its end"],
)
def test_a_rate_that_staff_edited_is_theirs(edit: dict[str, object]) -> None:
    load(data())
    TaxRate.objects.filter(tax_class="standard").update(**edit)
    before = standard()
    assert load(data("21", version="2026-12-20"), NEXT_YEAR)["standard"] is Outcome.KEPT
    assert standard() == before


def test_a_later_rate_of_staff_beside_a_loaded_one_is_respected() -> None:
    load(data())
    TaxRate.objects.create(country="DE", tax_class="standard", percent=16, valid_from=NEXT_YEAR)
    assert load(data("21"), NEXT_YEAR)["standard"] is Outcome.KEPT
    assert len(standard()) == 2


def test_what_staff_ended_before_is_no_obstacle_and_neither_is_a_region() -> None:
    TaxRate.objects.create(
        country="DE", tax_class="standard", percent=16, valid_from=NEW_YEAR - timedelta(9), valid_until=NEW_YEAR
    )
    TaxRate.objects.create(country="DE", region="Büsingen", tax_class="standard", percent=0, valid_from=NEW_YEAR)
    assert load(data())["standard"] is Outcome.BEGAN


def test_a_country_that_the_data_does_not_know_loads_nothing_at_all() -> None:
    with pytest.raises(NotInTheData, match="US"):
        load_rates(countries=["DE", "US"], starting=NEW_YEAR)
    assert not TaxRate.objects.exists()


def test_the_command_loads_the_union_and_says_what_it_did() -> None:
    said = io.StringIO()
    call_command("load_tax_rates", "--starting", "2026-01-01", stdout=said)
    assert "FI standard 25.5 %: began" in said.getvalue()
    assert "54 began, 0 changed, 0 unchanged, 0 kept" in said.getvalue()
    assert TaxRate.objects.count() == 2 * len(EU_COUNTRIES)
    again = io.StringIO()
    call_command("load_tax_rates", stdout=again)
    (line,) = again.getvalue().splitlines()
    assert line.endswith("0 began, 0 changed, 54 unchanged, 0 kept")


@pytest.mark.parametrize("options", [("--country", "US"), ("--starting", "soon")])
def test_the_command_refuses_what_it_cannot_do(options: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("load_tax_rates", *options)
