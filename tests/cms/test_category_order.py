"""The order of the products in a category: what is moved, what is refused, and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cms.catalogue import ordering
from cms.catalogue.models import CategoryPage, Placement, Product, ProductContent
from cms.catalogue.ordering import moved
from tests.factories import ProductContentFactory, Shop

NAMES = ["Lamp", "Vase", "Mug", "Pot"]


@pytest.fixture
def lamps(shop: Shop) -> CategoryPage:
    category = shop.category("Lamps")
    for position, name in enumerate(NAMES):
        content: ProductContent = ProductContentFactory.create(title=name, live=name != "Pot")
        shop.place(content.product, category, position=position * 3)
    return category


def _url(category: CategoryPage) -> str:
    return reverse("catalogue_category_products", args=[category.pk])


def _key(name: str) -> int:
    return Placement.objects.get(product__contents__title=name).pk


def _order(category: CategoryPage) -> list[str]:
    rows = Placement.objects.filter(category_key=category.translation_key).order_by("position")
    return [ProductContent.objects.get(product=row.product_id).title for row in rows]


def _move(browser: Client, category: CategoryPage, **places: str) -> HttpResponse:
    """Send the page as it was shown, with other places for these."""
    sent = {}
    for place, name in enumerate(_order(category), start=1):
        sent |= {f"was-{_key(name)}": str(place), f"place-{_key(name)}": places.get(name, str(place))}
    return browser.post(_url(category), sent, follow=True)


@pytest.mark.django_db
def test_a_product_is_moved_to_a_place_and_the_others_follow(editor: Client, lamps: CategoryPage) -> None:
    assert _move(editor, lamps, Pot="1").status_code == 200
    assert _order(lamps) == ["Pot", "Lamp", "Vase", "Mug"]
    _move(editor, lamps, Lamp="4", Mug="1")
    assert _order(lamps) == ["Mug", "Pot", "Vase", "Lamp"]
    _move(editor, lamps, Mug="999")
    assert _order(lamps) == ["Pot", "Vase", "Lamp", "Mug"]


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["first", "", "-1", "0", "1.5", "9" * 30])
def test_what_is_no_place_is_refused_and_changes_nothing(editor: Client, lamps: CategoryPage, written: str) -> None:
    answer = _move(editor, lamps, Pot=written)
    assert "A place is a number from 1 on" in answer.content.decode()
    assert list(Placement.objects.order_by("position").values_list("position", flat=True)) == [0, 3, 6, 9]


@pytest.mark.django_db
def test_a_row_of_another_category_is_left_alone(editor: Client, shop: Shop, lamps: CategoryPage) -> None:
    other = shop.place(Product.objects.create(), shop.category("Vases"), position=7)
    editor.post(_url(lamps), {f"place-{other.pk}": "1"})
    other.refresh_from_db()
    assert other.position == 7


@pytest.mark.django_db
def test_many_products_come_page_by_page_and_are_numbered_through(
    editor: Client, lamps: CategoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "PER_PAGE", 2)
    page = editor.get(_url(lamps) + "?p=2")
    assert [place for place, *_ in page.context["rows"]] == [3, 4]
    assert "data-draggable" not in page.content.decode()
    editor.post(_url(lamps) + "?p=2", {f"was-{_key('Pot')}": "4", f"place-{_key('Pot')}": "1"})
    assert _order(lamps) == ["Pot", "Lamp", "Vase", "Mug"]


@pytest.mark.django_db
def test_the_page_costs_the_same_for_few_and_for_many(editor: Client, shop: Shop, lamps: CategoryPage) -> None:
    counts = []
    for _ in range(2):
        editor.get(_url(lamps))
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(_url(lamps)).status_code == 200
        counts.append(len(captured))
        for _ in range(10):
            shop.place(ProductContentFactory.create().product, lamps)
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_menus_of_a_category_and_its_form_lead_there(editor: Client, shop: Shop, lamps: CategoryPage) -> None:
    link = f'href="{_url(lamps)}"'
    assert link in editor.get(reverse("wagtailadmin_explore", args=[shop.home.pk])).content.decode()
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[lamps.pk])).content.decode().count(link) == 2


@pytest.mark.django_db
def test_who_may_not_publish_the_category_does_not_order_it(lamps: CategoryPage) -> None:
    answer = Client().get(_url(lamps))
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


@given(st.permutations(range(6)), st.dictionaries(st.integers(0, 5), st.integers(1, 9)))
def test_moving_loses_and_doubles_nothing_and_keeps_the_order_of_the_rest(
    keys: list[int], places: dict[int, int]
) -> None:
    result = moved(keys, places=places)
    assert sorted(result) == sorted(keys)
    assert [key for key in result if key not in places] == [key for key in keys if key not in places]


def test_all_places_at_once_make_just_that_order() -> None:
    assert moved([1, 2, 3, 4], places={4: 1, 1: 2, 2: 3, 3: 4}) == [4, 1, 2, 3]
    assert moved([1, 2, 3, 4], places={2: 3, 3: 2}) == [1, 3, 2, 4]
