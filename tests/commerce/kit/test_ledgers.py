from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commerce.inventory.models import StockMovement
from commerce.kit.ledgers import LedgerIsInsertOnly
from tests.factories import LONG_AGO, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(shop: Shop) -> StockMovement:
    return StockMovement.objects.get(level=shop.level(shop.sell(stock=7)))


def test_a_row_that_was_written_cannot_be_changed(row: StockMovement) -> None:
    row.quantity = 99
    with pytest.raises(LedgerIsInsertOnly):
        row.save()
    row.refresh_from_db()
    assert row.quantity == 7


def test_a_row_cannot_be_deleted(row: StockMovement) -> None:
    with pytest.raises(LedgerIsInsertOnly):
        row.delete()
    assert StockMovement.objects.filter(pk=row.pk).exists()


def test_rows_cannot_be_changed_or_deleted_in_bulk(row: StockMovement) -> None:
    rows = StockMovement.objects.filter(pk=row.pk)
    for attempt in (
        lambda: rows.update(quantity=1),
        lambda: rows.delete(),
        lambda: StockMovement.objects.bulk_update([row], ["quantity"]),
        lambda: StockMovement.objects.update_or_create(pk=row.pk, defaults={"quantity": 1}),
    ):
        with pytest.raises(LedgerIsInsertOnly):
            attempt()
    row.refresh_from_db()
    assert row.quantity == 7


def test_the_way_through_a_relation_is_closed_too(row: StockMovement) -> None:
    with pytest.raises(LedgerIsInsertOnly):
        row.level.movements.update(quantity=1)
    with pytest.raises(LedgerIsInsertOnly):
        row.level.movements.all().delete()


def test_a_new_object_with_an_old_key_leaves_the_row_as_it_was(row: StockMovement, at: datetime) -> None:
    impostor = StockMovement(pk=row.pk, level=row.level, kind="purchase", quantity=99, actor="test", at=at)
    with contextlib.suppress(LedgerIsInsertOnly, IntegrityError), transaction.atomic():
        impostor.save()
    row.refresh_from_db()
    assert (row.quantity, row.at) == (7, LONG_AGO)


def test_an_upsert_does_not_rewrite_a_row(row: StockMovement, at: datetime) -> None:
    rewritten = StockMovement(pk=row.pk, level=row.level, kind="purchase", quantity=99, actor="test", at=at)
    with pytest.raises(LedgerIsInsertOnly):
        StockMovement.objects.bulk_create(
            [rewritten], update_conflicts=True, unique_fields=["id"], update_fields=["quantity"]
        )


def test_a_row_does_not_disappear_with_what_it_hangs_on(row: StockMovement) -> None:
    with pytest.raises(ProtectedError):
        row.level.delete()
