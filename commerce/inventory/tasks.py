from __future__ import annotations

from datetime import datetime

from commerce.inventory import alerting, reservations
from commerce.kit.schedule import every


@every(seconds=30)
def expire_reservations(*, at: datetime) -> None:
    reservations.expire_due(at=at)


@every(seconds=60)
def tell_what_is_low(*, at: datetime) -> None:
    alerting.raise_alerts(at=at)
