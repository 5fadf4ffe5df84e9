"""The shop's own pages (home, landing pages, articles) with their blocks hydrated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale, Page

from cms.images.sets import WIDE
from cms.pages.models import ArticlePage, HomePage, LandingPage, StoryPage
from cms.preview.drafts import Drafts
from commerce.kit.errors import DomainError, ErrorKind
from commerce.listings import articles
from commerce.listings.documents import ArticleCardDocument, LinkDocument, PageDocument
from commerce.listings.hydrating import Found, load_images
from commerce.listings.links import by_language, link_to
from commerce.listings.naming import Named
from commerce.pricing.audience import Audience


class PageNotFound(DomainError):
    """Unknown and unpublished are the same to a reader."""

    code = "page_not_found"
    title = "There is no such page"
    kind = ErrorKind.MISSING


def page_at(
    path: str, *, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None = None
) -> PageDocument:
    """The page of this path, in the reader's language if it is there in that, whichever language the path is of.

    Raises `PageNotFound`.
    """
    translations = _translations(path, locale=locale, drafts=drafts)
    meant = translations[0].specific
    page = drafts.of(meant) if drafts else meant
    return page_of(page, translations, audience=audience, locale=locale, at=at, drafts=drafts)


def page_of(
    page: StoryPage,
    translations: list[Page],
    *,
    audience: Audience,
    locale: Locale,
    at: datetime,
    drafts: Drafts | None = None,
) -> PageDocument:
    """This page, be it a draft: its words as they stand, its products as they are at `at`."""
    named = Named.by(page.body)
    own = {page.social_image_id, page.image_id if isinstance(page, ArticlePage) else None}
    named.images |= {key for key in own if key}
    found = Found.load(named, page=page, audience=audience, locale=locale, at=at, drafts=drafts)
    card = _article(page, found)
    return {
        "type": page.kind,
        "title": page.title,
        "path": page.storefront_path,
        "locale": page.locale.language_code,
        "seo": {
            "title": page.seo_title or page.title,
            "description": page.search_description or (card["standfirst"] if card else ""),
        },
        "social_image": found.picture(page.social_image_id) or (card["image"] if card else None),
        "breadcrumbs": _above(page),
        "translations": [
            {"locale": each.locale.language_code, "path": link["path"]}
            for each in sorted(translations, key=lambda each: each.locale_id)
            if (link := link_to(each)) is not None
        ],
        "article": card,
        "blocks": found.blocks(page.body),
    }


def translations_of(page: Page) -> list[Page]:
    """The published ones, itself among them."""
    same = Page.objects.live().public().filter(translation_key=page.translation_key)
    return list(same.select_related("locale"))


def articles_of(path: str | None, *, locale: Locale) -> QuerySet[ArticlePage]:
    """The newest first, optionally those of the journal at this path.

    Raises `PageNotFound`: there is no such journal.
    """
    journal = _translations(path, locale=locale)[0] if path else None
    return articles.published(locale=journal.locale if journal else locale, below=journal)


def article_cards(shown: list[ArticlePage]) -> list[ArticleCardDocument]:
    images = load_images({each.image_id for each in shown if each.image_id})
    return [articles.card(each, images.get(each.image_id)) for each in shown]


def _translations(path: str, *, locale: Locale, drafts: Drafts | None = None) -> list[Page]:
    """All published translations of the page at this path, that of the reader's language first.

    Of pages that have the same path in different languages, the one whose language the reader prefers is meant.
    """
    homes = HomePage.objects.live().values_list("url_path", flat=True)
    below = "/".join(part for part in path.split("/") if part)
    places = [f"{home}{below}/" if below else home for home in homes]
    pages = Page.objects.all() if drafts else Page.objects.live()
    there = pages.filter(url_path__in=places)
    same = pages.public().filter(translation_key__in=there.values("translation_key"))
    found = by_language(same.select_related("locale").order_by("pk"), locale)
    meant = next((each for each in found if each.url_path in places), None)
    if meant is None or not issubclass(meant.specific_class or Page, StoryPage):
        raise PageNotFound()
    return [each for each in found if each.translation_key == meant.translation_key]


def _article(page: StoryPage, found: Found) -> ArticleCardDocument | None:
    if not isinstance(page, ArticlePage):
        return None
    return {**articles.card(page, None), "image": found.picture(page.image_id, widths=WIDE)}


def _above(page: Page) -> list[LinkDocument]:
    """From the home page down to the one right above. A draft that was never saved hangs where it will hang."""
    ends = range(2 * Page.steplen, len(page.path or ""), Page.steplen)
    paths = [page.path[:end] for end in ends]
    above = Page.objects.live().filter(path__in=paths).order_by("path") if paths else []
    return [link for each in above if (link := link_to(each)) is not None]


STORY_PAGES: dict[str, Any] = {each._meta.label_lower: each for each in (HomePage, LandingPage, ArticlePage)}
"""By the name under which Wagtail hands drafts over."""
