"""Tax rates and exemptions at the desk: what was in force is never said otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from commerce.accounts.models import User
from commerce.desk.editing import mark_of
from commerce.kit.clock import now
from commerce.pricing.grouping import open_group
from commerce.tax.loading import load_rates, packaged
from commerce.tax.models import TaxExemption, TaxRate
from tests.factories import LONG_AGO, Shop, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxer(client: Client) -> Client:
    """May add, change, delete and look at rates and exemptions."""
    user = UserFactory.create(is_staff=True)
    names = [f"{action}_{model}" for action in ("add", "change", "delete", "view") for model in _MODELS]
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *names]))
    client.force_login(user)
    return client


_MODELS = ("taxrate", "taxexemption")


def rate(**fields: Any) -> TaxRate:
    return TaxRate.objects.create(
        **{"country": "AT", "tax_class": "standard", "percent": Decimal(20), "valid_from": LONG_AGO, **fields}
    )


def written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def typed(row: TaxRate | None = None, **fields: str) -> dict[str, str]:
    """The form as it stands, with what somebody types."""
    shown = {"shown": mark_of(row)} if row else {}
    typed = {"country": "AT", "region": "", "tax_class": "standard", "percent": "21", "valid_from": "2020-01-01 00:00"}
    return {**typed, **shown, "valid_until": "", **fields}


def add(browser: Client, **fields: str) -> Any:
    return browser.post(reverse("tax-rates:add"), typed(**fields))


def edit(browser: Client, row: TaxRate, **fields: str) -> Any:
    return browser.post(reverse("tax-rates:edit", args=[row.pk]), typed(TaxRate.objects.get(pk=row.pk), **fields))


def test_rates_are_listed_and_found_by_country_class_and_whether_they_hold(taxer: Client) -> None:
    rate(percent=Decimal("19.5"), valid_until=now())
    rate(valid_from=now() - timedelta(seconds=1))
    rate(country="FI", tax_class="reduced", percent=Decimal(14), valid_from=now() + timedelta(days=9))
    address = reverse("tax-rates:index")

    def found(**query: str) -> list[str]:
        answer = taxer.get(address, query)
        assert answer.status_code == 200
        return sorted(f"{row.country} {row.percent.normalize()}" for row in answer.context["object_list"])

    assert found() == ["AT 19.5", "AT 2E+1", "FI 14"]
    assert found(country="fi") == ["FI 14"]
    assert found(tax_class="reduced") == ["FI 14"]
    assert found(in_force="now") == ["AT 2E+1"]
    assert found(in_force="later") == ["FI 14"]
    assert found(in_force="over") == ["AT 19.5"]
    assert found(country="x" * 300) == []
    assert reverse("tax-rates:edit", args=[TaxRate.objects.all()[0].pk]) in taxer.get(address).content.decode()
    assert taxer.get(address, {"in_force": "sometimes", "tax_class": "\0"}).status_code == 200


def test_the_first_rate_of_a_place_may_be_backdated(taxer: Client) -> None:
    assert add(taxer).status_code == 302
    assert TaxRate.objects.get().percent == 21


def test_a_rate_that_follows_begins_now_or_later(taxer: Client) -> None:
    rate()
    answer = add(taxer, valid_from="2024-01-01 00:00")
    assert "A rate that follows begins now or later." in answer.content.decode()
    assert TaxRate.objects.count() == 1
    assert add(taxer, valid_from=written(now() + timedelta(days=30))).status_code == 302


def test_the_same_region_in_other_letters_has_its_rate_already(taxer: Client) -> None:
    rate(region="Ötztal")
    answer = add(taxer, region="ÖTZTAL", valid_from="2024-01-01 00:00")
    assert "A rate that follows begins now or later." in answer.content.decode()
    assert add(taxer, region="Pitztal", valid_from="2024-01-01 00:00").status_code == 302


@pytest.mark.parametrize("chosen", ["", "Europe/Berlin"])
def test_what_is_typed_is_utc_whatever_zone_somebody_chose_before(taxer: Client, chosen: str) -> None:
    user = User.objects.get(pk=taxer.session["_auth_user_id"])
    UserProfile.get_for_user(user)
    UserProfile.objects.filter(user=user).update(current_time_zone=chosen)
    assert add(taxer, valid_from="2027-01-10 00:00").status_code == 302
    row = TaxRate.objects.get()
    assert row.valid_from == datetime(2027, 1, 10, tzinfo=UTC)
    shown = taxer.get(reverse("tax-rates:edit", args=[row.pk])).context["form"]
    assert 'value="2027-01-10 00:00"' in str(shown["valid_from"])


def test_a_rate_that_has_begun_can_only_be_ended(taxer: Client) -> None:
    row = rate()
    ends = (now() + timedelta(days=30)).replace(microsecond=0)
    assert (
        edit(taxer, row, percent="5", country="DE", valid_from="2019-01-01", valid_until=written(ends)).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.percent, row.country, row.valid_from, row.valid_until) == (20, "AT", LONG_AGO, ends)


def test_a_rate_does_not_end_in_the_past(taxer: Client) -> None:
    row = rate()
    answer = edit(taxer, row, valid_until="2025-01-01 00:00")
    assert "It ends now or later" in answer.content.decode()
    row.refresh_from_db()
    assert row.valid_until is None


def test_what_is_over_does_not_come_back(taxer: Client) -> None:
    row = rate(valid_until=datetime(2025, 1, 1, tzinfo=UTC))
    edit(taxer, row, valid_until="")
    row.refresh_from_db()
    assert row.valid_until == datetime(2025, 1, 1, tzinfo=UTC)


def test_a_rate_to_come_can_be_changed_and_deleted_and_one_that_has_begun_not(taxer: Client) -> None:
    begins = (now() + timedelta(days=30)).replace(microsecond=0)
    coming, begun = rate(valid_from=begins), rate(country="FI")
    assert edit(taxer, coming, percent="22", valid_from=written(begins)).status_code == 302
    coming.refresh_from_db()
    assert coming.percent == 22
    taxer.post(reverse("tax-rates:delete", args=[begun.pk]))
    taxer.post(reverse("tax-rates:delete", args=[coming.pk]))
    assert list(TaxRate.objects.all()) == [begun]


def test_a_save_that_would_undo_a_colleagues_is_refused(taxer: Client) -> None:
    row = rate(valid_from=now() + timedelta(days=3))
    opened = typed(TaxRate.objects.get(pk=row.pk), valid_from=written(row.valid_from))
    TaxRate.objects.update(percent=Decimal(25))
    answer = taxer.post(reverse("tax-rates:edit", args=[row.pk]), opened)
    assert "Somebody has changed this since you opened the page" in answer.content.decode()
    assert TaxRate.objects.get().percent == 25


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"country": "XX"}, "This is not the code of a country."),
        ({"country": ""}, "This field is required."),
        ({"percent": "101"}, "less than or equal to 100"),
        ({"percent": "-1"}, "greater than or equal to 0"),
        ({"percent": "a lot"}, "Enter a number."),
        ({"percent": "1e99999"}, "Ensure that there are no more than"),
        ({"tax_class": "zero"}, "Select a valid choice."),
        ({"valid_from": "2020-02-30"}, "Enter a valid date/time."),
        ({"valid_from": "0001-01-01 00:00"}, ""),
        ({"valid_from": "2090-01-01 00:00", "valid_until": "2089-01-01 00:00"}, "It must end after it begins."),
        ({"region": "x" * 101}, "at most 100 characters"),
        ({"region": "a\0"}, "Null characters are not allowed."),
    ],
)
def test_a_rate_that_cannot_be_is_refused_at_its_field(taxer: Client, fields: dict[str, str], words: str) -> None:
    answer = add(taxer, **fields)
    assert answer.status_code in {200, 302}
    if words:
        assert words in answer.content.decode()
        assert not TaxRate.objects.exists()


def test_loading_shows_what_it_would_do_and_does_it_when_told(taxer: Client) -> None:
    mine = rate(country="DE", percent=Decimal("19.1"))
    address = reverse("desk_load_tax_rates")
    shown = taxer.get(address)
    assert shown.status_code == 200
    assert "stays as staff wrote it" in shown.content.decode()
    assert TaxRate.objects.count() == 1
    starting = packaged().starting.date().isoformat()
    answer = taxer.post(address, {"starting": starting, "seen": shown.context["seen"]})
    assert answer.status_code == 302
    assert TaxRate.objects.filter(country="FR").count() == 2
    assert TaxRate.objects.get(country="DE", tax_class="standard") == mine
    assert shown.context["writes"] == TaxRate.objects.count() - 1
    assert "There is nothing to load." in taxer.get(address).content.decode()


def test_loading_writes_only_what_was_shown(taxer: Client) -> None:
    address = reverse("desk_load_tax_rates")
    shown = taxer.get(address)
    rate(country="DE")
    starting = packaged().starting.date().isoformat()
    answer = taxer.post(address, {"starting": starting, "seen": shown.context["seen"]})
    assert "Rates have changed since you looked" in answer.content.decode()
    assert TaxRate.objects.count() == 1


def test_loading_changes_nothing_in_the_past(taxer: Client) -> None:
    load_rates(starting=LONG_AGO)
    row = TaxRate.objects.get(country="DE", tax_class="standard")
    TaxRate.objects.filter(pk=row.pk).update(percent=Decimal(16), loaded_as=row.loaded_as.replace("19 ", "16 "))
    shown = taxer.get(reverse("desk_load_tax_rates"), {"starting": "2024-01-01"})
    assert "Take a later day, for these change, and not in the past: DE standard." in shown.content.decode()
    later = (now() + timedelta(days=2)).date().isoformat()
    shown = taxer.get(reverse("desk_load_tax_rates"), {"starting": later})
    assert shown.context["writes"] == 1
    assert (
        taxer.post(reverse("desk_load_tax_rates"), {"starting": later, "seen": shown.context["seen"]}).status_code
        == 302
    )


@pytest.mark.parametrize("starting", ["", "soon", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_refused(taxer: Client, starting: str) -> None:
    address = reverse("desk_load_tax_rates")
    assert taxer.get(address, {"starting": starting}).status_code == 200
    assert taxer.post(address, {"starting": starting}).status_code == 200
    assert not TaxRate.objects.exists()


def exemption(**fields: str) -> dict[str, str]:
    return {
        "country": "",
        "reason": "Diplomats",
        "valid_from": written(now() + timedelta(days=1)),
        "valid_until": "",
        **fields,
    }


def test_a_group_is_exempted_from_now_on_and_not_backwards(taxer: Client, shop: Shop) -> None:
    group = open_group(code="embassy", name="Embassies")
    address = reverse("tax-exemptions:add")
    back = taxer.post(address, exemption(customer_group=str(group.pk), valid_from="2020-01-01 00:00"))
    assert "what was taxed stays taxed" in back.content.decode()
    assert taxer.post(address, exemption(customer_group=str(group.pk))).status_code == 302
    assert TaxExemption.objects.get().reason == "Diplomats"
    assert "Embassies" in taxer.get(reverse("tax-exemptions:index")).content.decode()


@pytest.mark.parametrize("name", ["tax-rates:index", "tax-rates:add", "tax-exemptions:add", "desk_load_tax_rates"])
def test_without_the_permission_nobody_looks_or_changes(writer: Client, name: str) -> None:
    for ask in (writer.get, writer.post):
        assert ask(reverse(name)).status_code in {302, 403}
    assert not TaxRate.objects.exclude(country__in=["DE", "FR"]).exists()


def test_who_may_only_look_cannot_change(client: Client) -> None:
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_taxrate"]))
    client.force_login(user)
    row = rate()
    assert client.get(reverse("tax-rates:index")).status_code == 200
    assert edit(client, row, percent="5").status_code in {302, 403}
    assert add(client, country="FI").status_code in {302, 403}
    assert TaxRate.objects.get().percent == 20
