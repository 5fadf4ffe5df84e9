"""Blocks with everything in them that they name: products with their cards of the moment, pictures, addresses.

All references of a page are collected in one walk, each kind is loaded once, and a second walk puts them in their
places. So the number of queries depends on which kinds there are, never on how many blocks or products.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents.models import Document
from wagtail.images.blocks import ImageBlock
from wagtail.models import Locale, Page
from wagtail.rich_text.rewriters import EmbedRewriter, LinkRewriter

from cms.blocks.shop import MOST_ARTICLES, MOST_OF_A_COLLECTION, ArticlesBlock, CategoriesBlock, CollectionBlock
from cms.blocks.walking import told
from cms.catalogue.models import CategoryPage, Collection, CollectionItem, ProductContent
from cms.catalogue.wording import said
from cms.images.models import ShopImage
from cms.images.sets import WIDE, WIDTHS, ImageSet, attach_renditions, image_set
from cms.preview.drafts import Drafts
from commerce.listings import articles, products
from commerce.listings.articles import Journal
from commerce.listings.documents import BlockDocument, CardDocument
from commerce.listings.links import PageLinks
from commerce.listings.naming import Named, image_key, row_key, unique_key
from commerce.pricing.audience import Audience

_ALL_WIDTHS = tuple(sorted({*WIDTHS, *WIDE}))


@dataclass(frozen=True, slots=True)
class Found:
    """What was named, as it is for this audience, in this language, at this instant."""

    named: Named
    page: Page
    locale: Locale
    links: PageLinks
    documents: dict[int, str]
    images: dict[int, ShopImage]
    products: dict[int, uuid.UUID]
    cards: dict[uuid.UUID, CardDocument]
    collections: dict[uuid.UUID, Collection]
    rows: dict[uuid.UUID, list[uuid.UUID]]
    journals: dict[str, Journal]

    @classmethod
    def load(
        cls,
        named: Named,
        *,
        page: Page,
        audience: Audience,
        locale: Locale,
        at: datetime,
        drafts: Drafts | None = None,
    ) -> Found:
        links = PageLinks.load(named.pages, locale=locale, drafts=drafts) if named.pages else PageLinks({}, {}, {})
        asked = [each for pk in named.journals if (each := page if pk is None else links.page(pk)) is not None]
        journals = articles.journals(asked, most=MOST_ARTICLES)
        shown = {each.image_id for journal in journals.values() for each in journal.articles if each.image_id}
        rows = _rows(named.collections, audience=audience, locale=locale, at=at, drafts=drafts)
        chosen = _products(named.contents)
        wanted = {*chosen.values(), *(product for row in rows.values() for product in row)}
        return cls(
            named=named,
            page=page,
            locale=locale,
            links=links,
            documents=_documents(named.documents),
            images=load_images({*named.images, *shown}),
            products=chosen,
            cards=_cards(wanted, audience=audience, locale=locale, at=at, drafts=drafts),
            collections=Collection.objects.in_bulk(named.collections) if named.collections else {},
            rows=rows,
            journals=journals,
        )

    def blocks(self, stream: StreamValue) -> list[BlockDocument]:
        documents: list[BlockDocument] = told(stream, self._leaf)  # type: ignore[assignment]
        return documents

    def picture(self, key: int | None, *, widths: tuple[int, ...] = WIDTHS) -> ImageSet | None:
        image = self.images.get(key or 0)
        return image_set(image, widths=widths) if image else None

    def _leaf(self, block: Any, raw: Any, within: Any) -> Any:
        match block:
            case ImageBlock():
                return self._image(raw, widths=getattr(within, "picture_widths", WIDTHS))
            case blocks.RichTextBlock():
                return self._html(raw or "")
            case blocks.PageChooserBlock() if isinstance(within, ArticlesBlock):
                return self._journal(row_key(raw))
            case blocks.PageChooserBlock() if isinstance(within, CategoriesBlock):
                return self._tile(row_key(raw))
            case blocks.PageChooserBlock():
                return self.links.link(row_key(raw))
            case blocks.ChooserBlock() if isinstance(within, CollectionBlock):
                return self._collection(unique_key(raw))
        product = self.products.get(row_key(raw) or 0)
        return self.cards.get(product) if product else None

    def _image(self, raw: Any, *, widths: tuple[int, ...]) -> ImageSet | None:
        shown = self.picture(image_key(raw), widths=widths)
        if shown is None or not isinstance(raw, dict):
            return shown
        alt = "" if raw.get("decorative") else raw.get("alt_text") or shown["alt"]
        return {**shown, "alt": alt}

    def _html(self, source: str) -> str:
        """With the storefront's own paths in the links; one that leads nowhere any more is plain text."""
        rules = {"page": self._page_tags, "document": self._document_tags}
        html: str = EmbedRewriter()(LinkRewriter(bulk_rules=rules)(source))
        return html

    def _page_tags(self, tags: list[dict[str, str]]) -> list[str]:
        links = (self.links.link(_number(tag)) for tag in tags)
        return [f'<a href="{link["path"]}">' if link else "<a>" for link in links]

    def _document_tags(self, tags: list[dict[str, str]]) -> list[str]:
        addresses = (self.documents.get(_number(tag)) for tag in tags)
        return [f'<a href="{address}">' if address else "<a>" for address in addresses]

    def _tile(self, pk: int | None) -> dict[str, Any] | None:
        category: CategoryPage | None = self.links.category(pk)
        if category is None:
            return None
        picture = image_set(category.image) if category.image else None
        return {
            "slug": category.slug,
            "title": category.title,
            "path": category.storefront_path,
            "image": picture,
        }

    def _collection(self, key: uuid.UUID | None) -> dict[str, Any] | None:
        collection = self.collections.get(key) if key else None
        if collection is None:
            return None
        cards = (self.cards.get(product) for product in self.rows.get(collection.pk, ()))
        return {
            "title": said(collection, "name", language=self.locale.language_code),
            "path": collection.storefront_path,
            "products": [card for card in cards if card is not None],
        }

    def _journal(self, pk: int | None) -> dict[str, Any] | None:
        page = self.page if pk is None else self.links.page(pk)
        journal = self.journals.get(page.path) if page is not None else None
        if journal is None:
            return None
        shown = [articles.card(each, self.images.get(each.image_id)) for each in journal.articles]
        return {"path": journal.path, "count": journal.count, "articles": shown}


def load_images(keys: Iterable[int]) -> dict[int, ShopImage]:
    """With their sizes. Two queries, or none."""
    images: dict[int, ShopImage] = ShopImage.objects.in_bulk(keys) if keys else {}
    attach_renditions(list(images.values()), widths=_ALL_WIDTHS)
    return images


def _products(contents: set[int]) -> dict[int, uuid.UUID]:
    """Whatever language a block has chosen a product in, the product is what it names."""
    chosen = ProductContent.objects.filter(pk__in=contents) if contents else ProductContent.objects.none()
    return dict(chosen.values_list("pk", "product"))


def _cards(
    wanted: set[uuid.UUID], *, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None
) -> dict[uuid.UUID, CardDocument]:
    if not wanted:
        return {}
    contents = products.listed(audience=audience, locale=locale, at=at, drafts=drafts).filter(product__in=wanted)
    cards = products.cards(contents, audience=audience, at=at, drafts=drafts)
    return {uuid.UUID(card["id"]): card for card in cards}


def _rows(
    collections: set[uuid.UUID], *, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The first products of each collection that can be bought."""
    if not collections:
        return {}
    listed = products.listed(audience=audience, locale=locale, at=at, drafts=drafts).order_by().values("product")
    place = Window(RowNumber(), partition_by=F("collection"), order_by=[F("position").asc(), F("pk").asc()])
    items = CollectionItem.objects.filter(collection__in=collections, product__in=listed).annotate(place=place)
    rows: dict[uuid.UUID, list[uuid.UUID]] = {}
    for collection, product in (
        items.filter(place__lte=MOST_OF_A_COLLECTION).order_by("place").values_list("collection", "product")
    ):
        rows.setdefault(collection, []).append(product)
    return rows


def _documents(keys: set[int]) -> dict[int, str]:
    found = Document.objects.filter(pk__in=keys) if keys else Document.objects.none()
    return {document.pk: f"{settings.BASE_URL}{document.url}" for document in found}


def _number(tag: dict[str, str]) -> int:
    key = tag.get("id", "")
    return int(key) if key.isdecimal() else 0
