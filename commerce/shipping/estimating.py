"""When it arrives, in business days: Monday to Friday. Public holidays differ by region and are not counted off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Promise:
    """Business days on the way, and the hour of the shop's clock from which an order leaves a business day later."""

    min_days: int
    max_days: int
    cutoff_hour: int | None = None


def arrival(promise: Promise, *, at: datetime, time_zone: ZoneInfo, goods_on: date | None = None) -> tuple[date, date]:
    """The earliest and the latest day for an order placed at `at`; `goods_on` is when goods come that are not there."""
    sent = dispatched(promise, at=at, time_zone=time_zone)
    if goods_on and goods_on > sent:
        sent = goods_on if _is_business_day(goods_on) else _after(goods_on, 1)
    return _after(sent, promise.min_days), _after(sent, promise.max_days)


def dispatched(promise: Promise, *, at: datetime, time_zone: ZoneInfo) -> date:
    """The order's own day when that is a business day and its hour comes before the cutoff, else the next one."""
    local = at.astimezone(time_zone)
    day = local.date()
    in_time = promise.cutoff_hour is None or local.hour < promise.cutoff_hour
    return day if in_time and _is_business_day(day) else _after(day, 1)


def _after(day: date, business_days: int) -> date:
    while business_days:
        day += timedelta(days=1)
        business_days -= _is_business_day(day)
    return day


def _is_business_day(day: date) -> bool:
    return day.weekday() < _SATURDAY
