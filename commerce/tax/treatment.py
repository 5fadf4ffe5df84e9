"""Whether a buyer is charged tax at all: taxed, exempt, or liable for it himself (reverse charge)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from commerce.markets.models import Market
from commerce.tax.models import TaxExemption
from commerce.tax.vat_ids import EU_COUNTRIES, VatId, vat_id_written

# Directive 2006/112/EC article 7: what goes to Monaco goes to France.
_TREATED_AS = {"MC": "FR"}


class TreatmentKind(StrEnum):
    TAXED = "taxed"
    EXEMPT = "exempt"
    REVERSE_CHARGE = "reverse_charge"


@dataclass(frozen=True, slots=True)
class Treatment:
    kind: TreatmentKind = TreatmentKind.TAXED
    reason: str = "consumer"
    """A stable code, or for an exemption the words that staff gave it."""
    vat_id: str = ""

    @property
    def is_taxed(self) -> bool:
        return self.kind is TreatmentKind.TAXED

    def document(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "reason": self.reason, "vat_id": self.vat_id}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Treatment:
        return cls(kind=TreatmentKind(document["kind"]), reason=document["reason"], vat_id=document["vat_id"])


TAXED = Treatment()


def treatment_of(*, market: Market, country: str, vat_id: str, groups: Collection[str], at: datetime) -> Treatment:
    """How tax applies to goods that go from the market's origin to `country`; at most one query.

    `groups` are codes of customer groups. A VAT id that is not blank must be valid even where it changes nothing.

    Raises:
        InvalidVatId
    """
    identified = vat_id_written(vat_id) if vat_id.strip() else None
    exemption = _exemption(country=country, groups=groups, at=at) if groups else None
    return decide(origin=market.origin_country, country=country, vat_id=identified, exemption=exemption)


def decide(*, origin: str, country: str, vat_id: VatId | None, exemption: str | None) -> Treatment:
    """The rule, without a database. What staff exempted is exempt; then reverse charge; else taxed.

    Reverse charge (exempt intra-Community supply to an identified business, Directive 2006/112/EC articles 138
    and 194 to 196): from one EU country to another, to the holder of a VAT id that another country than the
    origin gave. Greek numbers (EL) count as GR's, Northern Irish (XI) as a country of their own.
    """
    number = vat_id.number if vat_id else ""
    if exemption is not None:
        return Treatment(TreatmentKind.EXEMPT, exemption, number)
    if vat_id is None:
        return TAXED
    reason = _no_reverse_charge(_TREATED_AS.get(origin, origin), _TREATED_AS.get(country, country), vat_id)
    if reason:
        return Treatment(TreatmentKind.TAXED, reason, number)
    return Treatment(TreatmentKind.REVERSE_CHARGE, "intra_community_supply", number)


def _no_reverse_charge(origin: str, destination: str, vat_id: VatId) -> str:
    if not origin:
        return "origin_unknown"
    if origin not in EU_COUNTRIES:
        return "origin_outside_eu"
    if destination not in EU_COUNTRIES:
        return "destination_outside_eu"
    if destination == origin:
        return "domestic"
    if not vat_id.in_eu:
        return "vat_id_outside_eu"
    if vat_id.country == origin:
        return "vat_id_of_origin"
    return ""


def _exemption(*, country: str, groups: Collection[str], at: datetime) -> str | None:
    """The one for this country beats the one for any; then the group's code decides, so that it is always the same."""
    holding = TaxExemption.objects.holding(at=at).filter(
        customer_group__code__in=sorted(groups), country__in=["", country]
    )
    return holding.order_by("-country", "customer_group__code", "pk").values_list("reason", flat=True).first()
