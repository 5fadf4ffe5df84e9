"""Where generated things live (all under .magpie/) and how ./dev knows that one of them is still fresh."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".magpie"
LOGS = STATE / "logs"
STOREFRONT = ROOT / "storefront"


def shown(path: Path) -> str:
    """A path as the reader would type it from the root of the repository."""
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)


def digest_of_files(paths: Iterable[Path], *, also: Iterable[str] = ()) -> str:
    """One fingerprint for names and contents of the files that exist, and for further words."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(f"{shown(path)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    for word in also:
        digest.update(f"{word}\0".encode())
    return digest.hexdigest()


def read_stamp(path: Path) -> dict[str, Any]:
    """What the last completed run wrote; empty when it never completed."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(path: Path, **facts: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
