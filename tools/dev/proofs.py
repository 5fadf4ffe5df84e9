"""The long proofs, which live with the tests: ./dev episodes, crash, flash and workshop."""

from __future__ import annotations

import os
from contextlib import nullcontext

from dev import checks, environment, postgres, processes
from dev.places import ROOT

MODULES = {"episodes": "tests.machine", "crash": "tests.crashes", "flash": "tests.races", "workshop": "tests.scale"}
DATABASES = ("sqlite", "postgres")


def usual_database(proof: str) -> str:
    """Speed is that of PostgreSQL; what is right or wrong shows on a file too."""
    return "postgres" if proof == "workshop" else "sqlite"


def run(proof: str, words: list[str], *, database: str, python: str) -> int:
    """In this terminal, with a database of its own: a file, or a server for the time that it runs."""
    bench = checks.Bench(environment.ensure(wanted=python, for_tests=True))
    given = postgres.given_url(os.environ)
    server = postgres.throw_away_server(python=bench.shop.python)
    place = {
        "sqlite": nullcontext(bench.sqlite(proof)),
        "postgres": nullcontext(given) if given else server,
    }[database]
    with place as url:
        variables = bench.variables(DJANGO_SETTINGS_MODULE="config.settings.test", DATABASE_URL=url)
        command = [bench.shop.python, "-m", MODULES[proof], *words]
        stop = processes.INTERRUPT
        child = processes.start(proof, command, log=None, environment=variables, folder=ROOT, stop_signal=stop)
        return processes.finish(child)
