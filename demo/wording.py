"""How the demo shop writes things down in two languages, and the blocks that stories and articles are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from demo.catalogue import Block

Language = Literal["en", "de"]
Words = TypeVar("Words")


@dataclass(frozen=True)
class Both(Generic[Words]):
    """The same thing said in English and in German: `both["de"]`."""

    en: Words
    de: Words

    def __getitem__(self, language: Language) -> Words:
        return self.de if language == "de" else self.en


@dataclass(frozen=True)
class Search:
    """What search engines show of a page: a title of at most 70 characters, a description of at most 160."""

    title: str
    description: str


def heading(text: str) -> Block:
    return "heading", text


def paragraph(html: str) -> Block:
    return "paragraph", f"<p>{html}</p>"


def quote(text: str) -> Block:
    return "quote", text


def product(slug: str) -> Block:
    """A single product of the catalogue, shown between two paragraphs of an article."""
    return "product", slug
