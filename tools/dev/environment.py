"""The Python environment: .magpie/venv-X.Y, made by uv where present and by venv and pip otherwise."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev import processes, pythons
from dev.places import LOGS, ROOT, STATE, digest_of_files, read_stamp, write_stamp
from dev.pythons import Python
from dev.terminal import Failure, say, step

LOCK = ROOT / "uv.lock"
REQUIREMENTS = ROOT / "requirements.txt"
DEV_REQUIREMENTS = ROOT / "requirements-dev.txt"
EXPORT_OPTIONS = (
    "--frozen",
    "--no-hashes",
    "--no-emit-project",
    "--no-header",
    "--format",
    "requirements-txt",
)
EXPORTS = {
    REQUIREMENTS: ("--no-dev",),
    DEV_REQUIREMENTS: ("--only-group", "dev"),
}
EXPORT_HEADER = "# Written by ./dev lock from pyproject.toml and uv.lock; edit pyproject.toml instead.\n"


@dataclass(frozen=True)
class Environment:
    folder: Path
    version: str

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def tool(self, name: str) -> str:
        return str(self.folder / "bin" / name)


def ensure(*, wanted: str = "", for_tests: bool = False, quietly: bool = False) -> Environment:
    """The environment, made or brought up to date; a fresh one is returned at once."""
    uv = shutil.which("uv")
    python = pythons.choose(wanted=wanted or os.environ.get("MAGPIE_PYTHON", ""), with_uv=uv is not None)
    environment = Environment(folder=STATE / f"venv-{python.short}", version=python.full)
    with one_at_a_time("venv"):
        if _is_fresh(environment, for_tests=for_tests):
            if not quietly:
                with step("environment", f"Python {python.full}, kept"):
                    pass
            return environment
        with step("environment") as line:
            maker = _make(environment, python, uv=uv, for_tests=for_tests)
            line.detail = f"Python {python.full}, {maker}"
    return environment


def lock(environment: Environment) -> None:
    """Lock pyproject.toml anew and write both exports for plain pip."""
    uv = shutil.which("uv") or environment.tool("uv")
    with step("lock", "uv.lock"):
        processes.run("lock", [uv, "lock"], environment=_uv_environment(environment))
    for path, choice in EXPORTS.items():
        with step("export", path.name):
            path.write_text(EXPORT_HEADER + _export(uv, *choice, environment=environment), encoding="utf-8")


def _export(uv: str, *choice: str, environment: Environment) -> str:
    log = LOGS / "export.log"
    processes.run(
        "export",
        [uv, "export", "--quiet", *EXPORT_OPTIONS, *choice],
        environment=_uv_environment(environment),
        log=log,
    )
    return log.read_text(encoding="utf-8")


def _make(environment: Environment, python: Python, *, uv: str | None, for_tests: bool) -> str:
    """Returns the name of the tool that did it. What tests need stays, once it has been installed."""
    keep_dev = for_tests or bool(_stamp_of(environment).get("dev"))
    _stamp_file(environment).unlink(missing_ok=True)
    maker = "uv"
    if uv is None or not _sync_with_uv(environment, python, uv=uv, for_tests=keep_dev):
        maker = "pip"
        _install_with_pip(environment, python, for_tests=keep_dev)
    write_stamp(_stamp_file(environment), digest=_digest(), python=environment.version, dev=keep_dev)
    return maker


def _sync_with_uv(environment: Environment, python: Python, *, uv: str, for_tests: bool) -> bool:
    """False where uv cannot do it but pip may: too old for our lock, or set up for another index than pip."""
    command = [uv, "sync", "--frozen", "--python", str(python.executable)]
    try:
        processes.run(
            "environment-uv",
            command if for_tests else [*command, "--no-dev"],
            environment=_uv_environment(environment),
        )
    except Failure:
        if not python.can_make_environments:
            raise
        return False
    return True


def _install_with_pip(environment: Environment, python: Python, *, for_tests: bool) -> None:
    has_pip = (environment.folder / "bin" / "pip").exists() and os.access(environment.python, os.X_OK)
    if not has_pip or pythons.ask_python(Path(environment.python)) is None:
        shutil.rmtree(environment.folder, ignore_errors=True)
        processes.run("environment", [str(python.executable), "-m", "venv", str(environment.folder)])
    say(f"environment   Python {environment.version}, pip is installing the packages; a minute or so")
    wanted = ["-r", str(REQUIREMENTS)]
    if for_tests:
        wanted += ["-r", str(DEV_REQUIREMENTS)]
    pip_install(environment.python, *wanted, name="environment")


def pip_install(python: str, *wanted: str, name: str) -> None:
    """Install with the pip of that environment; the log is .magpie/logs/<name>.log."""
    command = [python, "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    processes.run(
        name,
        [*command, "--disable-pip-version-check", *wanted],
        otherwise="The packages come from the Python package index: is it reachable from here?",
    )


def make_side_environment(folder: Path, *wanted: str, python: str, name: str) -> None:
    """A small environment of its own for a tool that comes as a wheel."""
    uv, inner = shutil.which("uv"), str(folder / "bin" / "python")
    shutil.rmtree(folder, ignore_errors=True)
    if uv is None:
        processes.run(name, [python, "-m", "venv", str(folder)])
        pip_install(inner, *wanted, name=name)
    else:
        quiet = processes.own_environment(UV_PYTHON_DOWNLOADS="never", NO_COLOR="1")
        processes.run(name, [uv, "venv", "--python", python, str(folder)], environment=quiet)
        processes.run(name, [uv, "pip", "install", "--python", inner, *wanted], environment=quiet)


def _uv_environment(environment: Environment) -> dict[str, str]:
    return processes.own_environment(
        UV_PROJECT_ENVIRONMENT=str(environment.folder), UV_PYTHON_DOWNLOADS="never", NO_COLOR="1"
    )


def _is_fresh(environment: Environment, *, for_tests: bool) -> bool:
    stamp = _stamp_of(environment)
    return (
        stamp.get("digest") == _digest()
        and stamp.get("python") == environment.version
        and (bool(stamp.get("dev")) or not for_tests)
        and os.access(environment.python, os.X_OK)
    )


def _digest() -> str:
    return digest_of_files([LOCK, *EXPORTS])


def _stamp_file(environment: Environment) -> Path:
    return environment.folder / "magpie-stamp.json"


def _stamp_of(environment: Environment) -> dict[str, object]:
    return read_stamp(_stamp_file(environment))


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """Two ./dev at once must not install into the same folder; the second waits, then finds it done."""
    STATE.mkdir(exist_ok=True)
    with (STATE / f"{what}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
