"""What the blocks of a page or a menu name, collected in one walk before anything is loaded."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text.rewriters import FIND_A_TAG, extract_attrs

from cms.blocks.shop import ArticlesBlock
from cms.blocks.walking import told
from cms.catalogue.models import Brand, Collection, ProductContent


@dataclass(slots=True)
class Named:
    """Keys by kind. A journal of None is the page's own."""

    images: set[int] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    contents: set[int] = field(default_factory=set)
    collections: set[uuid.UUID] = field(default_factory=set)
    brands: set[uuid.UUID] = field(default_factory=set)
    journals: set[int | None] = field(default_factory=set)

    @classmethod
    def by(cls, *streams: StreamValue) -> Named:
        named = cls()
        for stream in streams:
            told(stream, named.note)
        return named

    def note(self, block: Any, raw: Any, within: Any) -> None:
        """The leaf of the walk."""
        match block:
            case ImageBlock():
                self.images |= {pk} if (pk := image_key(raw)) else set()
            case blocks.RichTextBlock():
                for kind, pk in _linked(raw):
                    (self.pages if kind == "page" else self.documents).add(pk)
            case blocks.PageChooserBlock():
                self.pages |= {pk} if (pk := row_key(raw)) else set()
                if isinstance(within, ArticlesBlock):
                    self.journals.add(row_key(raw))
            case blocks.ChooserBlock():
                self._note_chosen(block.target_model, raw)

    def _note_chosen(self, model: Any, raw: Any) -> None:
        if model is ProductContent:
            self.contents |= {pk} if (pk := row_key(raw)) else set()
        elif model in (Collection, Brand):
            keys = self.collections if model is Collection else self.brands
            keys |= {key} if (key := unique_key(raw)) else set()


def row_key(raw: Any) -> int | None:
    return raw if isinstance(raw, int) and 0 < raw < 2**63 else None


def unique_key(raw: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(raw))
    except ValueError:
        return None


def image_key(raw: Any) -> int | None:
    """Of a picture with its alternative text, or of one that was chosen before those were asked for."""
    return row_key(raw.get("image") if isinstance(raw, dict) else raw)


def _linked(html: Any) -> Iterator[tuple[str, int]]:
    for tag in FIND_A_TAG.findall(html or ""):
        attributes = extract_attrs(tag)
        kind, key = attributes.get("linktype"), attributes.get("id", "")
        if kind in {"page", "document"} and key.isdecimal() and (pk := row_key(int(key))):
            yield kind, pk
