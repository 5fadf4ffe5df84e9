"""The web process dies between payment and return. Once it is back there is exactly one order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.db.models import F

from commerce.inventory.models import StockMovement
from commerce.orders.models import Order
from commerce.payments.models import LedgerEntry, Payment, WebhookEvent
from tests.factories import GERMAN_ADDRESS, open_shop
from tests.journeys.processes import Processes, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes.on_free_ports(tmp_path)
    yield processes
    processes.stop()


class Shopper:
    """A storefront's requests, over real HTTP."""

    def __init__(self, processes: Processes) -> None:
        self.processes = processes

    def check_out(self, variant: str) -> dict[str, Any]:
        cart = self._send("POST", "carts/", {})
        self._send("POST", f"carts/{cart['id']}/lines/", {"variant": variant, "quantity": 1})
        address = {**GERMAN_ADDRESS.document(), "email": "customer@example.com"}
        self._send("PUT", f"carts/{cart['id']}/address/", address)
        return self._send("POST", "checkouts/", {"cart": cart["id"]})

    def pay(self, checkout: dict[str, Any]) -> None:
        """The browser talks to the payment service alone; the shop's own server is not needed for it."""
        secret = checkout["payment"]["client_secret"]
        card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2034", "cvc": "123"}
        form = {f"payment_method_data[card][{name}]": value for name, value in card.items()}
        form |= {"payment_method_data[type]": "card", "client_secret": secret}
        answer = requests.post(
            f"{self.processes.sandbox}/v1/payment_intents/{secret.split('_secret_')[0]}/confirm",
            data=form,
            headers={"Authorization": f"Bearer {settings.STRIPE_PUBLISHABLE_KEY}"},
            timeout=10,
        )
        assert answer.json()["status"] == "succeeded", answer.text

    def lose_all_webhooks(self) -> None:
        answer = requests.post(
            f"{self.processes.sandbox}/_sandbox/faults",
            data={"kind": "webhook_drop", "times": "1000"},
            headers={"Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}"},
            timeout=10,
        )
        assert answer.ok, answer.text

    def return_to(self, checkout: dict[str, Any]) -> dict[str, Any]:
        return self._send("POST", f"checkouts/{checkout['id']}/complete/", {})

    def look_at(self, checkout: dict[str, Any]) -> dict[str, Any]:
        return self._send("GET", f"checkouts/{checkout['id']}/")

    def _send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = requests.request(method, f"{self.processes.web}/api/v1/{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        document: dict[str, Any] = answer.json()
        return document


def test_the_webhook_finishes_what_the_return_could_not(processes: Processes) -> None:
    variant = open_shop().sell(stock=3)
    for start in (processes.start_sandbox, processes.start_web, processes.start_worker):
        start()
    shopper = Shopper(processes)
    checkout = shopper.check_out(str(variant.pk))

    processes.kill("web")
    shopper.pay(checkout)
    assert not Order.objects.exists()
    processes.start_web()

    finished = until(lambda: shopper.look_at(checkout)["order"], what="the order")
    assert shopper.return_to(checkout)["order"]["number"] == finished["number"]
    _is_one_sale()


def test_a_web_process_that_dies_after_the_webhook_was_kept_loses_nothing(processes: Processes) -> None:
    """The event is in the inbox and nobody has worked on it: a worker started later does."""
    variant = open_shop().sell(stock=3)
    processes.start_sandbox()
    processes.start_web()
    shopper = Shopper(processes)
    checkout = shopper.check_out(str(variant.pk))
    shopper.pay(checkout)
    until(_webhook_is_kept, what="the webhook")
    processes.kill("web")
    assert not Order.objects.exists()

    processes.start_worker()
    until(Order.objects.exists, what="the order")
    processes.start_web()
    assert shopper.return_to(checkout)["status"] == "completed"
    _is_one_sale()


def test_the_reconciler_finishes_what_neither_return_nor_webhook_could(processes: Processes) -> None:
    variant = open_shop().sell(stock=3)
    processes.start_sandbox()
    processes.start_web()
    shopper = Shopper(processes)
    shopper.lose_all_webhooks()
    checkout = shopper.check_out(str(variant.pk))
    processes.kill("web")
    shopper.pay(checkout)
    # The minute for which the reconciler leaves a payment alone is over.
    Payment.objects.update(checked_at=F("checked_at") - timedelta(minutes=2))

    processes.start_worker()
    until(Order.objects.exists, what="the order")
    assert not WebhookEvent.objects.exists()
    processes.start_web()
    assert shopper.return_to(checkout)["status"] == "completed"
    _is_one_sale()


def _webhook_is_kept() -> bool:
    return WebhookEvent.objects.filter(type="payment_intent.succeeded").exists()


def _is_one_sale() -> None:
    assert Order.objects.count() == 1
    assert StockMovement.objects.filter(kind="sale").count() == 1
    assert LedgerEntry.objects.get().amount_minor == Order.objects.get().total_minor
    call_command("audit")
