"""The percentages that hold at one place and instant, as plain data: frozen with a quote and replayed from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from commerce.kit.errors import DomainError, ErrorKind

STANDARD, REDUCED, ZERO = "standard", "reduced", "zero"


class NoTaxRate(DomainError):
    """Selling without knowing the tax would be guessing; staff must enter the rate first."""

    code = "no_tax_rate"
    title = "No tax rate is known for this country"
    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True)
class Rate:
    """A dated percentage. `region` is blank for the whole country; `source` is blank when staff entered it."""

    country: str
    tax_class: str
    percent: Decimal
    valid_from: datetime
    valid_until: datetime | None = None
    region: str = ""
    source: str = ""

    def holds(self, *, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def document(self) -> dict[str, Any]:
        return {
            "country": self.country,
            "region": self.region,
            "class": self.tax_class,
            "percent": written(self.percent),
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "source": self.source,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Rate:
        until = document["valid_until"]
        return cls(
            country=document["country"],
            region=document["region"],
            tax_class=document["class"],
            percent=Decimal(document["percent"]),
            valid_from=datetime.fromisoformat(document["valid_from"]),
            valid_until=datetime.fromisoformat(until) if until else None,
            source=document["source"],
        )


@dataclass(frozen=True, slots=True)
class RateTable:
    """At most one rate for each tax class, sorted by class. The zero class needs none: it is always 0."""

    country: str
    region: str
    rates: tuple[Rate, ...]

    def percent(self, tax_class: str) -> Decimal:
        """
        Raises:
            NoTaxRate: the class has none here.
        """
        if tax_class == ZERO:
            return Decimal(0)
        rate = self.rate(tax_class)
        if rate is None:
            raise NoTaxRate(f"{self.country}: no rate for {tax_class}", country=self.country)
        return rate.percent

    def rate(self, tax_class: str) -> Rate | None:
        return next((rate for rate in self.rates if rate.tax_class == tax_class), None)

    def document(self) -> dict[str, Any]:
        return {
            "country": self.country,
            "region": self.region,
            "rates": [rate.document() for rate in self.rates],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> RateTable:
        rates = tuple(Rate.from_document(rate) for rate in document["rates"])
        return cls(country=document["country"], region=document["region"], rates=rates)


def choose(rates: Iterable[Rate], *, country: str, region: str, at: datetime) -> RateTable:
    """Of the rates that hold, the region's own beats the country's, and then the one that began last wins."""
    chosen: dict[str, Rate] = {}
    here = [rate for rate in rates if rate.country == country and rate.holds(at=at) and _covers(rate, region)]
    for rate in sorted(here, key=lambda rate: (rate.region != "", rate.valid_from)):
        chosen[rate.tax_class] = rate
    return RateTable(country=country, region=region, rates=tuple(chosen[name] for name in sorted(chosen)))


def require(table: RateTable, tax_classes: Sequence[str]) -> None:
    """
    Raises:
        NoTaxRate: naming every class that the table lacks.
    """
    missing = [name for name in tax_classes if name != ZERO and table.rate(name) is None]
    if missing:
        raise NoTaxRate(f"{table.country}: no rate for {', '.join(missing)}", country=table.country)


def same_region(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def written(percent: Decimal) -> str:
    """19.00 is written "19", 5.50 "5.5"."""
    return f"{percent.normalize():f}"


def _covers(rate: Rate, region: str) -> bool:
    return rate.region == "" or same_region(rate.region, region)
