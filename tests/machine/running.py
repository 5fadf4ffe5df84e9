"""Running the machine for so many episodes, from a test or from the command line."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import ShopMachine
from tests.machine.truths import Tally
from tests.machine.world import World

Episode = Callable[[], AbstractContextManager[World]]


@dataclass(frozen=True, slots=True)
class Outcome:
    tally: Tally
    violation: str
    """What went wrong, with the steps that lead to it; empty when nothing did."""


def play(episode: Episode, *, count: int, seed_: int, steps: int = 20, shrink: bool = False) -> Outcome:
    """Play `count` episodes or until one goes wrong; with `shrink`, its story is made as short as it gets."""

    class Machine(ShopMachine):
        tally = Tally()

    Machine.episode = staticmethod(episode)
    chosen = settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(seed_)(Machine), settings=chosen)
    except Exception as error:  # whatever goes wrong in an episode is a finding
        return Outcome(Machine.tally, "".join(traceback.format_exception(error)))
    return Outcome(Machine.tally, "")
