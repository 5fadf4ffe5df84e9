"""What the HTTP door serves to browsers besides the API: the look-alike of Stripe.js and the bank's page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_AUTHENTICATION = re.compile(r"/_sandbox/authentications/[A-Za-z0-9_]+")
_RECEIPT = re.compile(r"/_sandbox/receipts/[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Page:
    content: bytes
    content_type: str


def find(path: str) -> Page | None:
    if path == "/healthz":
        return Page(b"ok", "text/plain")
    if path == "/v3/stripe.js":
        return Page(_read("stripe.js"), "text/javascript; charset=utf-8")
    if _AUTHENTICATION.fullmatch(path):
        return Page(_read("authentication.html"), "text/html; charset=utf-8")
    if _RECEIPT.fullmatch(path):
        return Page(_read("receipt.html"), "text/html; charset=utf-8")
    return None


@cache
def _read(name: str) -> bytes:
    return (_HERE / name).read_bytes()
