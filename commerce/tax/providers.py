"""Who works the tax out: the shop's own table of rates, or a tax service.

`prepare` may cross the network and is called outside any transaction; `answer` asks the database alone and may be
called under locks. Both get the same request and the same instant.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Protocol

from django.conf import settings

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.payments.tax_gateways import TaxedAmount, TaxedItem, TaxGateway, TaxQuestion, Untaxed, stripe_taxes
from commerce.tax.computing import (
    ProvidedTax,
    ShippingTaxRule,
    TaxAnswer,
    TaxRequest,
    assemble,
    compute,
    tax_classes,
)
from commerce.tax.models import TaxCalculation
from commerce.tax.queries import rate_table
from commerce.tax.treatment import TreatmentKind

STRIPE = "stripe"
_UNTAXED = {
    TreatmentKind.TAXED: Untaxed.NO,
    TreatmentKind.EXEMPT: Untaxed.EXEMPT,
    TreatmentKind.REVERSE_CHARGE: Untaxed.REVERSE_CHARGE,
}


class TaxNotPrepared(DomainError):
    """The purchase changed between asking the tax service and using its answer. Ask for the quote again."""

    code = "tax_not_prepared"
    title = "The tax has not been worked out yet"
    kind = ErrorKind.UNAVAILABLE
    may_be_repeated = True


class TaxProvider(Protocol):
    name: str
    crosses_the_network: bool
    """Whether there is anything to prepare."""

    def prepare(self, *, request: TaxRequest, at: datetime) -> None:
        """Outside any transaction: fetch and keep what `answer` will need.

        Raises:
            TaxServiceUnavailable, TaxServiceRefused
        """
        ...

    def answer(self, *, request: TaxRequest, at: datetime) -> TaxAnswer:
        """No network.

        Raises:
            NoTaxRate: the built-in provider knows no rate.
            TaxNotPrepared: a service was not asked about this very request.
        """
        ...


class OwnRates:
    """The table that staff keep. One query."""

    name = "builtin"
    crosses_the_network = False

    def prepare(self, *, request: TaxRequest, at: datetime) -> None:
        """Nothing: the rates are in the database."""

    def answer(self, *, request: TaxRequest, at: datetime) -> TaxAnswer:
        table = rate_table(country=request.country, region=request.region, tax_classes=tax_classes(request), at=at)
        return compute(request, table)


class TaxService:
    """Answers of a service, kept by what was asked and the hour for which it was asked."""

    crosses_the_network = True

    def __init__(self, *, name: str, gateway: Callable[[], TaxGateway]) -> None:
        self.name = name
        self._gateway = gateway

    def prepare(self, *, request: TaxRequest, at: datetime) -> None:
        if not _bears_tax(request) or self._kept(request, at) is not None:
            return
        reply = self._gateway().calculate_tax(question=_question(request, at))
        provided = ProvidedTax(
            provider=self.name,
            reference=reply.reference,
            lines={
                line.key: _said(reply.items[line.key]) if line.key in reply.items else _nothing(request)
                for line in request.lines
            },
            shipping=_said(reply.shipping),
        )
        # Whoever asked at the same time and came first has written it.
        TaxCalculation.objects.bulk_create(
            [
                TaxCalculation(
                    request_hash=self._hash(request, at),
                    provider=self.name,
                    request=request.document(),
                    answer=provided.document(),
                    created_at=at,
                )
            ],
            ignore_conflicts=True,
        )

    def answer(self, *, request: TaxRequest, at: datetime) -> TaxAnswer:
        if not _bears_tax(request):
            nothing = _nothing(request)
            lines = {line.key: nothing for line in request.lines}
            return assemble(request, ProvidedTax(self.name, "", lines, nothing))
        kept = self._kept(request, at)
        if kept is None:
            raise TaxNotPrepared()
        return assemble(request, ProvidedTax.from_document(kept.answer))

    def _kept(self, request: TaxRequest, at: datetime) -> TaxCalculation | None:
        found: TaxCalculation | None = TaxCalculation.objects.filter(request_hash=self._hash(request, at)).first()
        return found

    def _hash(self, request: TaxRequest, at: datetime) -> str:
        return sha256(f"{self.name} {_hour(at).isoformat()} {request.fingerprint()}".encode()).hexdigest()


def tax_provider() -> TaxProvider:
    """The one that the setting `TAX_PROVIDER` names."""
    if settings.TAX_PROVIDER == STRIPE:
        return TaxService(name=STRIPE, gateway=stripe_taxes)
    return OwnRates()


def _question(request: TaxRequest, at: datetime) -> TaxQuestion:
    """Where prices include tax, Stripe never lowers what is paid: an untaxed buyer's service is asked what tax the
    price includes, as for a consumer, and that is taken off here.

    Source: docs.stripe.com/tax/products-prices-tax-codes-tax-behavior (inclusive).
    """
    untaxed = Untaxed.NO if request.included else _UNTAXED[request.treatment.kind]
    priced = [line for line in request.lines if line.amount] or list(request.lines)
    return TaxQuestion(
        currency=request.currency,
        included=request.included,
        items=tuple(
            TaxedItem(key=line.key, amount=line.amount, tax_class=line.tax_class)
            for line in sorted(priced, key=lambda line: line.key)
        ),
        shipping=request.shipping,
        shipping_is_taxed=request.shipping_tax is not ShippingTaxRule.ZERO,
        country=request.country,
        region=request.region,
        postal_code=request.place.postal_code,
        city=request.place.city,
        street=request.place.street,
        origin_country=request.place.origin_country,
        # The treatment is decided here alone: an id goes out only with what it brings.
        vat_id=request.treatment.vat_id if untaxed else "",
        untaxed=untaxed,
        at=_hour(at),
    )


def _bears_tax(request: TaxRequest) -> bool:
    return bool(request.shipping) or any(line.amount for line in request.lines)


def _hour(at: datetime) -> datetime:
    """Laws change on the hour; within one a kept answer holds."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _said(amount: TaxedAmount) -> tuple[Money, Decimal]:
    return amount.tax, amount.percent


def _nothing(request: TaxRequest) -> tuple[Money, Decimal]:
    return Money.zero(request.currency), Decimal(0)
