"""Pages with blocks, for tests."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page
from wagtail.rich_text import RichText

from cms.catalogue.models import Collection, CollectionItem, ProductContent
from cms.images.models import ShopImage
from cms.pages.models import ArticlePage, LandingPage
from tests.factories import picture


def landing(title: str, *blocks: tuple[str, Any], parent: Page, **fields: Any) -> LandingPage:
    return _put(LandingPage(title=title, slug=title.lower().replace(" ", "-"), **fields), blocks, parent)


def article(title: str, *blocks: tuple[str, Any], parent: Page, **fields: Any) -> ArticlePage:
    return _put(ArticlePage(title=title, slug=title.lower().replace(" ", "-"), **fields), blocks, parent)


def furnish(page: Any, *blocks: tuple[str, Any]) -> Any:
    """Publish the page with these blocks."""
    page.body = [(kind, _normal(page, kind, value)) for kind, value in blocks]
    page.save_revision().publish()
    return page


def collection(name: str, *contents: ProductContent, **fields: Any) -> Collection:
    made = Collection.objects.create(name=name, slug=name.lower().replace(" ", "-"), **fields)
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=made, product_id=each.product_id, position=place)
        for place, each in enumerate(contents)
    )
    return made


def seen(title: str = "Seen", *, alt: str = "What is seen") -> ShopImage:
    image = picture(title, size=(1600, 900))
    image.contextual_alt_text, image.decorative = alt, False
    return image


def words(html: str) -> RichText:
    return RichText(html)


def _normal(page: Any, kind: str, value: Any) -> Any:
    return page.body.stream_block.child_blocks[kind].normalize(value)


def _put(page: Any, blocks: tuple[tuple[str, Any], ...], parent: Page) -> Any:
    page.body = [(kind, _normal(page, kind, value)) for kind, value in blocks]
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
