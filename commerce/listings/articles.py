from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, Length, RowNumber, Substr, TruncDate
from wagtail.models import Locale, Page

from cms.images.models import ShopImage
from cms.images.sets import image_set
from cms.pages.models import ArticlePage
from commerce.listings.documents import ArticleCardDocument


@dataclass(frozen=True, slots=True)
class Journal:
    """The newest articles of a page, and how many there are in all."""

    path: str
    count: int
    articles: list[ArticlePage]


def published(*, locale: Locale, below: Page | None = None) -> QuerySet[ArticlePage]:
    """The published articles of a language, the newest first, optionally those of one journal."""
    articles = _dated().filter(locale=locale)
    return articles.filter(_kept_under(below)) if below is not None else articles


def journals(pages: Iterable[Page], *, most: int) -> dict[str, Journal]:
    """By the tree path of the page that the articles are kept under. Two queries, however many pages."""
    pages = list(pages)
    if not pages:
        return {}
    place = Window(RowNumber(), partition_by=F("above"), order_by=[F("day").desc(), F("pk").desc()])
    many = Window(Count("pk"), partition_by=F("above"))
    above = Substr("path", 1, Length("path") - Page.steplen)
    kept = _dated().filter(reduce(operator.or_, map(_kept_under, pages))).annotate(above=above)
    found: dict[str, list[ArticlePage]] = defaultdict(list)
    for article in kept.annotate(place=place, many=many).filter(place__lte=most).order_by("place"):
        found[article.above].append(article)
    return {
        page.path: Journal(
            path=page.specific_deferred.storefront_path,
            count=found[page.path][0].many if found[page.path] else 0,
            articles=found[page.path],
        )
        for page in pages
    }


def card(article: ArticlePage, image: ShopImage | None) -> ArticleCardDocument:
    day = article.published_on
    return {
        "title": article.title,
        "path": article.storefront_path,
        "standfirst": article.standfirst,
        "author": article.author,
        "published_on": day.isoformat() if day else None,
        "image": image_set(image) if image else None,
    }


def _dated() -> QuerySet[ArticlePage]:
    day = Coalesce("date", TruncDate("first_published_at"))
    dated: QuerySet[ArticlePage] = ArticlePage.objects.live().public().annotate(day=day)
    return dated.order_by("-day", "-pk")


def _kept_under(page: Page) -> Q:
    return Q(path__startswith=page.path, depth=page.depth + 1)
