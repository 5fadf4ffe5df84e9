"""Prepared queries: other values, the same rows as the query that they stand for."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from cms.catalogue.models import Variant
from cms.catalogue.queries import contents_for, live_contents, sellable_variants
from cms.prepared import FEW, insert, prepared, prepared_update
from commerce.cart.models import Cart
from commerce.kit.models import OutboxEvent
from tests.factories import Shop

pytestmark = pytest.mark.django_db


@prepared
def _wanted(*, variants: list[uuid.UUID], at: datetime, sku: str | None = None) -> QuerySet[Variant]:
    found = sellable_variants(at=at).filter(pk__among=variants).select_related("product")
    return found.filter(sku=sku) if sku is not None else found


def test_each_time_it_is_asked_for_other_values(shop: Shop, at: datetime) -> None:
    one, other, third = shop.sell(), shop.sell(), shop.sell()
    third.is_active = False
    third.save()
    assert _wanted(variants=[one.pk], at=at) == [one]
    assert set(_wanted(variants=[one.pk, other.pk, third.pk], at=at)) == {one, other}
    assert _wanted(variants=[], at=at) == []
    assert _wanted(variants=[one.pk, other.pk], at=at, sku=other.sku) == [other]
    assert _wanted(variants=[one.pk, other.pk], at=at, sku=None) != [other]


def test_its_rows_are_whole_and_cost_one_query(shop: Shop, at: datetime) -> None:
    variant = shop.sell()
    _wanted(variants=[variant.pk], at=at)
    with CaptureQueriesContext(connection) as captured:
        (found,) = _wanted(variants=[variant.pk], at=at)
        assert (found.product, found.sku) == (variant.product, variant.sku)
    assert len(captured) == 1


def test_answers_do_not_share_their_rows(shop: Shop, at: datetime) -> None:
    variant = shop.sell()
    (first,) = _wanted(variants=[variant.pk], at=at)
    first.sku = "changed in memory"
    assert _wanted(variants=[variant.pk], at=at)[0].sku == variant.sku


def test_rows_of_values_come_as_they_are_asked_for(shop: Shop, at: datetime) -> None:
    @prepared
    def kinds(*, at: datetime) -> Any:
        return sellable_variants(at=at).values("sku", kind=F("product__kind"))

    variant = shop.sell()
    assert kinds(at=at) == [{"sku": variant.sku, "kind": "goods"}]
    assert kinds(at=at + timedelta(days=1)) == [{"sku": variant.sku, "kind": "goods"}]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps the SQL")
@pytest.mark.parametrize("value", [True, 1.5])
def test_a_value_that_makes_another_query_is_refused(value: Any) -> None:
    @prepared
    def odd(*, value: Any) -> QuerySet[Variant]:
        return Variant.objects.all()

    with pytest.raises(TypeError):
        odd(value=value)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps the SQL")
def test_a_value_that_is_changed_on_its_way_is_refused_rather_than_forgotten() -> None:
    @prepared
    def containing(*, text: str) -> QuerySet[Variant]:
        return Variant.objects.filter(sku__contains=text)

    with pytest.raises(TypeError, match="text does not reach the database as it is"):
        containing(text="LAMP")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps the SQL")
def test_a_value_that_is_changed_in_one_of_its_places_is_refused_too() -> None:
    @prepared
    def alike(*, text: str) -> QuerySet[Variant]:
        return Variant.objects.filter(Q(sku=text) | Q(sku__contains=text))

    with pytest.raises(TypeError):
        alike(text="LAMP")


def test_names_and_pictures_are_those_of_the_published_content(shop: Shop) -> None:
    variant = shop.sell(pictures=2)
    locale = shop.content(variant).locale
    told = contents_for([variant.product_id], locale=locale)[variant.product_id]
    (whole,) = live_contents(locale=locale).filter(product=variant.product_id)
    with CaptureQueriesContext(connection) as captured:
        pictures = told.pictures
        renditions = [picture.image.prefetched_renditions for picture in pictures]
    assert len(captured) == 0
    assert (told.title, told.slug) == (whole.title, whole.slug)
    assert pictures == whole.pictures
    assert renditions == [picture.image.prefetched_renditions for picture in whole.pictures]


@prepared_update
def _rewrite(*, carts: list[uuid.UUID], note: str, closed: datetime | None) -> tuple[QuerySet[Any], dict[str, Any]]:
    return Cart.objects.filter(pk__among=carts), {"note": note, "closed_at": closed}


def test_what_is_written_is_written_to_these_rows_alone_and_counted(shop: Shop, at: datetime) -> None:
    one, other = shop.cart(), shop.cart()
    assert _rewrite(carts=[one.pk], note="first", closed=at) == 1
    one.refresh_from_db()
    assert (one.note, one.closed_at) == ("first", at)
    assert _rewrite(carts=[one.pk], note="second", closed=None) == 1
    assert _rewrite(carts=[], note="nobody's", closed=at) == 0
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.note, one.closed_at, other.note) == ("second", None, "")


def test_in_whatever_order_they_are_named_values_go_where_they_belong(shop: Shop, at: datetime) -> None:
    cart = shop.cart()
    assert _rewrite(carts=[cart.pk], note="first", closed=None) == 1
    assert _rewrite(closed=None, note="second", carts=[cart.pk]) == 1
    assert _rewrite(note="third", carts=[cart.pk], closed=at) == 1
    cart.refresh_from_db()
    assert (cart.note, cart.closed_at) == ("third", at)


def test_writing_costs_one_statement(shop: Shop, at: datetime) -> None:
    cart = shop.cart()
    _rewrite(carts=[cart.pk], note="first", closed=at)
    with CaptureQueriesContext(connection) as captured:
        _rewrite(carts=[cart.pk], note="second", closed=at)
    assert len(captured) == 1


def _event(name: str, at: datetime) -> OutboxEvent:
    return OutboxEvent(name=name, payload={"name": name}, occurred_at=at)


@pytest.mark.parametrize("many", [1, 3, FEW + 1])
def test_inserted_rows_have_the_keys_that_the_database_gave_them(at: datetime, many: int) -> None:
    rows = [_event(f"event {place}", at) for place in range(many)]
    insert(rows)
    for row in rows:
        found = OutboxEvent.objects.get(pk=row.pk)
        assert (found.name, found.payload, found.occurred_at) == (row.name, {"name": row.name}, at)
        assert not row._state.adding


def test_a_row_with_a_key_of_its_own_is_written_over_no_other(at: datetime) -> None:
    kept = _event("kept", at)
    insert([kept])
    impostor = _event("impostor", at)
    impostor.pk = kept.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([impostor])
    assert OutboxEvent.objects.get().name == "kept"


def test_a_key_that_the_row_brings_along_stays_its_own(shop: Shop, at: datetime) -> None:
    cart = Cart(market=shop.market, created_at=at, updated_at=at)
    key = cart.pk
    insert([cart])
    assert Cart.objects.get(pk=key).market == shop.market
    insert([])
