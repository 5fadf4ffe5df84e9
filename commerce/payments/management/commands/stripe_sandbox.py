from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from commerce.kit.stopping import Stopping
from commerce.payments.stripe.sandbox import assembling


class Command(BaseCommand):
    help = "Runs the stand-in for Stripe on 127.0.0.1. No account is needed and no money moves."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--webhook-url", required=True, help="where the shop takes Stripe's webhooks")
        parser.add_argument("--store", default="", help="the sandbox's own SQLite file")
        parser.add_argument("--latency", type=int, default=0, metavar="MS", help="how long every answer takes")
        parser.add_argument("--carriers", type=int, default=1, help="how many webhooks are under way at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            server = assembling.server(
                port=options["port"],
                webhook_url=options["webhook_url"],
                store_file=options["store"],
                latency=timedelta(milliseconds=options["latency"]),
                carriers=options["carriers"],
            )
        except (ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error
        stopping = Stopping()
        with server:
            self.stdout.write(f"stripe sandbox: {server.url}, webhooks to {options['webhook_url']}")
            self.stdout.flush()
            stopping.wait()
