"""Many buyers for few units, all at the same moment: who gets one, who is told no, and how soon.

Each buyer is a cart that is checked out by as many hands as a server has: threads with connections of their own. The
time of an answer counts from the moment when the doors open, so waiting for a free hand is part of it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from wagtail.models import Locale

from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.starting import start
from commerce.inventory.reservations import OutOfStock
from tests.till import Till

BOUGHT, REFUSED = "bought", "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    what: str
    """Bought, refused, or what went wrong."""
    seconds: float


def rush(carts: Sequence[uuid.UUID], *, hands: int, till: Till, at: datetime, opens: Callable[[], Any]) -> list[Answer]:
    """Check out all carts as soon as `opens` returns; afterwards those who got something pay and are served."""
    opened: list[float] = []
    checkouts: list[Checkout] = []

    def ask(cart_id: uuid.UUID) -> Answer:
        try:
            checkouts.append(start(cart_id=cart_id, locale=Locale.get_default(), at=at))
            what = BOUGHT
        except OutOfStock:
            what = REFUSED
        except Exception as error:  # whatever goes wrong is an answer that no buyer should get
            what = repr(error)
        return Answer(what, time.monotonic() - opened[0])

    with ThreadPoolExecutor(max_workers=hands, initializer=connection.ensure_connection) as server:
        # Every hand is at its place before the doors open.
        list(server.map(lambda _: connection.ensure_connection(), range(hands * 2)))
        opens()
        opened.append(time.monotonic())
        answers = list(server.map(ask, carts))
        served = list(server.map(lambda checkout: _serve(checkout, till, at), checkouts))
        list(server.map(lambda _: _leave(), range(hands * 2)))
    return [*answers, *[Answer(wrong, 0) for wrong in served if wrong]]


def _serve(checkout: Checkout, till: Till, at: datetime) -> str:
    try:
        till.pay(checkout.payment)
        done = finish(checkout_id=checkout.pk, actor="shopper", at=at)
        return "" if done.status == "completed" else f"paid and {done.status}"
    except Exception as error:
        return repr(error)


def _leave() -> None:
    connection.close()
