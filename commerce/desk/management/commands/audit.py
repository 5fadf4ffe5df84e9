from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.checkout import auditing as checkout
from commerce.credit import auditing as credit
from commerce.inventory import auditing as inventory
from commerce.kit import auditing as kit
from commerce.kit import clock
from commerce.listings import auditing as listings
from commerce.orders import auditing as orders
from commerce.payments import auditing as payments
from commerce.pricing import auditing as pricing
from commerce.promotions import auditing as promotions


class Command(BaseCommand):
    help = "Checks that stock, money, prices, coupons and orders add up; names every discrepancy and fails on any."

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        found = [
            *inventory.discrepancies(),
            *payments.discrepancies(),
            *pricing.discrepancies(at=at),
            *promotions.discrepancies(),
            *credit.problems(),
            *orders.discrepancies(),
            *checkout.discrepancies(at=at),
            *listings.discrepancies(at=at),
            *kit.illegal_histories(),
        ]
        for discrepancy in found:
            self.stderr.write(discrepancy)
        if found:
            raise CommandError(f"{len(found)} discrepancies")
        self.stdout.write("everything adds up")
