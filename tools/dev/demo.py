"""The demo: the whole shop in the foreground, from one command to a paid order."""

from __future__ import annotations

import errno
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev import environment, node, processes
from dev.environment import Environment
from dev.node import Node
from dev.places import ROOT, STATE, STOREFRONT, digest_of_files, read_stamp, shown, write_stamp
from dev.terminal import Failure, complain, last_lines, say, step

DEFAULT_PORT = 8000
START_SECONDS = 90
_LAST = "demo.json"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Demo:
    """Three neighbouring ports: web, storefront, Stripe sandbox. `state` holds the database and the logs."""

    port: int = DEFAULT_PORT
    state: Path = STATE

    @classmethod
    def last(cls, *, state: Path = STATE) -> Demo:
        """The one that runs, or ran last, on this state."""
        port = read_stamp(state / _LAST).get("port")
        return cls(port=port if isinstance(port, int) else DEFAULT_PORT, state=state)

    def note(self) -> None:
        """For `last` to find."""
        write_stamp(self.state / _LAST, port=self.port)

    @property
    def ports(self) -> tuple[int, int, int]:
        return self.port, self.port + 1, self.port + 2

    @property
    def web(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def storefront(self) -> str:
        return f"http://localhost:{self.port + 1}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.port + 2}"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def database(self) -> Path:
        return self.state / "demo.sqlite3"

    @property
    def owns_its_database(self) -> bool:
        return not os.environ.get("DATABASE_URL")

    @property
    def built_storefront(self) -> Path:
        return self.state / "storefront" / str(self.port)

    def variables(self) -> dict[str, str]:
        """The environment of the demo. It pays into the sandbox only: the user's own Stripe keys stay out."""
        inherited = processes.own_environment()
        return {
            **{name: value for name, value in inherited.items() if not name.startswith("STRIPE_")},
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": inherited.get("DATABASE_URL") or f"sqlite:///{self.database}",
            "MAGPIE_BASE_URL": self.web,
            "MAGPIE_STOREFRONT_URL": self.storefront,
            "STRIPE_SANDBOX_URL": self.sandbox,
            "STRIPE_SANDBOX_STORE": str(self.state / "stripe-sandbox.sqlite3"),
            "PYTHONUNBUFFERED": "1",
        }


def run(demo: Demo, *, python: str) -> int:
    """Prepare, start, report, and stay until a signal or until one of the four ends by itself."""
    refuse_busy_ports(demo)
    began = time.monotonic()
    demo.logs.mkdir(parents=True, exist_ok=True)
    demo.note()
    shop = environment.ensure(wanted=python)
    engine, _ = processes.together(lambda: _prepare_storefront(demo, shop), lambda: _prepare_shop(demo, shop))
    with step("started", "web, worker, storefront, Stripe sandbox"):
        children = _start(demo, shop, engine)
        _wait_until_answering(demo, children)
    _introduce(demo, seconds=time.monotonic() - began)
    ended = _watch(children)
    processes.stop_all()
    complain(f"{_last_words(ended)}\nThe others are stopped.")
    return 1


def refuse_busy_ports(demo: Demo) -> None:
    if not 1 <= demo.port <= 65533:
        raise Failure(f"--port {demo.port} is outside 1 to 65533.", exit_code=2)
    for port in demo.ports:
        reason = _why_unusable(port)
        if reason:
            advice = f"./dev demo --port {_suggest(demo.port)}"
            wanted = f"The demo needs ports {demo.port} to {demo.port + 2}"
            raise Failure(f"Port {port} {reason}. {wanted}; try:  {advice}", exit_code=2)


def _why_unusable(port: int) -> str:
    """Asks on both loopbacks: a browser tries localhost on IPv6 first."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            probe = socket.socket(family)
        except OSError:
            continue
        with probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return "is taken"
                if error.errno == errno.EACCES:
                    return "is not open to this user"
    return ""


def _suggest(port: int) -> int:
    for candidate in range(max(port + 100, 8100), 65000, 100):
        if not any(_why_unusable(candidate + offset) for offset in range(3)):
            return candidate
    return DEFAULT_PORT


def _prepare_storefront(demo: Demo, shop: Environment) -> Node:
    engine = node.ensure(python=shop.python)
    node.ensure_packages(engine)
    node.build_storefront(engine, api=demo.web, into=demo.built_storefront)
    return engine


def _prepare_shop(demo: Demo, shop: Environment) -> None:
    """Migrate and load; both are harmless to repeat, and skipped while the demo's own file is up to date."""
    stamp, digest = demo.state / "demo-shop.json", _digest_of_shop(demo)
    if demo.owns_its_database and _has_shop(demo) and read_stamp(stamp).get("digest") == digest:
        with step("demo shop", f"{_name_of_database(demo)}, kept"):
            return
    stamp.unlink(missing_ok=True)
    with step("database", _name_of_database(demo)):
        _manage(demo, shop, "migrate")
    with step("demo shop"):
        _manage(demo, shop, "load_demo_shop", tell=_say_how_far)
    write_stamp(stamp, digest=digest)


def _digest_of_shop(demo: Demo) -> str:
    """Changes with the migrations, those of the packages too, with what the shop is made from, and the address."""
    migrations = [path for room in ("cms", "commerce") for path in (ROOT / room).rglob("migrations/*.py")]
    made_from = [path for kind in ("*.py", "*.typ") for path in (ROOT / "demo").rglob(kind)]
    return digest_of_files([environment.LOCK, *migrations, *made_from], also=[demo.web])


def _has_shop(demo: Demo) -> bool:
    """The database file, and the pictures that its rows name."""
    return demo.database.is_file() and any(path.is_dir() for path in (ROOT / "media").glob("*"))


def _manage(demo: Demo, shop: Environment, command: str, *, tell: Callable[[str], None] | None = None) -> None:
    words = [shop.python, "manage.py", command]
    processes.run(command, words, environment=demo.variables(), log=demo.logs / f"{command}.log", tell=tell)


def _say_how_far(line: str) -> None:
    """Loading takes minutes, and says in its log what it is at: "demo shop: drawing pictures, 40 of 160"."""
    name, found, words = line.partition(": ")
    if found and name == "demo shop":
        say(f"{name:<14}… {words}")


def _name_of_database(demo: Demo) -> str:
    url = demo.variables()["DATABASE_URL"]
    return shown(Path(url[len("sqlite:///") :])) if url.startswith("sqlite:///") else "from DATABASE_URL"


def _start(demo: Demo, shop: Environment, engine: Node) -> list[processes.Child]:
    web, storefront, sandbox = demo.ports
    webhook = f"http://127.0.0.1:{web}/api/v1/webhooks/stripe/"
    manage = [shop.python, "manage.py"]
    preview = ["preview", "--outDir", str(demo.built_storefront), "--strictPort"]
    preview += ["--host", "127.0.0.1", "--port", str(storefront)]
    commands = {
        "sandbox": [*manage, "stripe_sandbox", "--port", str(sandbox), "--webhook-url", webhook],
        "web": [*manage, "runserver", "--noreload", f"127.0.0.1:{web}"],
        "worker": [*manage, "worker"],
        "storefront": [*node.vite(engine), *preview],
    }
    children = []
    for name, command in commands.items():
        log = demo.logs / f"{name}.log"
        log.write_bytes(b"")
        is_node = name == "storefront"
        variables = {**engine.environment(), "VITE_MAGPIE_CMS_ORIGIN": demo.web} if is_node else demo.variables()
        folder = STOREFRONT if is_node else ROOT
        children.append(processes.start(name, command, log=log, environment=variables, folder=folder))
    return children


def _wait_until_answering(demo: Demo, children: list[processes.Child]) -> None:
    web, storefront, sandbox = demo.ports
    awaited = {
        "web": f"http://127.0.0.1:{web}/readyz",
        "storefront": f"http://127.0.0.1:{storefront}/",
        "sandbox": f"http://127.0.0.1:{sandbox}/healthz",
    }
    deadline = time.monotonic() + START_SECONDS
    while awaited:
        ended = next((child for child in children if child.has_ended()), None)
        if ended is not None:
            raise Failure(_last_words(ended))
        awaited = {name: url for name, url in awaited.items() if not _answers(url)}
        if awaited and time.monotonic() > deadline:
            silent = next(child for child in children if child.name in awaited)
            raise Failure(f"{silent.name} does not answer {awaited[silent.name]}:\n{last_lines(silent.log, 15)}")
        if awaited:
            time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _introduce(demo: Demo, *, seconds: float) -> None:
    say(f"""
  Admin        {demo.web}/admin/      admin@magpie.example, editor@…, writer@… or clerk@magpie.example,
               password magpie-demo
  Storefront   {demo.storefront}/
  API docs     {demo.web}/api/docs/

  Test cards   4242 4242 4242 4242  succeeds
               4000 0000 0000 0002  is declined
               4000 0027 6000 3184  asks for 3-D Secure
               4000 0000 0000 0259  is disputed by the shopper's bank
               4000 0000 0000 5126  succeeds; a refund fails later
  Logs         {shown(demo.logs)}/

Started in {seconds:.0f} s. Ctrl-C stops everything.
ready""")


def _watch(children: list[processes.Child]) -> processes.Child:
    while True:
        for child in children:
            if child.has_ended():
                return child
        time.sleep(0.3)


def _last_words(child: processes.Child) -> str:
    return f"{child.name} ended by itself; its last lines ({shown(child.log)}):\n{last_lines(child.log, 15)}"
