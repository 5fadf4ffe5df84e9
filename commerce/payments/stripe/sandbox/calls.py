"""One call to the API: what a use case gets to work with."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from commerce.kit.currencies import UnknownCurrency, exponent
from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.store import Document, Records

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
    told: Collection[str] = ("*",)
    """The types of events that the shop's own webhook address wants, as `enabled_events` of any other endpoint."""
    by_shopper: bool = False
    """The caller holds a publishable key, or none, and must prove the intent by its client secret."""
    request: dict[str, str | None] = field(default_factory=lambda: {"id": None, "idempotency_key": None})

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

    def require_holder(self, intent: Document) -> None:
        """Whoever has no secret key must name the client secret of this payment intent or setup intent."""
        if not self.by_shopper and "client_secret" not in self.params:
            return
        if not hmac.compare_digest(self.text("client_secret").encode(), intent["client_secret"].encode()):
            raise errors.parameter_invalid(
                "client_secret",
                "The client_secret provided does not match the client_secret associated with the intent.",
                code=f"{intent['object']}_invalid_parameter",
            )

    def flag(self, name: str) -> bool:
        written = self.text(name, "false")
        if written not in ("true", "false"):
            raise errors.parameter_invalid(name, f"Invalid boolean: {written}")
        return written == "true"

    def currency(self) -> str:
        """In lower case, as Stripe writes it."""
        code = self.text("currency")
        try:
            exponent(code.upper())
        except UnknownCurrency:
            raise errors.parameter_invalid("currency", f"Invalid currency: {code}.") from None
        return code.lower()

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        written = self.text(name, default)
        if written and written not in choices:
            raise errors.parameter_invalid(name, f"Invalid {name}: must be one of {', '.join(choices)}")
        return written

    def metadata(self) -> dict[str, str]:
        """Source: docs.stripe.com/api/metadata."""
        given = self.group("metadata")
        if len(given) > 50:
            raise errors.parameter_invalid("metadata", "You can specify up to 50 keys.")
        for name, value in given.items():
            if not isinstance(value, str) or len(value) > 500:
                message = "Metadata values are strings of up to 500 characters."
                raise errors.parameter_invalid(f"metadata[{name}]", message)
            if len(name) > 40:
                raise errors.parameter_invalid("metadata", "Metadata keys are up to 40 characters long.")
        return given

    def groups(self, name: str) -> list[Call]:
        """A list of nested parameters such as line_items[0][amount], each as a call of its own."""
        each = self.group(name)
        return [self.inside(name).inside(position) for position in each]

    def inside(self, name: str) -> Call:
        """The same call, with the parameters of this group."""
        return replace(self, params=self.group(name))

    def texts(self, name: str) -> list[str]:
        """A list such as types[]=a&types[]=b; empty when it is absent."""
        values = list(self.group(name).values())
        if not all(isinstance(value, str) for value in values):
            raise errors.parameter_invalid(name, "Invalid array")
        return values

    def group(self, name: str) -> dict[str, Any]:
        """A nested parameter such as metadata[order]; empty when it is absent."""
        value = self.params.get(name) or {}
        if not isinstance(value, dict):
            raise errors.parameter_invalid(name, "Invalid object")
        return value
