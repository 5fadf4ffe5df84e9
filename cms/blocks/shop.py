"""Blocks that show products and categories. They name what they show and know no prices."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.blocks.story import TEXT_FEATURES
from cms.images.sets import WIDE, image_set


class ButtonBlock(blocks.StructBlock):
    label = blocks.CharBlock(max_length=40)
    href = blocks.CharBlock(max_length=255, help_text="A path in the shop such as /c/lamps, or a full address.")

    class Meta:
        icon = "link"


class HeroBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(required=False)
    image = ImageBlock(required=False)
    button = ButtonBlock(required=False)

    picture_widths = WIDE

    class Meta:
        icon = "pick"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        image, button = value["image"], value["button"]
        return {
            "title": value["title"],
            "text": value["text"] or "",
            "image": image_set(image, alt=image.contextual_alt_text or "", widths=WIDE) if image else None,
            "button": dict(button) if button and button["label"] else None,
        }


class ProductsBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    products = blocks.ListBlock(SnippetChooserBlock("catalogue.ProductContent"), min_num=1, max_num=12)

    class Meta:
        icon = "tag"
        label = "Row of products"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        products = [str(content.product_id) for content in value["products"] if content is not None]
        return {"title": value["title"], "products": products}


class CategoriesBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    categories = blocks.ListBlock(blocks.PageChooserBlock(page_type="catalogue.CategoryPage"), min_num=1, max_num=12)

    class Meta:
        icon = "folder-open-inverse"
        label = "Tiles of categories"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        pages = [page.specific for page in value["categories"] if page is not None and page.live]
        tiles = [
            {"slug": page.slug, "title": page.title, "image": image_set(page.image) if page.image else None}
            for page in pages
        ]
        return {"title": value["title"], "categories": tiles}


class HomeBlock(blocks.StreamBlock):
    hero = HeroBlock()
    products = ProductsBlock()
    categories = CategoriesBlock()
    rich_text = blocks.RichTextBlock(features=["h2", "h3", *TEXT_FEATURES], icon="pilcrow")
