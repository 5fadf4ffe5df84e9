"""Faults 2, 3 and 6: the payment service loses its reply, is out of order, hangs, or speaks before we have written."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from typing import Any

import pytest
import stripe
from rest_framework.test import APIClient

from commerce.checkout.models import Checkout
from commerce.kit.money import Money
from commerce.orders.models import Order
from commerce.payments import opening
from commerce.payments.gateways import GatewayUnavailable, payment_gateway
from commerce.payments.models import Payment
from commerce.payments.stripe import adapter
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.factories import Shop
from tests.machine.world import World
from tests.till import GOOD_CARD, Till

MINUTE = timedelta(seconds=61)


def _buy(world: World) -> Checkout:
    cart = world.fill_cart()
    world.add_line(cart, 0, 1)
    checkout = world.check_out(cart)
    world.pay(checkout.payment, GOOD_CARD)
    return checkout


@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_fault_2_however_often_the_reply_is_lost_one_intent_is_opened(world: World, times: int) -> None:
    cart = world.fill_cart()
    world.add_line(cart, 0, 1)
    for _ in range(times):
        world.break_next(FaultKind.LOSE_REPLY, "POST /v1/payment_intents")
    for _ in range(3):
        try:
            checkout = world.check_out(cart)
            break
        except GatewayUnavailable:
            world.pass_time(timedelta(seconds=11))
    assert [intent.id for intent in world.intents().values()] == [checkout.payment.gateway_id]


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.LOSE_REPLY])
def test_fault_3_whatever_the_gateway_answers_the_shopper_is_told_to_come_back(
    api: APIClient, shop: Shop, till: Till, kind: FaultKind
) -> None:
    cart = shop.cart((shop.sell(), 1))
    for _ in range(3):
        till.provoke(kind, match="POST /v1/payment_intents")
    answer = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (503, "payment_gateway_unavailable")
    assert int(answer["Retry-After"]) > 0


def test_fault_3_a_gateway_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the request and never answers. With the real patience it is ten seconds and three tries."""
    assert adapter.TIMEOUT_SECONDS * (adapter.MAX_NETWORK_RETRIES + 1) <= 30
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(adapter, "MAX_NETWORK_RETRIES", 0)
        gateway = adapter.StripeGateway(sandbox_url=url, transport=stripe.RequestsClient(timeout=1))
        began = time.monotonic()
        with pytest.raises(GatewayUnavailable):
            gateway.fetch_intent(gateway_id="pi_1")
        assert time.monotonic() - began < 5


def test_fault_3_after_some_failures_nobody_waits_for_it_and_nobody_is_lost(world: World) -> None:
    """The breaker: while it is open an answer costs nothing; once the gateway is back all is as if nothing had been."""
    checkout = _buy(world)
    asked: list[str] = []
    answer = world.till.machine.answer

    def counting(**request: Any) -> Any:
        asked.append(request["path"])
        return answer(**request)

    world.till.machine.answer = counting  # type: ignore[method-assign]
    for _ in range(30):
        world.break_next(FaultKind.RATE_LIMIT, "GET *")
    for _ in range(20):
        with pytest.raises(GatewayUnavailable):
            world.come_back(checkout)
    assert len(asked) == 5
    world.mend_everything()
    world.pass_time(timedelta(seconds=11))
    assert world.come_back(checkout).status == "completed"
    assert world.findings() == []


def test_fault_6_an_event_that_comes_before_we_know_its_intent_is_not_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway tells of the payment while the answer with its id is still on its way to us."""
    keep = opening.keep_intent

    def told_first(intent: Any, **how: Any) -> Payment:
        world.till.confirm(intent.client_secret)
        for event in world.events():
            world.receive_webhook(event, signed_at=world.at)
        world.work()
        return keep(intent, **how)

    monkeypatch.setattr(opening, "keep_intent", told_first)
    cart = world.fill_cart()
    world.add_line(cart, 0, 1)
    checkout = world.check_out(cart)
    for _ in range(10):
        world.pass_time(MINUTE)
        world.work_until_quiet()
    assert Order.objects.get().checkout_id == checkout.pk
    assert (world.drift(), world.findings()) == (0, [])


def test_fault_6_an_event_about_an_intent_that_is_lost_to_us_is_answered_and_its_money_goes_back(world: World) -> None:
    """The process died before it could write the id down, and the shopper never came again."""
    gateway = payment_gateway()
    checkout = _buy(world)
    stranger = gateway.open_intent(
        amount=Money(4200, "EUR"), reference=checkout.pk, idempotency_key="of-a-process-that-is-gone"
    )
    world.till.confirm(stranger.client_secret)
    for event in world.events():
        world.receive_webhook(event, signed_at=world.at)
    for _ in range(10):
        world.pass_time(MINUTE)
        world.work_until_quiet()
    assert world.intents()[stranger.gateway_id].refunded == 4200
    assert (world.drift(), world.findings()) == (0, [])
