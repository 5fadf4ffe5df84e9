"""Child processes, each in a process group of its own, so that stopping one stops all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.places import LOGS, ROOT, shown
from dev.terminal import Failure, last_lines

GRACE_SECONDS = 5.0
INTERRUPT, TERMINATE = signal.SIGINT, signal.SIGTERM
_ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What leads Python elsewhere, and what makes every process compile all of Django and of the tests again.
_NEVER_INHERITED = (
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "__PYVENV_LAUNCHER__",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONDONTWRITEBYTECODE",
)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, SIGTERM, or a terminal that was closed."""


@dataclass(eq=False)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int = TERMINATE

    def has_ended(self) -> bool:
        return self.process.poll() is not None


_children: list[Child] = []
_guard = threading.Lock()
_stopping = False
_undisturbed_depth = 0
_interrupted_meanwhile = False


def listen_for_signals() -> None:
    """From here on Ctrl-C, SIGTERM and SIGHUP raise Interrupted in the main thread."""
    for number in _ENDING_SIGNALS:
        signal.signal(number, _interrupt)


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path | None,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    stop_signal: int = TERMINATE,
) -> Child:
    """Start `command` with its output in `log`, or in this terminal where there is none. `environment` is the whole
    environment of the child."""
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") if log else nullcontext() as output, _undisturbed(), _guard:
        if _stopping:
            raise Interrupted
        process = subprocess.Popen(
            list(command),
            cwd=str(folder),
            env=dict(own_environment() if environment is None else environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,
        )
        child = Child(name=name, process=process, log=log or Path(os.devnull), stop_signal=stop_signal)
        _children.append(child)
    return child


def finish(child: Child, *, timeout: float | None = None) -> int:
    """Wait for a child that ends by itself. Past `timeout` seconds it is stopped; TimeoutExpired follows."""
    try:
        return child.process.wait(timeout)
    finally:
        if child.has_ended():
            forget(child)
        elif not _stopping:
            stop([child])


def run(
    name: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    log: Path | None = None,
    otherwise: str = "",
    tell: Callable[[str], None] | None = None,
) -> None:
    """Run to the end; a failure shows the last lines, where the rest is, and the advice in `otherwise`. `tell` is
    called with each line of the output as it comes."""
    log = log or LOGS / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    with _read_along(log, tell) if tell else nullcontext():
        code = finish(start(name, command, log=log, environment=environment, folder=folder))
    if _stopping:
        raise Interrupted
    if code != 0:
        message = f"{name} failed (all of it is in {shown(log)}):\n{last_lines(log, 20)}"
        raise Failure(f"{message}\n{otherwise}".rstrip())


@contextmanager
def _read_along(log: Path, tell: Callable[[str], None]) -> Iterator[None]:
    ended = threading.Event()

    def read() -> None:
        with log.open(encoding="utf-8", errors="replace") as output:
            begun, is_last = "", False
            while not is_last:
                is_last = ended.wait(0.3)
                *lines, begun = (begun + output.read()).split("\n")
                for line in lines:
                    tell(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        ended.set()
        reader.join()


def forget(child: Child) -> None:
    with _guard:
        if child in _children:
            _children.remove(child)


def stop(children: Sequence[Child]) -> None:
    """Ask each to stop, give them five seconds together, then end what is left of their groups."""
    for child in reversed(children):
        _signal_group(child, child.stop_signal)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - time.monotonic()))
        _signal_group(child, signal.SIGKILL)
        child.process.wait()
        forget(child)


def stop_all() -> None:
    """Stop everything that was started, undisturbed by further signals, and start nothing any more."""
    global _stopping
    _ignore_signals()
    with _guard:
        _stopping = True
        children = list(_children)
    stop(children)


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs side by side and return their results in order; the first failure stops the others."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        futures: list[Future[Any]] = [pool.submit(job) for job in jobs]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
            return [future.result() for future in futures]
        except BaseException:
            stop_all()
            raise


def own_environment(**changes: str) -> dict[str, str]:
    """The environment for children: that of the user less what would lead Python astray."""
    kept = {name: value for name, value in os.environ.items() if name not in _NEVER_INHERITED}
    kept.update(changes)
    return kept


def _signal_group(child: Child, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)


def _ignore_signals() -> None:
    for number in _ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(_number: int, _frame: Any) -> None:
    """The first signal begins the end; a second Ctrl-C out of impatience must not cut the cleaning up short."""
    global _interrupted_meanwhile
    _ignore_signals()
    if _undisturbed_depth:
        _interrupted_meanwhile = True
    else:
        raise Interrupted


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Between the birth of a child and its entry in the list a signal waits, or the child would be lost."""
    global _undisturbed_depth
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _undisturbed_depth += 1
    try:
        yield
    finally:
        _undisturbed_depth -= 1
    if _interrupted_meanwhile:
        raise Interrupted
