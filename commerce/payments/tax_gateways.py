"""What a tax service must be able to answer, in the shop's own words.

A call crosses the network: none is made inside a database transaction or under a lock. It moves no money and
reserves nothing, so it may always be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from django.utils.module_loading import import_string

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money


class TaxServiceUnavailable(DomainError):
    """It did not answer, not in time, or not so that it can be understood. Ask again."""

    code = "tax_service_unavailable"
    title = "The tax service is not answering"
    kind = ErrorKind.UNAVAILABLE
    may_be_repeated = True


class TaxServiceRefused(DomainError):
    """It understood and said no, for example to an address that it cannot find; the same request hears no again."""

    code = "tax_service_refused"
    title = "The tax service refused the request"
    kind = ErrorKind.REFUSED


class Untaxed(StrEnum):
    """Why the buyer is not charged tax, as this shop has decided."""

    NO = ""
    EXEMPT = "exempt"
    REVERSE_CHARGE = "reverse_charge"


@dataclass(frozen=True, slots=True)
class TaxedItem:
    key: str
    amount: Money
    tax_class: str


@dataclass(frozen=True, slots=True)
class TaxQuestion:
    currency: str
    included: bool
    items: tuple[TaxedItem, ...]
    shipping: Money
    shipping_is_taxed: bool
    country: str
    region: str
    postal_code: str
    city: str
    street: str
    origin_country: str
    vat_id: str
    untaxed: Untaxed
    at: datetime


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    tax: Money
    percent: Decimal


@dataclass(frozen=True, slots=True)
class TaxReply:
    reference: str
    items: Mapping[str, TaxedAmount]
    shipping: TaxedAmount


class TaxGateway(Protocol):
    def calculate_tax(self, *, question: TaxQuestion) -> TaxReply:
        """Raises `TaxServiceUnavailable` or `TaxServiceRefused`."""
        ...


def stripe_taxes() -> TaxGateway:
    """Named by its path, so that no room above learns of Stripe's library."""
    gateway: TaxGateway = import_string("commerce.payments.stripe.taxes.StripeTaxes")()
    return gateway
