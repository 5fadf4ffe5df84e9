"""Blocks that show products, categories and articles. They name what they show and know no prices."""

from __future__ import annotations

from typing import Any

from wagtail import blocks

from cms.blocks.choosing import SnippetChoice
from cms.images.sets import image_set

GROUP = "Shop"
MOST_OF_A_COLLECTION = 12
MOST_ARTICLES = 24


class ProductBlock(blocks.StructBlock):
    product = SnippetChoice("catalogue.ProductContent")
    text = blocks.TextBlock(required=False, max_length=400, help_text="The product's own summary unless written.")

    class Meta:
        icon = "tag"
        label = "One product"
        group = GROUP
        description = "One product, large, with its price of the moment."
        preview_template = "blocks/previews/product.html"
        preview_value = {"text": "Blown in one breath, and no two alike."}

    def told(self, parts: dict[str, Any]) -> dict[str, Any] | None:
        return parts if parts["product"] else None

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        product = value["product"]
        return {"product": str(product.product_id) if product else None, "text": value["text"] or ""}


class ProductsBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    products = blocks.ListBlock(SnippetChoice("catalogue.ProductContent"), min_num=1, max_num=12)

    class Meta:
        icon = "tag"
        label = "Row of products"
        group = GROUP
        description = "Products that you choose, in your order, with their prices of the moment."
        preview_template = "blocks/previews/products.html"
        preview_value = {"title": "New this week"}

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        products = [str(content.product_id) for content in value["products"] if content is not None]
        return {"title": value["title"], "products": products}


class CollectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=80, help_text="The collection's own name unless written.")
    collection = SnippetChoice("catalogue.Collection")
    limit = blocks.IntegerBlock(
        default=8,
        min_value=1,
        max_value=MOST_OF_A_COLLECTION,
        label="How many",
        help_text="Of those that can be bought.",
    )

    class Meta:
        icon = "list-ul"
        label = "Row of a collection"
        group = GROUP
        description = "The first products of a collection. It changes by itself as the collection does."
        preview_template = "blocks/previews/collection.html"
        preview_value = {"title": "Gifts under 30"}

    def told(self, parts: dict[str, Any]) -> dict[str, Any] | None:
        collection = parts["collection"]
        if collection is None:
            return None
        title = parts["title"] or collection["title"]
        return {"title": title, "path": collection["path"], "products": collection["products"][: parts["limit"]]}


class CategoriesBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    categories = blocks.ListBlock(blocks.PageChooserBlock(page_type="catalogue.CategoryPage"), min_num=1, max_num=12)

    class Meta:
        icon = "folder-open-inverse"
        label = "Tiles of categories"
        group = GROUP
        description = "Ways into the shop: a picture and a name for each category."
        preview_template = "blocks/previews/categories.html"
        preview_value = {"title": "Room by room"}

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        pages = [page.specific for page in value["categories"] if page is not None and page.live]
        tiles = [
            {"slug": page.slug, "title": page.title, "image": image_set(page.image) if page.image else None}
            for page in pages
        ]
        return {"title": value["title"], "categories": tiles}


class ArticlesBlock(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=80)
    page = blocks.PageChooserBlock(
        page_type="pages.LandingPage",
        required=False,
        label="Articles of",
        help_text="The page that they are kept under; this one unless you choose another.",
    )
    limit = blocks.IntegerBlock(default=6, min_value=1, max_value=MOST_ARTICLES, label="How many at first")

    class Meta:
        icon = "doc-full"
        label = "Row of articles"
        group = GROUP
        description = "The newest articles of a journal. Readers can ask for older ones."
        preview_template = "blocks/previews/articles.html"
        preview_value = {"title": "From the journal"}

    def told(self, parts: dict[str, Any]) -> dict[str, Any] | None:
        journal = parts["page"]
        if journal is None:
            return None
        shown = {"limit": parts["limit"], "articles": journal["articles"][: parts["limit"]]}
        return {"title": parts["title"], "path": journal["path"], "count": journal["count"], **shown}
