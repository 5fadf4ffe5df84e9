"""What staff and shopper do with an order that there is."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commerce.orders.models import Condition, Order
from commerce.payments.models import Payment
from tests.machine.sale import Sale
from tests.machine.truths import AWAY, CARDS, PLACES, VARIANTS, Truths, refusal_of

REFUNDED_SHARES = [Fraction(1, 10_000), Fraction(1, 3), Fraction(2, 3), Fraction(1), Fraction(10_001, 10_000)]


class OrderDesk(Truths):
    @precondition(lambda self: self._sales())
    @rule(place=PLACES, which=VARIANTS, quantity=st.integers(0, 4), card=st.none() | CARDS)
    def edit(self, place: int, which: int, quantity: int, card: str | None) -> None:
        """So many of a variant from now on, of which the order may have had none; whoever has a card at hand pays the
        difference at once."""
        sale, order = self._sale_at(place)
        changed = {which: quantity}
        quantities, added = ({}, changed) if quantity and which not in sale.lines else (changed, {})
        expected = self.model.why_not_edit(sale, which, quantity)
        if self._ask(lambda: self.world.edit(order, quantities, added), expected):
            self.model.edit(sale, which, quantity)
        if card and sale.awaited:
            self._pay_difference(sale, order, card, comes_back=True)
        self._look()

    @precondition(lambda self: any(sale.awaited for sale in self._sales()))
    @rule(place=PLACES, card=CARDS, comes_back=st.booleans())
    def pay_the_difference(self, place: int, card: str, comes_back: bool) -> None:
        """What is awaited is what the shopper is asked for, unless it turns out to be paid."""
        sale, order = self._sale_at(place, lambda each: bool(each.awaited))
        self._pay_difference(sale, order, card, comes_back=comes_back)
        self._look()

    @precondition(lambda self: self._sales())
    @rule(place=PLACES, share=st.sampled_from(REFUNDED_SHARES))
    def refund(self, place: int, share: Fraction) -> None:
        """Money without goods, of what has been taken or is to be."""
        sale, order = self._sale_at(place)
        minor = ceil(sale.total * share)
        expected = "goods_not_sent" if minor == sale.left and not sale.is_sent else ""
        if minor > sale.left:
            expected = "order_refund_too_large"
        if sale.is_cancelled:
            expected = "order_not_refundable"
        if self._ask(lambda: self.world.refund(order, minor), expected):
            sale.give_back(minor)
        self._look()

    @precondition(lambda self: self._sales())
    @rule(place=PLACES, by_customer=st.booleans())
    def cancel(self, place: int, by_customer: bool) -> None:
        sale, order = self._sale_at(place)
        being_captured = "payment_not_cancellable" if sale.is_being_captured else ""
        expected = "order_not_cancellable" if sale.is_sent or sale.is_over else being_captured
        if self._ask(lambda: self.world.cancel(order, by_customer=by_customer), expected):
            self.model.call_off(sale)
        self._look()

    @precondition(lambda self: self._sales())
    @rule(place=PLACES, although_unpaid=st.booleans())
    def send(self, place: int, although_unpaid: bool) -> None:
        """All of the money goes back only when all is sent."""
        sale, order = self._sale_at(place)
        expected = "nothing_to_pack" if sale.is_sent else ""
        if sale.unsecured and not although_unpaid:
            expected = "order_unpaid"
        if sale.is_over:
            expected = "order_not_packable"
        if self._ask(lambda: self.world.send(order, although_unpaid=although_unpaid), expected):
            sale.is_sent = True
        self._look()

    @precondition(lambda self: any(sale.is_sent for sale in self._sales()))
    @rule(place=PLACES, quantity=st.integers(1, 2), condition=st.sampled_from(list(Condition)))
    def send_back(self, place: int, quantity: int, condition: Condition) -> None:
        sale, order = self._sale_at(place, lambda each: each.is_sent)
        which = min(sale.lines)
        expected = "return_exceeds_sent" if quantity > sale.units_with_the_shopper(which) else ""
        if self._ask(lambda: self.world.send_back(order, which, quantity, condition), expected):
            sale.send_back(which, quantity)
            if condition == Condition.RESTOCK:
                self.model.take_back(which, quantity)
        self._look()

    @precondition(lambda self: self._sales() and self.is_manual)
    @rule(place=PLACES, number=PLACES)
    def capture(self, place: int, number: int) -> None:
        """What was authorised for the order, or one of the differences, when the goods leave."""
        sale, order = self._sale_at(place)
        number %= len(sale.charges)
        charge, payment = sale.charges[number], self.world.payments_of(order)[number]
        if self._ask(lambda: self.world.capture(payment), sale.why_not_capture(charge)):
            charge.being_captured = sale.to_capture(charge)
        self._look()

    def _pay_difference(self, sale: Sale, order: Order, card: str, *, comes_back: bool) -> None:
        payment = self._collect(sale, order)
        if payment and payment.client_secret:
            self.world.pay(payment, card)
            if comes_back:
                self._collect(sale, order)

    def _collect(self, sale: Sale, order: Order) -> Payment | None:
        opened: list[Payment | None] = []
        refusal = refusal_of(lambda: opened.append(self.world.collect(order)))
        assert refusal in {"", AWAY}, refusal
        self._follow()
        if refusal:
            return None
        [payment] = opened
        asked, awaited = payment and payment.amount.minor, sale.awaited and sale.awaited.asked
        assert asked == awaited, f"the shopper is to pay {asked} instead of {awaited}"
        return payment
