"""When it arrives. 2026-11-16 is a Monday."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from commerce.shipping.estimating import Promise, arrival, dispatched

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def november(day: int) -> date:
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("day", "hour", "promise", "first", "last"),
    [
        pytest.param(16, 9, Promise(1, 3, 14), 17, 19, id="Monday morning: Tuesday to Thursday"),
        pytest.param(16, 13, Promise(1, 3, 14), 17, 19, id="the hour before the cutoff is in time"),
        pytest.param(16, 14, Promise(1, 3, 14), 18, 20, id="at the cutoff it is a day later"),
        pytest.param(16, 23, Promise(1, 3), 17, 19, id="without a cutoff the whole day is in time"),
        pytest.param(20, 9, Promise(1, 1, 14), 23, 23, id="sent on Friday, there on Monday"),
        pytest.param(20, 15, Promise(1, 1, 14), 24, 24, id="Friday after the cutoff leaves on Monday"),
        pytest.param(21, 9, Promise(1, 2, 14), 24, 25, id="Saturday leaves on Monday"),
        pytest.param(22, 23, Promise(1, 2, 14), 24, 25, id="Sunday night leaves on Monday"),
        pytest.param(16, 9, Promise(0, 0, 14), 16, 16, id="collected on the day itself"),
        pytest.param(16, 14, Promise(0, 0, 14), 17, 17, id="collected tomorrow"),
        pytest.param(21, 9, Promise(0, 0), 23, 23, id="nothing is ready on a Saturday"),
        pytest.param(16, 9, Promise(5, 10, 14), 23, 30, id="five and ten business days are one and two weeks"),
        pytest.param(16, 0, Promise(1, 1, 0), 18, 18, id="a cutoff at midnight never leaves on the day"),
    ],
)
def test_an_order_arrives(day: int, hour: int, promise: Promise, first: int, last: int) -> None:
    at = datetime(2026, 11, day, hour, 59, tzinfo=BERLIN)
    assert arrival(promise, at=at, time_zone=BERLIN) == (november(first), november(last))


def test_the_hour_is_that_of_the_shops_clock() -> None:
    """12:30 UTC is 13:30 in Berlin and 01:30 of the next day in Auckland."""
    at, promise = datetime(2026, 11, 16, 12, 30, tzinfo=UTC), Promise(1, 1, 13)
    assert dispatched(promise, at=at, time_zone=ZoneInfo("UTC")) == november(16)
    assert dispatched(promise, at=at, time_zone=BERLIN) == november(17)
    assert dispatched(promise, at=at, time_zone=AUCKLAND) == november(17)


def test_the_cutoff_follows_summer_time() -> None:
    """12:30 UTC is 13:30 in Berlin in winter and 14:30 in summer."""
    promise = Promise(1, 1, 14)
    assert dispatched(promise, at=datetime(2026, 1, 12, 12, 30, tzinfo=UTC), time_zone=BERLIN) == date(2026, 1, 12)
    assert dispatched(promise, at=datetime(2026, 7, 13, 12, 30, tzinfo=UTC), time_zone=BERLIN) == date(2026, 7, 14)
