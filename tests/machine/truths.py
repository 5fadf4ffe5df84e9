"""What always holds in the shop, and how an episode ends, whatever was done in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from commerce.checkout.models import Checkout
from commerce.kit.errors import DomainError
from commerce.orders.models import Order
from commerce.orders.states import OrderStatus
from commerce.payments.models import Payment
from commerce.payments.states import PaymentStatus
from tests.machine.model import COMPLETED, EXPIRED, OPEN, REFUSED, Model, Purchase
from tests.machine.sale import AUTHORISED, AWAITED, ENDED, TAKEN, Charge, Sale
from tests.machine.world import AUTHENTICATING_CARD, PRICES, STOCK, Books, Intent, World
from tests.till import DECLINED_CARD, GOOD_CARD

PLACES = st.integers(0, 99)
"""Which of those that there are, counted round and round."""
VARIANTS = st.integers(0, len(PRICES) - 1)
CARDS = st.sampled_from([GOOD_CARD, GOOD_CARD, GOOD_CARD, DECLINED_CARD, AUTHENTICATING_CARD])
AWAY = "payment_gateway_unavailable"
HOW_IT_STANDS = {
    PaymentStatus.OPENING: AWAITED,
    PaymentStatus.OPEN: AWAITED,
    PaymentStatus.AUTHORISED: AUTHORISED,
    PaymentStatus.SUCCEEDED: TAKEN,
    PaymentStatus.CANCELLED: ENDED,
}
SETTLED_WITHIN_MINUTES = 10


@dataclass
class Tally:
    """What was seen over all episodes of this process."""

    episodes: int = 0
    steps: int = 0
    orders: int = 0
    refunds: int = 0
    drift: int = 0


class Truths(RuleBasedStateMachine):
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

    def _sales(self) -> list[Sale]:
        return [purchase.sale for purchase in self.model.purchases if purchase.sale]

    def _sale_at(self, place: int, which: Callable[[Sale], bool] = lambda each: True) -> tuple[Sale, Order]:
        pairs = zip(self.model.purchases, self.world.checkouts, strict=True)
        sold = [(each.sale, checkout) for each, checkout in pairs if each.sale and which(each.sale)]
        sale, checkout = sold[place % len(sold)]
        return sale, Order.objects.get(checkout_id=checkout.pk)

    def _ask(self, action: Callable[[], Any], expected: str) -> bool:
        """Whether the shop did it. It refuses what the model refuses, for the same reason."""
        refusal = refusal_of(action)
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
        if self._sales():
            self._follow_sales()

    def _follow_sales(self) -> None:
        books, intents = self.world.books(), self.world.intents()
        for checkout, purchase in zip(self.world.checkouts, self.model.purchases, strict=True):
            if sale := purchase.sale:
                self._follow_sale(sale, books[checkout.pk], intents)

    def _follow_sale(self, sale: Sale, books: Books, intents: dict[str, Intent]) -> None:
        """What was paid, and when machines see to what follows from it, is theirs; what follows is not."""
        assert [each.amount.minor for each in books.payments] == [each.asked for each in sale.charges]
        for charge, payment in zip(sale.charges, books.payments, strict=True):
            self._follow_charge(charge, payment, intents)
        assert sale.back <= books.back <= sale.back + sale.surplus, f"{books.back} goes back of {sale}"
        sale.back = books.back
        for charge, payment in zip(sale.charges, books.payments, strict=True):
            if bool(payment.cancel_requested_at) and not charge.is_called_off:
                assert not sale.owed, f"called off although it is owed: {charge} of {sale}"
                charge.is_called_off = True
            is_over = payment.status == PaymentStatus.CANCELLED or bool(payment.cancel_requested_at)
            assert is_over == charge.is_called_off, f"{payment} is {charge} of {sale}"
        if books.status == OrderStatus.REFUNDED and not sale.is_refunded:
            assert 0 < sale.came == sale.back, f"refunded although something is left: {sale}"
            sale.is_refunded = True
        if books.status == OrderStatus.CANCELLED and not sale.is_cancelled:
            assert (sale.left, sale.came) == (0, 0), f"cancelled by nobody: {sale}"
            self.model.call_off(sale)
        assert (books.total, books.granted) == (sale.total, sale.granted)

    def _follow_charge(self, charge: Charge, payment: Payment, intents: dict[str, Intent]) -> None:
        now = HOW_IT_STANDS[PaymentStatus(payment.status)]
        if now == TAKEN and charge.status != TAKEN:
            charge.taken = charge.being_captured if self.is_manual else charge.asked
            assert intents[payment.gateway_id].received == charge.taken, "the gateway took another amount"
        if now == AUTHORISED and charge.status != AUTHORISED:
            assert self.is_manual, "authorised in a shop that takes the money at once"
        charge.status = now

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
        """Paid or authorised, and neither of an order that is to have it nor given back."""
        found = [f"{sale.surplus} too much of {sale}" for sale in self._sales() if sale.surplus]
        became = {checkout.payment.gateway_id: (checkout, purchase) for checkout, purchase in self._pairs()}
        charges = self._charges()
        for intent in self.world.intents().values():
            if intent.status not in {"succeeded", "requires_capture"}:
                continue
            if charge := charges.get(intent.id):
                if charge.status == AWAITED or (charge.is_called_off and intent.status == "requires_capture"):
                    found.append(f"{intent} of {charge}")
                continue
            checkout, purchase = became[intent.id]
            if not 0 < intent.received == intent.refunded:
                found.append(f"{intent} of a payment that is {checkout.payment.status} and {purchase}")
        return found

    def _charges(self) -> dict[str, Charge]:
        """By the id that their payment has at the gateway, of those that have one."""
        books, charges = self.world.books(), {}
        for checkout, purchase in zip(self.world.checkouts, self.model.purchases, strict=True):
            if purchase.sale:
                paid_by = zip(books[checkout.pk].payments, purchase.sale.charges, strict=True)
                charges |= {payment.gateway_id: charge for payment, charge in paid_by if payment.gateway_id}
        return charges

    def _pairs(self) -> list[tuple[Checkout, Purchase]]:
        fresh = Checkout.objects.select_related("payment").in_bulk([each.pk for each in self.world.checkouts])
        checkouts = [fresh[each.pk] for each in self.world.checkouts]
        return list(zip(checkouts, self.model.purchases, strict=True))

    def _every_purchase_has_ended(self) -> None:
        intents, books = self.world.intents(), self.world.books()
        assert Order.objects.count() == len(self._sales())
        for checkout, purchase in self._pairs():
            assert purchase.status != OPEN
            if not checkout.payment.gateway_id:
                assert purchase.status == EXPIRED
                continue
            intent = intents[checkout.payment.gateway_id]
            if purchase.sale:
                self._is_settled(purchase.sale, books[checkout.pk], intents)
                self.tally.refunds += bool(purchase.sale.back)
            elif purchase.status == REFUSED and not purchase.is_manual:
                assert intent.received == intent.refunded == purchase.due
                self.tally.refunds += 1
            else:
                assert intent.status == "canceled", "somebody could still pay for what is over"

    def _is_settled(self, sale: Sale, books: Books, intents: dict[str, Intent]) -> None:
        """Over all its payments, whichever of them gave back."""
        refunded = 0
        for charge, payment in zip(sale.charges, books.payments, strict=True):
            intent = intents.get(payment.gateway_id)
            assert charge.taken == (intent.received if intent else 0)
            refunded += intent.refunded if intent else 0
            if charge.is_called_off and not charge.taken:
                assert intent is None or intent.status == "canceled", "somebody could still pay what is called off"
        assert refunded == sale.back
        assert not sale.surplus
        assert not sale.payment_states or books.payment_state in sale.payment_states, f"{books.payment_state}: {sale}"
        assert sale.owed or not any(each.open for each in sale.charges), f"nothing is owed, and asked for: {sale}"


def refusal_of(action: Callable[[], Any]) -> str:
    try:
        action()
    except DomainError as refusal:
        return refusal.code
    return ""
