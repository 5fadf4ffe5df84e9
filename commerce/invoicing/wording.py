"""The words of printed invoices, a file for each language in templates/invoices/words/."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "invoices"
FALLBACK = "en"


@cache
def languages() -> frozenset[str]:
    return frozenset(path.stem for path in (FOLDER / "words").glob("*.json"))


def spoken(language: str) -> str:
    """The language itself, or the one it is a variety of, or English."""
    for candidate in (language.lower(), language.lower().split("-")[0]):
        if candidate in languages():
            return candidate
    return FALLBACK


@cache
def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((FOLDER / "words" / f"{language}.json").read_text("utf-8"))
    return found
