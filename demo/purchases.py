"""Ways to pay, and a few orders to work on, made by the same steps as any shopper's and clerk's.

They are paid by transfer or on delivery, so that nothing has to be asked of a payment service while the shop is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wagtail.models import Locale

from cms.catalogue.models import Variant
from commerce.cart.filling import add_line, create_cart, set_address
from commerce.checkout.completing import finish
from commerce.checkout.starting import Means, start
from commerce.customers.addresses import Address
from commerce.markets.models import Market
from commerce.orders.fulfilling import deliver, pack, ship
from commerce.orders.models import Order, ReturnReason
from commerce.orders.noting import note
from commerce.orders.paying import follow_payments, payments_of
from commerce.orders.returning import Asked, request
from commerce.payments.models import Method, PaymentMethodOffer
from commerce.payments.receiving import record_receipt

_ACCOUNT = (
    "Please transfer the amount to\n"
    "IBAN DE02 1203 0000 0000 2020 51\n"
    "and name the number of your order. We send it as soon as the money is there."
)
_BUYER = Address(
    name="Demo Shopper",
    street_address="Hauptstraße 1",
    postal_code="10115",
    city="Berlin",
    country_area="",
    country="DE",
)
HOME_MARKET = "eu"
_CLERK, _SHOPPER, _EMAIL = "admin@magpie.example", "shopper", "shopper@example.com"
MOST_ON_DELIVERY = 300_00


@dataclass(frozen=True, slots=True)
class Bought:
    sku: str
    quantity: int = 1


def offer_ways_to_pay() -> None:
    for market in Market.objects.order_by("code"):
        PaymentMethodOffer.objects.create(market=market, method=Method.STRIPE, position=0)
    home = Market.objects.get(code=HOME_MARKET)
    PaymentMethodOffer.objects.create(market=home, method=Method.BANK_TRANSFER, instructions=_ACCOUNT, position=1)
    PaymentMethodOffer.objects.create(
        market=home,
        method=Method.CASH_ON_DELIVERY,
        instructions="Have the amount ready for the driver.",
        most_minor=MOST_ON_DELIVERY,
        position=2,
    )


def place_orders(*, at: datetime) -> None:
    """One that waits for its money, one to be sent, one sent in part, one that is to come back, and one of files."""
    _order(Bought("MUG-ESP"), Bought("CDL-BEE", 2), method=Method.BANK_TRANSFER, at=at)
    to_send = _order(Bought("TEX-TEA", 2), method=Method.CASH_ON_DELIVERY, at=at)
    note(order=to_send, text="Wrapped as a present, please.", is_visible=True, actor=_SHOPPER, at=at)
    _send_a_part(_order(Bought("MUG-FOO"), Bought("BWL-NES"), method=Method.CASH_ON_DELIVERY, at=at), at=at)
    _send_back(_order(Bought("PLT-RIM", 2), method=Method.BANK_TRANSFER, at=at), at=at)
    german = Locale.objects.get(language_code="de")
    files = _order(Bought("PDF-POT"), Bought("PDF-SACK"), method=Method.BANK_TRANSFER, locale=german, at=at)
    _receive_money(files, statement="Statement 42", at=at)


def _order(*bought: Bought, method: str, locale: Locale | None = None, at: datetime) -> Order:
    cart = create_cart(market=Market.objects.get(code=HOME_MARKET), at=at)
    for each in bought:
        variant = Variant.objects.filter(sku__startswith=each.sku).order_by("position", "sku")[0]
        add_line(cart_id=cart.pk, variant_id=variant.pk, quantity=each.quantity, at=at)
    set_address(cart_id=cart.pk, email=_EMAIL, address=_BUYER, at=at)
    checkout = start(cart_id=cart.pk, locale=locale or Locale.get_default(), means=Means(method=method), at=at)
    order = finish(checkout_id=checkout.pk, actor=_SHOPPER, at=at).order
    assert order is not None, "what is promised becomes an order at once"
    return order


def _send_a_part(order: Order, *, at: datetime) -> None:
    first = order.lines.order_by("position")[0]
    parcel = pack(order=order, lines={first: first.quantity}, actor=_CLERK, at=at)
    ship(fulfilment=parcel, tracking_number="00340434161094000001", actor=_CLERK, at=at)


def _receive_money(order: Order, *, statement: str, at: datetime) -> None:
    [payment] = payments_of(order)
    record_receipt(payment=payment, amount=payment.amount, reference=statement, actor=_CLERK, at=at)
    follow_payments(order_id=order.pk, actor=_CLERK, reason=statement, at=at)


def _send_back(order: Order, *, at: datetime) -> None:
    _receive_money(order, statement="Statement 41", at=at)
    parcel = ship(fulfilment=pack(order=order, actor=_CLERK, at=at), tracking_number="00340434161094000002",
                  actor=_CLERK, at=at)  # fmt: skip
    deliver(fulfilment=parcel, actor=_CLERK, at=at)
    line = order.lines.order_by("position")[0]
    asked = [Asked(line=line, quantity=1, reason=ReturnReason.DAMAGED)]
    request(order=order, asked=asked, words="One of the two has a crack.", actor=_SHOPPER, at=at)
