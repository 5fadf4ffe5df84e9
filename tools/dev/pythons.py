"""Which Python to use: the newest suitable one on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dev.terminal import Failure

PREFERRED: tuple[tuple[int, int], ...] = ((3, 13), (3, 12), (3, 11))
ACCEPTED: tuple[tuple[int, int], ...] = (*PREFERRED, (3, 14))  # 3.14 only where nothing else is to be had

_PROBE = """
import importlib.util, json, sys
can = lambda *names: all(importlib.util.find_spec(name) for name in names)
print(json.dumps({
    "version": sys.version_info[:3],
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
    "complete": can("ssl", "_ssl", "sqlite3", "_sqlite3"),
    "pip": can("venv", "ensurepip"),
}))
"""


@dataclass(frozen=True)
class Python:
    """An interpreter that answered. `complete` has TLS and SQLite; `can_make_environments` has ensurepip."""

    version: tuple[int, int, int]
    executable: Path
    complete: bool
    can_make_environments: bool

    @property
    def short(self) -> str:
        return "{}.{}".format(*self.version)

    @property
    def full(self) -> str:
        return ".".join(str(part) for part in self.version)


def choose(
    *,
    wanted: str = "",
    with_uv: bool = False,
    candidates: Iterable[Path] | None = None,
    probe: Callable[[Path], Python | None] | None = None,
) -> Python:
    """The newest of 3.13, 3.12, 3.11, else 3.14. `wanted` is a version such as 3.11 or the path of a Python.

    uv makes environments without ensurepip. Raises Failure with the one package to install.
    """
    ask = probe or ask_python
    paths = list(candidates if candidates is not None else find_candidates())
    if os.sep in wanted:
        return _exactly(Path(wanted).expanduser(), ask=ask, with_uv=with_uv)
    versions = ACCEPTED if not wanted else (_parse(wanted),)
    seen: list[Python] = []
    for version in versions:
        for path in _in_order(paths, version):
            found = ask(path)
            if found is None:
                continue
            seen.append(found)
            if found.version[:2] == version and _is_usable(found, with_uv=with_uv):
                return found
    others = {_named_version(path) for path in paths} | {python.version[:2] for python in seen}
    raise Failure(_what_is_missing(seen, versions=versions, wanted=wanted, others=others))


def find_candidates() -> Iterator[Path]:
    """Every python3 and python3.N on PATH and under the usual version managers, and the one running now."""
    homes = [Path(folder) for folder in os.get_exec_path() if folder]
    home = Path.home()
    managed = [*home.glob(".pyenv/versions/*/bin"), *home.glob(".local/share/uv/python/*/bin")]
    names = ["python{}.{}".format(*version) for version in ACCEPTED] + ["python3"]
    seen = set()
    for path in [folder / name for folder in [*homes, *managed] for name in names] + [Path(sys.executable)]:
        if path not in seen and os.access(path, os.X_OK) and path.is_file():
            seen.add(path)
            yield path


def ask_python(path: Path) -> Python | None:
    """What the interpreter says of itself; None when it does not start (a version manager's empty shim)."""
    try:
        answer = subprocess.run(
            [str(path), "-I", "-c", _PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
        facts = json.loads(answer.stdout.decode())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    major, minor, micro = facts["version"]
    return Python((major, minor, micro), Path(facts["executable"]), facts["complete"], facts["pip"])


def _in_order(paths: list[Path], version: tuple[int, int]) -> list[Path]:
    """Those whose name says this version first, then those whose name says nothing; others are not asked."""
    named = [path for path in paths if _named_version(path) == version]
    return named + [path for path in paths if _named_version(path) is None]


def _named_version(path: Path) -> tuple[int, int] | None:
    for name in (path.name, path.resolve().name):
        match = re.fullmatch(r"python(\d+)\.(\d+)", name)
        if match:
            return int(match.group(1)), int(match.group(2))
    return None


def _exactly(path: Path, *, ask: Callable[[Path], Python | None], with_uv: bool) -> Python:
    found = ask(path)
    if found is None:
        raise Failure(f"{path} does not start as a Python.")
    if found.version[:2] not in ACCEPTED:
        raise Failure(f"{path} is Python {found.full}; Magpie runs on Python 3.11 to 3.13.")
    if not _is_usable(found, with_uv=with_uv):
        raise Failure(_what_is_missing([found], versions=(found.version[:2],), wanted=found.short))
    return found


def _parse(wanted: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)(\.\d+)?", wanted)
    if not match:
        raise Failure(f"{wanted!r} is neither a version such as 3.13 nor the path of a Python.", exit_code=2)
    version = int(match.group(1)), int(match.group(2))
    if version not in ACCEPTED:
        raise Failure(f"Magpie runs on Python 3.11 to 3.13, not {wanted}.", exit_code=2)
    return version


def _is_usable(python: Python, *, with_uv: bool) -> bool:
    return python.complete and (with_uv or python.can_make_environments)


def _what_is_missing(
    seen: list[Python],
    *,
    versions: tuple[tuple[int, int], ...],
    wanted: str,
    others: Iterable[tuple[int, int] | None] = (),
) -> str:
    """A sentence and the one package: a Python without ensurepip lacks its own -venv package, no more."""
    lame = [python for python in seen if python.version[:2] in versions and python.complete]
    if lame:
        best = lame[0]
        problem = f"Python {best.full} is here ({best.executable}) but cannot make environments."
        package = "python3-venv" if _is_the_system_default(best) else f"python{best.short}-venv"
    else:
        unsuitable = sorted(version for version in others if version and version not in versions)
        found = f"found only {', '.join('{}.{}'.format(*each) for each in unsuitable)}" if unsuitable else "found none"
        problem = f"Magpie needs Python {wanted or '3.11, 3.12 or 3.13'}; {found}."
        package = f"python{wanted}-venv" if wanted else "python3-venv"
    return f"{problem}\nInstall one package, then run it again:  apt install {package}"


def _is_the_system_default(python: Python) -> bool:
    default = Path("/usr/bin/python3")
    return default.exists() and python.executable.resolve() == default.resolve()
