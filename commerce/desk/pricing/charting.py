"""A step chart of a price, as the numbers that an SVG needs. Pure; whole pixels are exact enough to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce.kit.money import Money
from commerce.pricing.reference import PricePoint

WIDTH, HEIGHT = 960, 300
LEFT, RIGHT, TOP, BOTTOM = 84, 28, 16, 34
_MOST_LINES = 5
_DATES = 5


@dataclass(frozen=True, slots=True)
class Line:
    """SVG path data: what has been, and what is planned."""

    past: str
    planned: str


@dataclass(frozen=True, slots=True)
class Chart:
    current: Line
    regular: Line
    prices: tuple[tuple[int, Money], ...]
    """Height and amount of each horizontal line."""
    dates: tuple[tuple[int, datetime], ...]
    dots: tuple[tuple[int, int, PricePoint], ...]
    """Where the price changed, to point at."""
    reference_y: int | None
    now_x: int

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: datetime
    end: datetime
    point: PricePoint


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    until: datetime
    low: int
    high: int

    def x(self, at: datetime) -> int:
        whole = (self.until - self.since) // timedelta(seconds=1) or 1
        return LEFT + (at - self.since) // timedelta(seconds=1) * (WIDTH - LEFT - RIGHT) // whole

    def y(self, minor: int) -> int:
        return HEIGHT - BOTTOM - (minor - self.low) * (HEIGHT - TOP - BOTTOM) // (self.high - self.low)


def draw(
    points: Sequence[PricePoint], *, currency: str, since: datetime, now: datetime, reference: Money | None = None
) -> Chart | None:
    """From `since` until now, or until shortly after the last planned change. None when there is no price to draw.

    `points` are in order of time; what was before `since` counts as far as it still held then.
    """
    ahead = [point.at for point in points if point.at > now]
    span = now - since
    until = now + min(ahead[-1] - now + span / 10, span) if ahead else now
    stretches = list(_stretches(points, since=since, until=until))
    amounts = [
        price.minor for each in stretches for price in (each.point.current, each.point.regular) if price is not None
    ]
    amounts += [reference.minor] if reference is not None else []
    if not any(each.point.current is not None for each in stretches):
        return None
    step, low, high = _lines(min(amounts, default=0), max(amounts, default=0))
    scale = _Scale(since, until, low, high)
    return Chart(
        current=_line(stretches, lambda point: point.current, scale, now),
        regular=_line(stretches, lambda point: point.regular, scale, now),
        prices=tuple((scale.y(minor), Money(minor, currency)) for minor in range(low, high + 1, step)),
        dates=tuple(
            (scale.x(each), each) for each in (since + (until - since) * part / _DATES for part in range(_DATES + 1))
        ),
        dots=tuple(
            (scale.x(each.start), scale.y(each.point.current.minor), each.point)
            for each in stretches
            if each.point.current is not None
        ),
        reference_y=scale.y(reference.minor) if reference is not None else None,
        now_x=scale.x(now),
    )


def _stretches(points: Sequence[PricePoint], *, since: datetime, until: datetime) -> Iterator[_Stretch]:
    ends = [point.at for point in points[1:]] + [until]
    for point, end in zip(points, ends, strict=True) if points else ():
        start, end = max(point.at, since), min(end, until)
        if start < end:
            yield _Stretch(start, end, point)


def _line(
    stretches: Sequence[_Stretch], price: Callable[[PricePoint], Money | None], scale: _Scale, now: datetime
) -> Line:
    past = [_Stretch(each.start, min(each.end, now), each.point) for each in stretches if each.start < now]
    planned = [_Stretch(max(each.start, now), each.end, each.point) for each in stretches if each.end > now]
    return Line(_path(past, price, scale), _path(planned, price, scale))


def _path(stretches: Sequence[_Stretch], price: Callable[[PricePoint], Money | None], scale: _Scale) -> str:
    """A step for each stretch; where there was no price the line breaks."""
    steps: list[str] = []
    is_drawing = False
    for each in stretches:
        amount = price(each.point)
        if amount is None:
            is_drawing = False
            continue
        height = scale.y(amount.minor)
        steps.append(f"V{height}" if is_drawing else f"M{scale.x(each.start)},{height}")
        steps.append(f"H{scale.x(each.end)}")
        is_drawing = True
    return " ".join(steps)


def _lines(lowest: int, highest: int) -> tuple[int, int, int]:
    """Step, lowest and highest of round amounts around what is to be seen."""
    room = max((highest - lowest) // 5, highest // 20, 1)
    low, high = max(lowest - room, 0), highest + room
    step, factors = 1, (2, 5, 10)
    while (high - low) > step * _MOST_LINES:
        power = 10 ** (len(str(step)) - 1)
        step = next(power * factor for factor in factors if power * factor > step)
    low, high = low // step * step, -(-high // step) * step
    return step, low, max(high, low + step)
