"""./dev load: whole purchases over HTTP against the shop as production runs it, on one machine (docs/load.md)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev import environment, meters, postgres, processes
from dev.environment import Environment
from dev.places import ROOT, STATE, shown
from dev.terminal import Failure, last_lines, say, step

START_SECONDS = 90
SERVING_AGAIN_SECONDS = 10
SETTLING_SECONDS = 60
WARM_UP_SECONDS = 10
PLENTY = 1_000_000
STEPS = ("cart", "line", "address", "checkout", "pay", "complete", "purchase")
_FOLDER = STATE / "load"
_PLAN, _RESULT = _FOLDER / "plan.json", _FOLDER / "result.json"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# Read by `manage.py shell`: what the database knows of the orders that shoppers were told of.
_COUNT = """
import json, sys
from pathlib import Path
from django.db import connection
from commerce.kit.models import OutboxDelivery
from commerce.orders.models import Order
told = set(json.loads(Path({told!r}).read_text()))
known = set(Order.objects.values_list("number", flat=True))
with connection.cursor() as cursor:
    cursor.execute("SELECT sum(deadlocks) FROM pg_stat_database")
    deadlocks = int(cursor.fetchone()[0])
print(json.dumps({{
    "orders": len(known),
    "lost": sorted(told - known),
    "deadlocks": deadlocks,
    "waiting": OutboxDelivery.objects.waiting().count(),
}}))
"""


@dataclass(frozen=True)
class Load:
    minutes: float
    rate: int
    buyers: int
    web_processes: int
    web_threads: int
    workers: int
    worker_threads: int
    stripe_latency: int
    crash_postgres: bool


@dataclass
class Shop:
    """The running parts. `url` of the sandbox is where web and worker find it."""

    load: Load
    python: Environment
    database: postgres.Server
    web_port: int
    sandbox_port: int
    logs: Path

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def variables(self) -> dict[str, str]:
        """A whole environment of production. Its secrets open nothing but this run."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings.load",
            "PYTHONOPTIMIZE": "1",
            "PYTHONUNBUFFERED": "1",
            "LOG_LEVEL": "WARNING",
            "SECRET_KEY": "only-for-a-run-under-load-0123456789-abcdefghijklmnopqrstuvwxyz",
            "DATABASE_URL": self.database.url,
            "DATABASE_POOL_SIZE": str(self.load.web_threads),
            "ALLOWED_HOSTS": "127.0.0.1",
            "MAGPIE_BASE_URL": "https://127.0.0.1",
            "MAGPIE_STOREFRONT_URL": "https://127.0.0.1",
            "MEDIA_BUCKET": "none",
            "INVOICE_BUCKET": "none-private",
            "MAGPIE_EMAIL_URL": "consolemail://",
            "MAGPIE_EMAIL_FROM": "Shop <shop@localhost>",
            "LOAD_SANDBOX_URL": self.sandbox,
            "LOAD_SANDBOX_STORE": str(_FOLDER / "sandbox.sqlite3"),
            "LOAD_MEDIA": str(_FOLDER / "media"),
            "STRIPE_SECRET_KEY": "sk_test_load",
            "STRIPE_PUBLISHABLE_KEY": "pk_test_load",
            "STRIPE_WEBHOOK_SECRET": "whsec_load",
            "WEB_BIND": f"127.0.0.1:{self.web_port}",
            "WEB_PROCESSES": str(self.load.web_processes),
            "WEB_THREADS": str(self.load.web_threads),
        }

    def manage(self, *words: str) -> None:
        command = [self.python.python, "manage.py", *words]
        processes.run(words[0], command, environment=self.variables(), log=self.logs / f"{words[0]}.log")

    def ask(self, code: str) -> Any:
        """What a few lines of Python find in the shop's database."""
        command = [self.python.python, "manage.py", "shell", "--verbosity", "0", "-c", code]
        answer = subprocess.run(command, cwd=str(ROOT), env=self.variables(), stdout=subprocess.PIPE, check=True)
        return json.loads(answer.stdout.decode().strip().splitlines()[-1])

    def start(self, name: str, *command: str) -> processes.Child:
        log = self.logs / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        return processes.start(name, list(command), log=log, environment=self.variables())


def run(load: Load, *, python: str) -> int:
    """Returns 0 when nothing was lost, no answer was wrong and the books add up; the figures are for the reader."""
    shop_python = environment.ensure(wanted=python)
    logs = _FOLDER / "logs"
    shutil.rmtree(_FOLDER, ignore_errors=True)
    with postgres.own_server(
        python=shop_python.python, settings=postgres.DURABLE, log=logs / "postgres.log"
    ) as database:
        shop = Shop(load, shop_python, database, postgres.free_port(), postgres.free_port(), logs)
        with step("shop", "PostgreSQL, the demo's goods without pictures"):
            shop.manage("migrate")
            shop.manage("load_demo_shop", "--plain", "--least-stock", str(PLENTY))
        with _serving(shop) as children:
            with step("warming up", "every process answers its first requests"):
                _send_shoppers(shop, seconds=WARM_UP_SECONDS)
            result = _buy(shop, children)
            with step("settling", "what is left in the outbox"):
                found = _wait_until_delivered(shop)
        audit = _audit(shop)
        return _report(shop, result, found, audit)


@contextmanager
def _serving(shop: Shop) -> Iterator[dict[str, processes.Child]]:
    binaries, webhook = shop.python.folder / "bin", f"{shop.web}/api/v1/webhooks/stripe/"
    manage = (shop.python.python, "manage.py")
    sandbox = (*manage, "stripe_sandbox", "--port", str(shop.sandbox_port), "--webhook-url", webhook)
    slow = ("--latency", str(shop.load.stripe_latency)) if shop.load.stripe_latency else ()
    children = {
        "sandbox": shop.start("sandbox", *sandbox, *slow),
        "web": shop.start("web", str(binaries / "gunicorn"), "--config", "config/gunicorn.py", "config.wsgi"),
    }
    for number in range(1, shop.load.workers + 1):
        worker = (*manage, "worker", "--threads", str(shop.load.worker_threads))
        children[f"worker {number}"] = shop.start(f"worker-{number}", *worker)
    try:
        with step("serving", f"web {shop.web_port}, sandbox {shop.sandbox_port}"):
            _wait_until_answering(f"{shop.web}/readyz", children)
            _wait_until_answering(f"{shop.sandbox}/healthz", children)
        yield children
    finally:
        processes.stop(list(children.values()))


def _wait_until_answering(address: str, children: dict[str, processes.Child]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = next((child for child in children.values() if child.has_ended()), None)
        if ended is not None:
            raise Failure(f"{ended.name} ended by itself:\n{last_lines(ended.log, 15)}")
        try:
            with _DIRECT.open(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise Failure(f"{address} does not answer")


def _buy(shop: Shop, children: dict[str, processes.Child]) -> dict[str, Any]:
    """Have the shoppers buy, crash the database in the middle if asked to, and add what the processors did."""
    seconds = shop.load.minutes * 60
    assert shop.database.process is not None
    roots = {name: child.process.pid for name, child in children.items()}
    roots["postgres"] = shop.database.process.process.pid
    before = meters.processor_seconds(roots)
    crash: dict[str, float] = {}
    pace = f"{shop.load.rate} a minute" if shop.load.rate else "as fast as they can"
    with step("buying", f"{shop.load.buyers} shoppers, {pace}, {shop.load.minutes:g} min"):
        buyers = _start_shoppers(shop, seconds=seconds)
        roots["shoppers"] = buyers.process.pid
        used: dict[str, float] = {}
        if shop.load.crash_postgres:
            time.sleep(seconds / 2)
            used = meters.processor_seconds(roots)
            crash["began"] = time.time()
            shop.database.crash()
            shop.database.start()
            crash["ready"] = time.time()
            del roots["postgres"]
            roots["postgres again"] = shop.database.process.process.pid
        # A process that has ended has no figures any more, so the last ones count.
        while not buyers.has_ended():
            used = {**used, **meters.processor_seconds(roots)}
            time.sleep(0.2)
    found = _result_of(buyers)
    found["crash"] = crash
    found["used"] = {name: value - before.get(name, 0.0) for name, value in used.items()}
    return found


def _send_shoppers(shop: Shop, *, seconds: float) -> None:
    buyers = _start_shoppers(shop, seconds=seconds)
    buyers.process.wait()
    _result_of(buyers)


def _start_shoppers(shop: Shop, *, seconds: float) -> processes.Child:
    plan = {
        "web": shop.web,
        "sandbox": shop.sandbox,
        "publishable_key": "pk_test_load",
        "seconds": seconds,
        "rate": shop.load.rate,
        "buyers": shop.load.buyers,
    }
    _PLAN.write_text(json.dumps(plan), encoding="utf-8")
    script = str(Path(__file__).with_name("buyers.py"))
    return shop.start("buyers", shop.python.python, "-I", script, str(_PLAN), str(_RESULT))


def _result_of(buyers: processes.Child) -> dict[str, Any]:
    if processes.finish(buyers) != 0:
        raise Failure(f"the shoppers failed:\n{last_lines(buyers.log, 15)}")
    found: dict[str, Any] = json.loads(_RESULT.read_text(encoding="utf-8"))
    return found


def _wait_until_delivered(shop: Shop) -> dict[str, Any]:
    told = _FOLDER / "told.json"
    result = json.loads(_RESULT.read_text(encoding="utf-8"))
    told.write_text(json.dumps([order["number"] for order in result["orders"]]), encoding="utf-8")
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        found: dict[str, Any] = shop.ask(_COUNT.format(told=str(told)))
        if not found["waiting"] or time.monotonic() > deadline:
            return found
        time.sleep(1)


def _audit(shop: Shop) -> str:
    """What the audit says, or nothing where everything adds up."""
    with step("audit"):
        try:
            shop.manage("audit")
        except Failure as failure:
            return str(failure)
    return ""


def _report(shop: Shop, result: dict[str, Any], found: dict[str, Any], audit: str) -> int:
    orders, crash = result["orders"], result["crash"]
    minutes = (max((order["at"] for order in orders), default=result["ended"]) - result["began"]) / 60
    say(f"\n{len(orders)} paid orders in {minutes:.1f} minutes: {len(orders) / minutes:.0f} a minute")
    say("\nstep           count   p50 ms   p95 ms   p99 ms   most")
    for name in STEPS:
        taken = [1000 * seconds for _, seconds in result["steps"].get(name, ())]
        shares = "".join(f"{meters.percentile(taken, share):9.0f}" for share in (50, 95, 99))
        say(f"{name:<12}{len(taken):8}{shares}{max(taken, default=0):7.0f}")
    say("\nprocessor      seconds   ms an order")
    used: Counter[str] = Counter()
    for name, seconds in result["used"].items():
        used[name.split()[0]] += seconds
    for name, seconds in [*used.items(), ("together", sum(used.values()))]:
        say(f"{name:<12}{seconds:10.1f}{1000 * seconds / max(1, len(orders)):14.1f}")
    deadlocks = _count_in(shop.database.log, "deadlock detected")
    failures = [each for each in result["failures"] if not _belongs_to(crash, each["at"])]
    answers = Counter(f"{each['step']} {each['status']} {each['code']}" for each in failures)
    say(f"\nanswers not as wished    {len(failures)}{_listed(answers)}")
    say(f"  of these 5xx           {sum(each['status'] >= 500 for each in failures)}")
    reasons = Counter(each["why"] for each in result["abandoned"])
    say(f"purchases given up       {len(result['abandoned'])}{_listed(reasons)}")
    known = f"of {len(orders)} that shoppers were told of; {found['orders']} in the database"
    say(f"orders lost              {len(found['lost'])} {known}")
    say(f"deadlocks                {max(deadlocks, found['deadlocks'])}")
    say(f"events not delivered     {found['waiting']}")
    say(f"audit                    {audit or 'clean'}")
    served_again = _report_crash(result) if crash else True
    say(f"\nlogs: {shown(shop.logs)}/")
    wrong = failures or result["abandoned"] or found["lost"] or deadlocks or found["waiting"] or audit
    return 1 if wrong or not served_again else 0


def _report_crash(result: dict[str, Any]) -> bool:
    """Whether the shop served again soon enough after the database was crashed."""
    crash = result["crash"]
    began, never = crash["began"], float("inf")
    served = [at for steps in result["steps"].values() for at, seconds in steps if at - seconds > began]
    placed = [order["at"] for order in result["orders"] if order["at"] > crash["ready"]]
    after = min(served, default=never) - began
    meanwhile = [each for each in result["failures"] if _belongs_to(crash, each["at"])]
    answers = Counter(f"{each['step']} {each['status']} {each['code']}" for each in meanwhile)
    say(f"database crashed         ready again after {crash['ready'] - began:.1f} s")
    say(f"first answer             after {after:.1f} s, first order after {min(placed, default=never) - began:.1f} s")
    say(f"refused meanwhile        {len(meanwhile)}{_listed(answers)}")
    return after <= SERVING_AGAIN_SECONDS


def _belongs_to(crash: dict[str, float], at: float) -> bool:
    return bool(crash) and crash["began"] <= at <= crash["began"] + SERVING_AGAIN_SECONDS


def _listed(counted: Counter[str]) -> str:
    return "".join(f"\n  {count:6} {what}" for what, count in counted.most_common(8))


def _count_in(log: Path, words: str) -> int:
    return log.read_text(encoding="utf-8", errors="replace").count(words)
