"""`./dev flash`: 200 buyers for 20 units, round after round, from several processes at once."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

ANSWERED_WITHIN_SECONDS = 2


def main(words: list[str]) -> int:
    asked = _parser().parse_args(words)
    django.setup()
    from tests import throwaway

    logging.disable(logging.CRITICAL)
    with throwaway.database(), tempfile.TemporaryDirectory() as folder:
        return _run(asked, Path(folder))


def _run(asked: argparse.Namespace, folder: Path) -> int:
    from tests.races.shops import Sale, sale

    context = multiprocessing.get_context("fork")
    wrong, slowest, began = 0, [], time.monotonic()
    with sale(folder) as shop:
        for number in range(1, asked.rounds + 1):
            carts = shop.prepare(buyers=asked.buyers, units=asked.units)
            answers = _rush(context, shop, carts, asked)
            told = shop.look(answers, units=asked.units)
            slow = max((each.seconds for each in answers if each.what == Sale.refused), default=0)
            slowest.append(slow)
            if told or slow > ANSWERED_WITHIN_SECONDS:
                wrong += 1
                print(f"round {number}: {told or 'too slow'}, slowest refusal {slow:.2f} s", flush=True)
    slowest.sort()
    print(
        f"{asked.rounds} rounds of {asked.buyers} buyers for {asked.units} units: {wrong} went wrong; slowest refusal "
        f"{slowest[-1]:.2f} s, in half of the rounds {slowest[len(slowest) // 2]:.2f} s; "
        f"{time.monotonic() - began:.0f} seconds"
    )
    return 1 if wrong else 0


def _rush(context: Any, shop: Any, carts: list[Any], asked: argparse.Namespace) -> list[Any]:
    doors, answers = context.Barrier(asked.processes), context.Queue()
    shares = [carts[number :: asked.processes] for number in range(asked.processes)]
    children = [context.Process(target=shop.serve, args=(share, asked.hands, doors, answers)) for share in shares]
    for child in children:
        child.start()
    gathered = [answer for _ in children for answer in answers.get(timeout=300)]
    for child in children:
        child.join()
    return gathered


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev flash")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--buyers", type=int, default=200)
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2, help="that serve the buyers")
    parser.add_argument("--hands", type=int, default=4, help="threads of each")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
