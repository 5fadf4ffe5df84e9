"""Wagtail's search in the database, asked for words only.

SQLite's full-text search has a query language of its own, and a stray quotation mark in a search box is a syntax
error in it; PostgreSQL takes no NUL. What is not part of a word separates words.
"""

from __future__ import annotations

import re
from typing import Any

from modelsearch.backends import database

_NOT_A_WORD = re.compile(r"[^\w]+")
_IN_NO_TEXT = "0b5e1f7e29c84c0d"
"""Stands for a search without any word, which Wagtail's lists cannot show as empty."""


def SearchBackend(params: Any) -> Any:  # noqa: N802 - the name that Wagtail looks for
    backend = database.SearchBackend(params)
    return type(f"{type(backend).__name__}OfWords", (_WordsOnly, type(backend)), {})(params)


class _WordsOnly:
    def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **options: Any) -> Any:
        if isinstance(query, str) and query:
            query = _NOT_A_WORD.sub(" ", query).strip() or _IN_NO_TEXT
        return super()._search(query_compiler_class, query, model_or_queryset, **options)  # type: ignore[misc]
