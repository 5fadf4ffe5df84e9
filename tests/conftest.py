from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as project
from django.core.cache import caches
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from commerce.payments.gateways import payment_gateway
from tests.clean import clean_after_commits, copy_file
from tests.factories import Shop, open_shop
from tests.till import Till

# The suite asks the same questions in every run; with MAGPIE_EXPLORE=1 it asks others each time.
hypothesis.settings.register_profile("suite", derandomize=True, database=None)
hypothesis.settings.register_profile("explore", print_blob=True)
hypothesis.settings.load_profile("explore" if os.environ.get("MAGPIE_EXPLORE") else "suite")


# The SQLite file that all migrations were applied to, where there is one.
MIGRATED = os.environ.get("MAGPIE_MIGRATED", "")
_OF_A_DATABASE = {"db", "transactional_db"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--of-the-database", action="store_true", help="only what touches the database: see ./dev test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """What touches no database says the same beside every one of them."""
    if not config.getoption("--of-the-database"):
        return
    left_out = {
        item
        for item in items
        if item.get_closest_marker("django_db") is None and not _OF_A_DATABASE & set(item.fixturenames)
    }
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A file that was copied from a migrated one is kept, or Django would begin with an empty one."""
    return django_db_keepdb or bool(MIGRATED)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """`./dev test` has applied all migrations once; each of its workers copies what came of it."""
    if MIGRATED:
        copy_file(MIGRATED, to=project.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The migrated database, for each test as if it were the first."""
    with django_db_blocker.unblock(), clean_after_commits(), django_db_blocker.block():
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Row numbers come again after each test's rollback; the cache would hand one test another's picture."""
    for each in caches.all(initialized_only=True):
        each.clear()


@pytest.fixture
def at() -> datetime:
    """The instant at which a test happens."""
    return datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def shop(db: None) -> Shop:
    """A market, its price list, tax, shipping and a warehouse, and ways to put products into it."""
    return open_shop()


@pytest.fixture
def till(tmp_path: Path, settings: Any) -> Iterator[Till]:
    """The sandbox in process, as the payment gateway of the shop, with a shopper's card at hand."""
    till = Till.open(tmp_path / "stripe-sandbox.sqlite3")
    settings.PAYMENT_GATEWAY = "tests.till.current_gateway"
    payment_gateway.cache_clear()
    yield till
    payment_gateway.cache_clear()
    till.close()


@pytest.fixture
def api() -> APIClient:
    return APIClient()
