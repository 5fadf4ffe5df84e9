from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.payments.models import PaymentEvent, Refund
from commerce.payments.states import PaymentStatus, RefundState
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import resolve_prices

SETTLED_WITHIN = timedelta(minutes=10)


def discrepancies(*, at: datetime) -> Iterator[str]:
    """Checkouts that are completed without an order or the reverse (I4), and money that waits too long (I6)."""
    completed = Q(status=CheckoutStatus.COMPLETED)
    for checkout in Checkout.objects.filter((completed & Q(order=None)) | (~completed & Q(order__isnull=False))):
        yield f"I4 checkout {checkout.pk}: {checkout.status}, order {checkout.order_id}"
    paid = PaymentEvent.objects.filter(
        payment=OuterRef("payment"), to_status=PaymentStatus.SUCCEEDED, at__lt=at - SETTLED_WITHIN
    )
    refunded = Refund.objects.filter(payment=OuterRef("payment"), status=RefundState.SUCCEEDED)
    waiting = Checkout.objects.filter(Exists(paid), order=None).exclude(Exists(refunded))
    for checkout in waiting:
        yield f"I6 checkout {checkout.pk}: paid for more than 10 minutes, neither order nor refund"
    for checkout in Checkout.objects.filter(status=CheckoutStatus.OPEN).iterator():
        yield from _not_sold(checkout)


def _not_sold(checkout: Checkout) -> Iterator[str]:
    """Lines that were quoted although nothing sold them at that instant, or for another price (I10)."""
    quote = checkout.quote
    facts = quote["facts"]
    audience = Audience(
        market=Market.objects.get(code=quote["market"]), groups=frozenset(facts["groups"]), channel=facts["channel"]
    )
    lines = {uuid.UUID(line["goods"]["variant"]): line for line in facts["lines"]}
    quantities = {variant: line["quantity"] for variant, line in lines.items()}
    asked = resolve_prices(quantities=quantities, audience=audience, at=datetime.fromisoformat(quote["at"]))
    for variant, line in lines.items():
        price = asked.get(variant)
        if price is None or price.current != Money.from_document(line["unit_price"]):
            yield f"I10 checkout {checkout.pk}: {line['goods']['sku']} is quoted at a price that nothing asked"
