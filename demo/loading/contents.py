"""What products say and show in each language, drafted and published as editors do it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from wagtail.documents.models import Document
from wagtail.models import Locale

from cms.catalogue.models import Product, ProductContent, ProductDocument, ProductImage
from cms.images.models import ShopImage
from demo import catalogue, german
from demo.papers.printing import pdf
from demo.papers.words import LEAFLETS
from demo.wording import Language

Contents = dict[Language, dict[str, ProductContent]]


@dataclass(frozen=True)
class _Said:
    """A product in one language. `alts` are in the order of its pictures."""

    title: str
    slug: str
    summary: str
    story: tuple[catalogue.Block, ...]
    alts: tuple[str, ...]
    is_published: bool


def write_contents(
    wanted: Iterable[catalogue.Product], products: dict[str, Product], images: dict[Any, ShopImage]
) -> Contents:
    """By the slugs of `demo.catalogue`, whatever the language."""
    locales = {each.language_code: each for each in Locale.objects.all()}
    leaflets = {language: _print_leaflets(language) for language in _SAYING}
    written: Contents = {language: {} for language in _SAYING}
    for each in wanted:
        key = None
        for language, say in _SAYING.items():
            content = ProductContent(product=products[each.slug], locale=locales[language])
            content.translation_key = key or content.translation_key
            content.documents = [
                ProductDocument(document=document, sort_order=place)
                for place, document in enumerate(leaflets[language][each.slug])
            ]
            _write(content, say(each), [images[picture.spec] for picture in each.pictures])
            written[language][each.slug], key = content, content.translation_key
    return written


def _english(product: catalogue.Product) -> _Said:
    return _Said(
        product.title,
        product.slug,
        product.summary,
        product.story,
        tuple(picture.alt for picture in product.pictures),
        is_published=product.published,
    )


def _german(product: catalogue.Product) -> _Said:
    words = german.PRODUCTS[product.slug]
    return _Said(
        words.title,
        words.slug,
        words.summary,
        words.story,
        german.alt_texts(product),
        is_published=product.published and product.german_published,
    )


_SAYING: dict[Language, Callable[[catalogue.Product], _Said]] = {"en": _english, "de": _german}


def _write(content: ProductContent, said: _Said, pictures: list[ShopImage]) -> None:
    content.title, content.slug, content.summary = said.title, said.slug, said.summary
    content.story = [_block(kind, text) for kind, text in said.story]
    content.gallery = [
        ProductImage(image=image, alt_text=alt, sort_order=place)
        for place, (image, alt) in enumerate(zip(pictures, said.alts, strict=True))
    ]
    content.live = False
    content.save()
    # A row that is live without a revision would go offline when an editor schedules a change.
    revision = content.save_revision(log_action=True)
    if said.is_published:
        revision.publish()


def _block(kind: str, text: str) -> tuple[str, Any]:
    return (kind, {"text": text, "attribution": ""}) if kind == "quote" else (kind, text)


def _print_leaflets(language: Language) -> dict[str, list[Document]]:
    """By the slugs of the products that they belong to."""
    found = defaultdict(list)
    for leaflet in LEAFLETS:
        title = leaflet.words[language].title
        printed = ContentFile(pdf("leaflet", leaflet.words, language=language), name=f"{slugify(title)}.pdf")
        document = Document(title=title, file=printed)
        document.save()
        for slug in leaflet.products:
            found[slug].append(document)
    return found
