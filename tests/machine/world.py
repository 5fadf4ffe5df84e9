"""The shop, its sandbox and its clock, and all that people and machines can do to them in one episode.

Everything happens through the shop's own services, at the instant that the world's clock shows. Nothing waits.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.test import override_settings
from wagtail.models import Locale

from cms.catalogue.models import ProductContent, Variant
from commerce.cart import filling
from commerce.cart.models import Cart
from commerce.checkout import completing, starting
from commerce.checkout.amending import amend
from commerce.checkout.collecting import collect
from commerce.checkout.models import Checkout
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockLevel, StockMovement
from commerce.kit import outbox, schedule
from commerce.kit.errors import DomainError
from commerce.kit.models import OutboxDelivery
from commerce.kit.money import Money
from commerce.orders import fulfilling, returning
from commerce.orders.cancelling import cancel
from commerce.orders.capturing import capture
from commerce.orders.models import Condition, Order, OrderPayment, ReturnReason
from commerce.orders.refunding import refund
from commerce.payments import webhooks
from commerce.payments.breaker import CircuitBreaker
from commerce.payments.gateways import payment_gateway
from commerce.payments.models import LedgerEntry, Payment, Refund
from commerce.payments.stripe.sandbox.deliveries import signed
from commerce.payments.stripe.sandbox.faults import FaultKind
from commerce.payments.stripe.sandbox.machine import Reply
from commerce.pricing.setting import change_price
from tests.factories import Shop, open_shop
from tests.till import Till

OPENING = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PRICES = (1999, 4550, 12000)
STOCK = (3, 6, 12)
AUTHENTICATING_CARD = "4000002760003184"


@dataclass
class Clock:
    """What every edge of the shop takes for the time."""

    at: datetime = OPENING

    def __call__(self) -> datetime:
        return self.at

    def nanoseconds(self) -> int:
        return (self.at - OPENING) // timedelta(microseconds=1) * 1000


@dataclass(frozen=True, slots=True)
class Intent:
    """One payment intent as the sandbox has it, with all that was given back."""

    id: str
    status: str
    received: int
    refunded: int


@dataclass
class Books:
    """An order as the shop has it, in minor units."""

    status: str
    payment_state: str
    total: int
    granted: int
    payments: list[Payment] = field(default_factory=list)
    """The first one, then the differences."""
    back: int = 0
    """What of them was given back, or is on its way."""


@dataclass
class World:
    shop: Shop
    variants: list[Variant]
    till: Till
    clock: Clock
    carts: list[Cart] = field(default_factory=list)
    checkouts: list[Checkout] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return self.clock.at

    # What shoppers do.

    def fill_cart(self) -> Cart:
        cart = self.shop.cart(created_at=self.at, updated_at=self.at)
        self.carts.append(cart)
        return cart

    def add_line(self, cart: Cart, which: int, quantity: int) -> None:
        filling.add_line(cart_id=cart.pk, variant_id=self.variants[which].pk, quantity=quantity, at=self.at)

    def remove_line(self, cart: Cart, which: int) -> None:
        line = cart.lines.get(variant=self.variants[which])
        filling.remove_line(cart_id=cart.pk, line_id=line.pk, at=self.at)

    def check_out(self, cart: Cart) -> Checkout:
        return starting.start(cart_id=cart.pk, locale=Locale.get_default(), at=self.at)

    def pay(self, payment: Payment, card: str) -> None:
        self.till.pay(payment, card)

    def authenticate(self, payment: Payment, *, outcome: str) -> None:
        params = {"client_secret": payment.client_secret, "outcome": outcome}
        key = settings.STRIPE_PUBLISHABLE_KEY
        self.till.send("POST", f"/_sandbox/authentications/{payment.gateway_id}", params, key=key)

    def collect(self, order: Order) -> Payment | None:
        """The shopper opens the page on which a difference is paid."""
        return collect(order=order, actor="shopper", at=self.at)

    def come_back(self, checkout: Checkout) -> Checkout:
        return completing.finish(checkout_id=checkout.pk, actor="shopper", at=self.at)

    # What Stripe does.

    def events(self) -> list[dict[str, Any]]:
        """Oldest first."""
        with self.till.store.transaction() as records:
            return list(records.newest("event"))[::-1]

    def receive_webhook(self, event: dict[str, Any], *, signed_at: datetime) -> None:
        body, signature = signed(event, secret=settings.STRIPE_WEBHOOK_SECRET, at=signed_at)
        webhooks.receive(body=body, signature=signature, at=self.at)

    def break_next(self, kind: FaultKind, match: str) -> None:
        self.till.provoke(kind, match=match)

    @contextmanager
    def till_away(self) -> Iterator[None]:
        """Whoever asks the gateway meanwhile hears nothing."""
        with mock.patch.object(self.till.machine, "answer", side_effect=lambda **asked: Reply(429, {"error": {}})):
            yield

    def mend_everything(self) -> None:
        with self.till.store.transaction() as records:
            for fault in list(records.newest("fault")):
                records.discard("fault", fault["id"])

    def intents(self) -> dict[str, Intent]:
        with self.till.store.transaction() as records:
            intents = list(records.newest("payment_intent"))
            refunds = list(records.newest("refund"))
        back: Counter[str] = Counter()
        for each in refunds:
            if each["status"] not in {"failed", "canceled"}:
                back[each["payment_intent"]] += each["amount"]
        return {
            each["id"]: Intent(each["id"], each["status"], each["amount_received"], back[each["id"]])
            for each in intents
        }

    # What staff do.

    def change_stock(self, which: int, change: int) -> None:
        adjust(
            variant=self.variants[which],
            location=self.shop.warehouse,
            change=change,
            kind=StockMovement.Kind.ADJUSTMENT,
            actor="staff",
            reason="Counted",
            at=self.at,
        )

    def change_price(self, which: int, minor: int) -> None:
        amount = Money(minor, self.shop.market.currency)
        change_price(variant=self.variants[which], price_list=self.shop.prices, amount=amount, at=self.at)

    def publish(self, which: int, *, live: bool) -> None:
        ProductContent.objects.filter(product=self.variants[which].product_id).update(live=live)

    def edit(self, order: Order, quantities: dict[int, int], added: dict[int, int]) -> None:
        def named(units: dict[int, int]) -> dict[UUID, int]:
            return {self.variants[which].pk: many for which, many in units.items()}

        wanted = {"quantities": named(quantities), "added": named(added)}
        amend(order=order, **wanted, reason="They called", actor="staff", at=self.at)

    def refund(self, order: Order, minor: int) -> None:
        """Money without goods."""
        amount = Money(minor, order.currency)
        refund(order=order, lines={}, other=amount, reason="Goodwill", restock=False, actor="staff", at=self.at)

    def cancel(self, order: Order, *, by_customer: bool) -> None:
        cancel(order=order, reason="Called off", by_customer=by_customer, actor="somebody", at=self.at)

    def send(self, order: Order, *, although_unpaid: bool) -> None:
        how: Any = {"although_unpaid": although_unpaid, "actor": "staff", "at": self.at}
        fulfilling.ship(fulfilment=fulfilling.pack(order=order, **how), **how)

    def send_back(self, order: Order, which: int, quantity: int, condition: Condition) -> None:
        """A return from the first word to the money."""
        line = order.lines.get(variant=self.variants[which])
        asked = [returning.Asked(line, quantity, ReturnReason.UNWANTED)]
        parent = returning.request(order=order, asked=asked, actor="shopper", at=self.at)
        returning.approve(parent=parent, actor="staff", at=self.at)
        came = {parent.lines.get(): returning.Came(quantity, condition)}
        try:
            returning.receive(parent=parent, came=came, actor="staff", at=self.at)
        except DomainError:
            returning.close(parent=parent, reason="Cannot be settled", actor="staff", at=self.at)
            raise

    def capture(self, payment: Payment) -> None:
        capture(payment=payment, amount=None, reason="The goods leave", actor="staff", at=self.at)

    # What machines do.

    def pass_time(self, time: timedelta) -> None:
        self.clock.at += time

    def work(self, limit: int = 100) -> int:
        return outbox.deliver_due(at=self.at, limit=limit)

    def run_jobs(self) -> None:
        schedule.run_due(at=self.at)

    def work_until_quiet(self) -> None:
        self.run_jobs()
        while self.work():
            pass

    # What can be seen.

    def levels(self) -> dict[int, tuple[int, int]]:
        rows = StockLevel.objects.values_list("variant_id", "on_hand", "reserved")
        by_variant = {variant: (on_hand, reserved) for variant, on_hand, reserved in rows}
        return {which: by_variant[variant.pk] for which, variant in enumerate(self.variants)}

    def payments_of(self, order: Order) -> list[Payment]:
        return self.books()[order.checkout_id].payments

    def payments(self) -> list[Payment]:
        """Those of all checkouts, then the differences of all orders."""
        fresh = Payment.objects.in_bulk([checkout.payment_id for checkout in self.checkouts])
        first, books = [fresh[checkout.payment_id] for checkout in self.checkouts], self.books()
        orders = [books[checkout.pk] for checkout in self.checkouts if checkout.pk in books]
        return first + [payment for order in orders for payment in order.payments[1:]]

    def books(self) -> dict[UUID, Books]:
        """How the shop believes its orders to stand, by checkout."""
        back = dict(Refund.objects.order_by().values_list("payment").annotate(Sum("amount_minor")))
        found: dict[UUID, Books] = {}
        for link in OrderPayment.objects.select_related("order", "payment").order_by("id"):
            order = link.order
            books = Books(order.status, order.payment_state, order.total_minor, order.refunded_minor)
            books = found.setdefault(order.checkout_id, books)
            books.payments.append(link.payment)
            books.back += back.get(link.payment_id, 0)
        return found

    def ledger(self) -> dict[str, int]:
        """What the shop believes to have, in minor units, by intent."""
        sums: Counter[str] = Counter()
        for intent, minor in LedgerEntry.objects.values_list("payment__gateway_id", "amount_minor"):
            sums[intent] += minor
        return sums

    def drift(self) -> int:
        """By how many minor units the shop's books and the gateway's differ, over all payments."""
        ledger = self.ledger()
        return sum(abs(each.received - each.refunded - ledger.get(each.id, 0)) for each in self.intents().values())

    def findings(self) -> list[str]:
        """What `manage.py audit` names."""
        named = StringIO()
        try:
            call_command("audit", stdout=StringIO(), stderr=named, no_color=True, skip_checks=True)
        except CommandError:
            return named.getvalue().splitlines() or ["the audit fails and names nothing"]
        return []

    def waiting_deliveries(self) -> list[str]:
        left = OutboxDelivery.objects.filter(delivered_at=None).select_related("event")
        return [f"{each} ({each.event.name}): {each.last_error}" for each in left]


@contextmanager
def episodes(folder: Path) -> Iterator[Callable[[], Any]]:
    """A shop that is opened once; each call of what this yields begins an episode in it, and leaves no trace after.

    The caller has a database at hand. Everything is rolled back in the end.
    """
    clock = Clock()
    with (
        mock.patch("commerce.kit.clock.now", clock),
        mock.patch("commerce.payments.gateways.CircuitBreaker", partial(CircuitBreaker, nanoseconds=clock.nanoseconds)),
        override_settings(PAYMENT_GATEWAY="tests.till.current_gateway"),
    ):
        payment_gateway.cache_clear()
        # Every breakage is logged where it is caught; thousands of them would hide the one that matters.
        logging.disable(logging.CRITICAL)
        till = Till.open(folder / "stripe-sandbox.sqlite3")
        try:
            with _rolled_back():
                shop = open_shop()
                stocked = zip(PRICES, STOCK, strict=True)
                variants = [shop.sell(price=price, stock=stock) for price, stock in stocked]

                @contextmanager
                def episode() -> Iterator[World]:
                    clock.at = OPENING
                    cache.clear()
                    payment_gateway.cache_clear()
                    with till.store.transaction() as records:
                        records.erase()
                    with _rolled_back():
                        yield World(shop=shop, variants=variants, till=till, clock=clock)

                yield episode
        finally:
            logging.disable(logging.NOTSET)
            till.close()
            payment_gateway.cache_clear()


@contextmanager
def _rolled_back() -> Iterator[None]:
    """As a test case's own transaction, which the shop's code does not take for one of its own."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)
