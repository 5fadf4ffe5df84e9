from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.checkout import auditing as checkout
from commerce.credit import auditing as credit
from commerce.inventory import auditing as inventory
from commerce.invoicing import auditing as invoicing
from commerce.kit import auditing as kit
from commerce.kit import clock
from commerce.listings import auditing as listings
from commerce.orders import auditing as orders
from commerce.payments import auditing as payments
from commerce.payments import comparing
from commerce.pricing import auditing as pricing
from commerce.promotions import auditing as promotions


class Command(BaseCommand):
    help = "Checks that stock, money, prices, coupons and orders add up; names every discrepancy and fails on any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--gateway", action="store_true", help="also compare the books with the payment gateway")
        parser.add_argument("--days", type=int, default=30, help="how far back the gateway is asked")

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
            *invoicing.discrepancies(at=at),
            *kit.illegal_histories(),
        ]
        if options["gateway"]:
            found += comparing.discrepancies(since=at - timedelta(days=options["days"]), at=at)
        for discrepancy in found:
            self.stderr.write(discrepancy)
        if found:
            raise CommandError(f"{len(found)} discrepancies")
        self.stdout.write("everything adds up")
