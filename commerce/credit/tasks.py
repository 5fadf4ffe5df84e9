from __future__ import annotations

from datetime import datetime

from commerce.credit import expiring
from commerce.kit.schedule import every


@every(seconds=600)
def expire_credit(*, at: datetime) -> None:
    expiring.expire_due(at=at)
