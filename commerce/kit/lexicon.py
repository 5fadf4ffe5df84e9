"""Words for people, a JSON file for each language in a folder."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

FALLBACK = "en"


class Lexicon:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, dict[str, Any]] = {}

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(path.stem for path in self._folder.glob("*.json"))

    def languages(self) -> frozenset[str]:
        return self._languages

    def spoken(self, language: str) -> str:
        """The language itself, or the one it is a variety of, or English."""
        for candidate in (language.lower(), language.lower().split("-")[0]):
            if candidate in self._languages:
                return candidate
        return FALLBACK

    def words(self, language: str) -> dict[str, Any]:
        """Those of a language that is spoken."""
        if language not in self._read:
            self._read[language] = json.loads((self._folder / f"{language}.json").read_text("utf-8"))
        return self._read[language]
