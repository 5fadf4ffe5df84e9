"""The tax on a purchase, from plain data to plain data.

Rules: rounded half up once per line and once per part of the shipping, so that what an invoice shows adds up.
Where prices include tax, a buyer who is not charged it pays the price without the tax that it includes.
A line is worked out by itself, so the order of lines changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Any

from commerce.kit.money import CurrencyMismatch, Money
from commerce.tax.queries import rates as rates
from commerce.tax.rate_tables import REDUCED, STANDARD, ZERO, NoTaxRate, RateTable, written
from commerce.tax.treatment import TAXED, Treatment

__all__ = [
    "LineTax",
    "NoTaxRate",
    "Place",
    "ProvidedTax",
    "ShippingPart",
    "ShippingTax",
    "ShippingTaxRule",
    "SummaryRow",
    "TaxAnswer",
    "TaxRequest",
    "TaxableLine",
    "assemble",
    "compute",
    "rates",
    "replay",
    "tax_classes",
    "tax_on",
]

BUILTIN = "builtin"


class ShippingTaxRule(StrEnum):
    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    SHARE = "share"


_CLASS_OF_SHIPPING = {
    ShippingTaxRule.STANDARD: STANDARD,
    ShippingTaxRule.REDUCED: REDUCED,
    ShippingTaxRule.ZERO: ZERO,
}


def tax_on(amount: Money, *, percent: Decimal, included: bool) -> Money:
    """The tax within an amount that includes it, or on top of one that does not; half up to the minor unit.

    Rounded per line, as article 226 of Directive 2006/112/EC leaves open and invoices by line show it.
    """
    rate = Fraction(percent) / 100
    return amount.scaled(rate / (1 + rate) if included else rate)


@dataclass(frozen=True, slots=True)
class TaxableLine:
    key: str
    amount: Money
    """The whole line after discounts, as the market prices it: with tax or without."""
    tax_class: str

    def document(self) -> dict[str, Any]:
        return {"key": self.key, "amount": self.amount.document(), "class": self.tax_class}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> TaxableLine:
        return cls(key=document["key"], amount=Money.from_document(document["amount"]), tax_class=document["class"])


@dataclass(frozen=True, slots=True)
class Place:
    """What a tax service wants to know of the address beyond country and region."""

    postal_code: str = ""
    city: str = ""
    street: str = ""
    origin_country: str = ""
    """Where the goods leave from."""

    def document(self) -> dict[str, Any]:
        return {
            "postal_code": self.postal_code,
            "city": self.city,
            "street": self.street,
            "origin_country": self.origin_country,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Place:
        return cls(**document)


@dataclass(frozen=True, slots=True)
class TaxRequest:
    currency: str
    included: bool
    """The amounts include tax."""
    country: str
    region: str
    lines: tuple[TaxableLine, ...]
    shipping: Money
    shipping_tax: ShippingTaxRule = ShippingTaxRule.STANDARD
    treatment: Treatment = TAXED
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        # A market stores its rule as text.
        object.__setattr__(self, "shipping_tax", ShippingTaxRule(self.shipping_tax))
        amounts = [line.amount for line in self.lines] + [self.shipping]
        if any(amount.currency != self.currency for amount in amounts):
            raise CurrencyMismatch(f"everything must be in {self.currency}")
        if any(amount.minor < 0 for amount in amounts):
            raise ValueError("a taxable amount is never below zero")
        if len({line.key for line in self.lines}) != len(self.lines):
            raise ValueError("two lines have the same key")

    def document(self) -> dict[str, Any]:
        """JSON-ready, lines in the order of their keys: the same purchase is always the same document."""
        return {
            "currency": self.currency,
            "included": self.included,
            "country": self.country,
            "region": self.region,
            "lines": [line.document() for line in sorted(self.lines, key=lambda line: line.key)],
            "shipping": self.shipping.document(),
            "shipping_tax": self.shipping_tax.value,
            "treatment": self.treatment.document(),
            "place": self.place.document(),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> TaxRequest:
        return cls(
            currency=document["currency"],
            included=document["included"],
            country=document["country"],
            region=document["region"],
            lines=tuple(TaxableLine.from_document(line) for line in document["lines"]),
            shipping=Money.from_document(document["shipping"]),
            shipping_tax=ShippingTaxRule(document["shipping_tax"]),
            treatment=Treatment.from_document(document["treatment"]),
            place=Place.from_document(document["place"]),
        )

    def fingerprint(self) -> str:
        return sha256(json.dumps(self.document(), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LineTax:
    amount: Money
    """To pay for the line: as it was asked, or without the included tax for a buyer who is not charged it.
    Where prices do not include tax, `tax` comes on top."""
    tax: Money
    percent: Decimal
    """The rate that was charged; 0 for a buyer who is not."""
    net: Money
    derivation: dict[str, Any]

    def document(self) -> dict[str, Any]:
        return {
            "amount": self.amount.document(),
            "tax": self.tax.document(),
            "percent": written(self.percent),
            "net": self.net.document(),
            "derivation": self.derivation,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> LineTax:
        return cls(
            amount=Money.from_document(document["amount"]),
            tax=Money.from_document(document["tax"]),
            percent=Decimal(document["percent"]),
            net=Money.from_document(document["net"]),
            derivation=document["derivation"],
        )


ShippingPart = LineTax
"""One rate's part of the shipping."""


@dataclass(frozen=True, slots=True)
class ShippingTax:
    amount: Money
    tax: Money
    net: Money
    parts: tuple[ShippingPart, ...]
    """One, or with the rule `share` one for each tax class of the goods; they add up to the amounts above."""
    derivation: dict[str, Any]

    def document(self) -> dict[str, Any]:
        return {
            "amount": self.amount.document(),
            "tax": self.tax.document(),
            "net": self.net.document(),
            "parts": [part.document() for part in self.parts],
            "derivation": self.derivation,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> ShippingTax:
        return cls(
            amount=Money.from_document(document["amount"]),
            tax=Money.from_document(document["tax"]),
            net=Money.from_document(document["net"]),
            parts=tuple(LineTax.from_document(part) for part in document["parts"]),
            derivation=document["derivation"],
        )


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """What an invoice must show for each rate: Directive 2006/112/EC article 226, points 8 to 10."""

    percent: Decimal
    country: str
    tax: Money
    net: Money

    def document(self) -> dict[str, Any]:
        return {
            "percent": written(self.percent),
            "country": self.country,
            "tax": self.tax.document(),
            "net": self.net.document(),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> SummaryRow:
        return cls(
            percent=Decimal(document["percent"]),
            country=document["country"],
            tax=Money.from_document(document["tax"]),
            net=Money.from_document(document["net"]),
        )


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    lines: dict[str, LineTax]
    """By key, in the order of keys."""
    shipping: ShippingTax
    summary: tuple[SummaryRow, ...]
    """The highest rate first."""
    tax: Money
    provider: str
    derivation: dict[str, Any]
    """Everything that the answer was worked out from: `replay` makes the same answer of it."""

    def document(self) -> dict[str, Any]:
        return {
            "lines": {key: line.document() for key, line in self.lines.items()},
            "shipping": self.shipping.document(),
            "summary": [row.document() for row in self.summary],
            "tax": self.tax.document(),
            "provider": self.provider,
            "derivation": self.derivation,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> TaxAnswer:
        return cls(
            lines={key: LineTax.from_document(document["lines"][key]) for key in sorted(document["lines"])},
            shipping=ShippingTax.from_document(document["shipping"]),
            summary=tuple(SummaryRow.from_document(row) for row in document["summary"]),
            tax=Money.from_document(document["tax"]),
            provider=document["provider"],
            derivation=document["derivation"],
        )


@dataclass(frozen=True, slots=True)
class ProvidedTax:
    """What a tax service said of a request: the tax on each line and on the shipping, and at which percentage."""

    provider: str
    reference: str
    lines: Mapping[str, tuple[Money, Decimal]]
    shipping: tuple[Money, Decimal]

    def document(self) -> dict[str, Any]:
        return {
            "provider": self.provider,
            "reference": self.reference,
            "lines": {key: _said(*self.lines[key]) for key in sorted(self.lines)},
            "shipping": _said(*self.shipping),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> ProvidedTax:
        return cls(
            provider=document["provider"],
            reference=document["reference"],
            lines={key: _heard(said) for key, said in document["lines"].items()},
            shipping=_heard(document["shipping"]),
        )


def tax_classes(request: TaxRequest) -> frozenset[str]:
    """Those whose rates must be known to answer."""
    classes = {line.tax_class for line in request.lines}
    if request.shipping_tax is not ShippingTaxRule.SHARE:
        return frozenset(classes | {_CLASS_OF_SHIPPING[request.shipping_tax]})
    shared = any(line.amount for line in request.lines)
    return frozenset(classes if shared else classes | {STANDARD})


def compute(request: TaxRequest, rates: RateTable) -> TaxAnswer:
    """By the shop's own table of rates.

    Raises:
        NoTaxRate: the table lacks a class of the request.
    """

    def tax_of(amount: Money, tax_class: str) -> LineTax:
        percent = rates.percent(tax_class)
        rate = rates.rate(tax_class)
        facts = {
            "class": tax_class,
            "percent": written(percent),
            "country": rates.country,
            "region": rate.region if rate else "",
            "valid_from": rate.valid_from.isoformat() if rate else None,
            "source": rate.source if rate else "",
        }
        return _treated(request, amount, tax_on(amount, percent=percent, included=request.included), percent, facts)

    parts = tuple(tax_of(amount, tax_class) for tax_class, amount in _shipping_by_class(request))
    return _answer(
        request,
        provider=BUILTIN,
        lines={line.key: tax_of(line.amount, line.tax_class) for line in request.lines},
        shipping_parts=parts,
        derivation={"provider": BUILTIN, "request": request.document(), "rates": rates.document()},
    )


def assemble(request: TaxRequest, provided: ProvidedTax) -> TaxAnswer:
    """By what a tax service said; the treatment is applied here as it is to the shop's own rates."""

    def tax_of(amount: Money, said: tuple[Money, Decimal], tax_class: str) -> LineTax:
        tax, percent = said
        facts = {
            "class": tax_class,
            "percent": written(percent),
            "country": request.country,
            "region": request.region,
            "source": f"{provided.provider} {provided.reference}".strip(),
        }
        return _treated(request, amount, tax, percent, facts)

    return _answer(
        request,
        provider=provided.provider,
        lines={line.key: tax_of(line.amount, provided.lines[line.key], line.tax_class) for line in request.lines},
        shipping_parts=(tax_of(request.shipping, provided.shipping, request.shipping_tax.value),),
        derivation={
            "provider": provided.provider,
            "request": request.document(),
            "provided": provided.document(),
        },
    )


def replay(derivation: dict[str, Any]) -> TaxAnswer:
    """The answer once more, from nothing but the derivation that was frozen with it."""
    request = TaxRequest.from_document(derivation["request"])
    if derivation["provider"] == BUILTIN:
        return compute(request, RateTable.from_document(derivation["rates"]))
    return assemble(request, ProvidedTax.from_document(derivation["provided"]))


def _treated(request: TaxRequest, amount: Money, tax: Money, percent: Decimal, facts: dict[str, Any]) -> LineTax:
    zero = Money.zero(request.currency)
    net = amount - tax if request.included else amount
    rule = "included" if request.included else "on_top"
    if not request.treatment.is_taxed:
        facts = {**facts, "removed": tax.document() if request.included else zero.document()}
        amount, tax, percent = net, zero, Decimal(0)
        rule = "included_tax_removed" if request.included else "none_on_top"
    derivation = {"rule": rule, **facts, "treatment": request.treatment.kind.value, "rounding": "half_up_per_line"}
    return LineTax(amount=amount, tax=tax, percent=percent, net=net, derivation=derivation)


def _shipping_by_class(request: TaxRequest) -> list[tuple[str, Money]]:
    """The shipping price cut up by tax class: whole, or by the goods' share of the value as they are priced."""
    if request.shipping_tax is not ShippingTaxRule.SHARE:
        return [(_CLASS_OF_SHIPPING[request.shipping_tax], request.shipping)]
    values: dict[str, int] = defaultdict(int)
    for line in request.lines:
        values[line.tax_class] += line.amount.minor
    shares = [(tax_class, value) for tax_class, value in sorted(values.items()) if value]
    if not shares:
        return [(STANDARD, request.shipping)]
    amounts = request.shipping.allocate([value for _, value in shares])
    return [(tax_class, amount) for (tax_class, _), amount in zip(shares, amounts, strict=True)]


def _answer(
    request: TaxRequest,
    *,
    provider: str,
    lines: dict[str, LineTax],
    shipping_parts: tuple[LineTax, ...],
    derivation: dict[str, Any],
) -> TaxAnswer:
    def sum_of(parts: Iterable[LineTax], amount: Callable[[LineTax], Money]) -> Money:
        return Money.total((amount(part) for part in parts), currency=request.currency)

    everything = [*lines.values(), *shipping_parts]
    return TaxAnswer(
        lines={key: lines[key] for key in sorted(lines)},
        shipping=ShippingTax(
            amount=sum_of(shipping_parts, lambda part: part.amount),
            tax=sum_of(shipping_parts, lambda part: part.tax),
            net=sum_of(shipping_parts, lambda part: part.net),
            parts=shipping_parts,
            derivation={
                "rule": request.shipping_tax.value,
                "parts": [{**part.derivation, "amount": part.amount.document()} for part in shipping_parts],
            },
        ),
        summary=_summary(everything, country=request.country, currency=request.currency),
        tax=sum_of(everything, lambda part: part.tax),
        provider=provider,
        derivation=derivation,
    )


def _summary(parts: Iterable[LineTax], *, country: str, currency: str) -> tuple[SummaryRow, ...]:
    taxes: dict[Decimal, Money] = defaultdict(lambda: Money.zero(currency))
    nets: dict[Decimal, Money] = defaultdict(lambda: Money.zero(currency))
    for part in parts:
        taxes[part.percent] += part.tax
        nets[part.percent] += part.net
    return tuple(
        SummaryRow(percent=percent, country=country, tax=taxes[percent], net=nets[percent])
        for percent in sorted(taxes, reverse=True)
        if taxes[percent] or nets[percent]
    )


def _said(tax: Money, percent: Decimal) -> dict[str, Any]:
    return {"tax": tax.document(), "percent": written(percent)}


def _heard(said: dict[str, Any]) -> tuple[Money, Decimal]:
    return Money.from_document(said["tax"]), Decimal(said["percent"])
