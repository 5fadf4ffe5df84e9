"""Which facts are told by mail. A fact heard twice makes one mail: its key names the fact."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.cart.models import Cart
from commerce.customers.models import NewsletterSubscription
from commerce.inventory.models import StockPolicy
from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every
from commerce.notifications import posting
from commerce.notifications.queueing import queue
from commerce.notifications.wording import spoken
from commerce.orders.downloads import downloads_of
from commerce.orders.models import Order, OrderRefund
from commerce.orders.placing import BANK_TRANSFER
from commerce.orders.states import OrderStatus


@every(seconds=5)
def send_mails(*, at: datetime) -> None:
    posting.send_due(at=at)


@subscribe("orders.placed")
def tell_how_to_pay(*, payload: Payload, at: datetime) -> None:
    order = _order(payload)
    if order.status == OrderStatus.PENDING and order.payment_method == BANK_TRANSFER:
        _tell(order, "payment_instructions", fact=str(order.pk), at=at)


@subscribe("orders.confirmed")
def tell_that_it_is_confirmed(*, payload: Payload, at: datetime) -> None:
    order = _order(payload)
    _tell(order, "order_confirmed", fact=str(order.pk), at=at)


@subscribe("orders.confirmation_requested")
def tell_again_that_it_is_confirmed(*, payload: Payload, at: datetime) -> None:
    """What the first mail said, if it still holds: how to pay, or that the order is confirmed."""
    order = _order(payload)
    waits = order.status == OrderStatus.PENDING and order.payment_method == BANK_TRANSFER
    _tell(order, "payment_instructions" if waits else "order_confirmed", fact=payload["request"], at=at)


@subscribe("orders.paid")
def tell_where_the_files_are(*, payload: Payload, at: datetime) -> None:
    order = Order.objects.get(pk=payload["order"])
    if downloads_of(order, at=at):
        _tell(order, "downloads_ready", fact=payload["order"], at=at)


@subscribe("orders.edited")
def tell_that_it_was_changed(*, payload: Payload, at: datetime) -> None:
    edit = str(payload["edit"])
    _tell(_order(payload), "order_edited", fact=f"{payload['order']}:{edit}", edit=edit, at=at)


@subscribe("orders.fulfilled")
def tell_that_it_was_sent(*, payload: Payload, at: datetime) -> None:
    _tell(_order(payload), "order_shipped", fact=payload["fulfilment"], fulfilment=payload["fulfilment"], at=at)


@subscribe("orders.delivered")
def tell_that_it_has_arrived(*, payload: Payload, at: datetime) -> None:
    _tell(_order(payload), "order_delivered", fact=payload["fulfilment"], at=at)


@subscribe("orders.cancelled")
def tell_that_it_was_cancelled(*, payload: Payload, at: datetime) -> None:
    _tell(_order(payload), "order_cancelled", fact=payload["order"], at=at)


@subscribe("orders.refunded")
def tell_what_goes_back(*, payload: Payload, at: datetime) -> None:
    """Not of money that was never taken."""
    refund = OrderRefund.objects.get(pk=payload["refund"])
    if refund.total_minor > refund.voided_minor:
        _tell(_order(payload), "order_refunded", fact=payload["refund"], refund=payload["refund"], at=at)


@subscribe("orders.return_requested")
def tell_that_a_return_was_requested(*, payload: Payload, at: datetime) -> None:
    _tell_of_return("return_requested", payload, at=at)


@subscribe("orders.return_approved")
def tell_that_a_return_was_approved(*, payload: Payload, at: datetime) -> None:
    _tell_of_return("return_approved", payload, at=at)


@subscribe("orders.return_rejected")
def tell_that_a_return_was_rejected(*, payload: Payload, at: datetime) -> None:
    _tell_of_return("return_rejected", payload, at=at)


@subscribe("orders.return_received")
def tell_that_a_return_has_arrived(*, payload: Payload, at: datetime) -> None:
    _tell_of_return("return_received", payload, at=at)


@subscribe("cart.abandoned")
def remind_of_a_cart(*, payload: Payload, at: datetime) -> None:
    """Only ever announced of shoppers who agreed to be reminded, and once of each cart."""
    cart = Cart.objects.get(pk=payload["cart"])
    queue(
        key=f"cart_left:{cart.pk}",
        kind="cart_left",
        recipient=cart.email,
        language=spoken(_language_of(cart)),
        about={"cart": str(cart.pk)},
        at=at,
    )


@subscribe("customers.newsletter_asked")
def ask_to_confirm_the_newsletter(*, payload: Payload, at: datetime) -> None:
    """One mail each time that it was asked for."""
    subscription = NewsletterSubscription.objects.get(pk=payload["subscription"])
    queue(
        key=f"newsletter_asked:{subscription.pk}:{subscription.asked_at:%Y%m%dT%H%M%S}",
        kind="newsletter_asked",
        recipient=subscription.email,
        language=spoken(subscription.language),
        about={"subscription": str(subscription.pk)},
        at=at,
    )


@subscribe("inventory.low_stock")
def tell_staff_what_runs_low(*, payload: Payload, at: datetime) -> None:
    """Once each time it runs low, and not if it is well stocked again by now."""
    policy = StockPolicy.objects.filter(variant=payload["variant"], low_since__isnull=False).first()
    if policy is None:
        return
    about = {name: str(payload[name]) for name in ("sku", "left", "threshold")}
    for place, recipient in enumerate(settings.STAFF_EMAILS):
        queue(
            key=f"low_stock:{payload['variant']}:{policy.low_since:%Y%m%dT%H%M%S}:{place}",
            kind="low_stock",
            recipient=recipient,
            language=spoken(settings.LANGUAGE_CODE),
            about=about,
            at=at,
        )


def _tell_of_return(kind: str, payload: Payload, *, at: datetime) -> None:
    _tell(_order(payload), kind, fact=payload["return"], at=at, **{"return": payload["return"]})


def _tell(order: Order, kind: str, *, fact: str, at: datetime, **about: str) -> None:
    queue(
        key=f"{kind}:{fact}",
        kind=kind,
        recipient=order.email,
        language=spoken(order.language),
        about={"order": str(order.pk), **about},
        order=order.pk,
        at=at,
    )


def _language_of(cart: Cart) -> str:
    """A cart has no language of its own; its market's first one is the best guess."""
    first = cart.market.market_locales.first()
    return first.language_code if first else str(settings.LANGUAGE_CODE)


def _order(payload: Payload) -> Order:
    found: list[Order] = _whom_to_tell(order=uuid.UUID(payload["order"]))
    if not found:
        raise Order.DoesNotExist(payload["order"])
    return found[0]


@prepared
def _whom_to_tell(*, order: uuid.UUID) -> QuerySet[Order]:
    return Order.objects.filter(pk=order).only("email", "language", "status", "payment_method")
