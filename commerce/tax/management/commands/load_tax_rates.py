from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.kit.errors import DomainError
from commerce.tax.loading import Outcome, load_rates, packaged
from commerce.tax.rate_tables import written
from commerce.tax.vat_ids import EU_COUNTRIES


class Command(BaseCommand):
    help = "Loads dated tax rates from the kept data; rates that staff entered or edited are never touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--starting", help="from when new rates hold, such as 2027-01-01 (UTC) or a full instant")
        parser.add_argument("--country", action="append", help="ISO code; may be repeated; else the EU's 27")

    def handle(self, *args: Any, **options: Any) -> None:
        data = packaged()
        try:
            starting = _instant(options["starting"]) if options["starting"] else data.starting
            loaded = load_rates(data=data, countries=options["country"] or EU_COUNTRIES, starting=starting)
        except (DomainError, ValueError) as error:
            raise CommandError(str(error)) from error
        for rate in loaded:
            if rate.outcome is not Outcome.UNCHANGED:
                self.stdout.write(f"{rate.country} {rate.tax_class} {written(rate.percent)} %: {rate.outcome.value}")
        counted = Counter(rate.outcome for rate in loaded)
        summary = ", ".join(f"{counted[outcome]} {outcome.value}" for outcome in Outcome)
        self.stdout.write(f"{data.source}, from {starting.isoformat()}: {summary}")


def _instant(text: str) -> datetime:
    """Without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
