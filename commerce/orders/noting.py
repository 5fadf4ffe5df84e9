from __future__ import annotations

from datetime import datetime

from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.models import Order, OrderNote

LONGEST = 2000


class NoteRefused(DomainError):
    code = "note_refused"
    title = "A note has some words, and at most 2000 characters"
    kind = ErrorKind.INVALID


def note(*, order: Order, text: str, is_visible: bool, actor: str, at: datetime) -> OrderNote:
    """Write a note to the order: for the shop alone, or for the shopper too. It is never changed.

    Raises `NoteRefused`.
    """
    text = text.replace("\x00", "").strip()
    if not 0 < len(text) <= LONGEST:
        raise NoteRefused()
    return OrderNote.objects.create(order=order, text=text, is_visible=is_visible, actor=actor, at=at)
