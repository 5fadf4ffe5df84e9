"""The command line of ./dev."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from dev import checks, demo, environment, processes
from dev.places import ROOT, STATE
from dev.terminal import Failure, complain, say

_INTERRUPTED = 130
_EPILOG = """everything generated lives in .magpie/ (environment, demo database, logs) and media/

environment variables:
  MAGPIE_PYTHON     a version such as 3.11, or a path (otherwise: the newest of 3.13, 3.12, 3.11)
  DATABASE_URL      demo and manage: use this database; test: a postgres:// address is used for that stage
  MAGPIE_CHROMIUM   the browser for the journey
"""


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
    chosen = _parser().parse_args(words)
    if chosen.command == "demo":
        state = Path(chosen.state).resolve() if chosen.state else STATE
        return demo.run(demo.Demo(port=chosen.port, state=state), python=chosen.python)
    if chosen.command == "test":
        return checks.test(python=chosen.python, only=chosen.only or [])
    if chosen.command == "check":
        return checks.check(python=chosen.python)
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
    os.execve(shop.python, [shop.python, "manage.py", *words], demo.Demo().variables())


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
    commands.add_parser("manage", help="manage.py with the demo's settings: ./dev manage shell")
    commands.add_parser("lock", parents=[python], help="lock pyproject.toml anew and export requirements*.txt")
    commands.add_parser("clean", help="remove .magpie/ and the demo's media")
    return parser
