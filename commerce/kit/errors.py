"""Domain errors: typed, with a stable code; the API turns the kind into an HTTP status (RFC 9457)."""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar


class ErrorKind(Enum):
    INVALID = "invalid"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    GONE = "gone"
    UNPAID = "unpaid"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A request the domain understands and will not carry out. Nothing was changed.

    `code` is part of the public API and never renamed; `title` says it in a few words, `detail` for this case;
    `facts` are further members of the problem document, JSON-ready.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[ErrorKind]
    may_be_repeated: ClassVar[bool] = False
    """The very same request may well succeed in a moment."""

    def __init__(self, detail: str = "", **facts: Any) -> None:
        self.detail = detail or self.title
        self.facts = facts
        super().__init__(self.detail)
