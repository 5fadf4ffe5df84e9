"""Named places where a test kills the process, to see that nothing acknowledged is lost (invariant I5).

Each call stands under `if __debug__:`, so that production, which runs with PYTHONOPTIMIZE, contains none of them.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

from django.conf import settings

POINTS: dict[str, str] = {
    "stock_reserved": "Inside the transaction: the units are reserved; nothing is committed.",
    "checkout_frozen": "The checkout is committed; the gateway has not been asked.",
    "intent_opened": "The gateway has the intent, and we have not written down which.",
    "webhook_kept": "The webhook is in the inbox and not answered yet.",
    "webhook_fetched": "The gateway has said how the payment stands, and nothing of it is written.",
    "order_placed": "The order is written and not committed.",
    "order_committed": "The order is committed; nobody has been told.",
    "cancel_asked": "The gateway has cancelled the payment, and that is not written.",
    "capture_asked": "The gateway has taken the money, and that is not written.",
    "refund_asked": "The gateway has given the money back, and that is not written.",
    "refund_written": "The refund is in the books, and its task is not marked as done.",
    "invoice_numbered": "Inside the transaction: the invoice has its number; nothing is committed.",
    "invoice_committed": "The invoice is issued; its PDF is not made.",
    "event_claimed": "A worker has taken a delivery and done nothing of it.",
    "event_handled": "The delivery's work is done, and the delivery is not marked as done.",
}
"""Every place by name, with what has happened there and what has not."""


_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Die here, as by a power cut, if the setting `CRASH_AT` names this place; "name:3" is the third time."""
    wanted, _, times = getattr(settings, "CRASH_AT", "").partition(":")
    if wanted == name:
        _passed[name] += 1
        if _passed[name] >= int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)
