"""Calm output: one line a step, and failures as a sentence that says what to do."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """Something that the reader can act on; shown without a traceback."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Step:
    """One line of the output; `detail` may be filled in while the step runs."""

    def __init__(self, detail: str) -> None:
        self.detail = detail


@contextmanager
def step(name: str, detail: str = "") -> Iterator[Step]:
    """Print `name   detail   seconds` once the block has ended well; a failing block speaks for itself."""
    current = Step(detail)
    began = time.monotonic()
    yield current
    say(f"{name:<14}{current.detail:<42}{time.monotonic() - began:6.1f} s")


def say(line: str = "") -> None:
    print(line, flush=True)


def complain(message: str) -> None:
    sys.stdout.flush()
    print(message, file=sys.stderr, flush=True)


def last_lines(log: Path, count: int) -> str:
    """The end of a log, indented; empty when there is none."""
    try:
        lines: list[str] = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
