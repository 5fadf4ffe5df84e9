from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from demo.wording import Both, Language

_FOLDER = Path(__file__).parent
_PRINTED_ON = datetime(2026, 1, 1, tzinfo=UTC)
"""The same words make the same bytes, whenever the shop is loaded."""


def pdf(template: str, words: Both[Any], *, language: Language) -> bytes:
    """`words` are a dataclass in each language; the template finds them, as data, beside the language they are in."""
    compiler = typst.Compiler(
        input=(_FOLDER / f"{template}.typ").read_bytes(),
        root=_FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps({"language": language, **asdict(words[language])})},
    )
    return bytes(compiler.compile(format="pdf", timestamp=_PRINTED_ON))  # type: ignore[arg-type]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
