"""`./dev workshop`: how long the screens of merchandisers take in a big shop."""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django

LONGEST_SECONDS = 1.5
ROUNDS = 5


@dataclass(frozen=True)
class Screen:
    name: str
    address: str
    queries: int
    "At most so many."


def main(words: list[str]) -> int:
    asked = _parser().parse_args(words)
    django.setup()
    from tests import throwaway

    logging.disable(logging.CRITICAL)
    with throwaway.database():
        return _run(asked, say=lambda words: print(words, flush=True))


def _run(asked: argparse.Namespace, *, say: Callable[[str], None]) -> int:
    from django.test import Client

    from commerce.kit.clock import now
    from tests.factories import UserFactory
    from tests.scale.catalogue import build

    began = time.monotonic()
    made = build(products=asked.products, categories=asked.categories, at=now(), say=say)
    say(f"{len(made.products)} products, {len(made.variants)} variants in {time.monotonic() - began:.0f} s")
    _settle()
    browser = Client()
    browser.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    failed = 0
    say(f"{'screen':44} {'median s':>9} {'worst s':>8} {'queries':>8} {'KB':>6}")
    for screen in _screens(made):
        seconds, queries, size = _measure(browser, screen.address)
        slow = max(seconds) > LONGEST_SECONDS or queries > screen.queries
        failed += slow
        times = f"{statistics.median(seconds):9.2f} {max(seconds):8.2f}"
        say(f"{screen.name:44} {times} {queries:8} {size // 1000:6}{'  over its bound' if slow else ''}")
    return 1 if failed else 0


def _settle() -> None:
    """As the database's own housekeeping would have left it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _screens(made: Any) -> list[Screen]:
    from django.urls import reverse

    products = reverse("wagtailsnippets_catalogue_productcontent:list")
    content, category = made.contents[len(made.contents) // 2], made.categories[0]
    product = reverse("wagtailsnippets_catalogue_productcontent:edit", args=[content.pk])
    pages, found_pages = reverse("wagtailadmin_choose_page"), reverse("wagtailadmin_choose_page_search")
    only = "page_type=catalogue.categorypage"
    chooser = reverse("product_chooser:choose")
    found = reverse("product_chooser:choose_results")
    return [
        Screen("products", products, 60),
        Screen("products, last page", f"{products}?p={len(made.contents) // 50}", 60),
        Screen("products, found by a word", f"{products}?q=oak", 60),
        Screen("product, edit", product, 90),
        Screen("variants, prices, stock", reverse("desk_selling", args=[content.product_id]), 60),
        Screen("categories to choose", f"{pages}?{only}", 60),
        Screen("categories to choose, found by a word", f"{found_pages}?q=lamp&{only}", 60),
        Screen("products to choose", chooser, 40),
        Screen("products to choose, found by a word", f"{found}?q=oak", 40),
        Screen("category, edit", reverse("wagtailadmin_pages:edit", args=[category.pk]), 120),
        Screen("the order of a category", reverse("catalogue_category_products", args=[category.pk]), 40),
    ]


def _measure(browser: Any, address: str) -> tuple[list[float], int, int]:
    """Seconds of each round after a first one that warms the process up, and the queries and bytes of the last."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seconds = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        answer = browser.get(address)
        size = len(answer.content)
        seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
    with CaptureQueriesContext(connection) as queries:
        browser.get(address)
    return seconds[1:], len(queries), size


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev workshop", description=__doc__)
    parser.add_argument("--products", type=int, default=10_000, help="of 2.5 variants each; 10000 unless told")
    parser.add_argument("--categories", type=int, default=200, help="200 unless told")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
