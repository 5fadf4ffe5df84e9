"""The browser for the journey: the machine's own, else Playwright's, else one that is installed now."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from dev import processes
from dev.environment import Environment
from dev.terminal import Failure, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def ensure(environment: Environment) -> Path:
    """An executable Chromium. Raises Failure with the package to install."""
    found = find() or _find_playwrights(environment)
    if found is None:
        _install(environment)
        found = find() or _find_playwrights(environment)
    if found is None:
        raise Failure("There is no Chromium here, and none could be installed. Install one:\napt install chromium")
    return found


def find() -> Path | None:
    given = os.environ.get("MAGPIE_CHROMIUM", "")
    if given:
        if not os.access(given, os.X_OK):
            raise Failure(f"MAGPIE_CHROMIUM names {given}, which is not an executable file.")
        return Path(given)
    found = [Path(path) for path in map(shutil.which, NAMES) if path]
    return next((path for path in found if _starts(path)), None)


def _starts(path: Path) -> bool:
    """Some distributions put a script there that only says where else to get a browser."""
    try:
        answer = subprocess.run(
            [str(path), "--version"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return b"Chrom" in answer.stdout


def _find_playwrights(environment: Environment) -> Path | None:
    try:
        answer = subprocess.run(
            [environment.python, "-c", _ASK_PLAYWRIGHT],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    path = Path(answer.stdout.decode().strip())
    return path if path.is_file() and _starts(path) else None


def _install(environment: Environment) -> None:
    """As root with apt: Debian's own package. Otherwise Playwright's download, where the network lets it."""
    attempts: list[tuple[str, list[str]]] = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("chromium      none here; running apt-get install -y chromium")
        attempts = [
            ("apt-update", ["apt-get", "update"]),
            ("apt-chromium", ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]),
        ]
    else:
        say("chromium      none here; running playwright install chromium")
        attempts = [("playwright", [environment.python, "-m", "playwright", "install", "chromium"])]
    silent = processes.own_environment(DEBIAN_FRONTEND="noninteractive")
    for name, command in attempts:
        with suppress(Failure):
            processes.run(name, command, environment=silent)
