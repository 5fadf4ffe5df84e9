import subprocess
import sys

import pytest

MANY_SIGNALS = """
import signal
from threading import Event
from commerce.kit.stopping import Stopping

class Deadlocking(Event().__class__):
    def __init__(self, *, signals):
        super().__init__()
        for number in signals:
            signal.signal(number, lambda *_: self.set())
    def wait(self, *, seconds):
        self.clear()
        return super().wait(seconds)

class Forgetful(Stopping):
    def wait(self, *, seconds):
        self._is_told = False
        return super().wait(seconds=seconds)

stopping = {kind}(signals=[signal.SIGALRM])
for number in range({rounds}):
    signal.setitimer(signal.ITIMER_REAL, (1 + number % 40) / 1_000_000)
    stopping.wait(seconds=0)
signal.setitimer(signal.ITIMER_REAL, 0)
print("alive")
"""


def _under_many_signals(kind: str, *, rounds: int, seconds: int) -> str:
    command = [sys.executable, "-c", MANY_SIGNALS.format(kind=kind, rounds=rounds)]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True).stdout


def test_a_signal_may_arrive_in_any_moment_of_waiting() -> None:
    assert _under_many_signals("Forgetful", rounds=100_000, seconds=60) == "alive\n"


def test_an_event_in_its_place_would_wait_for_itself_for_ever() -> None:
    """The negative control."""
    with pytest.raises(subprocess.TimeoutExpired):
        _under_many_signals("Deadlocking", rounds=10_000_000, seconds=5)


def test_once_told_it_stays_told() -> None:
    script = """
import os, signal
from commerce.kit.stopping import Stopping
stopping = Stopping()
assert not stopping.wait(seconds=0)
os.kill(os.getpid(), signal.SIGTERM)
assert stopping.wait() and stopping.wait() and stopping.wait(seconds=0)
"""
    subprocess.run([sys.executable, "-c", script], timeout=20, check=True)
