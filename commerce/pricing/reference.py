"""The earlier price that a reduction is measured against. Pure.

Directive 98/6/EC article 6a, put in by Directive (EU) 2019/2161 (Omnibus), read with the Commission's guidance,
notice 2021/C 526/02:

- (1), (2) an announced reduction names the prior price: the lowest that applied in a period of at least 30 days
  before it. Prices of earlier reductions count, and so does the price with which the period begins.
- (4) goods on the market for less than that: the shorter time for which they were sold.
- (5) a reduction that is progressively increased keeps the price from before its first step. It is one and the
  same reduction as long as the price only falls and stays reduced; a rise, an unreduced price or a time without
  a price ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce.kit.money import Money


@dataclass(frozen=True, slots=True)
class PricePoint:
    """From `at` on a piece costs `current`, beside the `regular` price; None where it has no price."""

    at: datetime
    current: Money | None
    regular: Money | None
    announced_at: datetime | None = None
    """When the reduction was announced, if that was before `at`."""

    @property
    def is_reduced(self) -> bool:
        return self.current is not None and self.regular is not None and self.current < self.regular


def reference_price(path: Sequence[PricePoint], *, at: datetime, days: int) -> Money | None:
    """The lowest price in the `days` before the reduction that holds at `at`.

    None when the price is not reduced, or when nothing was sold before. The answer may be as low as the current
    price or lower: then there is nothing to announce.
    """
    past = [point for point in sorted(path, key=lambda point: point.at) if point.at <= at]
    if not past or not past[-1].is_reduced:
        return None
    first = _first_step(past)
    until = min(past[first].at, past[first].announced_at or past[first].at)
    return _lowest(past, since=until - timedelta(days=days), until=until)


def _first_step(path: Sequence[PricePoint]) -> int:
    """Where the reduction with which the path ends began."""
    first = len(path) - 1
    while first and _goes_on(path[first - 1], path[first]):
        first -= 1
    return first


def _goes_on(before: PricePoint, after: PricePoint) -> bool:
    return (
        before.is_reduced
        and before.current is not None
        and after.current is not None
        and not (before.current < after.current)
    )


def _lowest(path: Sequence[PricePoint], *, since: datetime, until: datetime) -> Money | None:
    ends = [point.at for point in path[1:]] + [until]
    applied = [
        point.current
        for point, end in zip(path, ends, strict=True)
        if point.current is not None and point.at < until and end > since
    ]
    return min(applied, key=lambda price: price.minor, default=None)
