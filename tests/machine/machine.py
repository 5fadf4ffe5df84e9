"""A stateful machine: whatever happens to the shop, in whatever order, money and stock are as the model says.

An episode is some steps of shoppers, staff, Stripe and the clock, after which time passes and everybody does their
work. After every step stock and purchases are what the model says and the books never tell of money that is not there;
in the end every payment that succeeded has become an order or has gone back in full, the books are the sandbox's to the
cent, nothing waits and the audit finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any, ClassVar

from django.conf import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from commerce.checkout.models import Checkout
from commerce.kit.errors import DomainError
from commerce.orders.models import Condition, Order
from commerce.orders.states import OrderStatus
from commerce.payments.gateways import ForgedWebhook
from commerce.payments.models import LedgerEntry, Payment
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.machine.model import COMPLETED, EXPIRED, OPEN, REFUSED, Cart, Model, Purchase
from tests.machine.world import AUTHENTICATING_CARD, PRICES, STOCK, World
from tests.till import DECLINED_CARD, GOOD_CARD

PLACES = st.integers(0, 99)
"""Which of those that there are, counted round and round."""
LINES = st.dictionaries(st.integers(0, len(PRICES) - 1), st.integers(1, 3), min_size=1, max_size=2)
CARDS = st.sampled_from([GOOD_CARD, GOOD_CARD, GOOD_CARD, DECLINED_CARD, AUTHENTICATING_CARD])
PAUSES = st.sampled_from([timedelta(seconds=1), timedelta(seconds=61), timedelta(minutes=6), timedelta(minutes=31)])
BROKEN_CALLS = st.sampled_from(["POST /v1/payment_intents", "POST /v1/refunds", "POST */cancel", "GET *"])
REFUNDED_SHARES = [Fraction(1, 10_000), Fraction(1, 3), Fraction(2, 3), Fraction(1), Fraction(10_001, 10_000)]
BREAKAGES = st.sampled_from([FaultKind.LOSE_REPLY, FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT])
AWAY = "payment_gateway_unavailable"
SETTLED_WITHIN_MINUTES = 10


@dataclass
class Tally:
    """What was seen over all episodes of this process."""

    episodes: int = 0
    steps: int = 0
    orders: int = 0
    refunds: int = 0
    drift: int = 0


class ShopMachine(RuleBasedStateMachine):
    episode: ClassVar[Callable[[], AbstractContextManager[World]]]
    tally: ClassVar[Tally] = Tally()

    def __init__(self) -> None:
        super().__init__()
        self._block = type(self).episode()
        self.world = self._block.__enter__()
        self.model = Model(prices=list(PRICES), on_hand=list(STOCK), live=[True] * len(PRICES))
        self.steps = 0
        self.is_manual = False

    def teardown(self) -> None:
        try:
            self._settle()
            self.tally.episodes += 1
            self.tally.steps += self.steps
        finally:
            del settings.PAYMENT_CAPTURE
            self._block.__exit__(None, None, None)

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

    @rule(place=PLACES, which=st.integers(0, len(PRICES) - 1), quantity=st.integers(1, 3))
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
        payment = self.world.checkouts[place % len(self.model.purchases)].payment
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

    @rule(which=st.integers(0, len(PRICES) - 1), change=st.integers(-4, 4).filter(bool))
    def count_stock(self, which: int, change: int) -> None:
        expected = "stock_is_promised" if self.model.free(which) + change < 0 else ""
        if self._ask(lambda: self.world.change_stock(which, change), expected):
            self.model.on_hand[which] += change
        self._look()

    @rule(which=st.integers(0, len(PRICES) - 1), minor=st.integers(100, 13000))
    def change_a_price(self, which: int, minor: int) -> None:
        self.world.pass_time(timedelta(seconds=1))
        self.world.change_price(which, minor)
        self.model.prices[which] = minor
        self._look()

    @rule(which=st.integers(0, len(PRICES) - 1))
    def publish_or_unpublish(self, which: int) -> None:
        self.model.live[which] = not self.model.live[which]
        self.world.publish(which, live=self.model.live[which])
        self._look()

    @precondition(lambda self: self._sold())
    @rule(place=PLACES, share=st.sampled_from(REFUNDED_SHARES), times=st.integers(1, 2))
    def refund(self, place: int, share: Fraction, times: int) -> None:
        """Money without goods, of what has been taken."""
        purchase, order = self._sold_at(place)
        for _ in range(times):
            self._refund(purchase, order, ceil(purchase.due * share))
        self._look()

    def _refund(self, purchase: Purchase, order: Order, minor: int) -> None:
        if purchase.is_cancelled:
            expected = "order_not_refundable"
        elif purchase.given_back + minor > purchase.due:
            expected = "order_refund_too_large"
        else:
            is_last = purchase.given_back + minor == purchase.due
            expected = "goods_not_sent" if is_last and not purchase.is_sent else ""
        if self._has_been_taken(order) and self._ask(lambda: self.world.refund(order, minor), expected):
            purchase.given_back += minor

    @precondition(lambda self: self._sold())
    @rule(place=PLACES, by_customer=st.booleans())
    def cancel(self, place: int, by_customer: bool) -> None:
        purchase, order = self._sold_at(place)
        is_over = purchase.is_sent or purchase.is_cancelled
        is_being_taken = purchase.is_captured and not self._has_been_taken(order)
        expected = "order_not_cancellable" if is_over else "payment_not_cancellable" if is_being_taken else ""
        if self._ask(lambda: self.world.cancel(order, by_customer=by_customer), expected):
            self.model.call_off(purchase)
        self._look()

    @precondition(lambda self: self._sold())
    @rule(place=PLACES)
    def send(self, place: int) -> None:
        purchase, order = self._sold_at(place)
        # An order that was sent ends when all of its money has arrived with the shopper.
        is_over = purchase.is_cancelled or order.status == OrderStatus.REFUNDED
        assert not is_over or purchase.is_cancelled or purchase.given_back == purchase.due
        expected = "order_not_packable" if is_over else "nothing_to_pack" if purchase.is_sent else ""
        if self._ask(lambda: self.world.send(order), expected):
            purchase.is_sent = True
        self._look()

    @precondition(lambda self: any(each.is_sent for each in self.model.purchases))
    @rule(place=PLACES, quantity=st.integers(1, 2), condition=st.sampled_from(list(Condition)))
    def send_back(self, place: int, quantity: int, condition: Condition) -> None:
        """What a unit is worth is known while no other money has gone back; never does more go back than came."""
        purchase, order = self._sold_at(place, lambda each: each.is_sent)
        which = min(purchase.lines)
        left = purchase.lines[which] - purchase.returned.get(which, 0)
        if not self._has_been_taken(order):
            return
        refusal = _refusal(lambda: self.world.send_back(order, which, quantity, condition))
        order.refresh_from_db()
        if quantity > left:
            assert refusal == "return_exceeds_sent", refusal
        elif not refusal:
            purchase.returned[which] = purchase.returned.get(which, 0) + quantity
            purchase.given_back = order.refunded.minor
            if condition == Condition.RESTOCK:
                self.model.take_back(which, quantity)
        else:
            assert refusal == "order_refund_too_large", refusal
        assert purchase.given_back == order.refunded.minor <= purchase.due
        self._look()

    @precondition(lambda self: self._sold() and self.is_manual)
    @rule(place=PLACES)
    def capture(self, place: int) -> None:
        purchase, order = self._sold_at(place)
        expected = "capture_refused" if purchase.is_captured or purchase.is_cancelled else ""
        payment = Payment.objects.get(pk=order.payment_id)
        if self._ask(lambda: self.world.capture(payment, None), expected):
            purchase.is_captured = True
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

    def _sold(self, which: Callable[[Purchase], bool] = lambda each: True) -> list[int]:
        purchases = enumerate(self.model.purchases)
        return [number for number, each in purchases if each.status == COMPLETED and which(each)]

    def _sold_at(self, place: int, which: Callable[[Purchase], bool] = lambda each: True) -> tuple[Purchase, Order]:
        sold = self._sold(which)
        number = sold[place % len(sold)]
        return self.model.purchases[number], Order.objects.get(checkout_id=self.world.checkouts[number].pk)

    def _has_been_taken(self, order: Order) -> bool:
        return LedgerEntry.objects.filter(payment=order.payment_id, kind=LedgerEntry.Kind.CAPTURE).exists()

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
        assert _refusal(lambda: self.world.check_out(self.world.carts[number])) in {"", AWAY}
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
        refusal = _refusal(lambda: self.world.come_back(self.world.checkouts[number]))
        assert refusal in {"", AWAY, "payment_required", "checkout_expired", "payment_refunded"}, refusal
        self._follow()
        if refusal in {"", "payment_required"}:
            self.model.purchases[number].extend(at=self.world.at)

    def _ask(self, action: Callable[[], Any], expected: str) -> bool:
        """Whether the shop did it. It refuses what the model refuses, for the same reason."""
        refusal = _refusal(action)
        assert refusal == expected, f"refused with {refusal!r}, expected {expected!r}"
        return not refusal

    # What always holds

    def _look(self) -> None:
        self.steps += 1
        self._follow()
        assert self.world.levels() == self.model.levels()
        intents, ledger = self.world.intents(), self.world.ledger()
        for intent, minor in ledger.items():
            there = intents[intent]
            assert there.received - there.refunded <= minor <= there.received, f"the books tell {minor} of {there}"

    def _follow(self) -> None:
        """Take over what became of the purchases, each step of which must have a reason."""
        found = dict(Checkout.objects.values_list("pk", "status"))
        now = [found[checkout.pk] for checkout in self.world.checkouts]
        moved = [(each, to) for each, to in zip(self.model.purchases, now, strict=True) if each.status != to]
        was_short = {id(each): each.status != OPEN and self.model.lacks(each) for each, _ in moved}
        for before in (OPEN, EXPIRED):
            for purchase, _ in [each for each in moved if each[1] == COMPLETED and each[0].status == before]:
                self._sell(purchase)
        for purchase, to in moved:
            if to == EXPIRED:
                assert purchase.expires_at <= self.world.at or purchase.cart.is_closed, "ended before its time"
                purchase.status = EXPIRED
        for purchase, to in moved:
            if to == REFUSED:
                is_gone = was_short[id(purchase)] or self.model.lacks(purchase)
                assert purchase.cart.is_closed or is_gone, "refused although it could have been an order"
                purchase.status = REFUSED

    def _sell(self, purchase: Purchase) -> None:
        number = next(place for place, each in enumerate(self.model.purchases) if each is purchase)
        checkout = Checkout.objects.select_related("order", "payment").get(pk=self.world.checkouts[number].pk)
        intent = self.world.intents()[checkout.payment.gateway_id]
        assert not purchase.cart.is_closed, "one cart was sold twice"
        secured = ("requires_capture", 0) if purchase.is_manual else ("succeeded", purchase.due)
        assert (intent.status, intent.received) == secured, "an order without its money"
        assert checkout.order.total_minor == purchase.due, "another total than was frozen"
        sold = {line.variant_id: line.quantity for line in checkout.order.lines.all()}
        assert sold == {self.world.variants[which].pk: units for which, units in purchase.lines.items()}
        self.model.sell(purchase)
        self.tally.orders += 1

    # The end of an episode

    def _settle(self) -> None:
        """Time passes, nobody does anything any more, and the machines put everything in order. What was broken at
        the gateway works again, for of an outage that goes on nothing can be said."""
        self.world.mend_everything()
        for _ in range(SETTLED_WITHIN_MINUTES):
            if not self._money_without_a_place():
                break
            self._pass_a_minute()
        homeless = self._money_without_a_place()
        assert not homeless, f"paid, and neither order nor refund after ten minutes: {homeless}"
        self.world.pass_time(timedelta(minutes=31))
        for _ in range(SETTLED_WITHIN_MINUTES):
            self._pass_a_minute()
            if not self.world.waiting_deliveries():
                break
        assert self.world.waiting_deliveries() == []
        assert all(reserved == 0 for _, reserved in self.world.levels().values())
        drift = self.world.drift()
        self.tally.drift += drift
        assert drift == 0, f"the books are {drift} minor units away from the gateway's"
        assert self.world.findings() == []
        self._every_purchase_has_ended()

    def _pass_a_minute(self) -> None:
        self.world.pass_time(timedelta(seconds=61))
        self.world.work_until_quiet()
        self._look()

    def _money_without_a_place(self) -> list[str]:
        became = {checkout.payment.gateway_id: (checkout, purchase) for checkout, purchase in self._pairs()}
        found = []
        for intent in self.world.intents().values():
            if intent.status in {"succeeded", "requires_capture"}:
                checkout, purchase = became[intent.id]
                if purchase.status != COMPLETED and not 0 < intent.received == intent.refunded:
                    found.append(f"{intent} of a payment that is {checkout.payment.status} and {purchase}")
        return found

    def _pairs(self) -> list[tuple[Checkout, Purchase]]:
        fresh = Checkout.objects.select_related("payment").in_bulk([each.pk for each in self.world.checkouts])
        checkouts = [fresh[each.pk] for each in self.world.checkouts]
        return list(zip(checkouts, self.model.purchases, strict=True))

    def _every_purchase_has_ended(self) -> None:
        intents = self.world.intents()
        sold = [each for each in self.model.purchases if each.status == COMPLETED]
        assert Order.objects.count() == len(sold)
        for checkout, purchase in self._pairs():
            assert purchase.status != OPEN
            if not checkout.payment.gateway_id:
                assert purchase.status == EXPIRED
                continue
            intent = intents[checkout.payment.gateway_id]
            if purchase.status == COMPLETED:
                received = purchase.due if purchase.is_captured or not purchase.is_manual else 0
                assert (intent.received, intent.refunded) == (received, purchase.given_back)
                self.tally.refunds += bool(purchase.given_back)
            elif purchase.status == REFUSED and not purchase.is_manual:
                assert intent.received == intent.refunded == purchase.due
                self.tally.refunds += 1
            else:
                assert intent.status == "canceled", "somebody could still pay for what is over"


def _refusal(action: Callable[[], Any]) -> str:
    try:
        action()
    except DomainError as refusal:
        return refusal.code
    return ""
