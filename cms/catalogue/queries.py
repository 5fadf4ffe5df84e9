from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from wagtail.models import Locale

from cms.catalogue.branches import with_ancestors
from cms.catalogue.locales import default_locale
from cms.catalogue.models import CategoryPage, CollectionItem, Placement, Product, ProductContent, ProductImage, Variant
from cms.images.models import ShopImage
from cms.images.sets import attach_renditions, with_renditions
from cms.prepared import prepared
from cms.preview.drafts import Drafts


def available_products(*, at: datetime) -> QuerySet[Product]:
    """Products within their window at `at` that have published content and are not archived."""
    published = Exists(ProductContent.objects.filter(product=OuterRef("pk"), live=True))
    return Product.objects.filter(_within_window(at), published, archived_at=None)


def sellable_variants(*, at: datetime, drafted: bool = False) -> QuerySet[Variant]:
    """Active variants, within their own window, of available products. Whether they have a price and stock is asked
    elsewhere. With `drafted` also of products that were never published: for previews alone, never for a cart."""
    products = Product.objects.filter(_within_window(at), archived_at=None) if drafted else available_products(at=at)
    return Variant.objects.filter(_within_window(at), is_active=True, archived_at=None, product__in=products)


def _within_window(at: datetime) -> Q:
    opened = Q(available_from=None) | Q(available_from__lte=at)
    return opened & (Q(available_until=None) | Q(available_until__gt=at))


@prepared
def sellable(*, variants: list[uuid.UUID], at: datetime) -> QuerySet[Variant]:
    """Those of these variants that are sellable, with their products."""
    return sellable_variants(at=at).filter(pk__among=variants).select_related("product")


def product_title(product: str) -> Coalesce:
    """For `annotate`: the title of the product that the path leads to, in the shop's default language where it has one,
    drafts included."""
    contents = ProductContent.objects.filter(product=OuterRef(product))
    own = contents.filter(locale=default_locale()).values("title")[:1]
    other = contents.order_by("locale").values("title")[:1]
    return Coalesce(Subquery(own), Subquery(other), Value(""), output_field=CharField())


def live_contents(*, locale: Locale, drafts: Drafts | None = None) -> QuerySet[ProductContent]:
    """Each published product once: in the locale, else in the shop's default one; with everything that `gallery`
    needs prefetched. With drafts also what was never published; `as_drafted` then says what stands in it."""
    live = _among(drafts)
    if drafts:
        return live.filter(_in_language(locale, live)).select_related("product", "locale", "latest_revision")
    return _with_gallery(live.filter(_in_language(locale, live)))


def live_contents_named(slug: str, *, locale: Locale, drafts: Drafts | None = None) -> QuerySet[ProductContent]:
    """Of `live_contents` those of the product that has this slug in the locale or in the default one; one that has it
    itself comes first. It takes two products, each with the slug in another language, to be more than one."""
    has_slug = Q(slug=slug) | Q(latest_revision__content__slug=slug) if drafts else Q(slug=slug)
    here = _among(drafts).filter(has_slug, locale__in={locale.pk, default_locale().pk})
    named = live_contents(locale=locale, drafts=drafts).filter(product__in=here.values("product"))
    is_itself = Case(When(slug=slug, then=Value(0)), default=Value(1))
    return named.order_by(is_itself, "pk")


def as_drafted(contents: Iterable[ProductContent], *, drafts: Drafts | None) -> list[ProductContent]:
    """The contents as they are drafted, with their pictures. Two queries, however many; none without drafts."""
    if drafts is None:
        return list(contents)
    drafted = [drafts.of(content) for content in contents]
    pictures = [picture for draft in drafted for picture in draft.gallery.all()]
    images = ShopImage.objects.in_bulk({picture.image_id for picture in pictures})
    attach_renditions(list(images.values()))
    for picture in pictures:
        picture.image = images.get(picture.image_id)
    for draft in drafted:
        # A draft may show a picture that was deleted since.
        draft.gallery = [picture for picture in draft.gallery.all() if picture.image_id in images]
    return drafted


def live_contents_of(contents: Iterable[ProductContent]) -> list[ProductContent]:
    """The published contents of their products in every language, with their pictures. Two queries."""
    products = {content.product_id for content in contents}
    pictures = Prefetch("gallery", ProductImage.objects.select_related("image"))
    found = ProductContent.objects.filter(live=True, product__in=products).select_related("locale")
    return list(found.defer("story").prefetch_related(pictures).order_by("pk"))


def other_languages_of(content: ProductContent) -> list[ProductContent]:
    """The product's published contents in all languages, this one's first. One query."""
    contents = ProductContent.objects.filter(live=True, product=content.product_id).select_related("locale")
    return sorted(contents.defer("story"), key=lambda each: (each.pk != content.pk, each.locale.language_code))


def _among(drafts: Drafts | None) -> QuerySet[ProductContent]:
    return ProductContent.objects.all() if drafts else ProductContent.objects.filter(live=True)


def _in_language(locale: Locale, contents: QuerySet[ProductContent]) -> Q:
    fallback = default_locale()
    if locale.pk == fallback.pk:
        return Q(locale=locale)
    translated = contents.filter(locale=locale, product=OuterRef("product"))
    return Q(locale=locale) | Q(~Exists(translated), locale=fallback)


def _with_gallery(contents: QuerySet[ProductContent]) -> QuerySet[ProductContent]:
    pictures = Prefetch("gallery", ProductImage.objects.select_related("image"))
    return contents.select_related("product", "locale").prefetch_related(pictures, with_renditions("gallery__image"))


def contents_for(
    product_ids: Iterable[uuid.UUID], *, locale: Locale, with_pictures: bool = True
) -> dict[uuid.UUID, ProductContent]:
    """Each product's published content in the locale, else in the shop's default one: its names, and its pictures
    with their sizes unless they are not wanted. Three queries, or one."""
    products = list(product_ids)
    if not products:
        return {}
    found = _contents(products=products, locales=[default_locale().pk, locale.pk])
    contents = {each.product_id: each for each in sorted(found, key=lambda each: each.locale_id == locale.pk)}
    if with_pictures:
        _attach_pictures(list(contents.values()))
    return contents


@prepared
def _contents(*, products: list[uuid.UUID], locales: list[int]) -> QuerySet[ProductContent]:
    named = ProductContent.objects.only("product_id", "locale_id", "title", "slug")
    return named.filter(live=True, locale__pk__among=locales, product__pk__among=products).order_by()


def _attach_pictures(contents: Sequence[ProductContent]) -> None:
    """What `prefetch_related("gallery__image__renditions")` does, by queries that are prepared."""
    pictures: dict[int, list[ProductImage]] = defaultdict(list)
    for picture in _pictures(contents=[each.pk for each in contents]):
        pictures[picture.content_id].append(picture)
    attach_renditions([picture.image for shown in pictures.values() for picture in shown])
    for content in contents:
        gallery = content.gallery.get_live_queryset()
        gallery._result_cache = pictures[content.pk]
        content._prefetched_objects_cache = {"gallery": gallery}


@prepared
def _pictures(*, contents: list[int]) -> QuerySet[ProductImage]:
    return ProductImage.objects.filter(content__pk__among=contents).select_related("image")


def live_categories(*, locale: Locale, drafts: Drafts | None = None, with_pictures: bool = True) -> list[CategoryPage]:
    """Published category pages of the locale and of the default one in tree order, with their pictures unless they are
    not wanted; with drafts all of them, as they are drafted.

    A category has a page in each language; `CategoryTree` says which of them is shown, and where.
    """
    pages = CategoryPage.objects.public().filter(locale__in={locale.pk, default_locale().pk}).order_by("path")
    if drafts is None:
        shown = pages.live().select_related("image", "locale")
        return list(shown.prefetch_related(with_renditions("image")) if with_pictures else shown)
    drafted = [drafts.of(page) for page in pages.select_related("locale", "latest_revision")]
    images = ShopImage.objects.in_bulk({page.image_id for page in drafted if page.image_id})
    attach_renditions(list(images.values()))
    for page in drafted:
        page.image = images.get(page.image_id)
    return drafted


def live_translations(page: CategoryPage) -> list[CategoryPage]:
    """The category's published pages in all languages. One query."""
    pages = CategoryPage.objects.live().public().filter(translation_key=page.translation_key)
    return list(pages.select_related("locale").order_by("locale__language_code"))


def placed_in(category_keys: Iterable[uuid.UUID]) -> QuerySet[Placement]:
    return Placement.objects.filter(category_key__in=list(category_keys))


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a product belongs: its categories with all those above them, and its collections."""

    categories: frozenset[uuid.UUID] = frozenset()
    collections: frozenset[uuid.UUID] = frozenset()


def memberships(product_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Membership]:
    """Each product's categories and collections. Two queries, however many products."""
    ids = list(product_ids)
    if not ids:
        return {}
    categories: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    collections: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for product_id, key, is_category in _belongs(products=ids):
        (categories if is_category else collections)[product_id].add(key)
    above = with_ancestors()
    return {
        pk: Membership(
            # A placement outlives the page of its category; such a category is none.
            categories=frozenset(ancestor for key in categories[pk] for ancestor in above.get(key, ())),
            collections=frozenset(collections[pk]),
        )
        for pk in ids
    }


@prepared
def _belongs(*, products: list[uuid.UUID]) -> QuerySet[Any]:
    placed = Placement.objects.filter(product__pk__among=products)
    collected = CollectionItem.objects.filter(product__pk__among=products)
    # Neither half nor the whole has an order: a union would take that of the first model, by a column that is not read.
    categories = placed.order_by().values_list("product_id", F("category_key"), Value(True))
    collections = collected.order_by().values_list("product_id", "collection_id", Value(False))
    return categories.union(collections).order_by()
