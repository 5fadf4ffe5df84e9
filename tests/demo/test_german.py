"""The German words belong to the English catalogue, and what is new in two languages says the same in both."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

import pytest

from demo import catalogue, editorial, german, journal, search
from demo.catalogue import Product
from demo.wording import Both, Search

PRODUCTS = {product.slug: product for product in catalogue.PRODUCTS}
SEEN = {slug for slug, product in PRODUCTS.items() if product.is_seen and product.german_published}
CATEGORIES = {category.slug for category in catalogue.CATEGORIES}
COLLECTIONS = {collection.slug for collection in catalogue.COLLECTIONS}
ARTICLES = journal.ARTICLES
LANGUAGES = ("en", "de")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": "und"})


def _address_of(*, title: str) -> str:
    """The title in small ASCII letters, as it stands in an address."""
    return "-".join(re.findall("[a-z0-9]+", title.lower().translate(UMLAUTS)))


def _kinds(blocks: Iterable[catalogue.Block]) -> list[str]:
    return [kind for kind, _ in blocks]


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _texts(value: object) -> Iterator[str]:
    """Every string within dataclasses, dicts and tuples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, tuple):
        yield from (text for each in value for text in _texts(each))
    elif is_dataclass(value):
        yield from (text for field in fields(value) for text in _texts(getattr(value, field.name)))


def _both(value: object) -> Iterator[Both[object]]:
    """Everything that is said in two languages within dataclasses, dicts and tuples."""
    if isinstance(value, Both):
        yield value
    elif isinstance(value, dict):
        yield from (each for held in value.values() for each in _both(held))
    elif isinstance(value, tuple):
        yield from (each for held in value for each in _both(held))
    elif is_dataclass(value):
        yield from (each for field in fields(value) for each in _both(getattr(value, field.name)))


EDITORIAL = (
    editorial.LANDINGS,
    editorial.BRANDS,
    editorial.VENDORS,
    editorial.MAIN_MENU,
    editorial.FOOTER_MENU,
    editorial.SITE,
    editorial.COLLECTIONS,
    search.HOME,
    search.CATEGORIES,
    search.COLLECTIONS,
)


def test_everything_in_the_catalogue_has_german_words_and_nothing_else_has() -> None:
    assert set(german.PRODUCTS) == set(PRODUCTS)
    assert set(german.CATEGORIES) == CATEGORIES
    assert set(german.COLLECTIONS) == COLLECTIONS


def test_every_option_and_each_of_its_values_has_a_german_name_and_nothing_else_has() -> None:
    used: dict[str, set[str]] = {}
    for product in catalogue.PRODUCTS:
        for option in product.options:
            used.setdefault(option.name, set()).update(option.values)
    assert set(german.OPTIONS) == set(used)
    assert {name: set(values) for name, values in german.VALUES.items()} == used
    for name, values in german.VALUES.items():
        assert _repeated(values.values()) == [], name


@pytest.mark.parametrize("slug", PRODUCTS)
def test_a_german_product_tells_the_same_story_within_the_same_lengths(slug: str) -> None:
    product, words = PRODUCTS[slug], german.PRODUCTS[slug]
    assert _kinds(words.story) == _kinds(product.story)
    assert 0 < len(words.title) <= 120
    assert 0 < len(words.summary) <= 160
    assert all(text.removeprefix("<p>").removesuffix("</p>").strip() for _, text in words.story)
    assert [text.startswith("<p>") for _, text in words.story] == [text.startswith("<p>") for _, text in product.story]


@pytest.mark.parametrize("product", catalogue.PRODUCTS, ids=lambda product: product.slug)
def test_every_picture_has_its_own_german_description(product: Product) -> None:
    described = german.alt_texts(product)
    assert len(described) == len(product.pictures)
    assert _repeated(described) == []
    assert all(0 < len(text) <= 200 for text in described)


def test_a_picture_is_described_with_its_colour_and_its_view() -> None:
    assert german.alt_texts(PRODUCTS["reed-bud-vase"]) == (
        "Kleine Vase mit schlankem Hals, Farbe Ocker",
        "Kleine Vase mit schlankem Hals: Ocker, Pflaume und Himmelblau nebeneinander",
    )
    assert german.alt_texts(PRODUCTS["succulent-dish"])[-1].endswith(", Farbe Altrosa, aus der Nähe")


def test_german_addresses_are_ascii_unique_and_made_of_their_titles() -> None:
    for words in (german.PRODUCTS, german.CATEGORIES):
        assert _repeated(each.slug for each in words.values()) == []
        assert {each.slug: _address_of(title=each.title) for each in words.values()} == {
            each.slug: each.slug for each in words.values()
        }


def test_no_german_name_is_given_twice_and_none_is_left_in_english() -> None:
    assert _repeated(words.title for words in german.PRODUCTS.values()) == []
    assert _repeated(words.title for words in german.CATEGORIES.values()) == []
    assert _repeated(german.COLLECTIONS.values()) == []
    same = {slug for slug, words in german.PRODUCTS.items() if words.title == PRODUCTS[slug].title}
    assert same == set()


def test_the_german_home_page_shows_what_the_english_one_shows_and_says_it_in_german() -> None:
    home, english = german.HOME, catalogue.HOME
    assert (home.categories, home.hero_link_category) == (english.categories, english.hero_link_category)
    assert home.first_row.products == english.first_row.products
    assert home.second_row.products == english.second_row.products
    shared = {*CATEGORIES, *PRODUCTS, *COLLECTIONS}
    assert {text for text in _texts(home) if text not in shared}.isdisjoint(_texts(english))
    assert len(home.hero_title) <= 80
    assert len(home.hero_link_title) <= 40


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.words.en.slug)
def test_an_article_is_built_alike_in_both_languages_and_reads_in_two_minutes(article: journal.Article) -> None:
    english, translated = article.words.en, article.words.de
    assert _kinds(english.body) == _kinds(translated.body)
    assert set(_kinds(english.body)) == {"heading", "paragraph", "quote", "product"}
    for language in LANGUAGES:
        words = article.words[language]
        told = " ".join(re.sub("<[^>]+>", " ", text) for kind, text in words.body if kind != "product")
        assert 250 <= len(told.split()) <= 400, language
        assert 0 < len(words.title) <= 120
        assert 0 < len(words.standfirst) <= 160
        assert SLUG.fullmatch(words.slug)
    shown = [[text for kind, text in words.body if kind == "product"] for words in (english, translated)]
    assert shown[0] == shown[1]
    assert SEEN.issuperset((*shown[0], *article.products, article.lead))


def test_there_are_five_articles_newest_first_and_each_has_its_own_address() -> None:
    days = [article.published_days_ago for article in ARTICLES]
    assert len(days) == 5
    assert days == sorted(set(days))
    for language in LANGUAGES:
        assert _repeated(article.words[language].slug for article in ARTICLES) == []


def test_a_german_article_speaks_of_products_by_their_german_names() -> None:
    told = " ".join(_texts(tuple(article.words.de for article in ARTICLES)))
    assert [product.title for product in catalogue.PRODUCTS if " " in product.title and product.title in told] == []


def test_landing_pages_show_products_that_can_be_seen_and_lead_somewhere() -> None:
    pages = {landing.slug.en for landing in editorial.LANDINGS}
    places = {
        "home",
        "journal",
        f"mailto:{editorial.SITE.contact_email}",
        *(f"category:{slug}" for slug in CATEGORIES),
        *(f"collection:{slug}" for slug in COLLECTIONS),
        *(f"page:{slug}" for slug in pages),
    }
    links = [*editorial.MAIN_MENU, *(link for column in editorial.FOOTER_MENU for link in column.links)]
    shown = []
    for section in (section for landing in editorial.LANDINGS for section in landing.sections):
        match section:
            case editorial.Hero():
                links.append(section.link)
                shown.append(section.picture_of)
                assert max(len(section.title.en), len(section.title.de)) <= 80
            case editorial.Gallery():
                shown += [shot.picture_of for shot in section.shots]
            case editorial.Link():
                links.append(section)
    assert {link.target for link in links} <= places
    assert all(max(len(link.label.en), len(link.label.de)) <= 40 for link in links)
    assert SEEN.issuperset(shown)
    for language in LANGUAGES:
        slugs = [landing.slug[language] for landing in editorial.LANDINGS]
        assert all(SLUG.fullmatch(slug) for slug in slugs)
        assert _repeated(slugs) == []


def test_about_us_answers_five_questions_and_offers_a_letter() -> None:
    sections = editorial.ABOUT.sections
    [questions] = [section for section in sections if isinstance(section, editorial.Questions)]
    assert len(questions.questions) == 5
    assert [section for section in sections if isinstance(section, editorial.Newsletter)]
    assert [section for section in sections if isinstance(section, editorial.Gallery)]


def test_every_brand_is_described_and_every_vendor_delivers_something() -> None:
    assert set(editorial.BRANDS) == {brand.slug for brand in catalogue.BRANDS}
    assert _repeated(vendor.slug for vendor in editorial.VENDORS) == []
    for vendor in editorial.VENDORS:
        assert SLUG.fullmatch(vendor.slug)
        assert SEEN.issuperset(vendor.products)
    assert _repeated(slug for vendor in editorial.VENDORS for slug in vendor.products) == []
    for description in (*editorial.BRANDS.values(), *(vendor.description for vendor in editorial.VENDORS)):
        assert all(2 <= len(re.findall(r"\.(?= |$)", description[language])) <= 3 for language in LANGUAGES)


def test_home_page_categories_and_collections_have_words_for_search_engines_that_fit() -> None:
    assert set(search.CATEGORIES) == CATEGORIES
    assert set(search.COLLECTIONS) == set(editorial.COLLECTIONS) == COLLECTIONS
    pages = [search.HOME, *search.CATEGORIES.values(), *search.COLLECTIONS.values()]
    pages += [landing.search for landing in editorial.LANDINGS]
    for language in LANGUAGES:
        found: list[Search] = [page[language] for page in pages]
        assert all(len(each.title) <= 70 and 50 <= len(each.description) <= 160 for each in found)
        assert _repeated(each.title for each in found) == []
        assert _repeated(each.description for each in found) == []


def test_what_is_said_in_two_languages_is_said_in_both_and_marked_up_alike() -> None:
    alike = {"Journal", "Hedgerow Works"}
    for said in _both((EDITORIAL, tuple(article.author for article in ARTICLES))):
        english, translated = list(_texts(said.en)), list(_texts(said.de))
        assert len(english) == len(translated)
        for one, other in zip(english, translated, strict=True):
            assert one.strip()
            assert one != other or one in alike
            assert re.findall("<[^>]+>", one) == re.findall("<[^>]+>", other)


def test_german_shoppers_are_addressed_formally_and_quoted_with_german_marks() -> None:
    told = [*_texts(german.PRODUCTS), *_texts(german.CATEGORIES), *_texts(german.HOME)]
    told += [text for article in ARTICLES for text in _texts(article.words.de)]
    told += [text for said in _both(EDITORIAL) for text in _texts(said.de)]
    assert [
        text for text in told if re.search(r"[\"'”]|\s{2}|\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?|euch|eure)\b", text)
    ] == []
