"""The stages of ./dev test and ./dev check, and the table that they end in."""

from __future__ import annotations

import os
import re
import subprocess
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dev import chromium, environment, node, postgres, processes
from dev.environment import Environment
from dev.node import Node
from dev.places import LOGS, ROOT, STATE, STOREFRONT, shown
from dev.terminal import Failure, last_lines, say

STAGE_SECONDS = 30 * 60
HANGING_TEST_SECONDS = 300
QUICK_FOLDERS = ("tests/architecture", "tests/commerce", "tests/cms", "tests/api")
JOURNEY_FOLDER = "tests/browser"
# Whoever has nothing left to do takes over half of what the other has left.
TWO_WORKERS = ("-n", "2", "--dist", "worksteal")
NICE = 5

# A complete environment of production with nothing real in it, for `check --deploy`.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://magpie:magpie@127.0.0.1:5432/magpie",
    "ALLOWED_HOSTS": "shop.example.com",
    "MAGPIE_BASE_URL": "https://shop.example.com",
    "MAGPIE_STOREFRONT_URL": "https://www.example.com",
    "STRIPE_SECRET_KEY": "sk_test_deployment_check",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_deployment_check",
    "STRIPE_WEBHOOK_SECRET": "whsec_deployment_check",
    "MEDIA_BUCKET": "magpie-media",
    "INVOICE_BUCKET": "magpie-invoices",
    "MAGPIE_EMAIL_URL": "smtp+tls://mail.example.com",
    "MAGPIE_EMAIL_FROM": "shop@example.com",
}
_OURS = ("MAGPIE_", "STRIPE_", "DJANGO_", "DATABASE_", "MEDIA_", "INVOICE_", "PYTEST_")


@dataclass
class Result:
    name: str
    passed: bool
    seconds: float
    detail: str = ""


@dataclass
class Bench:
    """What the stages work with; the expensive things are made when a stage first asks for them."""

    shop: Environment
    folder: Path = field(default_factory=lambda: STATE / "test")
    is_migrated: bool = False

    def variables(self, **changes: str) -> dict[str, str]:
        """The user's environment less every setting of ours, so that two machines test the same thing."""
        inherited = processes.own_environment(NO_COLOR="1", PYTHONUNBUFFERED="1")
        clean = {name: value for name, value in inherited.items() if not name.startswith(_OURS)}
        return {**clean, "MAGPIE_PYTHON": self.shop.python, **changes}

    def sqlite(self, name: str) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{self.folder / name}.sqlite3"

    def migrated(self, log: Path) -> str:
        """An SQLite file that all migrations were applied to, for the workers of pytest to copy; new in each run."""
        path = self.folder / "migrated.sqlite3"
        if not self.is_migrated:
            for old in self.folder.glob(f"{path.name}*"):
                old.unlink()
            _migrate(self, log, database=self.sqlite(path.stem))
            self.is_migrated = True
        return str(path)


def lint(bench: Bench, log: Path) -> str:
    _call(log, [bench.shop.tool("ruff"), "check", "."], bench.variables())
    _call(log, [bench.shop.tool("ruff"), "format", "--check", "."], bench.variables())
    return ""


def types(bench: Bench, log: Path) -> str:
    _call(log, [bench.shop.tool("mypy")], bench.variables(**_development(bench, "types")))
    return ""


def contracts(bench: Bench, log: Path) -> str:
    _call(log, [bench.shop.tool("lint-imports")], bench.variables())
    return ""


def migrations(bench: Bench, log: Path) -> str:
    command = [bench.shop.python, "manage.py", "makemigrations", "--check", "--dry-run"]
    _call(log, command, bench.variables(**_development(bench, "migrations")))
    bench.migrated(log)
    return ""


def deploy(bench: Bench, log: Path) -> str:
    command = [bench.shop.python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    _call(log, command, bench.variables(**PRODUCTION))
    return ""


def storefront(bench: Bench, log: Path) -> str:
    engine = _ready_node(bench)
    for script in ("lint", "types:check", "test", "build"):
        _call(log, [*engine.npm, "run", "--silent", script], engine.environment(), folder=STOREFRONT)
    return _summary_of(log)


def quick(bench: Bench, log: Path) -> str:
    folders = [folder for folder in QUICK_FOLDERS if (ROOT / folder).is_dir()]
    return _on_sqlite(bench, log, "quick", *folders)


def sqlite(bench: Bench, log: Path) -> str:
    return _on_sqlite(bench, log, "sqlite", f"--ignore={JOURNEY_FOLDER}")


def postgresql(bench: Bench, log: Path) -> str:
    """What touches no database was told by the run on SQLite. The browser beside it goes first: people do not wait."""
    words = [f"--ignore={JOURNEY_FOLDER}", *TWO_WORKERS, "--of-the-database"]
    given = postgres.given_url(os.environ)
    if given:
        return _pytest(bench, log, *words, database=given, niceness=NICE)
    with postgres.throw_away_server(python=bench.shop.python) as url:
        # Each new database of a server is a copy of its template1.
        _migrate(bench, log, database=url.rpartition("/")[0] + "/template1")
        return _pytest(bench, log, *words, database=url, niceness=NICE)


def journey(bench: Bench, log: Path) -> str:
    browser = chromium.ensure(bench.shop)
    engine = _ready_node(bench)
    return _pytest(
        bench,
        log,
        JOURNEY_FOLDER,
        database=bench.sqlite("journey"),
        MAGPIE_CHROMIUM=str(browser),
        PATH=engine.environment()["PATH"],
    )


# One command after the other in a lane. Two lanes at a time run side by side; the suite on SQLite has both cores.
STATIC = {"lint": lint, "types": types, "contracts": contracts, "migrations": migrations, "deploy": deploy}
STOREFRONT_LANE = {"storefront": storefront}
SQLITE_LANE = {"sqlite": sqlite}
POSTGRES_LANE = {"postgres": postgresql}
JOURNEY_LANE = {"journey": journey}
STAGES = {**STATIC, **STOREFRONT_LANE, **SQLITE_LANE, **POSTGRES_LANE, **JOURNEY_LANE}
QUICK_STAGES = {name: STATIC[name] for name in ("lint", "types", "contracts", "migrations")}
QUICK_STAGES["pytest"] = quick


def test(*, python: str, only: list[str]) -> int:
    """Everything, or the named stages; a failing one does not keep the others from running."""
    chosen = [name for name in STAGES if not only or name in only]
    bench = Bench(environment.ensure(wanted=python, for_tests=True))
    results = _side_by_side(bench, STATIC, STOREFRONT_LANE, chosen)
    results += _run_lane(bench, SQLITE_LANE, chosen)
    results += _side_by_side(bench, POSTGRES_LANE, JOURNEY_LANE, chosen)
    return _conclude(results)


def check(*, python: str) -> int:
    """The quick subset, for the minute before a commit."""
    bench = Bench(environment.ensure(wanted=python, for_tests=True))
    return _conclude(_run_lane(bench, QUICK_STAGES, list(QUICK_STAGES)))


def _side_by_side(
    bench: Bench,
    lane: Mapping[str, Callable[[Bench, Path], str]],
    other: Mapping[str, Callable[[Bench, Path], str]],
    chosen: list[str],
) -> list[Result]:
    with ThreadPoolExecutor(1) as pool:
        side = pool.submit(_run_lane, bench, other, chosen)
        try:
            return _run_lane(bench, lane, chosen) + side.result()
        except BaseException:
            processes.stop_all()
            raise


def _run_lane(bench: Bench, lane: Mapping[str, Callable[[Bench, Path], str]], chosen: list[str]) -> list[Result]:
    return [_run_stage(bench, name, stage) for name, stage in lane.items() if name in chosen]


def _run_stage(bench: Bench, name: str, stage: Callable[[Bench, Path], str]) -> Result:
    log = LOGS / f"test-{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    began = time.monotonic()
    try:
        detail, passed = stage(bench, log), True
    except Failure as failure:
        detail, passed = _summary_of(log), False
        say(f"\n{name} FAILED (all of it is in {shown(log)}):\n{last_lines(log, 150)}\n{failure}\n")
    except Exception:  # a fault of ./dev itself must not hide the results of the other stages
        detail, passed = "", False
        say(f"\n{name} FAILED:\n{traceback.format_exc()}")
    result = Result(name, passed, time.monotonic() - began, detail)
    say(_row(result))
    return result


def _conclude(results: list[Result]) -> int:
    failed = [result for result in results if not result.passed]
    say("\nstage             seconds")
    for result in results:
        say(_row(result))
    say(f"\n{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _row(result: Result) -> str:
    verdict = "ok" if result.passed else "FAILED"
    return f"{result.name:<14}{result.seconds:9.1f} s  {verdict:<8}{result.detail}".rstrip()


def _on_sqlite(bench: Bench, log: Path, name: str, *words: str) -> str:
    migrated = bench.migrated(log)
    return _pytest(bench, log, *words, *TWO_WORKERS, database=bench.sqlite(name), MAGPIE_MIGRATED=migrated)


def _pytest(bench: Bench, log: Path, *words: str, database: str, niceness: int = 0, **changes: str) -> str:
    command = ["nice", "-n", str(niceness)] if niceness else []
    command += [bench.shop.python, "-m", "pytest", "-q", "-o", f"faulthandler_timeout={HANGING_TEST_SECONDS}"]
    command += ["-o", "faulthandler_exit_on_timeout=true"]
    variables = bench.variables(DJANGO_SETTINGS_MODULE="config.settings.test", DATABASE_URL=database, **changes)
    _call(log, [*command, *words], variables, stop_signal=processes.INTERRUPT)
    return _summary_of(log)


def _migrate(bench: Bench, log: Path, *, database: str) -> None:
    variables = bench.variables(DJANGO_SETTINGS_MODULE="config.settings.test", DATABASE_URL=database)
    _call(log, [bench.shop.python, "manage.py", "migrate", "--verbosity", "0"], variables)


def _call(
    log: Path,
    command: list[str],
    variables: Mapping[str, str],
    *,
    folder: Path = ROOT,
    stop_signal: int = processes.TERMINATE,
) -> None:
    """Run one command of a stage; pytest is stopped by an interrupt, so that its fixtures clean up."""
    with log.open("a", encoding="utf-8") as output:
        output.write(f"$ {_shown_command(command)}\n")
    child = processes.start(log.stem, command, log=log, environment=variables, folder=folder, stop_signal=stop_signal)
    try:
        code = processes.finish(child, timeout=STAGE_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failure(f"{_shown_command(command)} did not end within {STAGE_SECONDS // 60} minutes") from None
    if code != 0:
        raise Failure(f"{_shown_command(command)} ended with {code}")


def _shown_command(command: list[str]) -> str:
    return " ".join([Path(command[0]).name, *command[1:]])


def _ready_node(bench: Bench) -> Node:
    engine = node.ensure(python=bench.shop.python)
    node.ensure_packages(engine)
    return engine


def _development(bench: Bench, name: str) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings.development", "DATABASE_URL": bench.sqlite(name)}


def _summary_of(log: Path) -> str:
    """The test runner's own count, such as `312 passed, 1 skipped`."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in log.read_text("utf-8", "replace").splitlines()]
    counts = [line for line in lines if re.search(r"\b\d+ (passed|failed|errors?)\b", line)]
    if not counts:
        return ""
    found = re.findall(r"\b\d+ (?:passed|failed|errors?|skipped|xfailed|deselected)\b", counts[-1])
    return ", ".join(found)
