"""Webhooks reach the shop, whatever it answers first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from commerce.payments.gateways import GatewayEvent
from commerce.payments.stripe.events import NEWS
from commerce.payments.stripe.sandbox.deliveries import LEASE, Courier, doubling, post_to
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.machine import Keys, Machine
from commerce.payments.stripe.sandbox.server import SandboxServer
from commerce.payments.stripe.sandbox.store import SqliteStore
from tests.commerce.payments.stripe.doors import (
    PUBLISHABLE_KEY,
    SECRET_KEY,
    WEBHOOK_SECRET,
    Clock,
    Door,
    PromptClient,
    gateway,
)


class Receiver:
    """The shop's webhook address: remembers what it read, answers what it is told, else 200."""

    def __init__(self, door: Door, *answers: int) -> None:
        self.door = door
        self.answers = list(answers)
        self.read: list[GatewayEvent] = []

    def __call__(self, body: bytes, signature: str) -> int:
        self.read.append(self.door.gateway.read_webhook(body=body, signature=signature, at=self.door.clock()))
        return self.answers.pop(0) if self.answers else 200

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.read]


def courier(door: Door, send: Any) -> Courier:
    return Courier(store=door.store, secret=WEBHOOK_SECRET, send=send)


def test_an_address_that_wants_some_types_of_events_is_sent_no_others(in_process: Door) -> None:
    told = Door(
        machine=Machine(
            store=in_process.store, keys=Keys(secret=SECRET_KEY, publishable=PUBLISHABLE_KEY), address="", told=NEWS
        ),
        gateway=in_process.gateway,
        store=in_process.store,
        clock=in_process.clock,
    )
    params = {"amount": "1999", "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"}
    assert told.send("POST", "/v1/payment_intents", params).status == 200
    receiver = Receiver(told)
    courier(told, receiver).deliver_due(at=told.clock())
    assert receiver.types == ["payment_intent.succeeded"]
    with told.store.transaction() as records:
        assert len(list(records.newest("event"))) > 1


def test_a_payment_is_told_in_signed_events_that_the_gateway_believes(in_process: Door) -> None:
    intent = in_process.paid()
    receiver = Receiver(in_process)
    assert courier(in_process, receiver).deliver_due(at=in_process.clock()) == 3
    assert receiver.types == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    assert {event.intent_id for event in receiver.read} == {intent.gateway_id}
    assert courier(in_process, receiver).deliver_due(at=in_process.clock()) == 0
    assert {event["pending_webhooks"] for event in in_process.send("GET", "/v1/events").body["data"]} == {0}


def test_a_refused_delivery_is_tried_again_later_and_later(in_process: Door) -> None:
    in_process.open()
    receiver = Receiver(in_process, 500, 0, 302)
    carrier = courier(in_process, receiver)
    tried = []
    for _ in range(9):
        tried.append(carrier.deliver_due(at=in_process.clock()))
        in_process.clock.advance(seconds=1)
    assert tried == [1, 1, 0, 1, 0, 0, 0, 1, 0]
    assert len({event.event_id for event in receiver.read}) == 1


def test_the_wait_doubles_up_to_half_a_minute() -> None:
    waits = [doubling(attempts) for attempts in (1, 2, 3, 4, 5, 6, 500)]
    assert waits == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 16, 30, 30)]


def test_a_delivery_that_its_sender_never_finished_is_taken_again(in_process: Door) -> None:
    in_process.open()

    def dies(body: bytes, signature: str) -> int:
        raise SystemExit

    with pytest.raises(SystemExit):
        courier(in_process, dies).deliver_due(at=in_process.clock())
    receiver = Receiver(in_process)
    assert courier(in_process, receiver).deliver_due(at=in_process.clock()) == 0
    in_process.clock.now += LEASE
    assert courier(in_process, receiver).deliver_due(at=in_process.clock()) == 1


def test_after_half_a_day_of_refusals_the_courier_gives_up(in_process: Door) -> None:
    in_process.open()
    receiver = Receiver(in_process, 500)
    courier(in_process, receiver).deliver_due(at=in_process.clock())
    in_process.clock.advance(hours=12, seconds=1)
    courier(in_process, receiver).deliver_due(at=in_process.clock())
    assert len(receiver.read) == 1


def test_webhooks_can_be_lost_doubled_and_reordered(in_process: Door) -> None:
    in_process.machine.provoke(Fault(FaultKind.WEBHOOK_DROP, match="payment_intent.created"))
    in_process.machine.provoke(Fault(FaultKind.WEBHOOK_DUPLICATE, match="charge.succeeded", copies=3))
    in_process.machine.provoke(Fault(FaultKind.WEBHOOK_REORDER, match="payment_intent.succeeded"))
    in_process.paid()
    receiver = Receiver(in_process)
    courier(in_process, receiver).deliver_due(at=in_process.clock())
    assert receiver.types == ["payment_intent.succeeded"] + ["charge.succeeded"] * 3


def test_the_http_door_delivers_to_a_real_receiver_until_it_answers_2xx(
    machine: Machine, store: SqliteStore, clock: Clock
) -> None:
    with _shop_answering([503, 500, 204]) as (url, arrived):
        carrier = Courier(store=store, secret=WEBHOOK_SECRET, send=post_to(url), backoff=lambda attempts: timedelta(0))
        client = PromptClient(timeout=10)
        with SandboxServer(machine=machine, courier=carrier, now=clock) as server:
            door = Door(gateway(sandbox_url=server.url, transport=client), machine, store, clock, server)
            intent = door.open()
            requests = [arrived.get(timeout=10) for _ in range(3)]
            client.close()
        events = [door.gateway.read_webhook(body=body, signature=sign, at=clock()) for body, sign in requests]
    assert {(event.type, event.intent_id) for event in events} == {("payment_intent.created", intent.gateway_id)}
    with store.transaction() as records:
        assert records.undelivered(events[0].event_id) == 0


def test_several_carriers_take_each_webhook_once(machine: Machine, store: SqliteStore, clock: Clock) -> None:
    with _shop_answering([200] * 30) as (url, arrived):
        carrier = Courier(store=store, secret=WEBHOOK_SECRET, send=post_to(url))
        with SandboxServer(machine=machine, courier=carrier, now=clock, carriers=4) as server:
            door = Door(gateway(), machine, store, clock, server)
            for number in range(30):
                params = {"amount": "500", "currency": "eur", "metadata[number]": str(number)}
                assert door.send("POST", "/v1/payment_intents", params).status == 200
            bodies = [arrived.get(timeout=10)[0] for _ in range(30)]
    assert len(set(bodies)) == 30
    assert arrived.empty()


def test_a_shop_that_is_down_counts_as_no_answer() -> None:
    with _shop_answering([]) as (url, _):
        pass
    assert post_to(url)(b"{}", "t=1,v1=a") == 0


@contextmanager
def _shop_answering(answers: list[int]) -> Iterator[tuple[str, Queue[tuple[bytes, str]]]]:
    arrived: Queue[tuple[bytes, str]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(answers.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()
            arrived.put((body, self.headers["Stripe-Signature"]))

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/webhooks/stripe/", arrived
        finally:
            server.shutdown()
            thread.join()
