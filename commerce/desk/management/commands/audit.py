from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.checkout import auditing as checkout
from commerce.inventory import auditing as inventory
from commerce.kit import clock
from commerce.orders import auditing as orders
from commerce.payments import auditing as payments


class Command(BaseCommand):
    help = "Checks that stock, money and orders add up; names every discrepancy and fails if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            *inventory.discrepancies(),
            *payments.discrepancies(),
            *orders.discrepancies(),
            *checkout.discrepancies(at=clock.now()),
        ]
        for discrepancy in found:
            self.stderr.write(discrepancy)
        if found:
            raise CommandError(f"{len(found)} discrepancies")
        self.stdout.write("everything adds up")
