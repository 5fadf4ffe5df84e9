"""The command line of ./dev."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from dev import checks, demo, environment, load, processes, proofs
from dev.places import ROOT, STATE
from dev.terminal import Failure, complain, say

_INTERRUPTED = 130
_EPILOG = """everything generated lives in .magpie/ (environment, demo database, logs) and media/

environment variables:
  MAGPIE_PYTHON     a version such as 3.11, or a path (otherwise: the newest of 3.13, 3.12, 3.11)
  DATABASE_URL      demo and manage: use this database; test: a postgres:// address is used for that stage
  MAGPIE_CHROMIUM   the browser for the journey
"""
_PROOFS = {
    "episodes": "the shop machine: --count 10000 --seed 1; whatever happens, in whatever order, nothing is lost",
    "crash": "processes killed at every named point: --times 100 [--point NAME …]",
    "flash": "200 buyers for 20 units: --rounds 100",
    "workshop": "the merchandisers' screens in a shop of --products 10000, on PostgreSQL: seconds and queries",
}


def main(words: list[str]) -> int:
    """Returns the exit code: 0 well, 1 failed, 2 wrongly called, 130 interrupted."""
    processes.listen_for_signals()
    try:
        return _dispatch(words)
    except Failure as failure:
        processes.stop_all()
        complain(str(failure))
        return failure.exit_code
    except KeyboardInterrupt:
        processes.stop_all()
        say("\nstopped")
        return 0 if words[:1] == ["demo"] else _INTERRUPTED
    finally:
        processes.stop_all()


def _dispatch(words: list[str]) -> int:
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    chosen, proof_words = _parser().parse_known_args(words)
    if proof_words and chosen.command not in proofs.MODULES:
        _parser().parse_args(words)  # which says what is wrong with them
    if chosen.command == "demo":
        state = Path(chosen.state).resolve() if chosen.state else STATE
        return demo.run(demo.Demo(port=chosen.port, state=state), python=chosen.python)
    if chosen.command == "test":
        return checks.test(python=chosen.python, only=chosen.only or [])
    if chosen.command == "check":
        return checks.check(python=chosen.python)
    if chosen.command == "load":
        return load.run(_load(chosen), python=chosen.python)
    if chosen.command in proofs.MODULES:
        return proofs.run(chosen.command, proof_words, database=chosen.database, python=chosen.python)
    if chosen.command == "lock":
        environment.lock(environment.ensure(wanted=chosen.python, for_tests=shutil.which("uv") is None))
    if chosen.command == "clean":
        shutil.rmtree(STATE, ignore_errors=True)
        for folder in filter(Path.is_dir, (ROOT / "media").glob("*")):
            shutil.rmtree(folder, ignore_errors=True)
        say("removed .magpie/ and what the demo put into media/")
    return 0


def _manage(words: list[str]) -> int:
    """manage.py takes the place of this process, so that shells and prompts have the terminal."""
    shop = environment.ensure(quietly=True)
    os.chdir(ROOT)
    os.execve(shop.python, [shop.python, "manage.py", *words], demo.Demo.last().variables())


def _load(chosen: argparse.Namespace) -> load.Load:
    # So many wait for the gateway at any moment, if each waits once.
    waiting = chosen.rate * chosen.stripe_latency // 60_000
    return load.Load(
        minutes=chosen.minutes,
        rate=chosen.rate,
        buyers=chosen.buyers or 8 + 6 * waiting,
        web_processes=chosen.web_processes,
        web_threads=chosen.web_threads,
        workers=chosen.workers,
        worker_threads=chosen.worker_threads or 2 + 2 * waiting,
        stripe_latency=chosen.stripe_latency,
        crash_postgres=chosen.crash_postgres,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev",
        description="Magpie: makes what it needs, runs the demo, runs the checks.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)

    python = argparse.ArgumentParser(add_help=False)
    python.add_argument("--python", default="", metavar="X.Y", help="the Python to use, such as 3.11")

    running = commands.add_parser("demo", parents=[python], help="the whole shop, in the foreground, until Ctrl-C")
    running.add_argument(
        "--port",
        type=int,
        default=demo.DEFAULT_PORT,
        metavar="N",
        help="web on N (default 8000), storefront on N+1, Stripe sandbox on N+2",
    )
    running.add_argument("--state", default="", metavar="FOLDER", help="database and logs there, not in .magpie/")

    testing = commands.add_parser("test", parents=[python], help="every check and every test, on both databases")
    testing.add_argument(
        "--only",
        nargs="+",
        choices=list(checks.STAGES),
        metavar="STAGE",
        help=f"of {', '.join(checks.STAGES)}",
    )
    commands.add_parser("check", parents=[python], help="the quick subset: lint, types, contracts, fast tests")
    for name, told in _PROOFS.items():
        proving = commands.add_parser(name, parents=[python], help=told, add_help=False)
        proving.add_argument("--database", choices=proofs.DATABASES, default=proofs.usual_database(name))
    commands.add_parser(
        "manage", help="manage.py with the settings and ports of the demo that runs, or ran last: ./dev manage shell"
    )
    loading = commands.add_parser("load", parents=[python], help="whole purchases over HTTP, with figures")
    loading.add_argument("--minutes", type=float, default=1, metavar="N", help="how long (default 1)")
    loading.add_argument("--rate", type=int, default=0, metavar="N", help="purchases a minute; 0: as many as they can")
    loading.add_argument("--buyers", type=int, default=0, metavar="N", help="shoppers at the same time")
    loading.add_argument("--web-processes", type=int, default=2, metavar="N", help="of gunicorn (default 2)")
    loading.add_argument("--web-threads", type=int, default=16, metavar="N", help="of each (default 16)")
    loading.add_argument("--workers", type=int, default=1, metavar="N", help="of manage.py worker (default 1)")
    loading.add_argument("--worker-threads", type=int, default=0, metavar="N", help="of each (default 2)")
    loading.add_argument("--stripe-latency", type=int, default=0, metavar="MS", help="of every call to the sandbox")
    loading.add_argument("--crash-postgres", action="store_true", help="halfway, as pg_ctl stop -m immediate does")
    commands.add_parser("lock", parents=[python], help="lock pyproject.toml anew and export requirements*.txt")
    commands.add_parser("clean", help="remove .magpie/ and the demo's media")
    return parser
