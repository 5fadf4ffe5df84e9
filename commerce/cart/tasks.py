from __future__ import annotations

from datetime import datetime

from commerce.cart import abandoning
from commerce.kit.schedule import every


@every(seconds=60)
def announce_abandoned_carts(*, at: datetime) -> None:
    abandoning.announce_abandoned(at=at)
