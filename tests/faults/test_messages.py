"""Faults 7, 8, 32 and 34: messages that never come or come days late, clocks that are wrong, a restored backup."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.checkout.models import Checkout
from commerce.orders.models import Order
from commerce.payments.gateways import ForgedWebhook
from commerce.payments.models import WebhookEvent
from tests.machine.world import World
from tests.till import GOOD_CARD

MINUTE = timedelta(seconds=61)


def _buy(world: World, *, units: int = 1) -> Checkout:
    cart = world.fill_cart()
    world.add_line(cart, 0, units)
    checkout = world.check_out(cart)
    world.pay(checkout.payment, GOOD_CARD)
    return checkout


def _pass_minutes(world: World, minutes: int) -> None:
    for _ in range(minutes):
        world.pass_time(MINUTE)
        world.work_until_quiet()


def test_fault_7_without_webhook_and_without_the_shopper_the_order_is_there_within_ten_minutes(world: World) -> None:
    checkout = _buy(world)
    _pass_minutes(world, 9)
    assert Order.objects.get().checkout_id == checkout.pk
    assert (world.drift(), world.findings()) == (0, [])


def test_fault_8_an_event_three_days_late_of_an_order_that_was_cancelled_changes_nothing_more(world: World) -> None:
    checkout = _buy(world)
    world.come_back(checkout)
    world.cancel(Order.objects.get(), by_customer=True)
    world.work_until_quiet()
    before = world.levels()
    world.pass_time(timedelta(days=3))
    for event in world.events():
        world.receive_webhook(event, signed_at=world.at)
    world.work_until_quiet()
    [intent] = world.intents().values()
    assert (intent.received, intent.refunded) == (checkout.due_minor, checkout.due_minor)
    assert world.levels() == before
    assert (world.drift(), world.findings()) == (0, [])


def test_fault_8_money_that_is_heard_of_three_days_late_goes_back_if_its_goods_are_gone(world: World) -> None:
    """Nobody could ask the gateway for three days; meanwhile the checkout ended and its unit was sold."""
    late = _buy(world, units=3)
    world.pass_time(timedelta(days=3))
    with world.till_away():
        world.run_jobs()
        world.work()
        world.change_stock(0, -3)
    _pass_minutes(world, 10)
    assert not Order.objects.exists()
    intent = world.intents()[late.payment.gateway_id]
    assert (intent.received, intent.refunded) == (late.due_minor, late.due_minor)
    assert (world.drift(), world.findings()) == (0, [])


@pytest.mark.parametrize("minutes", [-10, 10])
def test_fault_32_with_a_clock_that_is_wrong_every_webhook_is_refused_aloud_and_the_money_still_finds_its_order(
    world: World, minutes: int, caplog: pytest.LogCaptureFixture
) -> None:
    checkout = _buy(world)
    logging.disable(logging.NOTSET)
    for event in world.events():
        with pytest.raises(ForgedWebhook):
            world.receive_webhook(event, signed_at=world.at - timedelta(minutes=minutes))
    assert not WebhookEvent.objects.exists()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING and "clock" in record.getMessage()]
    _pass_minutes(world, 9)
    assert Order.objects.get().checkout_id == checkout.pk
    assert (world.drift(), world.findings()) == (0, [])


@pytest.mark.parametrize("minutes", [-10, 10])
def test_fault_32_a_clock_that_jumps_ten_minutes_ends_nobodys_checkout_before_its_time(
    world: World, minutes: int
) -> None:
    """Half an hour is left; a server whose clock is ten minutes ahead, or behind, finds it open."""
    cart = world.fill_cart()
    world.add_line(cart, 0, 1)
    checkout = world.check_out(cart)
    world.pass_time(timedelta(minutes=minutes))
    world.work_until_quiet()
    assert Checkout.objects.get().status == "open"
    world.pass_time(timedelta(minutes=-minutes))
    world.pay(checkout.payment, GOOD_CARD)
    assert world.come_back(checkout).status == "completed"
    assert world.findings() == []


def test_fault_34_what_was_bought_after_the_backup_was_made_goes_back_to_the_shopper(world: World) -> None:
    """The database is an hour old again. Orders of that hour are gone, and so must be their money."""
    kept = _buy(world)
    world.come_back(kept)
    world.work_until_quiet()
    with _Forgotten():
        world.pass_time(timedelta(minutes=30))
        lost = _buy(world)
        world.come_back(lost)
        world.work_until_quiet()
        assert Order.objects.count() == 2
    world.pass_time(timedelta(minutes=30))
    _pass_minutes(world, 14)
    assert Order.objects.get().checkout_id == kept.pk
    intents = world.intents()
    assert intents[lost.payment.gateway_id].refunded == lost.due_minor
    assert intents[kept.payment.gateway_id].refunded == 0
    assert (world.drift(), world.findings()) == (0, [])


def test_fault_34_what_was_refunded_after_the_backup_was_made_is_known_again(world: World) -> None:
    checkout = _buy(world)
    world.come_back(checkout)
    world.work_until_quiet()
    with _Forgotten():
        world.refund(Order.objects.get(), 300)
        world.work_until_quiet()
    assert world.drift() == 300
    _pass_minutes(world, 10)
    assert (world.drift(), world.findings()) == (0, [])
    assert Order.objects.get().refunds.count() == 1


class _Forgotten:
    """What happens inside is not in the database afterwards, as when a backup is restored; Stripe remembers it."""

    def __enter__(self) -> None:
        self._block = transaction.atomic()
        self._block._from_testcase = True  # type: ignore[attr-defined]
        self._block.__enter__()

    def __exit__(self, *error: Any) -> None:
        if error[0] is None:
            transaction.set_rollback(True)
        self._block.__exit__(*error)
