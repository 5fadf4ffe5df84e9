from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commerce.kit import clock
from demo import loading, staff


class Command(BaseCommand):
    help = "Loads the demo shop into an empty database; does nothing when a shop is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plain", action="store_true", help="grey pictures, which take no time")
        parser.add_argument("--least-stock", type=int, default=0, help="have at least so much of every variant")

    def handle(self, *args: Any, **options: Any) -> None:
        if loading.is_loaded():
            self.stdout.write("demo shop: there already")
        else:
            loading.load(
                at=clock.now(),
                say=lambda step: self.stdout.write(f"demo shop: {step}"),
                is_plain=options["plain"],
                least_stock=options["least_stock"],
            )
        logins = ", ".join((staff.ADMIN, staff.MERCHANDISER, staff.WRITER, staff.CLERK))
        self.stdout.write(f"logins: {logins}, password {staff.PASSWORD}")
