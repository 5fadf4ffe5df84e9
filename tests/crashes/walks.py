"""What a process was doing when it died: walks through the shop's own services, and what it had acknowledged by then.

A walk stands for web process and worker in one. Whatever was said to somebody is told to `acknowledge` at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

from commerce.cart.models import Cart
from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.starting import start
from commerce.kit import outbox, schedule
from commerce.kit.money import Money
from commerce.payments import webhooks
from commerce.payments.capturing import request_capture
from commerce.payments.refunding import request_refund
from commerce.payments.stripe.sandbox.deliveries import signed
from tests.machine.world import Clock
from tests.till import Till

GIVEN_BACK = 500


@dataclass
class Scene:
    cart: Cart
    till: Till
    clock: Clock
    round: int
    acknowledge: Callable[[str, Any], None]


def purchase(scene: Scene) -> None:
    """Check out, pay, hear of it by webhook or by the shopper's return, and give a part back."""
    checkout = check_out(scene)
    scene.till.pay(checkout.payment)
    scene.acknowledge("paid", checkout.payment.gateway_id)
    if scene.round % 2:
        finished = come_back(scene, checkout)
        hear(scene, checkout)
        work(scene)
    else:
        hear(scene, checkout)
        work(scene)
        finished = come_back(scene, checkout)
    with transaction.atomic():
        amount = Money(GIVEN_BACK, finished.currency)
        refund = request_refund(
            payment=finished.payment, amount=amount, reason="Goodwill", actor="staff", at=scene.clock.at
        )
    scene.acknowledge("refund", refund.pk)
    work(scene)


def abandoned(scene: Scene) -> None:
    """Check out and never pay, until the time is over."""
    check_out(scene)
    scene.clock.at += timedelta(seconds=settings.CHECKOUT_LIFETIME_SECONDS + 1)
    scene.acknowledge("waited", scene.clock.at)
    schedule.run_due(at=scene.clock.at)
    work(scene)


def captured(scene: Scene) -> None:
    """Authorise first; staff takes the money when the goods leave."""
    checkout = check_out(scene)
    scene.till.pay(checkout.payment)
    scene.acknowledge("paid", checkout.payment.gateway_id)
    finished = come_back(scene, checkout)
    work(scene)
    with transaction.atomic():
        capture = request_capture(
            payment=finished.payment, amount=None, reason="The goods leave", actor="staff", at=scene.clock.at
        )
    scene.acknowledge("capture", capture.pk)
    work(scene)


WALKS: dict[str, Callable[[Scene], None]] = {"cancel_asked": abandoned, "capture_asked": captured}
"""By the point that a walk leads to; all others lie on the way of a purchase."""
SETTINGS: dict[str, dict[str, Any]] = {"capture_asked": {"PAYMENT_CAPTURE": "manual"}}
"""What the shop is set to while it dies there."""


def check_out(scene: Scene) -> Checkout:
    checkout = start(cart_id=scene.cart.pk, locale=Locale.get_default(), at=scene.clock.at)
    scene.acknowledge("checkout", checkout.pk)
    return checkout


def come_back(scene: Scene, checkout: Checkout) -> Checkout:
    finished = finish(checkout_id=checkout.pk, actor="shopper", at=scene.clock.at)
    if finished.order is not None:
        scene.acknowledge("order", finished.order.number)
    return finished


def hear(scene: Scene, checkout: Checkout) -> None:
    """The gateway's webhooks about the checkout's payment."""
    for event in scene.till.events("payment_intent.succeeded"):
        if event["data"]["object"]["id"] == checkout.payment.gateway_id:
            body, signature = signed(event, secret=settings.STRIPE_WEBHOOK_SECRET, at=scene.clock.at)
            webhooks.receive(body=body, signature=signature, at=scene.clock.at)
            scene.acknowledge("webhook", event["id"])


def work(scene: Scene) -> None:
    while outbox.deliver_due(at=scene.clock.at):
        pass
