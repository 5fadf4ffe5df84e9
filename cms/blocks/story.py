"""Blocks for telling a product's story."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from cms.images.sets import image_set

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class PictureBlock(blocks.StructBlock):
    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        label = "Picture"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        image = value["image"]
        shown = image_set(image, alt=image.contextual_alt_text or "")
        return {**shown, "caption": value["caption"]} if shown else {"caption": value["caption"]}


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    attribution = blocks.CharBlock(required=False, max_length=100)

    class Meta:
        icon = "openquote"


class StoryBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(icon="title", max_length=120)
    paragraph = blocks.RichTextBlock(features=TEXT_FEATURES)
    image = PictureBlock()
    quote = QuoteBlock()
