from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from random import Random
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.checkout.quoting.computing import compute
from commerce.checkout.quoting.inventing import invent
from commerce.checkout.quoting.replaying import differences
from commerce.orders.models import Order
from commerce.orders.snapshots import QuoteSnapshot

Frozen = tuple[str, QuoteSnapshot]


class Command(BaseCommand):
    help = (
        "Computes frozen quotes once more from their own facts: made-up ones, or those of all orders. "
        "Names every amount that comes out differently and fails if there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=1000, help="how many quotes to make up (1000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes up the same quotes (1)")
        parser.add_argument("--orders", action="store_true", help="the quotes of all orders instead")

    def handle(self, *args: Any, **options: Any) -> None:
        quotes = _of_orders() if options["orders"] else _made_up(options["count"], options["seed"])
        began, replayed, differing, without_facts = perf_counter(), 0, 0, 0
        for name, quote in quotes:
            if not quote.get("facts"):
                without_facts += 1
                continue
            replayed += 1
            if found := _differences(quote):
                differing += 1
                self.stderr.write(f"{name}: {', '.join(found)}")
        if without_facts:
            self.stdout.write(f"{without_facts} orders were placed before quotes kept their facts")
        seconds = perf_counter() - began
        self.stdout.write(f"{replayed} quotes replayed, {differing} differ, {seconds:.1f} seconds")
        if differing:
            raise CommandError(f"{differing} of {replayed} quotes do not follow from their facts")


def _made_up(count: int, seed: int) -> Iterator[Frozen]:
    """Each from a seed of its own, so that one of them can be made up again; frozen as the database freezes it."""
    for number in range(count):
        name = f"{seed}:{number}"
        yield name, json.loads(json.dumps(compute(invent(Random(name)))))


def _of_orders() -> Iterator[Frozen]:
    return Order.objects.order_by("pk").values_list("number", "quote").iterator()


def _differences(quote: QuoteSnapshot) -> list[str]:
    """A quote that cannot be computed at all, for whatever reason, differs all the more."""
    try:
        return differences(quote)
    except Exception as error:
        return [f"cannot be computed: {error!r}"]
