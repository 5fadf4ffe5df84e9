"""What the home page, landing pages, the journal and its articles say and show, in each language."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cms.catalogue.models import ProductContent
from cms.images.models import ShopImage
from cms.pages.models import ArticlePage
from demo import catalogue, editorial, german, journal, search
from demo.catalogue import Block
from demo.editorial import Gallery, Hero, Link, Newsletter, Questions, Quotation, RichText, Section
from demo.loading.pages import Homes, publish, translation
from demo.loading.places import Places, button
from demo.wording import Language, Search

Blocks = list[tuple[str, Any]]
_HOME: dict[Language, catalogue.Home] = {"en": catalogue.HOME, "de": german.HOME}
_PRODUCTS = {product.slug: product for product in catalogue.PRODUCTS}


@dataclass(frozen=True)
class Shown:
    """What pages show, by the slugs of `demo.catalogue`, whatever the language."""

    images: dict[Any, ShopImage]
    contents: dict[Language, dict[str, ProductContent]]

    def lead(self, slug: str) -> ShopImage:
        """The first picture of a product."""
        return self.images[_PRODUCTS[slug].pictures[0].spec]

    def described(self, slug: str, language: Language) -> ShopImage:
        """The same, for a block, with words in its language."""
        picture = copy(self.lead(slug))
        alts = {"en": _PRODUCTS[slug].pictures[0].alt, "de": german.alt_texts(_PRODUCTS[slug])[0]}
        picture.contextual_alt_text, picture.decorative = alts[language], False
        return picture

    def row(self, title: str, slugs: tuple[str, ...], language: Language) -> tuple[str, Any]:
        return "products", {"title": title, "products": [self.contents[language][slug] for slug in slugs]}


def furnish(homes: Homes, front: ShopImage, places: Places, shown: Shown) -> None:
    for language, home in homes.items():
        home.refresh_from_db()
        home.body = _front_door(_HOME[language], front, places, shown, language)
        publish(home, search.HOME[language])


def _front_door(said: catalogue.Home, front: ShopImage, places: Places, shown: Shown, language: Language) -> Blocks:
    picture, found = copy(front), places[language]
    picture.contextual_alt_text = said.hero_alt
    into = {"label": said.hero_link_title, "page": found[f"category:{said.hero_link_category}"], "href": ""}
    tiles = [found[f"category:{slug}"] for slug in said.categories]
    return [
        ("hero", {"title": said.hero_title, "text": said.hero_text, "image": picture, "button": into}),
        shown.row(said.first_row.title, said.first_row.products, language),
        ("categories", {"title": said.categories_title, "categories": tiles}),
        shown.row(said.second_row.title, said.second_row.products, language),
        ("rich_text", said.closing),
        ("collection", {"title": "", "collection": found[f"collection:{said.collection}"], "limit": 8}),
        ("articles", {"title": said.articles_title, "page": found["journal"], "limit": 3}),
        _newsletter(language),
    ]


def write_landings(places: Places, shown: Shown) -> None:
    for landing in editorial.LANDINGS:
        for language, found in places.items():
            page = found[f"page:{landing.slug.en}"]
            page.body = [_section(each, places, shown, language) for each in landing.sections]
            publish(page, landing.search[language])


def write_journal(places: Places, shown: Shown, *, at: datetime) -> None:
    for language, found in places.items():
        page, words = found["journal"], journal.JOURNAL[language]
        page.body = [
            ("articles", {"title": words.standfirst, "page": None, "limit": 6}),
            _newsletter(language),
        ]
        publish(page, Search(f"{words.title} | {catalogue.SHOP_NAME}", words.standfirst))
    for article in reversed(journal.ARTICLES):
        above = places["en"]["journal"]
        above.refresh_from_db()
        page = ArticlePage(
            title=article.words.en.title,
            slug=article.words.en.slug,
            date=(at - timedelta(days=article.published_days_ago)).date(),
            image=shown.lead(article.lead),
            live=False,
        )
        above.add_child(instance=page)
        for language, written in (("en", page), ("de", translation(page))):
            _write_article(written, article, shown, language)


def _write_article(page: ArticlePage, article: journal.Article, shown: Shown, language: Language) -> None:
    words = article.words[language]
    page.title, page.slug, page.standfirst = words.title, words.slug, words.standfirst
    page.author = article.author[language]
    page.body = [*_story(words.body, shown, language), *_film(article.film, shown, language)]
    page.body.append(shown.row(journal.ROW_TITLE[language], article.products, language))
    publish(page, Search(f"{words.title} | {catalogue.SHOP_NAME}", words.standfirst))


def _newsletter(language: Language) -> tuple[str, Any]:
    said = editorial.NEWSLETTER
    return "newsletter", {"title": said.title[language], "text": said.text[language]}


def _section(section: Section, places: Places, shown: Shown, language: Language) -> tuple[str, Any]:
    match section:
        case Hero():
            opening = {"title": section.title[language], "text": section.text[language]}
            picture = shown.described(section.picture_of, language)
            return "hero", {**opening, "image": picture, "button": button(section.link, places, language)}
        case RichText():
            return "rich_text", section.html[language]
        case Quotation():
            return "quote", {"text": section.text[language], "attribution": section.attribution[language]}
        case Gallery():
            pictures = [
                {"image": shown.described(shot.picture_of, language), "caption": shot.caption[language]}
                for shot in section.shots
            ]
            return "gallery", {"title": section.title[language], "pictures": pictures}
        case Questions():
            questions = [
                {"question": each.question[language], "answer": each.answer[language]} for each in section.questions
            ]
            return "faq", {"title": section.title[language], "questions": questions}
        case Newsletter():
            return _newsletter(language)
        case Link():
            return "button", button(section, places, language)


def _story(body: tuple[Block, ...], shown: Shown, language: Language) -> Blocks:
    """Headings and paragraphs that follow each other are one text, as an editor would write them."""
    blocks: Blocks = []
    for kind, said in body:
        match kind:
            case "product":
                blocks.append(("product", {"product": shown.contents[language][said], "text": ""}))
            case "quote":
                blocks.append(("quote", {"text": said, "attribution": ""}))
            case _:
                html = f"<h2>{said}</h2>" if kind == "heading" else said
                if blocks and blocks[-1][0] == "rich_text":
                    html = blocks.pop()[1] + html
                blocks.append(("rich_text", html))
    return blocks


def _film(film: journal.Film | None, shown: Shown, language: Language) -> Blocks:
    if film is None:
        return []
    words = ("rich_text", film.introduction[language])
    poster = shown.described(film.poster_of, language)
    return [words, ("video", {"address": film.address, "title": film.title[language], "poster": poster})]
