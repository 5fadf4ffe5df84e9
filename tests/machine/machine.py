"""A stateful machine: whatever happens to the shop, in whatever order, money and stock are as the model says.

An episode is some steps of shoppers, staff, Stripe and the clock, after which time passes and everybody does their
work. After every step stock and purchases are what the model says and the books never tell of money that is not there;
in the end every payment that succeeded has become an order or has gone back in full, the books are the sandbox's to the
cent, nothing waits and the audit finds nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from commerce.checkout.models import Checkout
from commerce.payments.gateways import ForgedWebhook
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.machine.model import OPEN, Cart
from tests.machine.order_desk import OrderDesk
from tests.machine.truths import AWAY, CARDS, PLACES, VARIANTS, refusal_of
from tests.till import GOOD_CARD

LINES = st.dictionaries(VARIANTS, st.integers(1, 3), min_size=1, max_size=2)
PAUSES = st.sampled_from([timedelta(seconds=1), timedelta(seconds=61), timedelta(minutes=6), timedelta(minutes=31)])
BROKEN_CALLS = st.sampled_from(["POST /v1/payment_intents", "POST /v1/refunds", "POST */cancel", "GET *"])
BREAKAGES = st.sampled_from([FaultKind.LOSE_REPLY, FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT])


class ShopMachine(OrderDesk):
    # Shoppers

    @initialize(lines=LINES, card=CARDS, comes_back=st.booleans(), is_manual=st.booleans())
    def first_purchase(self, lines: dict[int, int], card: str, comes_back: bool, is_manual: bool) -> None:
        """Some shops take the money at once, others when the goods leave."""
        self.is_manual = is_manual
        settings.PAYMENT_CAPTURE = "manual" if is_manual else "automatic"
        self.buy(lines, card, comes_back)

    @rule(lines=LINES)
    def fill_a_cart(self, lines: dict[int, int]) -> None:
        cart = Cart()
        self.world.fill_cart()
        self.model.carts.append(cart)
        for which, quantity in lines.items():
            self._add(len(self.model.carts) - 1, which, quantity)

    @rule(place=PLACES, which=VARIANTS, quantity=st.integers(1, 3))
    def put_more_into_a_cart(self, place: int, which: int, quantity: int) -> None:
        self._add(place % len(self.model.carts), which, quantity)
        self._look()

    @rule(place=PLACES)
    def take_a_line_out(self, place: int) -> None:
        number = place % len(self.model.carts)
        cart = self.model.carts[number]
        if cart.lines and not cart.is_closed:
            which = min(cart.lines)
            self.world.remove_line(self.world.carts[number], which)
            del cart.lines[which]
        self._look()

    @rule(place=PLACES)
    def check_out(self, place: int) -> None:
        self._check_out(place % len(self.model.carts))
        self._look()

    @rule(lines=LINES, card=CARDS, comes_back=st.booleans())
    def buy(self, lines: dict[int, int], card: str, comes_back: bool) -> None:
        """A whole purchase in one go, so that episodes get somewhere."""
        self.fill_a_cart(lines)
        number = self._check_out(len(self.model.carts) - 1)
        if number is not None:
            self._pay(number, card)
            if comes_back:
                self._come_back(number)
        self._look()

    @precondition(lambda self: self.model.purchases)
    @rule(place=PLACES, card=CARDS)
    def pay(self, place: int, card: str) -> None:
        self._pay(place % len(self.model.purchases), card)
        self._look()

    @rule(place=PLACES, minor=st.integers(100, 13000), old_first=st.booleans())
    def pay_in_two_tabs(self, place: int, minor: int, old_first: bool) -> None:
        """The price changes, the cart is checked out anew, and the shopper pays here and there."""
        number = place % len(self.model.carts)
        old = self._check_out(number)
        if old is not None:
            self.change_a_price(min(self.model.carts[number].lines), minor)
            new = self._check_out(number)
            for each in (old, new) if old_first else (new, old):
                self._pay(each, GOOD_CARD)
        self._look()

    @precondition(lambda self: self.model.purchases)
    @rule(place=PLACES, outcome=st.sampled_from(["succeeded", "failed"]))
    def answer_the_bank(self, place: int, outcome: str) -> None:
        payments = self.world.payments()
        payment = payments[place % len(payments)]
        if payment.client_secret:
            self.world.authenticate(payment, outcome=outcome)
        self._look()

    @precondition(lambda self: self.model.purchases)
    @rule(place=PLACES)
    def come_back(self, place: int) -> None:
        self._come_back(place % len(self.model.purchases))
        self._look()

    # Stripe

    @rule(place=PLACES, times=st.integers(1, 3))
    def deliver_a_webhook(self, place: int, times: int) -> None:
        """Any event that ever was: late, out of order, several times. Those that are never chosen are lost."""
        if events := self.world.events():
            for _ in range(times):
                self.world.receive_webhook(events[-1 - place % len(events)], signed_at=self.world.at)
        self._look()

    @rule(place=PLACES, minutes=st.sampled_from([-6, 6]))
    def deliver_a_webhook_of_another_time(self, place: int, minutes: int) -> None:
        """A replayed signature or a wrong clock: refused, and nothing is kept of it."""
        if events := self.world.events():
            event = events[-1 - place % len(events)]
            try:
                self.world.receive_webhook(event, signed_at=self.world.at + timedelta(minutes=minutes))
            except ForgedWebhook:
                pass
            else:
                raise AssertionError("a stale signature was believed")
        self._look()

    @rule(kind=BREAKAGES, match=BROKEN_CALLS, times=st.integers(1, 4))
    def break_the_next_calls(self, kind: FaultKind, match: str, times: int) -> None:
        for _ in range(times):
            self.world.break_next(kind, match)

    # Staff

    @rule(which=VARIANTS, change=st.integers(-4, 4).filter(bool))
    def count_stock(self, which: int, change: int) -> None:
        expected = "stock_is_promised" if self.model.free(which) + change < 0 else ""
        if self._ask(lambda: self.world.change_stock(which, change), expected):
            self.model.on_hand[which] += change
        self._look()

    @rule(which=VARIANTS, minor=st.integers(100, 13000))
    def change_a_price(self, which: int, minor: int) -> None:
        self.world.pass_time(timedelta(seconds=1))
        self.world.change_price(which, minor)
        self.model.prices[which] = minor
        self._look()

    @rule(which=VARIANTS)
    def publish_or_unpublish(self, which: int) -> None:
        self.model.live[which] = not self.model.live[which]
        self.world.publish(which, live=self.model.live[which])
        self._look()

    # Machines

    @rule(limit=st.integers(1, 10))
    def work(self, limit: int) -> None:
        self.world.work(limit)
        self._look()

    @rule(pause=PAUSES)
    def wait(self, pause: timedelta) -> None:
        self.world.pass_time(pause)

    @rule(pause=PAUSES)
    def let_the_clock_strike(self, pause: timedelta) -> None:
        self.world.pass_time(pause)
        self.world.run_jobs()
        self._look()

    # What the steps are made of

    def _add(self, number: int, which: int, quantity: int) -> None:
        cart = self.model.carts[number]
        expected = self.model.why_not_add(cart, which, quantity)
        if self._ask(lambda: self.world.add_line(self.world.carts[number], which, quantity), expected):
            cart.lines[which] = cart.lines.get(which, 0) + quantity

    def _check_out(self, number: int) -> int | None:
        """The number of the purchase, if there is one now."""
        cart = self.model.carts[number]
        if expected := self.model.why_not_check_out(cart):
            self._ask(lambda: self.world.check_out(self.world.carts[number]), expected)
            return None
        purchase, is_new = self.model.check_out(cart, is_manual=self.is_manual, at=self.world.at)
        # The gateway may be away: the checkout stands all the same, and asking again gives it.
        refusal = refusal_of(lambda: self.world.check_out(self.world.carts[number]))
        assert refusal in {"", AWAY}, refusal
        checkout = Checkout.objects.get(cart=self.world.carts[number], status=OPEN)
        if is_new:
            self.world.checkouts.append(checkout)
        place = next(place for place, each in enumerate(self.model.purchases) if each is purchase)
        assert self.world.checkouts[place].pk == checkout.pk, "the shopper got another checkout than the one there was"
        assert checkout.due_minor == purchase.due
        return place

    def _pay(self, number: int, card: str) -> None:
        payment = self.world.checkouts[number].payment
        payment.refresh_from_db()
        if payment.client_secret:
            self.world.pay(payment, card)

    def _come_back(self, number: int) -> None:
        refusal = refusal_of(lambda: self.world.come_back(self.world.checkouts[number]))
        assert refusal in {"", AWAY, "payment_required", "checkout_expired", "payment_refunded"}, refusal
        self._follow()
        if refusal in {"", "payment_required"}:
            self.model.purchases[number].extend(at=self.world.at)
