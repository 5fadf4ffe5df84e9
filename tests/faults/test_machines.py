"""Faults 26, 27, 31 and 33: the database restarts or is full, the cache is away, two versions run side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache
from django.core.management import call_command
from django.db import OperationalError, close_old_connections, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from rest_framework.test import APIClient
from wagtail.models import Locale

from commerce.cart.models import Cart
from commerce.checkout.completing import finish
from commerce.checkout.starting import start
from commerce.kit import outbox
from commerce.kit.management.commands import worker
from commerce.orders.models import Order
from tests.factories import GERMAN_ADDRESS, Shop, open_shop
from tests.races.runners import at_once
from tests.till import Till

racing = pytest.mark.django_db(transaction=True)
only_postgres = pytest.mark.skipif(
    "postgres" not in os.environ.get("DATABASE_URL", ""),
    reason="SQLite has no server that could restart, and no pool; ./dev test --only postgres runs this",
)


def _buy(api: APIClient, cart: Cart, till: Till) -> str:
    """Over HTTP, asking again where the shop says so. Returns the order's number."""
    checkout = _ask_until_answered(api, "/api/v1/checkouts/", {"cart": str(cart.pk)})
    till.confirm(checkout["payment"]["client_secret"])
    done = _ask_until_answered(api, f"/api/v1/checkouts/{checkout['id']}/complete/", {})
    number: str = done["order"]["number"]
    return number


def _ask_until_answered(api: APIClient, path: str, body: dict[str, str]) -> dict[str, Any]:
    deadline, pause = time.monotonic() + 60, threading.Event()
    while True:
        # As at the beginning of every request; the test client leaves it out. A test's own transaction is kept.
        if not connection.in_atomic_block:
            close_old_connections()
        answer = api.post(path, body, format="json")
        if answer.status_code < 300:
            document: dict[str, Any] = answer.json()
            return document
        assert answer.status_code == 503, answer.content
        assert time.monotonic() < deadline, answer.content
        pause.wait(0.1)


# Fault 26


@only_postgres
@racing
def test_fault_26_a_database_that_cuts_every_connection_again_and_again_loses_nothing_acknowledged(
    till: Till, at: datetime
) -> None:
    """As the restart of a server looks to its clients; `./dev load --crash-postgres` crashes a real one under load."""
    shop = open_shop()
    variant = shop.sell(stock=50)
    carts = [shop.cart((variant, 1)) for _ in range(8)]
    is_over = threading.Event()

    def cut() -> None:
        for _ in range(6):
            is_over.wait(0.3)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    numbers = at_once(cut, *[lambda cart=cart: _buy(APIClient(), cart, till) for cart in carts])[1:]  # type: ignore[misc]
    connection.close()
    told = {number for number in numbers if isinstance(number, str)}
    assert told <= set(Order.objects.values_list("number", flat=True))
    assert len(told) == len(carts), numbers
    while outbox.deliver_due(at=at):
        pass
    call_command("audit")


@racing
def test_fault_26_a_worker_outlives_its_database() -> None:
    assert worker._through_outages(_database_is_away) == 0
    assert worker._through_outages(lambda: 1) == 1


def _database_is_away() -> int:
    raise OperationalError("the server closed the connection unexpectedly")


@racing
def test_fault_26_who_gets_no_connection_is_told_to_come_back_and_then_served(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop()
    cart = shop.cart((shop.sell(), 1))
    with monkeypatch.context() as exhausted:
        exhausted.setattr(
            "commerce.api.carts.view_cart", lambda **asked: _raise(OperationalError("couldn't get a connection"))
        )
        answer = api.get(f"/api/v1/carts/{cart.pk}/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert api.get(f"/api/v1/carts/{cart.pk}/").status_code == 200


def _raise(error: Exception) -> None:
    raise error


# Fault 27


class AwayCache(BaseCache):
    """Redis, refusing every connection."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _refuse(self, *args: Any, **options: Any) -> Any:
        raise ConnectionError("Error 111 connecting to redis:6379. Connection refused.")

    add = get = set = touch = delete = clear = has_key = incr = get_many = set_many = _refuse


@pytest.mark.django_db
def test_fault_27_without_its_cache_the_shop_sells(api: APIClient, shop: Shop, till: Till, settings: Any) -> None:
    """There is no Redis in the shop yet, and nothing in a cache that it could not do without: no session, no lock, no
    queue, no limit. Were one put there and away, every request would ask the database instead."""
    variant = shop.sell(pictures=1)
    away = {"BACKEND": f"{__name__}.AwayCache", "LOCATION": "redis:6379"}
    settings.CACHES = {**settings.CACHES, "default": away}
    from django.core.cache import cache

    with pytest.raises(ConnectionError):
        cache.get("anything")
    assert api.get("/api/v1/products/").json()["count"] == 1
    cart = api.post("/api/v1/carts/", {}, format="json").json()
    line = {"variant": str(variant.pk), "quantity": 1}
    assert api.post(f"/api/v1/carts/{cart['id']}/lines/", line, format="json").status_code == 201
    address = {**GERMAN_ADDRESS.document(), "email": "customer@example.com"}
    assert api.put(f"/api/v1/carts/{cart['id']}/address/", address, format="json").status_code == 200
    assert _buy(api, Cart.objects.get(), till) == Order.objects.get().number


# Fault 31


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, one megabyte large."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount the file system of one megabyte that this needs")
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        yield place
    finally:
        connection.close()
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def _database_on(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's own SQLite file, with next to no room to grow."""
    connection.close()
    original = Path(str(connection.settings_dict["NAME"]))
    size = sum(each.stat().st_size for each in original.parent.glob(f"{original.name}*"))
    _resize(disk, size + 300 * 1024)
    moved = disk / original.name
    shutil.copy(original, moved)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(moved))
    try:
        yield
    finally:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", str(original))


def _resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


@racing
def test_fault_31_a_full_disk_leaves_no_half_rows_and_the_shop_goes_on_once_there_is_room(
    till: Till, at: datetime, full_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a full disk of a PostgreSQL server is the server's own; it answers with the same OperationalError")
    shop = open_shop()
    variant = shop.sell(stock=500)
    carts = [shop.cart((variant, 1)).pk for _ in range(300)]
    with _database_on(full_disk, monkeypatch):
        bought, refusal = [], ""
        for cart in carts:
            try:
                checkout = start(cart_id=cart, locale=Locale.get_default(), at=at)
                till.pay(checkout.payment)
                bought.append(finish(checkout_id=checkout.pk, actor="shopper", at=at).order.number)
            except OperationalError as full:
                refusal = str(full)
                break
        assert "full" in refusal, f"{len(bought)} bought and the disk was never full: {refusal}"
        assert set(bought) <= set(Order.objects.values_list("number", flat=True))
        _resize(full_disk, 64 * 1024 * 1024)
        connection.close()
        checkout = start(cart_id=cart, locale=Locale.get_default(), at=at)
        till.pay(checkout.payment)
        assert finish(checkout_id=checkout.pk, actor="shopper", at=at).status == "completed"
        while outbox.deliver_due(at=at):
            pass
        call_command("audit")


@pytest.mark.django_db
def test_fault_31_a_picture_that_does_not_fit_leaves_no_row(full_disk: Path, settings: Any) -> None:
    from cms.images.models import ShopImage
    from tests.factories import picture

    settings.MEDIA_ROOT = str(full_disk)
    (full_disk / "filler").write_bytes(b"\0" * (1024 * 1024 - 8192))
    before = ShopImage.objects.count()
    with pytest.raises(OSError, match="No space left"), transaction.atomic():
        picture(size=(2000, 2000))
    assert ShopImage.objects.count() == before


# Fault 33


@racing
def test_fault_33_while_a_migration_adds_to_the_tables_of_a_purchase_purchases_go_on(till: Till, at: datetime) -> None:
    """The running code does not know the new column, and must be able to write its rows without it."""
    shop = open_shop()
    variant = shop.sell(stock=50)
    carts = [shop.cart((variant, 1)) for _ in range(6)]
    added = models.CharField(max_length=20, null=True)
    added.set_attributes_from_name("of_the_next_version")

    def migrate() -> None:
        for table in (Order, Cart):
            with connection.schema_editor() as editor:
                editor.add_field(table, added)

    try:
        outcomes = at_once(migrate, *[lambda cart=cart: _buy(APIClient(), cart, till) for cart in carts])  # type: ignore[misc]
        assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
        assert Order.objects.count() == len(carts)
        call_command("audit")
    finally:
        for table in (Order, Cart):
            with connection.schema_editor() as editor:
                editor.execute(f"ALTER TABLE {editor.quote_name(table._meta.db_table)} DROP COLUMN of_the_next_version")


def test_fault_33_every_migration_can_be_named_and_none_is_missing() -> None:
    """Old and new code only run side by side if there is one order of migrations, without branches that conflict."""
    assert MigrationLoader(None).detect_conflicts() == {}
