"""The demo shop's data hangs together, and its pictures can be drawn."""

from collections import Counter

import pytest

from demo.assortment import FEATURED, NEW, RELATED, TAGS
from demo.catalogue import BRANDS, CATEGORIES, COLLECTIONS, HOME, PRODUCTS, Product, Variant
from demo.papers.printing import pdf
from demo.papers.words import FILES, LEAFLETS
from demo.pictures import BACKDROPS, FORMS, VIEWS, PictureSpec, draw, draw_hero
from demo.stock import BACKORDER, BUNDLE, IN_THE_STUDIO, LOW, PARTS, PREORDER

TITLES = {product.slug: product.title for product in PRODUCTS}
VARIANTS = [variant for product in PRODUCTS for variant in product.variants]
SPECS = [picture.spec for product in PRODUCTS for picture in product.pictures]
SPECS += [category.picture for category in CATEGORIES]
PARENTS = {category.slug for category in CATEGORIES if category.parent is None}
LEAVES = {category.slug for category in CATEGORIES if category.parent is not None}


def _repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _is_sold_out(product: Product) -> bool:
    return product.kind in {"goods", "gift_card"} and all(variant.stock == 0 for variant in product.variants)


def test_no_two_products_share_a_slug() -> None:
    assert _repeated([product.slug for product in PRODUCTS]) == []


def test_no_two_categories_share_a_slug() -> None:
    assert _repeated([category.slug for category in CATEGORIES]) == []


def test_no_two_variants_share_a_sku() -> None:
    assert _repeated([variant.sku for variant in VARIANTS]) == []


def test_every_variant_has_a_barcode_of_its_own_that_no_real_goods_carry() -> None:
    barcodes = [variant.barcode for variant in VARIANTS]
    assert _repeated(barcodes) == []
    for barcode in barcodes:
        assert len(barcode) == 13
        assert 200 <= int(barcode[:3]) <= 299
        assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(barcode)) % 10 == 0


def test_categories_have_two_levels() -> None:
    assert {category.parent for category in CATEGORIES if category.parent} == PARENTS


def test_every_product_lies_in_a_category_of_the_second_level() -> None:
    lost = {product.slug: product.categories for product in PRODUCTS if not LEAVES.issuperset(product.categories)}
    assert lost == {}
    assert all(product.categories for product in PRODUCTS)


def test_every_second_level_category_has_products() -> None:
    assert {slug for product in PRODUCTS for slug in product.categories} == LEAVES


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.sku)
def test_amounts_are_whole_cents_and_positive(variant: Variant) -> None:
    amounts = [variant.price_minor, variant.sale_minor, variant.tomorrow_minor]
    assert all(type(amount) is int and amount > 0 for amount in amounts if amount is not None)
    assert type(variant.stock) is int
    assert variant.stock >= 0


def test_goods_weigh_something_and_a_gift_card_nothing() -> None:
    for product in PRODUCTS:
        weighs = {variant.weight_grams > 0 for variant in product.variants}
        assert weighs == {product.kind in {"goods", "bundle"}}, product.slug


def test_every_product_has_a_brand_and_every_brand_has_products() -> None:
    assert {product.brand for product in PRODUCTS} == {brand.slug for brand in BRANDS}
    assert _repeated([brand.slug for brand in BRANDS]) == []


def test_the_gift_card_comes_in_three_values_untaxed_and_not_shipped() -> None:
    [card] = [product for product in PRODUCTS if product.kind == "gift_card"]
    assert (card.tax_class, card.shipping_class) == ("zero", "none")
    assert [(variant.price_minor, variant.stock) for variant in card.variants] == [
        (2500, 1000),
        (5000, 1000),
        (10000, 1000),
    ]


def test_what_does_not_fit_an_ordinary_parcel_is_bulky() -> None:
    bulky = {product.slug for product in PRODUCTS if product.shipping_class == "bulky"}
    assert bulky == {"moon-jar", "amphora-vase", "terrace-pot", "mid-century-stand", "herb-box", "garden-can"}


def test_collections_hold_each_of_their_products_once_and_only_what_can_be_seen() -> None:
    seen = {product.slug for product in PRODUCTS if product.is_seen}
    for collection in COLLECTIONS:
        assert seen.issuperset(collection.products), collection.slug
        assert _repeated(list(collection.products)) == [], collection.slug


def test_collections_by_rules_have_no_products_of_their_own_and_find_some() -> None:
    by_rules = {collection.slug: collection for collection in COLLECTIONS if collection.rules}
    assert all(not collection.products for collection in by_rules.values())
    cheapest = {each.slug: min(variant.price_minor for variant in each.variants) for each in PRODUCTS}
    affordable = {slug for slug in TAGS["gift"] if cheapest[slug] <= 3000}
    assert len(affordable) >= 8
    assert affordable.issuperset(by_rules["gifts-under-30"].first)
    assert by_rules["new-this-month"].rules[0].value == {"days": 30}
    assert max(NEW.values()) < 30


def test_what_staff_sort_by_hand_is_in_the_catalogue() -> None:
    seen = {product.slug for product in PRODUCTS if product.is_seen}
    assert seen.issuperset((*FEATURED, *NEW, *RELATED, *(slug for others in RELATED.values() for slug in others)))
    assert set(TITLES).issuperset(slug for slugs in TAGS.values() for slug in slugs)
    assert all(slug not in others and _repeated(list(others)) == [] for slug, others in RELATED.items())
    assert not any(each.sale_minor for product in PRODUCTS if product.slug in NEW for each in product.variants)


def test_every_digital_product_is_a_file_in_two_languages_and_papers_belong_to_goods() -> None:
    assert {product.slug for product in PRODUCTS if product.kind == "digital"} == set(FILES)
    assert {product.shipping_class for product in PRODUCTS if product.kind == "digital"} == {"none"}
    assert set(TITLES).issuperset(slug for leaflet in LEAFLETS for slug in leaflet.products)


def test_papers_are_printed_in_both_languages() -> None:
    printed = {
        pdf(file.template, file.words, language=language) for file in FILES.values() for language in ("en", "de")
    }
    printed |= {pdf("leaflet", leaflet.words, language="de") for leaflet in LEAFLETS}
    assert len(printed) == len(FILES) * 2 + len(LEAFLETS)
    assert all(each.startswith(b"%PDF-") for each in printed)


def test_a_sale_is_cheaper_and_ends() -> None:
    on_sale = [variant for variant in VARIANTS if variant.sale_minor is not None]
    assert on_sale
    for variant in on_sale:
        assert variant.sale_minor is not None
        assert variant.sale_minor < variant.price_minor
        assert variant.sale_days is not None
        assert variant.sale_days > 0


def test_every_variant_has_one_value_of_every_option_and_no_two_are_alike() -> None:
    for product in PRODUCTS:
        chosen = [variant.options for variant in product.variants]
        assert len(set(chosen)) == len(chosen), product.slug
        for options in chosen:
            assert [name for name, _ in options] == [option.name for option in product.options], product.slug
            assert all(value in option.values for (_, value), option in zip(options, product.options, strict=True))


def test_summaries_fit_a_card_and_stories_have_two_to_four_blocks() -> None:
    for product in PRODUCTS:
        assert 0 < len(product.summary) <= 120, product.slug
        assert 2 <= len(product.story) <= 4, product.slug
        assert {kind for kind, _ in product.story} <= {"heading", "paragraph", "quote"}


def test_every_product_has_two_or_three_pictures_with_their_own_description() -> None:
    for product in PRODUCTS:
        descriptions = [picture.alt for picture in product.pictures]
        assert 2 <= len(descriptions) <= 3, product.slug
        assert len(set(descriptions)) == len(descriptions), product.slug
        colours = next((option.values for option in product.options if option.name == "Colour"), ())
        assert all(picture.colour in (None, *colours) for picture in product.pictures), product.slug


def test_every_picture_names_a_form_a_view_and_a_backdrop_that_exist() -> None:
    assert {spec.form for spec in SPECS} <= set(FORMS)
    assert {spec.view for spec in SPECS} <= set(VIEWS)
    assert {spec.backdrop for spec in SPECS} <= set(BACKDROPS)


def test_every_form_is_used() -> None:
    assert {spec.form for spec in SPECS} == set(FORMS)


def test_the_odd_ones_are_there() -> None:
    assert [product.slug for product in PRODUCTS if _is_sold_out(product)] == ["moon-jar"]
    assert [product.slug for product in PRODUCTS if not product.published] == ["amphora-vase"]
    assert [product.slug for product in PRODUCTS if not product.german_published] == ["serving-bowl"]
    assert [product.slug for product in PRODUCTS if product.available_from_days] == ["harvest-dinner-candles"]
    assert [product.slug for product in PRODUCTS if product.archived] == ["advent-candles"]
    assert [variant.sku for variant in VARIANTS if variant.until_days] == ["TOT-DEC-BUTT"]
    assert {variant.sku for variant in VARIANTS if variant.tomorrow_minor} == {"KNF-CHE-WALN"}
    sales = {product.slug for product in PRODUCTS if any(variant.sale_minor for variant in product.variants)}
    assert sales == {"halo-pendant", "shoreline-blanket"}


def test_what_is_arranged_with_stock_is_in_the_catalogue() -> None:
    stocked = {variant.sku: variant.stock for variant in VARIANTS}
    bundles = {variant.sku for each in PRODUCTS if each.kind == "bundle" for variant in each.variants}
    assert bundles == {BUNDLE}
    assert all(stocked[sku] >= 10 for sku in PARTS)
    assert stocked[BACKORDER] == stocked[PREORDER] == 0
    assert all(0 < stocked[sku] <= threshold for sku, threshold in LOW.items())
    assert all(stocked[sku] > quantity for sku, quantity in IN_THE_STUDIO.items())


def test_the_home_page_shows_products_that_can_be_seen() -> None:
    seen = {product.slug for product in PRODUCTS if product.is_seen}
    assert seen.issuperset((*HOME.first_row.products, *HOME.second_row.products))
    assert PARENTS.issuperset((*HOME.categories, HOME.hero_link_category))


def test_the_same_picture_is_drawn_twice_alike() -> None:
    spec = PictureSpec("mug", ("#c2856a", "#4a372b"), (("pattern", "speckle"),))
    first, second = draw(spec, size=120), draw(spec, size=120)
    assert first.size == (120, 120)
    assert first.mode == "RGB"
    assert first.tobytes() == second.tobytes()


def test_another_colour_is_another_picture() -> None:
    one, two = (draw(PictureSpec("mug", (tint,)), size=96).tobytes() for tint in ("#c2856a", "#3b666a"))
    assert one != two


def test_the_still_life_is_wide() -> None:
    assert draw_hero(size=(240, 120)).size == (240, 120)


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(KeyError):
        draw(PictureSpec("teleprinter", ("#c2856a",)))
