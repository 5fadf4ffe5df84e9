from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.kit import clock, outbox, schedule
from commerce.payments import polling, reconciling, webhooks

AT_ONCE = 10_000
NOT_LEFT_ALONE = timedelta(0)
OTHER_ROOMS = (
    "commerce.checkout.tasks.complete_what_is_paid",
    "commerce.checkout.tasks.expire_checkouts",
    "commerce.inventory.tasks.expire_reservations",
)
"""Work of other rooms by the clock that heals what is left of a purchase; this room knows it by name alone."""
MOST_DELIVERIES = 100_000


class Command(BaseCommand):
    help = (
        "Heals what can be healed now instead of by the clock: reads what the gateway says has happened, looks at "
        "every payment, capture and refund that may still move, completes or refuses what is paid, and delivers what "
        "waits."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        failed = [name for name, step in _steps(at) if not self._take(name, step)]
        if failed:
            raise CommandError(f"not everything could be done: {', '.join(failed)}")

    def _take(self, name: str, step: Callable[[], int]) -> bool:
        try:
            self.stdout.write(f"{name}: {step()}")
        except Exception as error:  # whatever is in the way of one step, the others are taken
            self.stderr.write(f"{name}: {type(error).__name__}: {error}")
            return False
        return True


def _steps(at: datetime) -> list[tuple[str, Callable[[], int]]]:
    everything: dict[str, Any] = {"at": at, "limit": AT_ONCE, "left_alone_for": NOT_LEFT_ALONE}
    return [
        ("events read from the gateway", lambda: polling.read_events(at=at)),
        ("events handled", lambda: _deliver(at)),
        ("events looked at again", lambda: webhooks.process_waiting(at=at, limit=AT_ONCE)),
        ("payments looked at", lambda: reconciling.reconcile(**everything)),
        ("captures carried out", lambda: reconciling.reconcile_captures(**everything)),
        ("refunds carried out", lambda: reconciling.reconcile_refunds(**everything)),
        ("jobs of other rooms", lambda: sum(schedule.run(name, at=at) for name in OTHER_ROOMS)),
        ("announcements delivered", lambda: _deliver(at)),
    ]


def _deliver(at: datetime) -> int:
    delivered = 0
    while delivered < MOST_DELIVERIES and (tried := outbox.deliver_due(at=at)):
        delivered += tried
    return delivered
