"""How shoppers of a market may pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.payments.models import Method, PaymentMethodOffer


class MethodNotOffered(DomainError):
    code = "payment_method_not_offered"
    title = "This cannot be paid in that way"
    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True)
class OfferedMethod:
    code: str
    name: str
    instructions: str


def methods_for(market: Market, total: Money) -> list[OfferedMethod]:
    """What the market offers for this total, in its order; Stripe alone if it says nothing, and none for nothing."""
    if not total:
        return []
    offers = PaymentMethodOffer.objects.filter(market=market)
    fitting = [offer for offer in offers if _fits(offer, total)]
    if not fitting and not offers:
        return [OfferedMethod(Method.STRIPE.value, str(Method.STRIPE.label), "")]
    return [OfferedMethod(offer.method, str(offer), offer.instructions) for offer in fitting]


def keep_cards(market: Market) -> None:
    """Enter what a market offers by itself, ahead of its first own offer, which would put that out of force."""
    if not market.payment_methods.exists():
        PaymentMethodOffer.objects.create(market=market, method=Method.STRIPE)


def method_for(market: Market, total: Money, code: str) -> OfferedMethod:
    """The one of that name. Raises `MethodNotOffered`."""
    for method in methods_for(market, total):
        if method.code == code:
            return method
    raise MethodNotOffered()


def instructions_for(market: str, method: str) -> str:
    """What the market of this code tells those who have chosen the method, offered or not any more."""
    told = PaymentMethodOffer.objects.filter(market__code=market, method=method).values_list("instructions", flat=True)
    return told.first() or ""


def pay_by(market: str, method: str, *, at: datetime) -> datetime | None:
    """Until when the market of this code waits for a bank transfer that is promised now; None: for ever. Cash is paid
    when the goods come, and a gateway has times of its own."""
    if method != Method.BANK_TRANSFER:
        return None
    waits = PaymentMethodOffer.objects.filter(market__code=market, method=method).values_list("days_to_pay", flat=True)
    days = waits.first()
    return None if days is None else at + timedelta(days=days)


def _fits(offer: PaymentMethodOffer, total: Money) -> bool:
    least, most = offer.least_minor, offer.most_minor
    return (least is None or total.minor >= least) and (most is None or total.minor <= most)
