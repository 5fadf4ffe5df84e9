from __future__ import annotations

from datetime import datetime

from commerce.customers.newsletter import forget_unconfirmed
from commerce.kit.schedule import every


@every(seconds=86_400)
def forget_addresses(*, at: datetime) -> None:
    forget_unconfirmed(at=at)
