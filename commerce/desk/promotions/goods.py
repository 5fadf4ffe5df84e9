"""What a promotion can speak of, by the names that merchandisers know it by: written, suggested and read back.

Text fields with suggestions stand in for choosers: they work with the keyboard, with a pasted name and without script.
A label is always read back as the thing it was written for.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from wagtail.models import Locale

from cms.catalogue.models import Brand, CategoryPage, Collection, ProductContent, Variant
from commerce.promotions.models import PromotionTarget

MOST_SUGGESTIONS = 25
Kind = PromotionTarget.Kind
_WITH_SLUG = re.compile(r"\((?P<slug>[-\w]+)\)\s*\Z")


class NotFound(ValueError):
    """The message says what to write instead."""


def key_of(kind: str, written: str) -> Any:
    """The id behind a label, for an attribute its name and value.

    Raises:
        NotFound: nothing has this name, or more than one thing has.
    """
    text = " ".join(written.split())
    match kind:
        case Kind.VARIANT:
            found: Any = _variant_ids(written)
        case Kind.ATTRIBUTE:
            pairs = list(_options())
            found = [pair for pair in pairs if _pair(pair) == text]
            found = found or [pair for pair in pairs if _pair(pair).casefold() == text.casefold()]
        case Kind.CATEGORY:
            found = _category_keys(text)
        case _:
            found = _by_name_or_slug(kind, written.strip())
    found = list(found)
    if not found:
        raise NotFound(f"Nothing is called “{text}”. Choose one of the suggestions.")
    if len(found) > 1:
        raise NotFound(f"More than one is called “{text}”. Choose one of the suggestions.")
    return found[0]


def suggestions(kind: str, typed: str) -> list[str]:
    """Labels of what contains all the typed words, in order of name."""
    words = typed.split()[:8]
    match kind:
        case Kind.VARIANT:
            return _variant_suggestions(words)
        case Kind.ATTRIBUTE:
            labels: Iterable[str] = sorted(map(_pair, _options()))
        case Kind.CATEGORY:
            labels = sorted(_category_labels().values())
        case _:
            return list(_named(kind, words=words).values())
    hits = (label for label in labels if all(word.casefold() in label.casefold() for word in words))
    return [label for label, _ in zip(hits, range(MOST_SUGGESTIONS), strict=False)]


def labels_of(targets: Iterable[PromotionTarget]) -> list[str]:
    """Each target's label; what is gone from the catalogue goes by its id."""
    asked = list(targets)
    by_kind: dict[str, dict[str, str]] = {}
    for kind in {target.kind for target in asked}:
        keys = [target.key for target in asked if target.kind == kind]
        match kind:
            case Kind.VARIANT:
                by_kind[kind] = variant_labels(map(uuid.UUID, keys))
            case Kind.CATEGORY:
                by_kind[kind] = {str(key): label for key, label in _category_labels().items()}
            case Kind.ATTRIBUTE:
                by_kind[kind] = {}
            case _:
                by_kind[kind] = _named(kind, keys=keys)
    return [
        _pair((target.option_name, target.option_value))
        if target.kind == Kind.ATTRIBUTE
        else by_kind[target.kind].get(target.key, target.key)
        for target in asked
    ]


def variant_labels(ids: Iterable[uuid.UUID]) -> dict[str, str]:
    """By id: for people the product's title and the option values, and the SKU, which alone is read back."""
    variants = list(Variant.objects.filter(pk__in=list(ids)))
    titles = titles_of(variant.product_id for variant in variants)
    return {str(variant.pk): _variant_label(variant, titles) for variant in variants}


def titles_of(products: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """In the shop's own language where there is such a title, published or not."""
    contents = ProductContent.objects.filter(product__in=set(products)).values_list("product_id", "title", "locale_id")
    own = Locale.get_default().pk
    return {product: title for product, title, _ in sorted(contents, key=lambda each: each[2] == own)}


def _variant_label(variant: Variant, titles: dict[uuid.UUID, str]) -> str:
    words = [titles.get(variant.product_id, ""), variant.name]
    return " · ".join(part for part in (", ".join(word for word in words if word), variant.sku) if part)


def _variant_ids(written: str) -> list[uuid.UUID]:
    """A label ends with the SKU, which may itself hold what stands between. SKUs are unique as they are written."""
    sku = written.strip()
    while sku:
        for found in (Variant.objects.filter(sku=sku), Variant.objects.filter(sku__iexact=sku)):
            if ids := list(found.values_list("pk", flat=True)):
                return ids
        sku = sku.partition(" · ")[2].strip()
    return []


def _variant_suggestions(words: list[str]) -> list[str]:
    found = Variant.objects.filter(archived_at=None, product__archived_at=None)
    for word in words:
        found = found.filter(
            Q(sku__icontains=word) | Q(product__contents__title__icontains=word) | Q(options__icontains=word)
        )
    ids = found.order_by("sku").values_list("pk", "sku").distinct()[:MOST_SUGGESTIONS]
    return sorted(variant_labels(pk for pk, _ in ids).values())


def _source(kind: str) -> tuple[QuerySet[Any], str, str]:
    """Rows of a kind, and the names of their columns for key and name."""
    if kind == Kind.PRODUCT:
        return ProductContent.objects.filter(locale=Locale.get_default()), "product_id", "title"
    model: Any = {Kind.COLLECTION: Collection, Kind.BRAND: Brand}[Kind(kind)]
    return model.objects.all(), "pk", "name"


def _named(kind: str, *, keys: Iterable[str] | None = None, words: Iterable[str] = ()) -> dict[str, str]:
    """Labels by key, in order of name: names, and those that several share with their slugs."""
    rows, key, name = _source(kind)
    found = rows if keys is None else rows.filter(**{f"{key}__in": list(keys)})
    if keys is None and kind == Kind.PRODUCT:
        found = found.filter(product__archived_at=None)
    for word in words:
        found = found.filter(Q(**{f"{name}__icontains": word}) | Q(slug__icontains=word))
    shown = list(
        found.order_by(name, "slug").values_list(key, name, "slug")[: MOST_SUGGESTIONS if keys is None else None]
    )
    alike = rows.filter(**{f"{name}__in": [each for _, each, _ in shown]}).order_by().values_list(name)
    shared = {each for each, count in alike.annotate(count=Count("pk")) if count > 1}
    return {str(pk): f"{each} ({slug})" if each in shared else each for pk, each, slug in shown}


def _by_name_or_slug(kind: str, text: str) -> list[uuid.UUID]:
    rows, key, name = _source(kind)
    with_slug = _WITH_SLUG.search(text)
    slug = with_slug["slug"] if with_slug else text
    for asked in ({name: text}, {f"{name}__iexact": text}, {"slug__iexact": slug}):
        if keys := list(rows.filter(**asked).values_list(key, flat=True)[:2]):
            return keys
    return []


def _category_labels() -> dict[uuid.UUID, str]:
    """By key, each category with those above it: "Lighting › Table lamps"."""
    rows = CategoryPage.objects.order_by("path").values_list("path", "title", "translation_key", "locale_id")
    own = Locale.get_default().pk
    titles = {path: title for path, title, _, _ in rows}
    step = CategoryPage.steplen
    labels = {}
    for path, _, key, _ in sorted(rows, key=lambda row: row[3] == own):
        above = (titles.get(path[:length]) for length in range(step, len(path) + 1, step))
        labels[key] = " › ".join(title for title in above if title)
    shared = Counter(labels.values())
    return {key: f"{label} [{key}]" if shared[label] > 1 else label for key, label in labels.items()}


def _category_keys(text: str) -> list[uuid.UUID]:
    """By the whole label, else by the last title in it."""
    by_title: dict[str, list[uuid.UUID]] = defaultdict(list)
    for key, label in _category_labels().items():
        if " ".join(label.split()).casefold() == text.casefold():
            return [key]
        by_title[label.rpartition(" › ")[2].casefold()].append(key)
    return by_title.get(text.casefold(), [])


def _options() -> Iterator[tuple[str, str]]:
    seen: dict[tuple[str, str], bool] = {}
    for options in Variant.objects.order_by().values_list("options", flat=True).distinct().iterator():
        seen |= {(str(name), str(value)): True for name, value in options.items()}
    yield from seen


def _pair(option: tuple[str, str]) -> str:
    return f"{option[0]}: {option[1]}"
