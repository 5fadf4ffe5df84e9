from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine.world import World, episodes


@pytest.fixture
def world(db: None, tmp_path: Path) -> Iterator[World]:
    """A shop with its sandbox and a clock that the test puts forward; see `tests/machine/world.py`."""
    with episodes(tmp_path) as episode, episode() as world:
        yield world
