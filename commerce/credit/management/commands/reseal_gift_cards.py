from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.credit.resealing import reseal


class Command(BaseCommand):
    help = "Renew the codes of gift cards under the current SECRET_KEY, after which the earlier keys may go."

    def handle(self, *args: Any, **options: Any) -> None:
        renewed, lost = reseal()
        self.stdout.write(f"{renewed} gift cards renewed")
        if lost:
            raise CommandError(f"{lost} gift cards were sealed with a key that is not among SECRET_KEY_FALLBACKS")
