"""The codes of gift cards: guessed by nobody, read by people, found again without being stored in the clear.

A code is twenty symbols of Crockford's base 32 (no I, L, O or U; https://www.crockford.com/base32.html), written in
groups of four: 100 random bits, and still 80 for whoever has seen the last four symbols, which lists show.

A row keeps two things made with the site's SECRET_KEY, both worthless without it. The *digest* (HMAC-SHA-256) finds
the card by its code. The *seal* (the code, hidden by a pad that HMAC-SHA-256 makes from the card's own id) lets the
shop write the code once more, such as when the message that carried it was lost.

Rotating SECRET_KEY: put the old key into SECRET_KEY_FALLBACKS, as Django wants it anyway. Look-ups honour it and cards
go on working. `manage.py reseal_gift_cards` then renews every row under the new key; once it says that none is left,
the old key may go. A key that is dropped before leaves its cards impossible to find: their balances are in the books,
but no code opens them.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
GROUP = 4
BITS = 5 * LENGTH

_LOOKALIKES = str.maketrans("ILO", "110", " -\t\n")
_LONGEST_WRITTEN = 100


class SealedWithALostKey(RuntimeError):
    """Neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS opens this card's seal."""


def new_code() -> str:
    return "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As people read it: "7Q2M-9XKD-04TB-HWZ6-C3RP"."""
    return "-".join(code[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def read(written: str) -> str | None:
    """The code behind what somebody typed: any case, spaces and hyphens anywhere, O for 0, I and L for 1.

    None when it cannot be a code at all.
    """
    code = written[:_LONGEST_WRITTEN].upper().translate(_LOOKALIKES)
    return code if len(code) == LENGTH and set(code) <= set(SYMBOLS) else None


def digest(code: str) -> str:
    """By which a new card is kept, under the current key."""
    return _digest(code, settings.SECRET_KEY)


def digests(code: str) -> list[str]:
    """By which a card may have been kept, under the current key and those before it."""
    return [_digest(code, key) for key in _keys()]


def sealed(code: str, *, card: uuid.UUID) -> str:
    return f"{_number(code) ^ _pad(card, settings.SECRET_KEY):x}"


def opened(seal: str, *, card: uuid.UUID, digest: str) -> str:
    """The code in a seal. The digest tells which key is the right one.

    Raises:
        SealedWithALostKey: none of the keys is.
    """
    for key in _keys():
        code = _written(int(seal, 16) ^ _pad(card, key))
        if constant_time_compare(_digest(code, key), digest):
            return code
    raise SealedWithALostKey(str(card))


def _keys() -> Iterator[str | bytes]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _digest(code: str, key: str | bytes) -> str:
    return salted_hmac("commerce.credit.code", code, secret=key, algorithm="sha256").hexdigest()


def _pad(card: uuid.UUID, key: str | bytes) -> int:
    """Never used twice: a card has one code for life."""
    random = salted_hmac("commerce.credit.seal", card.hex, secret=key, algorithm="sha256").digest()
    return int.from_bytes(random, "big") >> (8 * len(random) - BITS)


def _number(code: str) -> int:
    number = 0
    for symbol in code:
        number = number * len(SYMBOLS) + SYMBOLS.index(symbol)
    return number


def _written(number: int) -> str:
    return "".join(SYMBOLS[number >> shift & 31] for shift in range(BITS - 5, -5, -5))
