from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cms.catalogue.models import Variant
from commerce.inventory.models import Reservation, StockMovement
from commerce.inventory.reservations import expire_due
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.orders import auditing, exchanging, returning
from commerce.orders.exchanging import ExchangeNotEven, ExchangeNotPossible, cancel_exchange, exchange
from commerce.orders.fulfilling import NothingToPack, deliver, pack, ship, to_send
from commerce.orders.giving_back import OrderNotPaid
from commerce.orders.models import Condition, Order, OrderRefund, Return, ReturnReason
from commerce.orders.paying import payments_of
from commerce.orders.refunding import refund
from commerce.orders.returning import Asked, Came, MoreThanWasSent, NothingToReturn, ReturnStepRefused
from commerce.orders.units import UnitsArePacked
from tests.factories import Shop
from tests.factories.orders import Bought, buy, pay_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(order: Order, at: datetime) -> Order:
    """Two lamps and three mugs that have arrived."""
    return _send(order, at)


def _send(order: Order, at: datetime) -> Order:
    deliver(fulfilment=ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at), actor="x", at=at)
    order.refresh_from_db()
    return order


def _ask(order: Order, at: datetime, *units: int) -> Return:
    lines = zip(order.lines.all(), units, strict=False)
    asked = [Asked(line, many, ReturnReason.UNWANTED) for line, many in lines]
    return returning.request(order=order, asked=asked, words="Too bright", actor="shopper", at=at)


def _approved(order: Order, at: datetime, *units: int) -> Return:
    return returning.approve(parent=_ask(order, at, *units), actor="clerk", at=at)


def _receive(parent: Return, at: datetime, condition: Condition = Condition.RESTOCK, *units: int) -> Return:
    rows = list(parent.lines.all())
    came = {row: Came(many, condition) for row, many in zip(rows, units or [r.quantity for r in rows], strict=False)}
    return returning.receive(parent=parent, came=came, actor="clerk", at=at)


def test_goods_that_come_back_are_in_stock_and_paid_back(shop: Shop, sent: Order, lamp: Variant, at: datetime) -> None:
    parent = _receive(_approved(sent, at, 1, 2), at)
    assert parent.status == "received"
    given = OrderRefund.objects.get()
    assert (given.total_minor, given.purpose, given.parent) == (1999 + 667, "return", parent)
    assert shop.level(lamp).on_hand == 9
    returning.close(parent=parent, reason="Settled", actor="clerk", at=at)
    names = [name for name in OutboxEvent.objects.values_list("name", flat=True) if "return" in name]
    assert names == ["orders.return_requested", "orders.return_approved", "orders.return_received"]
    assert list(auditing.discrepancies()) == []


def test_a_complete_return_with_shipping_gives_everything_back(sent: Order, at: datetime) -> None:
    parent = _approved(sent, at, 2, 3)
    came = {row: Came(row.quantity, Condition.RESTOCK) for row in parent.lines.all()}
    returning.receive(parent=parent, came=came, shipping=Money(490, "EUR"), actor="clerk", at=at)
    pay_out(sent, at=at)
    assert (sent.status, sent.payment_state, sent.refundable.minor) == ("refunded", "refunded", 0)


def test_damaged_goods_come_in_and_are_written_off(shop: Shop, sent: Order, lamp: Variant, at: datetime) -> None:
    _receive(_approved(sent, at, 1), at, Condition.DAMAGED)
    assert shop.level(lamp).on_hand == 8
    kinds = StockMovement.objects.filter(reference=sent.number, level__variant=lamp).exclude(kind="sale")
    assert sorted(kinds.values_list("kind", "quantity")) == [("damage", -1), ("return", 1)]
    assert OrderRefund.objects.get().total_minor == 1999


def test_goods_that_are_kept_out_touch_no_stock(shop: Shop, sent: Order, lamp: Variant, at: datetime) -> None:
    _receive(_approved(sent, at, 1), at, Condition.KEPT_OUT)
    assert shop.level(lamp).on_hand == 8


def test_fewer_units_than_asked_for_may_come(sent: Order, at: datetime) -> None:
    parent = _receive(_approved(sent, at, 2), at, Condition.RESTOCK, 1)
    assert OrderRefund.objects.get().total_minor == 1999
    assert _ask(sent, at, 1).lines.get().quantity == 1, "the one that did not come may be sent later"
    assert parent.lines.get().received == 1


def test_nothing_that_came_is_no_receipt_and_more_than_asked_is_refused(sent: Order, at: datetime) -> None:
    parent = _approved(sent, at, 1)
    with pytest.raises(NothingToReturn):
        _receive(parent, at, Condition.RESTOCK, 0)
    with pytest.raises(MoreThanWasSent):
        _receive(parent, at, Condition.RESTOCK, 2)
    returning.close(parent=parent, reason="Never came", actor="clerk", at=at)
    assert not OrderRefund.objects.exists()


def test_a_unit_is_asked_for_once(sent: Order, at: datetime) -> None:
    _ask(sent, at, 1)
    with pytest.raises(MoreThanWasSent) as refused:
        _ask(sent, at, 2)
    assert refused.value.facts["lines"][0]["left"] == 1
    with pytest.raises(NothingToReturn):
        _ask(sent, at, 0)


def test_what_was_not_sent_cannot_come_back(order: Order, at: datetime) -> None:
    with pytest.raises(MoreThanWasSent):
        _ask(order, at, 1)
    pack(order=order, actor="clerk", at=at)
    with pytest.raises(MoreThanWasSent):
        _ask(order, at, 1)


def test_a_rejected_return_leaves_the_units_free(sent: Order, at: datetime) -> None:
    parent = returning.reject(parent=_ask(sent, at, 2), reason="Worn", actor="clerk", at=at)
    assert parent.status == "rejected"
    _ask(sent, at, 2)


def test_no_step_is_taken_twice_or_out_of_turn(sent: Order, at: datetime) -> None:
    parent = _ask(sent, at, 1)
    with pytest.raises(ReturnStepRefused):
        _receive(parent, at)
    returning.approve(parent=parent, actor="clerk", at=at)
    with pytest.raises(ReturnStepRefused):
        returning.reject(parent=parent, reason="x", actor="clerk", at=at)
    _receive(parent, at)
    with pytest.raises(ReturnStepRefused):
        _receive(parent, at)
    returning.close(parent=parent, reason="x", actor="clerk", at=at)
    with pytest.raises(ReturnStepRefused):
        returning.close(parent=parent, reason="x", actor="clerk", at=at)


def test_what_was_paid_back_before_is_not_paid_back_again(sent: Order, at: datetime) -> None:
    line = sent.lines.first()
    assert line is not None
    refund(order=sent, lines={line: 2}, reason="Late", restock=False, actor="clerk", at=at)
    _receive(_approved(sent, at, 2), at)
    assert OrderRefund.objects.count() == 1


def test_what_was_to_be_paid_on_delivery_and_came_back_whole_is_called_off(lamp: Variant, at: datetime) -> None:
    order = _send(buy(Bought(lamp, 2), at=at, method="cash_on_delivery", state="pending"), at)
    half = _approved(order, at, 1)
    with pytest.raises(OrderNotPaid):
        _receive(half, at)
    returning.close(parent=half, reason="x", actor="clerk", at=at)
    whole = _approved(order, at, 2)
    came = {row: Came(2, Condition.RESTOCK) for row in whole.lines.all()}
    returning.receive(parent=whole, came=came, shipping=Money(490, "EUR"), actor="clerk", at=at)
    assert payments_of(order)[0].status == "cancelled"


# Exchanges ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(shop: Shop, lamp: Variant) -> Variant:
    """The same lamp in another colour, at the same price."""
    return shop.sell(product=lamp.product, price=1999, stock=5, options={"Colour": "Red"})


def _exchange(parent: Return, variant: Variant, at: datetime, quantity: int = 1) -> exchanging.Replacement:
    line = parent.lines.select_related("line__variant", "parent").first()
    assert line is not None
    return exchange(return_line=line, variant=variant, quantity=quantity, actor="clerk", at=at)


def test_an_even_exchange_moves_goods_and_no_money(
    shop: Shop, sent: Order, lamp: Variant, other: Variant, at: datetime
) -> None:
    parent = _approved(sent, at, 1)
    replacement = _exchange(parent, other, at)
    assert (shop.level(other).reserved, sent.status) == (1, "delivered")
    with pytest.raises(NothingToPack):
        pack(order=sent, actor="clerk", at=at)
    _receive(parent, at)
    sent.refresh_from_db()
    assert (sent.status, sent.fulfilment_state) == ("processing", "partially_fulfilled")
    assert (shop.level(lamp).on_hand, shop.level(other).on_hand) == (9, 4)
    assert not OrderRefund.objects.exists()
    parcel = pack(order=sent, actor="clerk", at=at)
    assert parcel.lines.get().replacement == replacement
    ship(fulfilment=parcel, actor="clerk", at=at)
    sent.refresh_from_db()
    assert (sent.status, sent.fulfilment_state) == ("shipped", "fulfilled")
    deliver(fulfilment=parcel, actor="clerk", at=at)
    sent.refresh_from_db()
    assert sent.status == "delivered"
    assert list(auditing.discrepancies()) == []


def test_some_units_are_exchanged_and_the_others_paid_back(sent: Order, other: Variant, at: datetime) -> None:
    parent = _approved(sent, at, 2)
    _exchange(parent, other, at)
    _receive(parent, at)
    assert OrderRefund.objects.get().total_minor == 1999


def test_another_price_or_another_product_is_no_even_exchange(
    shop: Shop, sent: Order, lamp: Variant, mug: Variant, at: datetime
) -> None:
    parent = _approved(sent, at, 1)
    dearer = shop.sell(product=lamp.product, price=2999)
    unpriced = shop.sell(product=lamp.product, price=None)
    for variant in (dearer, unpriced, mug):
        with pytest.raises(ExchangeNotEven):
            _exchange(parent, variant, at)
    assert not Reservation.objects.filter(state="open").exists()


def test_no_more_is_exchanged_than_comes_back(sent: Order, other: Variant, at: datetime) -> None:
    parent = _approved(sent, at, 1)
    _exchange(parent, other, at)
    with pytest.raises(ExchangeNotPossible):
        _exchange(parent, other, at)


def test_an_exchange_that_is_called_off_is_paid_back(shop: Shop, sent: Order, other: Variant, at: datetime) -> None:
    parent = _approved(sent, at, 1)
    cancel_exchange(replacement=_exchange(parent, other, at), actor="clerk", at=at)
    assert shop.level(other).reserved == 0
    _receive(parent, at)
    assert OrderRefund.objects.get().total_minor == 1999


def test_goods_that_never_come_set_the_replacement_free(shop: Shop, sent: Order, other: Variant, at: datetime) -> None:
    parent = _approved(sent, at, 1)
    replacement = _exchange(parent, other, at)
    returning.close(parent=parent, reason="Never came", actor="clerk", at=at)
    replacement.refresh_from_db()
    assert (shop.level(other).reserved, replacement.to_fulfil) == (0, 0)


def test_goods_that_come_after_the_reservation_ran_out_are_exchanged_if_there_is_stock(
    shop: Shop, sent: Order, other: Variant, at: datetime
) -> None:
    parent = _approved(sent, at, 1)
    _exchange(parent, other, at)
    later = at + timedelta(days=31)
    expire_due(at=later)
    assert shop.level(other).reserved == 0
    _receive(parent, later)
    assert (shop.level(other).on_hand, shop.level(other).reserved) == (4, 0)


@pytest.mark.parametrize(("bought", "returned"), [(1, 1), (2, 1)])
def test_units_that_are_refunded_while_they_are_on_their_way_back_are_stocked_and_paid_once(
    shop: Shop, sent: Order, lamp: Variant, at: datetime, bought: int, returned: int
) -> None:
    before = shop.level(lamp).on_hand
    line = sent.lines.all()[0]
    if bought < line.quantity:
        refund(order=sent, lines={line: 1}, reason="Gone already", restock=True, actor="clerk", at=at)
        before += 1
        sent.refresh_from_db()
    parent = _approved(sent, at + timedelta(hours=1), returned)
    later = at + timedelta(hours=2)
    paid = sent.refunded
    given = refund(order=sent, lines={line: 1}, reason="At once", restock=True, actor="clerk", at=later)
    assert shop.level(lamp).on_hand == before
    _receive(parent, later)
    line.refresh_from_db()
    sent.refresh_from_db()
    assert shop.level(lamp).on_hand == before + 1
    assert sent.refunded - paid == given.total
    assert (line.returned, line.refunded) == (2 - bought + 1, 2 - bought + 1)
    assert list(auditing.discrepancies()) == []


def test_a_unit_that_was_paid_back_before_the_return_was_asked_for_is_another_one(sent: Order, at: datetime) -> None:
    line = sent.lines.all()[0]
    refund(order=sent, lines={line: 1}, reason="Scratched, kept", restock=False, actor="clerk", at=at)
    later = at + timedelta(hours=1)
    _receive(_approved(sent, later, 1), later)
    assert OrderRefund.objects.get(purpose="return").total_minor == 1999


def _exchanged(shop: Shop, order: Order, lamp: Variant, at: datetime) -> Variant:
    """One of two lamps has come back, and another is to be sent for it."""
    other = shop.sell(price=1999, stock=5, product=lamp.product)
    parent = _approved(order, at, 1)
    exchange(return_line=parent.lines.get(), variant=other, quantity=1, actor="clerk", at=at)
    _receive(parent, at)
    assert shop.level(other).on_hand == 4
    return other


def test_what_is_paid_back_is_not_sent_in_exchange_any_more(
    shop: Shop, sent: Order, lamp: Variant, at: datetime
) -> None:
    other = _exchanged(shop, sent, lamp, at)
    line = sent.lines.all()[0]
    refund(order=sent, lines={line: 1}, reason="One of them", restock=True, actor="clerk", at=at)
    assert [sold.sku for sold in to_send(sent)] == [other.sku]
    refund(order=sent, lines={line: 1}, reason="The other one", restock=True, actor="clerk", at=at)
    assert to_send(sent) == {}
    assert (shop.level(lamp).on_hand, shop.level(other).on_hand) == (10, 5)
    sent.refresh_from_db()
    assert (sent.status, sent.fulfilment_state) == ("delivered", "delivered")
    assert list(auditing.discrepancies()) == []


def test_what_was_sent_in_exchange_comes_back_when_it_is_paid_back(
    shop: Shop, sent: Order, lamp: Variant, at: datetime
) -> None:
    other = _exchanged(shop, sent, lamp, at)
    parcel = pack(order=sent, actor="clerk", at=at)
    line = sent.lines.all()[0]
    with pytest.raises(UnitsArePacked):
        refund(order=sent, lines={line: 2}, reason="Both", restock=True, actor="clerk", at=at)
    ship(fulfilment=parcel, actor="clerk", at=at)
    refund(order=sent, lines={line: 2}, reason="Both", restock=True, actor="clerk", at=at)
    assert (shop.level(lamp).on_hand, shop.level(other).on_hand) == (10, 5)
    assert list(auditing.discrepancies()) == []
