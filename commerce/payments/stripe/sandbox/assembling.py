"""The sandbox as the settings describe it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from commerce.payments.stripe.events import NEWS
from commerce.payments.stripe.sandbox.deliveries import Courier, post_to
from commerce.payments.stripe.sandbox.machine import Keys, Machine
from commerce.payments.stripe.sandbox.server import SandboxServer
from commerce.payments.stripe.sandbox.store import SqliteStore


def server(
    *, port: int, webhook_url: str, store_file: str = "", latency: timedelta = timedelta(0), carriers: int = 1
) -> SandboxServer:
    """The HTTP door with its courier.

    Raises:
        ImproperlyConfigured: `STRIPE_SANDBOX_URL` is empty, so no sandbox is wanted, or a key is live or missing.
    """
    _require_sandbox_settings()
    store = SqliteStore(Path(store_file or settings.STRIPE_SANDBOX_STORE))
    machine = Machine(
        store=store,
        keys=Keys(secret=settings.STRIPE_SECRET_KEY, publishable=settings.STRIPE_PUBLISHABLE_KEY),
        address=settings.STRIPE_SANDBOX_URL,
        told=NEWS,
    )
    # While a secret is being rotated there are several; the first is the new one.
    secret = settings.STRIPE_WEBHOOK_SECRET.split(",")[0].strip()
    courier = Courier(store=store, secret=secret, send=post_to(webhook_url))
    return SandboxServer(machine=machine, courier=courier, port=port, latency=latency, carriers=carriers)


def _require_sandbox_settings() -> None:
    if not settings.STRIPE_SANDBOX_URL:
        raise ImproperlyConfigured("STRIPE_SANDBOX_URL is empty: this shop talks to Stripe, not to the sandbox")
    for name in ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"):
        value = getattr(settings, name)
        if not value:
            raise ImproperlyConfigured(f"{name} is empty")
        if "_live_" in value:
            raise ImproperlyConfigured(f"{name} is a live key: the sandbox moves no money and refuses it")
