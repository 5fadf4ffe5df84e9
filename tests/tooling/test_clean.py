"""What one test commits, or deletes for good, is no concern of the next one."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from django.test import TransactionTestCase
from wagtail.models import Locale, Page

from commerce.markets.models import Market
from tests.clean import copy_file
from tests.factories import MarketFactory


@pytest.mark.django_db(transaction=True)
def test_after_a_test_that_commits_the_database_is_as_the_migrations_left_it():
    MarketFactory.create(code="left-behind")
    Page.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (id integer)")
    TransactionTestCase._fixture_teardown(None)
    assert not Market.objects.exists()
    assert Page.get_first_root_node() is not None
    assert Locale.objects.exists()
    assert "left_behind" not in connection.introspection.table_names()
    assert MarketFactory.create().pk == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL copies databases by itself")
def test_a_copy_has_what_is_only_in_the_log_and_nothing_of_what_was_there_before(tmp_path):
    source, to = f"{tmp_path}/source.sqlite3", f"{tmp_path}/copy.sqlite3"
    with closing(sqlite3.connect(source)) as writer, closing(sqlite3.connect(to)) as old:
        for each, name in {writer: "wanted", old: "unwanted"}.items():
            each.execute("PRAGMA journal_mode=WAL")
            each.execute(f"CREATE TABLE {name} (id)")
            each.commit()
        copy_file(source, to=to)
    with closing(sqlite3.connect(to)) as copy:
        assert copy.execute("SELECT name FROM sqlite_master").fetchall() == [("wanted",)]
