"""The words of mails, a file for each language in templates/emails/words/."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings

FALLBACK = "en"

_FOLDER = settings.BASE_DIR / "templates" / "emails" / "words"


@cache
def languages() -> frozenset[str]:
    return frozenset(path.stem for path in _FOLDER.glob("*.json"))


def spoken(language: str) -> str:
    """The language itself, or the one it is a variety of, or English."""
    for candidate in (language.lower(), language.lower().split("-")[0]):
        if candidate in languages():
            return candidate
    return FALLBACK


@cache
def words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return found
