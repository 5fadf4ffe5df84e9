"""Figures of a run under load: percentiles, and the processor time of processes from /proc."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

_PROC = Path("/proc")


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that `share` percent of all do not exceed; nothing of nothing is 0."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0.0


def processor_seconds(roots: Mapping[str, int]) -> dict[str, float]:
    """By name, the processor time so far of a process, of all that it started, and of those that have ended."""
    parents, used = {}, {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
            # utime, stime, and cutime, cstime of the children that were waited for
            used[int(folder.name)] = sum(map(int, fields[11:15]))
    children = defaultdict(list)
    for child, parent in parents.items():
        children[parent].append(child)
    return {name: _sum(root, children, used) / os.sysconf("SC_CLK_TCK") for name, root in roots.items()}


def _sum(root: int, children: Mapping[int, list[int]], used: Mapping[int, int]) -> int:
    return used.get(root, 0) + sum(_sum(child, children, used) for child in children.get(root, ()))
