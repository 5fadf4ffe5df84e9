from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".magpie" / "journey"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EMAIL, PASSWORD = "editor@magpie.example", "magpie-demo"


@dataclass(frozen=True)
class Demo:
    admin: str
    storefront: str


def _at(port: int) -> Demo:
    return Demo(admin=f"http://localhost:{port}", storefront=f"http://localhost:{port + 1}")


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo as a stranger starts it, with a database of its own, on free ports.

    While writing tests, MAGPIE_RUNNING_DEMO names the port of a demo that runs already.
    """
    if running := os.environ.get("MAGPIE_RUNNING_DEMO"):
        yield _at(int(running))
        return
    shutil.rmtree(STATE, ignore_errors=True)
    port = _free_ports()
    command = [sys.executable, "dev", "demo", "--port", str(port), "--state", str(STATE)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = _wait_until_ready(process)
    assert said[-1] == "ready", "".join(said)
    yield _at(port)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["MAGPIE_CHROMIUM"], args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def staff(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A merchandiser's window, signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(f"{demo.admin}/admin/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    yield page
    context.close()


@pytest.fixture(params=["desktop", "phone"])
def shopper(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A shopper's window; what its console complains about fails the test."""
    size = {"desktop": (1280, 900), "phone": (390, 844)}[request.param]
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def _wait_until_ready(process: subprocess.Popen[str]) -> list[str]:
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.rstrip())
        if said[-1] == "ready":
            break
    return said


def _free_ports() -> int:
    """The first of three neighbouring ports that nobody uses."""
    for port in range(18000, 28000, 10):
        if all(_is_free(port + offset) for offset in range(3)):
            return port
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
