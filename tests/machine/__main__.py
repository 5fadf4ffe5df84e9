"""`./dev episodes`: as many episodes as asked for, on all cores."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

CHUNK = 100


def main(words: list[str]) -> int:
    asked = _parser().parse_args(words)
    django.setup()
    from tests import throwaway

    began = time.monotonic()
    count = max(1, min(asked.processes, asked.count))
    with throwaway.database(copies=count), tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.get_context("fork")
        results: Any = context.Queue()
        share = -(-asked.count // count)
        children = [
            context.Process(target=_work, args=(number, share, asked, Path(folder), results))
            for number in range(1, count + 1)
        ]
        for child in children:
            child.start()
        sums = _gather(results, children, wanted=asked.count, began=began)
    print(
        f"{sums['episodes']} episodes, {sums['steps']} steps, {sums['orders']} orders, {sums['refunds']} refunds, "
        f"{sums['violations']} violations, {sums['drift']} cents drift, {time.monotonic() - began:.0f} seconds"
    )
    return 1 if sums["violations"] or sums["drift"] or sums["episodes"] < asked.count else 0


def _work(number: int, share: int, asked: argparse.Namespace, folder: Path, results: Any) -> None:
    from tests import throwaway
    from tests.machine.running import play
    from tests.machine.world import episodes

    throwaway.use_copy(number)
    own = folder / str(number)
    own.mkdir()
    played, chunk = 0, 0
    with episodes(own) as episode:
        while played < share:
            # Each chunk has a seed of its own, so that one that goes wrong can be played again alone.
            seed = asked.seed * 1_000_000 + number * 10_000 + chunk
            outcome = play(episode, count=min(CHUNK, share - played), seed_=seed, steps=asked.steps, shrink=True)
            results.put((seed, outcome))
            # One that goes wrong early must not keep its process at it for ever.
            played += max(outcome.tally.episodes, CHUNK if outcome.violation else 0)
            chunk += 1
    results.put(None)


def _gather(results: Any, children: list[Any], *, wanted: int, began: float) -> dict[str, int]:
    sums = dict.fromkeys(("episodes", "steps", "orders", "refunds", "drift", "violations"), 0)
    working = len(children)
    while working:
        result = _next(results, children)
        if result is None:
            working -= 1
            continue
        seed, outcome = result
        for name in ("episodes", "steps", "orders", "refunds", "drift"):
            sums[name] += getattr(outcome.tally, name)
        if outcome.violation:
            sums["violations"] += 1
            print(f"VIOLATION in the chunk of seed {seed}:\n{outcome.violation}", flush=True)
        print(f"{sums['episodes']} of {wanted} episodes, {time.monotonic() - began:.0f} seconds", flush=True)
    for child in children:
        child.join()
    return sums


def _next(results: Any, children: list[Any]) -> Any:
    from queue import Empty

    while True:
        try:
            return results.get(timeout=5)
        except Empty:
            dead = [child.exitcode for child in children if child.exitcode]
            if dead:
                raise SystemExit(f"a process died with {dead[0]}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev episodes")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=20, help="at most so many steps in an episode")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
