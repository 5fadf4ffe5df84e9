"""What products need is not deleted from under them: each refusal says how many of what stand in the way."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Locale, Page

from cms.catalogue.brands import Brand, Vendor
from cms.catalogue.categories import CategoryPage
from cms.catalogue.collections import Collection as ProductCollection
from cms.catalogue.identity import Placement
from cms.catalogue.naming import uses
from cms.catalogue.vocabulary import Attribute, AttributeValue, Option
from cms.images.keeping import in_words, protected_uses


def counted(many: int, one: str, several: str) -> str:
    return f"1 {one}" if many == 1 else f"{many} {several}"


def products(many: int) -> str:
    return counted(many, "product", "products")


def products_with(attribute: Attribute) -> int:
    return AttributeValue.objects.filter(attribute=attribute).values("product").distinct().count()


def _why_kept(row: Model) -> str:
    """What stands in the way of deleting this row; empty if nothing does."""
    if isinstance(row, Option):
        many = uses(row.name).total()
        return f"{counted(many, 'variant is', 'variants are')} made with it" if many else ""
    if isinstance(row, Attribute):
        many = products_with(row)
        return f"{counted(many, 'product has', 'products have')} a value of it" if many else ""
    in_use = protected_uses(row)
    if many := in_use.pop("product", 0):
        return f"{products(many)} would lose their {row._meta.verbose_name}. Change them first"
    return f"it is in use: {in_words(in_use)}" if in_use else ""


TOLD = 5
"""So many categories are named in one message."""

_KEPT = (Brand, Vendor, Attribute, Option, ProductCollection)


def keep_what_is_used(request: HttpRequest, objects: Sequence[Any]) -> HttpResponse | None:
    """Send whoever would delete what products have back to the list, with the reason."""
    kept: list[Any] = [each for each in objects if isinstance(each, _KEPT)]
    reasons = [(row, why) for row in kept if (why := _why_kept(row))]
    for row, why in reasons:
        messages.error(request, f"{row} cannot be deleted: {why}.")
    return redirect(reasons[0][0].snippet_viewset.get_url_name("list")) if reasons else None


def keep_categories_with_products(request: HttpRequest, page: Page) -> HttpResponse | None:
    return redirect("wagtailadmin_explore", page.get_parent().pk) if _refuse_pages(request, [page]) else None


def before_bulk_action(request: HttpRequest, action: str, objects: Sequence[Any], view: Any) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    return redirect(view.next_url) if action == "delete" and _refuse_pages(request, pages) else None


def _refuse_pages(request: HttpRequest, pages: Iterable[Page]) -> bool:
    holding = list(_categories_with_products(pages))
    if holding:
        told = [f"“{category.title}” holds {products(many)}" for category, many in holding[:TOLD]]
        told += [f"and {len(holding) - TOLD} more hold some"] if len(holding) > TOLD else []
        messages.error(
            request,
            f"Nothing was deleted, for products would lose their category: {', '.join(told)}. "
            "Take them out of it first, or unpublish it.",
        )
    return bool(holding)


def _categories_with_products(pages: Iterable[Page]) -> Iterator[tuple[CategoryPage, int]]:
    """Those among these pages and below them that hold products, with how many.

    A translation holds none of its own: it may go while the page of the default language stays.
    """
    below = [each for page in pages for each in CategoryPage.objects.descendant_of(page, inclusive=True)]
    doomed = {each.pk for each in below}
    keys = {each.translation_key for each in below}
    originals = CategoryPage.objects.filter(locale=Locale.get_default(), translation_key__in=keys)
    standing = set(originals.exclude(pk__in=doomed).values_list("translation_key", flat=True))
    held = _held(keys - standing)
    told: set[uuid.UUID] = set()
    for category in below:
        if category.translation_key in held and category.translation_key not in told:
            told.add(category.translation_key)
            yield category, held[category.translation_key]


def _held(keys: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    found: dict[uuid.UUID, int] = {}
    for key in Placement.objects.filter(category_key__in=keys).values_list("category_key", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def warn_of_unpublished_category(request: HttpRequest, page: Page) -> None:
    """Unpublishing loses nothing, but the products cannot be found there meanwhile."""
    specific = page.specific
    if isinstance(specific, CategoryPage) and (many := _held({specific.translation_key}).get(specific.translation_key)):
        messages.warning(
            request, f"{products(many)} stay in this category and on sale, but shoppers do not see the category."
        )
