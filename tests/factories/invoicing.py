"""Orders that were really quoted, and somebody who sells."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Locale

from cms.catalogue.models import Variant
from commerce.cart.viewing import view_cart
from commerce.checkout.quoting.gathering import quote
from commerce.invoicing.models import InvoiceSettings
from commerce.kit.money import Money
from commerce.orders.models import Order
from commerce.orders.placing import place
from commerce.orders.states import PaymentState
from commerce.payments.models import Method
from commerce.payments.opening import prepare_payment
from commerce.payments.receiving import record_receipt
from tests.factories import LONG_AGO, Shop

SELLER = {
    "name": "Kiln & Moss GmbH",
    "address": "Hauptstraße 1\n10115 Berlin",
    "vat_id": "DE136695976",
    "registration": "HRB 12345, Berlin",
    "contact": "hello@example.com\n+49 30 1234567",
    "bank": "Bank\nDE02 1203 0000 0000 2020 51",
    "footer": "Thank you.",
    "number_prefix": "EU-",
    "time_zone": "Europe/Berlin",
}


def seller_of(shop: Shop, **words: str) -> InvoiceSettings:
    return InvoiceSettings.objects.create(market=shop.market, **(SELLER | words))


def placed(shop: Shop, *lines: tuple[Variant, int], at: datetime = LONG_AGO, **fields: Any) -> Order:
    """An order of these goods, paid for; for what is said otherwise see `place`."""
    cart = shop.cart(*lines)
    frozen = quote(view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at), at=at)
    order: dict[str, Any] = {
        "checkout_id": uuid.uuid4(),
        "payment_id": None,
        "email": cart.email,
        "shipping_address": cart.address,
        "language": "en",
        "payment_state": PaymentState.PAID,
        "quote": frozen,
        "actor": "test",
        "at": at,
    }
    order |= fields
    with transaction.atomic():
        if due := Money.from_document(frozen["due"]):
            payment = prepare_payment(
                reference=order["checkout_id"], amount=due, method=Method.BANK_TRANSFER, actor="test", at=at
            )
            order |= {"payment_id": payment.pk, "payment_method": Method.BANK_TRANSFER.value}
            if order["payment_state"] == PaymentState.PAID:
                record_receipt(payment=payment, amount=due, reference="Transfer", actor="test", at=at)
        return place(**order)
