"""The sandbox behind the shop's gateway, and what shoppers and Stripe do with it in tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings

from commerce.kit import clock
from commerce.payments.models import Payment
from commerce.payments.stripe.adapter import StripeGateway
from commerce.payments.stripe.sandbox import forms
from commerce.payments.stripe.sandbox.deliveries import signed
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.machine import Keys, Machine, Reply
from commerce.payments.stripe.sandbox.store import SqliteStore
from commerce.payments.stripe.sandbox.transport import SandboxTransport

GOOD_CARD = "4242424242424242"
DECLINED_CARD = "4000000000000002"


class Till:
    current: ClassVar[Till | None] = None

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        keys = Keys(secret=settings.STRIPE_SECRET_KEY, publishable=settings.STRIPE_PUBLISHABLE_KEY)
        self.machine = Machine(store=store, keys=keys, address=settings.STRIPE_SANDBOX_URL)
        self.gateway = StripeGateway(transport=SandboxTransport(self.machine, now=clock.now))

    @classmethod
    def open(cls, path: Path) -> Till:
        cls.current = cls(SqliteStore(path))
        return cls.current

    def close(self) -> None:
        Till.current = None

    def send(self, method: str, path: str, params: dict[str, str], *, key: str) -> Reply:
        return self.machine.answer(
            method=method,
            path=path,
            params=forms.parse(urlencode(params)),
            headers={"authorization": f"Bearer {key}"},
            at=clock.now(),
        )

    def pay(self, payment: Payment, card: str = GOOD_CARD) -> Reply:
        """The shopper presses "pay" in the gateway's form."""
        return self.confirm(payment.client_secret, card)

    def confirm(self, client_secret: str, card: str = GOOD_CARD) -> Reply:
        fields = {"number": card, "exp_month": "12", "exp_year": "2034", "cvc": "123"}
        params = {f"payment_method_data[card][{name}]": value for name, value in fields.items()}
        params |= {"payment_method_data[type]": "card", "client_secret": client_secret}
        intent = client_secret.split("_secret_")[0]
        key = settings.STRIPE_PUBLISHABLE_KEY
        return self.send("POST", f"/v1/payment_intents/{intent}/confirm", params, key=key)

    def dashboard(self, path: str, **params: str) -> dict[str, Any]:
        """What people do in the gateway's own dashboard, and banks behind it."""
        reply = self.send("POST", f"/_sandbox/{path}", params, key=settings.STRIPE_SECRET_KEY)
        assert reply.status == 200, reply.body
        return reply.body

    def intent(self, payment: Payment) -> dict[str, Any]:
        key = settings.STRIPE_SECRET_KEY
        return self.send("GET", f"/v1/payment_intents/{payment.gateway_id}", {}, key=key).body

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """Oldest first."""
        listed = self.send("GET", "/v1/events", {"limit": "100"}, key=settings.STRIPE_SECRET_KEY).body["data"]
        return [event for event in reversed(listed) if event["type"].startswith(kind)]

    def webhook(self, kind: str, *, at: datetime) -> tuple[bytes, str]:
        """The last event of this kind as Stripe would post it: body and signature header."""
        return signed(self.events(kind)[-1], secret=settings.STRIPE_WEBHOOK_SECRET, at=at)

    def provoke(self, kind: FaultKind, **where: Any) -> None:
        self.machine.provoke(Fault(kind=kind, **where))


def current_gateway() -> StripeGateway:
    assert Till.current is not None, "this test pays and needs the `till` fixture"
    return Till.current.gateway
