from __future__ import annotations

from datetime import datetime

from commerce.inventory import reservations
from commerce.kit.schedule import every


@every(seconds=30)
def expire_reservations(*, at: datetime) -> None:
    reservations.expire_due(at=at)
