"""Blocks for telling a product's story."""

from __future__ import annotations

from wagtail import blocks

from cms.blocks.media import PictureBlock
from cms.blocks.text import TEXT_FEATURES, QuoteBlock, RichText

__all__ = ["TEXT_FEATURES", "StoryBlock"]


class StoryBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(icon="title", max_length=120)
    paragraph = RichText(features=TEXT_FEATURES)
    image = PictureBlock()
    quote = QuoteBlock()
