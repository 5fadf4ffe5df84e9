"""A process dies at a named point, others start and work: does everything come into order again?

The one that dies is a fork with connections of its own, killed by SIGKILL in the middle of its walk. What it leaves
behind is on disk: the database, and the sandbox's store, which is shared as a server would share it. After the
"restart" the worker's two questions, what is due by the clock and what is to be delivered, are asked again and again;
where the shop waits by the clock, the clock is put forward instead of waiting.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from cms.catalogue.models import Variant
from commerce.checkout.models import Checkout
from commerce.inventory.models import StockLevel, StockMovement
from commerce.kit import outbox, schedule
from commerce.kit.errors import DomainError
from commerce.kit.models import OutboxDelivery
from commerce.orders.models import Order
from commerce.payments.gateways import payment_gateway
from commerce.payments.models import Capture, LedgerEntry, Refund, WebhookEvent
from tests.crashes.walks import SETTINGS, WALKS, Scene, check_out, come_back, hear, purchase
from tests.factories import Shop, open_shop
from tests.factories.invoicing import seller_of
from tests.machine.world import Clock
from tests.till import Till

PLENTY, UNITS = 100_000, 2
SECONDS_TO_CONVERGE = 60
MOST_CLOCK = timedelta(minutes=15)
STEP = timedelta(seconds=5)


class DidNotConverge(AssertionError):
    """After the restart something is lost, doubled, or still waiting."""


@dataclass(frozen=True, slots=True)
class Convergence:
    seconds: Decimal
    """Of real time, from the restart until nothing was left to do."""
    clock: timedelta
    """By how much the shop's clock had to move on for it."""


@dataclass
class Yard:
    """A shop of which one process after the other dies."""

    shop: Shop
    variant: Variant
    till: Till
    clock: Clock
    round: int = 0

    def crash(self, point: str) -> Convergence:
        """One process dies at the point; what it left behind is brought into order. Raises `DidNotConverge`."""
        self.round += 1
        self.clock.at += timedelta(minutes=1)
        before = _stock(self.variant)
        scene = Scene(
            cart=self.shop.cart((self.variant, UNITS), created_at=self.clock.at, updated_at=self.clock.at),
            till=self.till,
            clock=self.clock,
            round=self.round,
            acknowledge=lambda what, which: None,
        )
        with override_settings(**SETTINGS.get(point, {})):
            acknowledged = _die(point, scene)
            return _recover(scene, acknowledged, variant=self.variant, before=before)


@contextmanager
def yard(folder: Path) -> Iterator[Yard]:
    """A shop in the database at hand, which keeps what happens in it."""
    clock = Clock()
    with (
        mock.patch("commerce.kit.clock.now", clock),
        override_settings(PAYMENT_GATEWAY="tests.till.current_gateway"),
    ):
        payment_gateway.cache_clear()
        till = Till.open(folder / "stripe-sandbox.sqlite3")
        try:
            shop = open_shop()
            seller_of(shop)
            yield Yard(shop=shop, variant=shop.sell(stock=PLENTY), till=till, clock=clock)
        finally:
            till.close()
            payment_gateway.cache_clear()


def _die(point: str, scene: Scene) -> dict[str, str]:
    """Fork, walk until the point, die. Returns what was acknowledged before; the clock moves as it did there."""
    told, status = _fork(lambda writing: _walk(point, scene, writing))
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise DidNotConverge(f"the walk ended with {status} and never came to {point}: {told}")
    acknowledged = dict(told)
    scene.clock.at += timedelta(seconds=int(acknowledged.pop("clock", 0)))
    return acknowledged


def _recover(scene: Scene, acknowledged: dict[str, str], *, variant: Variant, before: tuple[int, int]) -> Convergence:
    """The new process, a fork as well: this one stays as fresh as a process that has just been started."""

    def put_right(writing: int) -> None:
        began = scene.clock.at
        try:
            converged = _restart(scene, acknowledged)
            _check(scene, acknowledged, variant=variant, before=before)
            result = {"seconds": str(converged.seconds), "clock": converged.clock.total_seconds(), "wrong": ""}
        except Exception as error:  # whatever goes wrong is told to the one who waits
            wrong = str(error) if isinstance(error, DidNotConverge) else repr(error)
            result = {"seconds": "0", "clock": 0, "wrong": wrong}
        result["passed"] = (scene.clock.at - began).total_seconds()
        os.write(writing, f"{json.dumps(result)}\n".encode())

    told, status = _fork(put_right)
    if not told:
        raise DidNotConverge(f"the new process ended with {status} and said nothing")
    [result] = told
    scene.clock.at += timedelta(seconds=result["passed"])
    if result["wrong"]:
        raise DidNotConverge(result["wrong"])
    return Convergence(Decimal(result["seconds"]), timedelta(seconds=result["clock"]))


def _fork(work: Callable[[int], None]) -> tuple[list[Any], int]:
    """Have a fork with connections of its own do the work. Returns what it wrote, line by line, and how it ended."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told = [json.loads(line) for line in lines]
    _, status = os.waitpid(child, 0)
    return told, status


def _walk(point: str, scene: Scene, writing: int) -> None:
    """In the child: nothing after this but death, by its own hand or at the end of the walk."""
    try:
        began = scene.clock.at
        # Which of several events it is that the process dies with.
        settings.CRASH_AT = f"{point}:{1 + scene.round % 3}" if point.startswith("event_") else point

        def acknowledge(what: str, which: Any) -> None:
            passed = int((scene.clock.at - began).total_seconds())
            os.write(writing, f"{json.dumps([what, str(which)])}\n{json.dumps(['clock', passed])}\n".encode())

        scene.acknowledge = acknowledge
        WALKS.get(point, purchase)(scene)
    except BaseException as error:
        os.write(writing, f"{json.dumps(['error', repr(error)])}\n".encode())


def _restart(scene: Scene, acknowledged: dict[str, str]) -> Convergence:
    began, clock_began = time.monotonic(), scene.clock.at
    while True:
        schedule.run_due(at=scene.clock.at)
        while outbox.deliver_due(at=scene.clock.at):
            pass
        _somebody_comes_back(scene, acknowledged)
        if not (left := _left_to_do(scene)):
            return Convergence(Decimal(str(time.monotonic() - began)), scene.clock.at - clock_began)
        if scene.clock.at - clock_began > MOST_CLOCK or time.monotonic() - began > SECONDS_TO_CONVERGE:
            raise DidNotConverge(f"{left} after {scene.clock.at - clock_began} and {acknowledged}")
        scene.clock.at += STEP


def _somebody_comes_back(scene: Scene, acknowledged: dict[str, str]) -> None:
    """Every other shopper asks again for what was not answered, and Stripe again delivers what was not acknowledged.
    With the others nobody does anything, and the clock alone must do it."""
    if scene.round % 4 < 2 or (scene.round % 4 == 3 and "paid" in acknowledged):
        return
    scene.acknowledge = acknowledged.__setitem__
    try:
        if "paid" not in acknowledged:
            checkout = check_out(scene)
            scene.till.pay(checkout.payment)
            scene.acknowledge("paid", checkout.payment.gateway_id)
        checkout = Checkout.objects.select_related("payment").get(pk=acknowledged["checkout"])
        if "webhook" not in acknowledged:
            hear(scene, checkout)
        come_back(scene, checkout)
    except DomainError:
        return  # they ask again in a moment


def _left_to_do(scene: Scene) -> list[str]:
    """What is on its way: deliveries, refunds, money without a place. A checkout that may still be paid is not."""
    left = [str(each) for each in OutboxDelivery.objects.filter(delivered_at=None).select_related("event")]
    left += [f"refund {each.pk}" for each in Refund.objects.filter(status="requested")]
    left += [f"capture {each.pk}" for each in Capture.objects.filter(status="requested")]
    for checkout in Checkout.objects.filter(cart=scene.cart).select_related("payment"):
        payment = checkout.payment
        if payment.gateway_id and scene.till.intent(payment)["status"] == "succeeded" and checkout.order_id is None:
            left.append(f"paid checkout {checkout.pk} is {checkout.status}")
    return left


def _check(scene: Scene, acknowledged: dict[str, str], *, variant: Variant, before: tuple[int, int]) -> None:
    if missing := _missing(acknowledged):
        raise DidNotConverge(f"acknowledged and lost: {missing}")
    _let_the_time_be_over(scene)
    orders = list(Order.objects.filter(checkout_id__in=scene.cart.checkouts.values("pk")))
    if len(orders) > 1 or ("paid" in acknowledged and not orders):
        raise DidNotConverge(f"{len(orders)} orders, acknowledged: {acknowledged}")
    sold = StockMovement.objects.filter(kind="sale", reference__in=[order.number for order in orders])
    on_hand, reserved = _stock(variant)
    if (on_hand, reserved) != (before[0] - 2 * len(orders), 0) or sum(-each.quantity for each in sold) != 2 * len(
        orders
    ):
        raise DidNotConverge(f"{on_hand} on hand and {reserved} reserved after {before}, {len(orders)} orders")
    for checkout in Checkout.objects.filter(cart=scene.cart).select_related("payment"):
        _compare_with_the_gateway(scene, checkout)
    if missing := _invoices_missing(orders):
        raise DidNotConverge(f"paid and no invoice: {missing}")
    if findings := _findings():
        raise DidNotConverge("\n".join(findings))


def _invoices_missing(orders: list[Order]) -> list[str]:
    return [order.number for order in orders if order.payment_state != "authorised" and not order.invoices.exists()]


def _missing(acknowledged: dict[str, str]) -> list[str]:
    kept = {
        "checkout": Checkout.objects.filter(pk=acknowledged.get("checkout")),
        "order": Order.objects.filter(number=acknowledged.get("order")),
        "webhook": WebhookEvent.objects.filter(event_id=acknowledged.get("webhook")),
        "refund": Refund.objects.filter(pk=acknowledged.get("refund"), status="succeeded"),
        "capture": Capture.objects.filter(pk=acknowledged.get("capture"), status="succeeded"),
    }
    return [f"{what} {which}" for what, which in acknowledged.items() if what in kept and not kept[what].exists()]


def _let_the_time_be_over(scene: Scene) -> None:
    scene.clock.at += timedelta(seconds=settings.CHECKOUT_LIFETIME_SECONDS + 60)
    for _ in range(2):
        schedule.run_due(at=scene.clock.at)
        while outbox.deliver_due(at=scene.clock.at):
            pass
        scene.clock.at += timedelta(seconds=61)


def _compare_with_the_gateway(scene: Scene, checkout: Checkout) -> None:
    payment = checkout.payment
    if not payment.gateway_id:
        return
    intent = scene.till.intent(payment)
    with scene.till.store.transaction() as records:
        refunds = [each for each in records.newest("refund") if each["payment_intent"] == payment.gateway_id]
    there = intent["amount_received"] - sum(each["amount"] for each in refunds if each["status"] == "succeeded")
    here = sum(LedgerEntry.objects.filter(payment=payment).values_list("amount_minor", flat=True))
    if here != there:
        raise DidNotConverge(f"the books tell {here} of {payment.gateway_id}, the gateway {there}")
    if checkout.order_id is None and intent["status"] != "canceled":
        raise DidNotConverge(f"{payment.gateway_id} can still be paid: {intent['status']}")


def _stock(variant: Variant) -> tuple[int, int]:
    level = StockLevel.objects.get(variant=variant)
    return level.on_hand, level.reserved


def _findings() -> list[str]:
    named = StringIO()
    try:
        call_command("audit", stdout=StringIO(), stderr=named, no_color=True, skip_checks=True)
    except CommandError:
        return named.getvalue().splitlines()
    return []
