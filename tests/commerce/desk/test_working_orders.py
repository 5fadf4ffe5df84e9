"""Staff work an order at the desk: pack, send, capture, refund, take back, exchange, note, change, cancel."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from commerce.accounts.models import User
from commerce.kit import clock
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders import auditing
from commerce.orders.models import Order, OrderNote, OrderPayment, OrderRefund, Return
from commerce.orders.paying import follow_payments, payments_of
from commerce.payments.models import Capture, Dispute, Refund
from commerce.payments.opening import prepare_payment
from commerce.payments.states import DisputeState
from tests.factories import Shop, UserFactory
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(shop: Shop) -> Client:
    """Somebody who may work orders, and give money back."""
    return _staff("view_order", "change_order", "add_orderrefund")


def _staff(*permissions: str) -> Client:
    user: User = UserFactory.create()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def sold(shop: Shop) -> Order:
    return _plain(buy(Bought(shop.sell(price=1000, stock=10), 3, price=1000), at=clock.now()))


def _plain(order: Order) -> Order:
    """As orders were before quotes kept their facts: those of these tests explain nothing."""
    del order.quote["facts"]
    order.save()
    return order


def _address(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])


def _page(browser: Client, order: Order) -> Any:
    answer = browser.get(_address(order))
    assert answer.status_code == 200
    return answer


def _panels(answer: Any) -> dict[str, Any]:
    """Every step that the page offers, by its key."""
    context = answer.context
    places = [panel for panels in context["places"].values() for panel in panels]
    items = [panel for each in (*context["parcels"], *context["returns"]) for panel in each["panels"]]
    return {panel.key: panel for panel in (*places, *items)}


def _do(browser: Client, order: Order, name: str, step: str = "", **entered: Any) -> Any:
    """Fill in the form of a step as it stands on the page, change some of it, and send it."""
    panels = _panels(_page(browser, order))
    panel = next(each for key, each in panels.items() if key == name or key.startswith(f"{name}-"))
    data = {"panel": panel.key, "step": step}
    for field in panel.form:
        value = entered.pop(field.name, field.initial)
        if value is not None and value is not False:
            data[field.html_name] = value
    assert not entered, f"no such field: {entered}"
    return browser.post(_address(order), data, follow=True)


def _units(order: Order, many: int) -> dict[str, int]:
    return {f"units-{order.lines.get().pk}": many}


def _errors(answer: Any) -> str:
    found = re.findall(
        r'class="(?:order-error|error-message)[^>]*>(.*?)</(?:p|div)>', answer.content.decode(), re.DOTALL
    )
    return " ".join(found)


def _states(order: Order) -> tuple[str, str, str]:
    order.refresh_from_db()
    return order.status, order.payment_state, order.fulfilment_state


def test_an_order_is_packed_in_part_sent_and_delivered(clerk: Client, sold: Order) -> None:
    line = f"units-OrderLine-{sold.lines.get().pk}"
    _do(clerk, sold, "pack", "pack", **{line: 1})
    assert _states(sold) == ("processing", "paid", "unfulfilled")
    _do(clerk, sold, "ship", tracking_number="A1")
    _do(clerk, sold, "deliver")
    shown = _do(clerk, sold, "pack", "send", tracking_number="A2").content.decode()
    assert "The parcel is on its way." in shown
    assert "A1" in shown
    assert "A2" in shown
    assert _states(sold) == ("shipped", "paid", "fulfilled")
    assert list(auditing.discrepancies()) == []


def test_a_parcel_is_unpacked_again(clerk: Client, sold: Order) -> None:
    _do(clerk, sold, "pack", "pack")
    assert "required" in _errors(_do(clerk, sold, "unpack"))
    _do(clerk, sold, "unpack", reason="Wrong box")
    assert _states(sold)[0] == "confirmed"


def test_a_refund_is_worked_out_and_then_given_back_once(clerk: Client, sold: Order) -> None:
    wanted = {**_units(sold, 1), "shipping": "1.50", "other": "0.50", "reason": "Late"}
    worked_out = _do(clerk, sold, "refund", "preview", **wanted).content.decode()
    assert "€12.00" in worked_out
    assert not OrderRefund.objects.exists()
    page = _panels(_page(clerk, sold))["refund"]
    data = {f"refund-{name}": value for name, value in wanted.items()} | {"refund-known": 0, "panel": page.key}
    first = clerk.post(_address(sold), data, follow=True)
    assert "€12.00 is given back." in first.content.decode()
    assert "was given back since" in _errors(clerk.post(_address(sold), data, follow=True))
    assert OrderRefund.objects.get().total_minor == 1200


@pytest.mark.parametrize(
    ("entered", "words"),
    [({"other": "much"}, "Write an amount"), ({"other": "99.00"}, "left of the order"), ({}, "nothing to give back")],
)
def test_a_refund_that_cannot_be_is_told_at_its_form(
    clerk: Client, sold: Order, entered: dict[str, str], words: str
) -> None:
    answer = _do(clerk, sold, "refund", reason="x", **entered)
    assert words in _errors(answer)
    assert "<details" in answer.content.decode()
    assert not OrderRefund.objects.exists()


def test_more_units_than_are_left_cannot_be_entered(clerk: Client, sold: Order) -> None:
    assert "less than or equal to 3" in _errors(_do(clerk, sold, "refund", reason="x", **_units(sold, 4)))


def test_an_authorised_payment_is_captured(clerk: Client, shop: Shop) -> None:
    order = _plain(buy(Bought(shop.sell(price=1000), 2, price=1000), at=clock.now(), state="authorised"))
    assert "being captured" in _do(clerk, order, "capture").content.decode()
    assert Capture.objects.get().amount_minor == order.total_minor


def test_a_transfer_is_written_down(clerk: Client, shop: Shop) -> None:
    order = buy(Bought(shop.sell(price=1000), 1, price=1000), at=clock.now(), method="bank_transfer", state="pending")
    _plain(order)
    assert "pack" not in _panels(_page(clerk, order))
    assert "pack" not in _panels(_do(clerk, order, "receipt", amount="4.90", reference="Statement 7"))
    answer = _do(clerk, order, "receipt", amount="10.00", reference="Statement 8")
    assert {"pack", "refund"} <= _panels(answer).keys()
    assert _states(order) == ("confirmed", "paid", "unfulfilled")
    [payment] = payments_of(order)
    assert payment.is_settled
    assert "was recorded already" not in _errors(_page(clerk, order))


def test_the_page_tells_in_words_how_a_payment_stands_and_what_it_brought(clerk: Client, shop: Shop) -> None:
    order = _plain(buy(Bought(shop.sell(stock=10)), at=clock.now(), method="bank_transfer", state="pending"))
    asked_for = _words(_page(clerk, order))
    assert "Bank transfer not paid yet" in asked_for
    assert "Payment awaited" in asked_for
    _do(clerk, order, "receipt", amount=str(order.total.amount), reference="R1")
    received = _words(_page(clerk, order))
    assert "Received " in received
    assert "Payment received" in received
    assert "Capture" not in received
    assert "Payment succeeded" not in received


def _words(answer: Any) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def test_a_return_goes_all_its_way(clerk: Client, sold: Order, shop: Shop) -> None:
    _do(clerk, sold, "pack", "send")
    _do(clerk, sold, "return", reason="damaged", words="Cracked", **_units(sold, 2))
    parent = Return.objects.get()
    assert parent.status == "approved"
    line = parent.lines.get()
    _do(clerk, sold, "receive", condition="damaged", shipping="4.90", **{f"units-{line.pk}": 2})
    assert OrderRefund.objects.get().total_minor == 2490
    _do(clerk, sold, "close")
    parent.refresh_from_db()
    assert parent.status == "closed"
    assert list(auditing.discrepancies()) == []


def test_goods_are_exchanged(clerk: Client, sold: Order, shop: Shop) -> None:
    variant = sold.lines.get().variant
    other = shop.sell(product=variant.product, price=1000, options={"Colour": "Red"})
    dearer = shop.sell(product=variant.product, price=2000, options={"Colour": "Gold"})
    _do(clerk, sold, "pack", "send")
    _do(clerk, sold, "return", reason="unwanted", **_units(sold, 2))
    row = Return.objects.get().lines.get()
    refused = _do(clerk, sold, "exchange", line=str(row.pk), variant=str(dearer.pk))
    assert "same price" in _errors(refused)
    _do(clerk, sold, "exchange", line=str(row.pk), variant=str(other.pk))
    _do(clerk, sold, "exchange", line=str(row.pk), variant=str(other.pk))
    _do(clerk, sold, "pay-instead")
    _do(clerk, sold, "receive", condition="restock")
    assert OrderRefund.objects.get().total_minor == 1000
    assert "in exchange" in _do(clerk, sold, "pack", "send").content.decode()


def test_a_return_that_was_asked_for_is_approved_or_rejected(clerk: Client, sold: Order) -> None:
    from commerce.orders.models import ReturnReason
    from commerce.orders.returning import Asked, request

    _do(clerk, sold, "pack", "send")
    for _ in range(2):
        asked = [Asked(sold.lines.get(), 1, ReturnReason.UNWANTED)]
        request(order=sold, asked=asked, actor="shopper", at=clock.now())
    _do(clerk, sold, "approve")
    _do(clerk, sold, "reject", reason="Worn")
    assert sorted(Return.objects.values_list("status", flat=True)) == ["approved", "rejected"]


def test_a_note_is_kept_and_the_confirmation_sent_again(clerk: Client, sold: Order) -> None:
    shown = _do(clerk, sold, "note", text="Call <b>her</b>", is_visible=True).content.decode()
    assert "Call &lt;b&gt;her" in shown
    assert OrderNote.objects.get().is_visible
    _do(clerk, sold, "resend")
    assert OutboxEvent.objects.filter(name="orders.confirmation_requested").count() == 1


def test_an_order_is_cancelled(clerk: Client, sold: Order) -> None:
    _do(clerk, sold, "cancel", reason="Out of stock")
    assert _states(sold)[0] == "cancelled"
    assert set(_panels(_page(clerk, sold))) == {"note", "resend"}


def test_an_order_is_changed_and_the_difference_goes_back(admin: Client, order: Order) -> None:
    wanted = {**_units(order, 1), "reason": "One is enough"}
    shown = _do(admin, order, "edit", "preview", **wanted).content.decode()
    assert "Goes back" in shown
    assert "€19.99" in shown
    _do(admin, order, "edit", **wanted)
    order.refresh_from_db()
    assert (order.edited, order.lines.get().quantity) == (1, 1)
    assert "no such SKU" in _errors(_do(admin, order, "edit", sku="NOTHING", reason="x"))


def test_what_moves_with_an_edit_is_worked_out_by_what_has_come(admin: Client, order: Order) -> None:
    """A transfer of which 10.00 came before the order is changed."""
    promised = prepare_payment(
        reference=order.checkout_id, amount=order.total, method="bank_transfer", actor="clerk", at=clock.now()
    )
    order.payments.update(payment=promised)
    Order.objects.update(
        payment_id=promised.pk, payment_method="bank_transfer", payment_state="pending", status="pending"
    )
    order.refresh_from_db()
    _do(admin, order, "receipt", amount="10.00", reference="R1")
    shown = _do(admin, order, "edit", "preview", **_units(order, 1), reason="One is enough").content.decode()
    assert "Is still to be paid" in shown
    assert "€14.89" in shown
    assert "Goes back" not in shown


def test_what_is_no_longer_to_be_paid_is_worked_out_beside_what_goes_back(clerk: Client, dearer: Order) -> None:
    shown = _do(clerk, dearer, "refund", "preview", other="40.00", known=0, reason="Scratch").content.decode()
    assert "Is no longer to be paid" in shown
    assert "€5.10" in shown
    assert not OrderRefund.objects.exists()


def test_a_refund_that_would_be_refused_is_refused_when_it_is_worked_out(clerk: Client, sold: Order) -> None:
    _dispute(sold)
    assert "holds this money" in _errors(_do(clerk, sold, "refund", "preview", other="5.00", known=0, reason="Scratch"))


def test_a_transfer_that_comes_after_its_order_was_cancelled_is_written_down(clerk: Client, shop: Shop) -> None:
    order = _plain(buy(Bought(shop.sell(stock=10)), at=clock.now(), method="bank_transfer", state="pending"))
    _do(clerk, order, "cancel", reason="Out of stock")
    _do(clerk, order, "receipt", amount="12.00", reference="R1")
    assert Refund.objects.get().amount_minor == 1200


def test_a_step_that_is_not_possible_any_more_is_told(clerk: Client, sold: Order) -> None:
    for panel in ("ship-nothing", "", "cancel\x00"):
        answer = clerk.post(_address(sold), {"panel": panel}, follow=True)
        assert "not possible any more" in answer.content.decode()


def test_who_may_only_look_is_offered_no_step_and_can_take_none(sold: Order, shop: Shop) -> None:
    looker = _staff("view_order")
    assert _panels(_page(looker, sold)) == {}
    assert looker.post(_address(sold), {"panel": "cancel", "cancel-reason": "x"}).status_code in (302, 403)
    assert _states(sold)[0] == "confirmed"


def test_who_may_work_and_not_give_money_back_is_not_offered_to(sold: Order, shop: Shop) -> None:
    packer = _staff("view_order", "change_order")
    offered = _panels(_page(packer, sold))
    assert "pack" in offered
    assert not {"refund", "cancel"} & set(offered)
    wanted = {"panel": "refund", "refund-other": "1.00", "refund-reason": "x", "refund-known": "0"}
    assert packer.post(_address(sold), wanted).status_code in (302, 403)
    assert not OrderRefund.objects.exists()


def test_the_queues_show_what_is_to_be_done(clerk: Client, sold: Order, shop: Shop) -> None:
    waiting = buy(Bought(shop.sell(price=1000), 1, price=1000), at=clock.now(), method="bank_transfer", state="pending")

    def numbers(**query: str) -> list[str]:
        return [order.number for order in clerk.get(reverse("orders:index"), query).context["object_list"]]

    assert numbers(queue="to-send") == [sold.number]
    assert numbers(queue="to-be-paid") == [waiting.number]
    assert numbers(queue="returns") == numbers(queue="on-their-way") == []
    assert set(numbers(queue="nothing")) == set(numbers()) == {sold.number, waiting.number}
    assert numbers(queue="to-be-paid", q=sold.number) == [sold.number]
    assert numbers(status="pending") == [waiting.number]
    assert numbers(payment_state="paid", market="eu") == [sold.number]


def test_only_packing_keeps_the_tracking_number_that_was_typed(clerk: Client, sold: Order) -> None:
    shown = _do(clerk, sold, "pack", "pack", tracking_number="A1")
    assert "A1" in shown.content.decode()
    _do(clerk, sold, "ship")
    assert sold.fulfilments.get().tracking_number == "A1"


def _dispute(order: Order) -> None:
    dispute = Dispute.objects.create(
        payment=payments_of(order)[0], gateway_id="dp_1", amount_minor=order.total_minor, currency="EUR",
        reason="fraudulent", opened_at=clock.now(),
    )  # fmt: skip
    advance(dispute, DisputeState.NEEDS_RESPONSE, actor="bank", reason="fraudulent", at=clock.now())


def test_a_disputed_order_says_so_and_is_sent_when_that_is_confirmed(clerk: Client, sold: Order) -> None:
    assert "Disputed" not in _page(clerk, sold).content.decode()
    _dispute(sold)
    page = _page(clerk, sold)
    assert "Disputed" in [tag.label for tag in page.context["tags"]]
    assert "Disputed: €34.90" in page.content.decode()
    for queue in ("to-send", "all"):
        assert "Disputed" in clerk.get(reverse("orders:index"), {"queue": queue}).content.decode()
    assert "confirm that it is to be sent all the same" in _errors(_do(clerk, sold, "pack", "send"))
    _do(clerk, sold, "pack", "send", although_disputed=True)
    assert _states(sold)[0] == "shipped"


@pytest.fixture
def dearer(shop: Shop) -> Order:
    """34.90 came, and an edit made it 74.00: as `amend` leaves it."""
    order = _plain(buy(Bought(shop.sell(price=3000, stock=10), 1, price=3000), at=clock.now()))
    Order.objects.filter(pk=order.pk).update(subtotal_minor=6910, total_minor=7400)
    order.lines.update(unit_price_minor=6910, total_minor=6910)
    difference = prepare_payment(
        reference=order.checkout_id, amount=Money(3910, "EUR"), method="stripe", actor="clerk", at=clock.now()
    )
    OrderPayment.objects.create(order=order, payment=difference, purpose=OrderPayment.Purpose.DIFFERENCE)
    return follow_payments(order_id=order.pk, actor="clerk", reason="Edited", at=clock.now())


def test_a_difference_that_nobody_has_begun_to_pay_is_told_in_words(clerk: Client, dearer: Order) -> None:
    page = _words(_page(clerk, dearer))
    assert "Card and more not paid yet" in page
    assert "Payment asked for" in page
    assert "opening" not in page


def test_an_order_whose_difference_is_awaited_is_to_be_paid_and_sent_when_that_is_confirmed(
    clerk: Client, dearer: Order
) -> None:
    page = _page(clerk, dearer)
    assert "Partly paid" in [tag.label for tag in page.context["tags"]]
    assert "Send it although €39.10 is not paid" in page.content.decode()
    assert dearer.number in clerk.get(reverse("orders:index"), {"queue": "to-be-paid"}).content.decode()
    assert "confirm that it is to be sent all the same" in _errors(_do(clerk, dearer, "pack", "send"))
    _do(clerk, dearer, "pack", "send", although_unpaid=True)
    assert _states(dearer)[0] == "shipped"


def test_what_is_left_to_refund_is_what_came_and_was_not_given_back(clerk: Client, dearer: Order) -> None:
    intro = _panels(_page(clerk, dearer))["refund"].intro
    assert intro.startswith("€34.90 of €74.00 is left. €39.10 has not come")
    _do(clerk, dearer, "refund", other="10.00", known=0, reason="Scratched")
    assert _panels(_page(clerk, dearer))["refund"].intro.startswith("€24.90 of €74.00 is left.")


def test_money_that_a_dispute_holds_is_not_given_back_at_the_desk(clerk: Client, sold: Order) -> None:
    _dispute(sold)
    assert "A dispute holds €34.90" in _panels(_page(clerk, sold))["refund"].intro
    answer = _do(clerk, sold, "refund", other="5", reason="Scratch")
    assert "holds this money until the dispute is decided" in _errors(answer)
    assert not OrderRefund.objects.exists()


def test_an_order_that_waits_for_its_transfer_is_not_to_be_sent(clerk: Client, shop: Shop) -> None:
    order = _plain(buy(Bought(shop.sell(stock=10)), at=clock.now(), method="bank_transfer", state="pending"))
    assert [tag.label for tag in _page(clerk, order).context["tags"]] == [
        "Pending", "Not paid yet", "Not to be sent yet"
    ]  # fmt: skip
    assert order.number not in clerk.get(reverse("orders:index"), {"queue": "to-send"}).content.decode()


def test_what_has_come_of_a_transfer_and_what_came_beyond_stands_on_the_page(clerk: Client, shop: Shop) -> None:
    order = _plain(buy(Bought(shop.sell(stock=10)), at=clock.now(), method="bank_transfer", state="pending"))
    total = order.total_minor
    _do(clerk, order, "receipt", amount="4.00", reference="R1")
    page = _page(clerk, order)
    assert (page.context["to_pay"].received.minor, page.context["to_pay"].amount.minor) == (400, total - 400)
    assert "<strong>€4.00</strong> has come" in page.content.decode()
    _do(clerk, order, "receipt", amount="100.00", reference="R2")
    assert "more came than was due" in _page(clerk, order).content.decode()


@pytest.mark.parametrize("amount", ["0", "-5", "0.00"])
def test_a_receipt_of_nothing_is_asked_for_anew(clerk: Client, shop: Shop, amount: str) -> None:
    order = _plain(buy(Bought(shop.sell(stock=10)), at=clock.now(), method="bank_transfer", state="pending"))
    answer = _do(clerk, order, "receipt", amount=amount, reference="R1")
    assert "Enter an amount above zero." in _errors(answer)


def test_a_step_that_nobody_knows_is_answered_in_words(clerk: Client, sold: Order) -> None:
    for panel in ("nonsense", ""):
        sent = clerk.post(_address(sold), {"panel": panel})
        assert sent.status_code == 302
        assert "This step is not possible any more" in clerk.get(_address(sold)).content.decode()
