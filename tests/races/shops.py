"""The shop of a sale, which keeps what happens in it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from cms.catalogue.models import Variant
from commerce.inventory.models import StockMovement
from commerce.kit import outbox
from commerce.payments.gateways import payment_gateway
from tests.factories import Shop, open_shop
from tests.races.rush import BOUGHT, REFUSED, Answer, rush
from tests.till import Till

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class Sale:
    refused: ClassVar[str] = REFUSED
    shop: Shop
    till: Till
    variant: Variant | None = None

    def prepare(self, *, buyers: int, units: int) -> list[uuid.UUID]:
        """New goods, and a filled cart for everybody."""
        self.variant = self.shop.sell(stock=units)
        carts = [self.shop.cart((self.variant, 1)).pk for _ in range(buyers)]
        connection.close()
        return carts

    def serve(self, carts: list[uuid.UUID], hands: int, doors: Any, answers: Any) -> None:
        """In a process of its own."""
        answers.put(rush(carts, hands=hands, till=self.till, at=AT, opens=lambda: doors.wait(timeout=60)))

    def look(self, answers: list[Answer], *, units: int) -> str:
        """What is wrong after a round; empty when all is well."""
        while outbox.deliver_due(at=AT):
            pass
        assert self.variant is not None
        told = Counter(each.what for each in answers)
        sold = StockMovement.objects.filter(kind="sale", level__variant=self.variant).count()
        level = self.shop.level(self.variant)
        wrong = []
        if told.pop(BOUGHT, 0) != units or sold != units or (level.on_hand, level.reserved) != (0, 0):
            wrong.append(f"{sold} sold, {level.on_hand} on hand, {level.reserved} reserved")
        told.pop(REFUSED, 0)
        wrong += [f"{many} × {what}" for what, many in told.items()]
        return "; ".join([*wrong, *_findings()])


@contextmanager
def sale(folder: Path) -> Iterator[Sale]:
    with override_settings(PAYMENT_GATEWAY="tests.till.current_gateway"):
        payment_gateway.cache_clear()
        till = Till.open(folder / "stripe-sandbox.sqlite3")
        try:
            made = Sale(shop=open_shop(), till=till)
            # The processes are forks of this one: like those of a server that runs, they have sold before.
            rush(made.prepare(buyers=2, units=1), hands=1, till=till, at=AT, opens=lambda: None)
            yield made
        finally:
            till.close()
            payment_gateway.cache_clear()


def _findings() -> list[str]:
    named = StringIO()
    try:
        call_command("audit", stdout=StringIO(), stderr=named, no_color=True, skip_checks=True)
    except CommandError:
        return named.getvalue().splitlines()
    return []
