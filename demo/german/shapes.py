"""What the German words of the demo shop look like. All of them are keyed by the slugs of `demo.catalogue`."""

from __future__ import annotations

from dataclasses import dataclass

from demo.catalogue import Block


@dataclass(frozen=True)
class CategoryWords:
    title: str
    slug: str
    introduction: str


@dataclass(frozen=True)
class ProductWords:
    """`story` has the English story's kinds of blocks in its order; `alt` is what all the product's pictures show."""

    title: str
    slug: str
    summary: str
    alt: str
    story: tuple[Block, ...]
