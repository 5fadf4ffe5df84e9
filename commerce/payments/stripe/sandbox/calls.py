"""One call to the API: what a use case gets to work with."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.store import Records

NewId = Callable[[str], str]
_MINIMAL_INTEGER = re.compile(r"-?[0-9]{1,18}")


def random_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


@dataclass(frozen=True, slots=True)
class Call:
    records: Records
    params: dict[str, Any]
    at: datetime
    new_id: NewId
    address: str
    """Where a browser finds the sandbox's own pages."""
    by_shopper: bool = False
    """The caller holds a publishable key, or none, and must prove the intent by its client secret."""
    request: dict[str, str | None] = field(default_factory=dict)

    @property
    def timestamp(self) -> int:
        return int(self.at.timestamp())

    def text(self, name: str, default: str | None = None) -> str:
        """A parameter that must be there, unless there is a default, and must not be nested."""
        value = self.params.get(name)
        if value is None or value == "":
            if default is None:
                raise errors.parameter_missing(name)
            return default
        if not isinstance(value, str):
            raise errors.parameter_invalid(name, f"Invalid string: {name}")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        written = self.text(name, None if default is None else str(default))
        if not _MINIMAL_INTEGER.fullmatch(written):
            raise errors.parameter_invalid(name, f"Invalid integer: {written}", code="parameter_invalid_integer")
        return int(written)

    def group(self, name: str) -> dict[str, Any]:
        """A nested parameter such as metadata[order]; empty when it is absent."""
        value = self.params.get(name) or {}
        if not isinstance(value, dict):
            raise errors.parameter_invalid(name, "Invalid object")
        return value
