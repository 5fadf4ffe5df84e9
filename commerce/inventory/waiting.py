"""Goods that are sold before they are there. Pure, JSON in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Wait:
    """`expected_on` is the day on which they are expected, None where nobody knows."""

    expected_on: date | None

    @classmethod
    def longest(cls, waits: Iterable[Wait | None]) -> Wait | None:
        """Until the last has come; a day is known where each has one. None: nothing waits."""
        found = [wait.expected_on for wait in waits if wait]
        known = [day for day in found if day]
        return cls(max(known) if len(known) == len(found) else None) if found else None

    def document(self) -> dict[str, str | None]:
        return {"expected_on": self.expected_on.isoformat() if self.expected_on else None}

    @classmethod
    def from_document(cls, document: Mapping[str, str | None]) -> Wait:
        day = document["expected_on"]
        return cls(date.fromisoformat(day) if day else None)
