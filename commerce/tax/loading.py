"""Rates from a kept data package, beside those that staff enter.

Source: `eu-vat-rates-data`, which follows the European Commission's "Taxes in Europe" database. Only its data is
used. The standard rate becomes the class `standard`. Of several reduced rates the lowest ordinary one becomes
`reduced`: in the EU the lowest of at least 5 %, the floor of Directive 2006/112/EC article 98(1), which leaves out
super-reduced and island rates. Where a country has none, `reduced` is its standard rate. Staff who sell what
another reduced rate covers edit the row, and from then on it is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import eu_vat_rates_data
from django.db import transaction

from commerce.kit.errors import DomainError, ErrorKind
from commerce.tax.models import TaxRate
from commerce.tax.rate_tables import REDUCED, STANDARD, written
from commerce.tax.vat_ids import EU_COUNTRIES

PACKAGE = "eu-vat-rates-data"
_LOWEST_ORDINARY_REDUCED = Decimal(5)


class NotInTheData(DomainError):
    code = "tax_rates_not_in_data"
    title = "The data knows no rates for this country"
    kind = ErrorKind.INVALID


class RateHasBegun(DomainError):
    """What held in the past is not rewritten: a changed rate begins after the one that it ends."""

    code = "tax_rate_has_begun"
    title = "A changed rate must begin after the one that it replaces"
    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True)
class RateData:
    """A version of the data: percentages by country and tax class."""

    version: str
    percents: Mapping[str, Mapping[str, Decimal]]

    @property
    def starting(self) -> datetime:
        """The version is the day on which the rates were read."""
        return datetime.combine(date.fromisoformat(self.version), time.min, tzinfo=UTC)

    @property
    def source(self) -> str:
        return f"{PACKAGE} {self.version}"


class Outcome(StrEnum):
    BEGAN = "began"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    """Staff entered or edited a rate that holds then or later."""


@dataclass(frozen=True, slots=True)
class LoadedRate:
    country: str
    tax_class: str
    percent: Decimal
    outcome: Outcome


def packaged() -> RateData:
    """The installed version."""
    rates: Mapping[str, Mapping[str, Any]] = eu_vat_rates_data.dataset["rates"]
    return RateData(
        version=eu_vat_rates_data.data_version,
        percents={country: _by_class(facts) for country, facts in rates.items()},
    )


@transaction.atomic
def load_rates(
    *, data: RateData | None = None, countries: Collection[str] = EU_COUNTRIES, starting: datetime | None = None
) -> tuple[LoadedRate, ...]:
    """Write the data's rates from `starting` on (else from the data's own day). Loading again changes nothing.

    A rate that differs ends the row that was loaded before and begins another. Rows that staff entered or edited
    are never touched, and where one of them holds at `starting` or later nothing is loaded beside it.

    Raises:
        NotInTheData, RateHasBegun: nothing was written.
    """
    data = data or packaged()
    unknown = sorted(set(countries) - set(data.percents))
    if unknown:
        raise NotInTheData(f"{data.source} knows no rates for {', '.join(unknown)}.", countries=unknown)
    begin = starting or data.starting
    rows = TaxRate.objects.select_for_update().filter(country__in=countries, region="")
    by_place: dict[tuple[str, str], list[TaxRate]] = {}
    for row in rows:
        by_place.setdefault((row.country, row.tax_class), []).append(row)
    return tuple(
        LoadedRate(
            country, tax_class, percent, _load(by_place.get((country, tax_class), []), country, tax_class, percent,
                                               begin, data.source),
        )
        for country in sorted(countries)
        for tax_class, percent in data.percents[country].items()
    )  # fmt: skip


def is_as_loaded(row: TaxRate) -> bool:
    """Whether the loader wrote it and nobody has edited it since."""
    return bool(row.loaded_as) and row.loaded_as == _fingerprint(row)


def _load(
    rows: Iterable[TaxRate], country: str, tax_class: str, percent: Decimal, begin: datetime, source: str
) -> Outcome:
    later = [row for row in rows if row.valid_until is None or row.valid_until > begin]
    if any(not is_as_loaded(row) for row in later):
        return Outcome.KEPT
    if not later:
        _begin(country, tax_class, percent, begin, source)
        return Outcome.BEGAN
    current = max(later, key=lambda row: row.valid_from)
    if current.percent == percent:
        return Outcome.UNCHANGED
    if begin <= current.valid_from:
        raise RateHasBegun(f"{country} {tax_class} holds from {current.valid_from.isoformat()}.", country=country)
    current.valid_until = begin
    current.loaded_as = _fingerprint(current)
    current.save(update_fields=["valid_until", "loaded_as"])
    _begin(country, tax_class, percent, begin, source)
    return Outcome.CHANGED


def _begin(country: str, tax_class: str, percent: Decimal, begin: datetime, source: str) -> None:
    row = TaxRate(country=country, tax_class=tax_class, percent=percent, valid_from=begin, source=source)
    row.loaded_as = _fingerprint(row)
    row.save(force_insert=True)


def _fingerprint(row: TaxRate) -> str:
    """In UTC, whatever the zone in which the database or a form hands the instants back."""
    until = row.valid_until.astimezone(UTC).isoformat() if row.valid_until else ""
    return f"{written(row.percent)} {row.valid_from.astimezone(UTC).isoformat()} {until}".strip()


def _by_class(facts: Mapping[str, Any]) -> dict[str, Decimal]:
    # By way of text: 25.5 is written in the data, and only there is it exactly that.
    standard, reduced = Decimal(str(facts["standard"])), [Decimal(str(percent)) for percent in facts["reduced"]]
    floor = _LOWEST_ORDINARY_REDUCED if facts["eu_member"] else Decimal(0)
    return {STANDARD: standard, REDUCED: min((rate for rate in reduced if rate >= floor), default=standard)}
