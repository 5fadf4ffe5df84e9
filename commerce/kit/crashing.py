"""Named places where a test kills the process, to see that nothing acknowledged is lost (invariant I5).

Each call stands under `if __debug__:`, so that production, which runs with PYTHONOPTIMIZE, contains none of them.
"""

from __future__ import annotations

import os
import signal

from django.conf import settings

POINTS: dict[str, str] = {}
"""Every place by name, with what has happened there and what has not."""


def crash_point(name: str) -> None:
    """Die here, as by a power cut, if the setting `CRASH_AT` names this place."""
    if getattr(settings, "CRASH_AT", "") == name:
        os.kill(os.getpid(), signal.SIGKILL)
