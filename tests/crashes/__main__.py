"""`./dev crash`: each named point kills a process, as often as asked for."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import django


def main(words: list[str]) -> int:
    django.setup()
    from commerce.kit.crashing import POINTS
    from tests import throwaway
    from tests.crashes.dying import yard

    asked = _parser(list(POINTS)).parse_args(words)
    logging.disable(logging.CRITICAL)
    place = throwaway.surroundings() if asked.here else throwaway.database()
    failures = 0
    print(f"{'point':<20}{'killed':>8}{'converged':>11}{'most seconds':>14}{'most clock':>12}", flush=True)
    with place, tempfile.TemporaryDirectory() as folder, yard(Path(folder)) as shop:
        for point in asked.point or list(POINTS):
            failures += _kill(shop, point, times=asked.times)
    print(f"{failures} did not converge")
    return 1 if failures else 0


def _kill(shop, point: str, *, times: int) -> int:
    from tests.crashes.dying import DidNotConverge

    converged, failures = [], []
    for _ in range(times):
        try:
            converged.append(shop.crash(point))
        except DidNotConverge as failure:
            failures.append(str(failure))
    seconds = max((each.seconds for each in converged), default=0)
    clock = max((each.clock.total_seconds() for each in converged), default=0)
    print(f"{point:<20}{times:>8}{len(converged):>11}{seconds:>12.2f} s{clock:>10.0f} s", flush=True)
    for failure in failures[:5]:
        print(f"    {failure}", flush=True)
    return len(failures)


def _parser(points: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev crash")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--point", nargs="+", choices=points)
    parser.add_argument("--here", action="store_true", help="in the database of DATABASE_URL, which is migrated")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
