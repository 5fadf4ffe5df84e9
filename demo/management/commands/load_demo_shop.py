from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from commerce.kit import clock
from demo import loading, staff


class Command(BaseCommand):
    help = "Loads the demo shop into an empty database; does nothing when a shop is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if loading.is_loaded():
            self.stdout.write("demo shop: there already")
        else:
            loading.load(at=clock.now(), say=lambda step: self.stdout.write(f"demo shop: {step}"))
        self.stdout.write(f"logins: {staff.ADMIN} and {staff.MERCHANDISER}, password {staff.PASSWORD}")
