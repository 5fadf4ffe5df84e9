"""The price ledger: every effective change of what one piece costs in a list, insert-only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cms.catalogue.models import Variant
from cms.prepared import prepared
from commerce.kit.money import Money
from commerce.pricing.models import Price, PriceChange, PriceList
from commerce.pricing.reference import PricePoint
from commerce.pricing.timelines import Entered, same, timeline

Key = tuple[uuid.UUID, int]
_AT_ONCE = 500


def history(*, variant: Variant, price_list: PriceList, until: datetime) -> list[PricePoint]:
    """What one piece of the variant has cost in the list, for a chart or a proof: each change up to `until`."""
    told = paths(variants=[variant.pk], price_lists=[price_list.pk], until=until)
    return list(told.get((variant.pk, price_list.pk), ()))


def paths(
    *, variants: Collection[uuid.UUID], price_lists: Collection[int], until: datetime | None
) -> dict[Key, tuple[PricePoint, ...]]:
    """The history of each variant in each list, up to `until` or with all that is planned. One query."""
    changes = _changes(price_lists=list(price_lists), variants=list(variants), until=until)
    return {key: tuple(_without_repetitions(points.values())) for key, points in _told(changes).items()}


def record(
    *,
    price_lists: Sequence[PriceList],
    variants: Iterable[uuid.UUID] | None = None,
    since: datetime,
    at: datetime,
    reason: str,
    actor: str = "",
) -> None:
    """Write what the lists ask from `since` on, wherever the ledger does not say so yet.

    Called in the transaction of each change, which holds the lock of the lists. `since` is the present, but for
    the first price of a variant, which may be entered afterwards. Without `variants`: all that have a price.
    """
    keys = {each.pk for each in price_lists} | {each.base_id for each in price_lists if each.base_id}
    if variants is None:
        variants = Price.objects.filter(price_list__in=keys).order_by().values_list("variant", flat=True).distinct()
    facts = {each.pk: each.facts for each in price_lists}

    def planned(price_list: PriceList, variant: uuid.UUID, rows: dict[Key, list[Entered]]) -> list[PricePoint]:
        own, base = rows.get((variant, price_list.pk), []), rows.get((variant, price_list.base_id or 0), [])
        return timeline(facts[price_list.pk], own, base, since=since)

    for some in in_batches(sorted(set(variants))):
        rows = rows_not_over(keys, some, at=since)
        told = _told(_changes(price_lists=[each.pk for each in price_lists], variants=list(some), until=None))
        PriceChange.objects.bulk_create(
            PriceChange(
                variant_id=variant,
                price_list=price_list,
                effective_at=point.at,
                recorded_at=at,
                regular_minor=point.regular.minor if point.regular is not None else None,
                current_minor=point.current.minor if point.current is not None else None,
                announced_at=point.announced_at,
                currency=price_list.currency,
                reason=reason[:255],
                actor=actor[:100],
            )
            for price_list in price_lists
            for variant in some
            for point in _news(told.get((variant, price_list.pk), {}), planned(price_list, variant, rows), since=since)
        )


def _news(told: dict[datetime, PricePoint], planned: Sequence[PricePoint], *, since: datetime) -> Iterator[PricePoint]:
    """The points that make what is told from `since` on into what is planned."""
    standing = PricePoint(since, None, None)
    for instant in sorted(told):
        if instant < since:
            standing = told[instant]
    wanted = standing
    plan = {point.at: point for point in planned}
    for instant in sorted({each for each in told if each >= since} | plan.keys()):
        wanted = plan.get(instant, wanted)
        if not same(told.get(instant, standing), wanted):
            yield PricePoint(instant, wanted.current, wanted.regular, wanted.announced_at)
        standing = wanted


@prepared
def _changes(*, price_lists: list[int], variants: list[uuid.UUID], until: datetime | None) -> QuerySet[Any]:
    """In order of time; of several for one instant the last recorded comes last."""
    changes = PriceChange.objects.filter(price_list__pk__among=price_lists, variant__pk__among=variants)
    if until is not None:
        changes = changes.filter(effective_at__lte=until)
    return changes.order_by("effective_at", "pk").values_list(
        "variant_id", "price_list_id", "effective_at", "current_minor", "regular_minor", "currency", "announced_at"
    )


def _told(changes: Iterable[tuple[Any, ...]]) -> dict[Key, dict[datetime, PricePoint]]:
    """What the rows say by instant, in order of time; of several for one instant the last recorded."""
    found: dict[Key, dict[datetime, PricePoint]] = defaultdict(dict)
    for variant, price_list, instant, current, regular, currency, announced in changes:
        found[variant, price_list][instant] = PricePoint(
            instant,
            None if current is None else Money(current, currency),
            None if regular is None else Money(regular, currency),
            announced,
        )
    return found


def _without_repetitions(points: Iterable[PricePoint]) -> Iterator[PricePoint]:
    """A change that was planned and called off leaves a row that says what held anyway."""
    before: PricePoint | None = None
    for point in points:
        if before is None or not same(before, point):
            yield point
        before = point


def rows_not_over(
    price_lists: Collection[int], variants: Collection[uuid.UUID], *, at: datetime
) -> dict[Key, list[Entered]]:
    """The prices that hold at `at` or later. One query."""
    found: dict[Key, list[Entered]] = defaultdict(list)
    for price in Price.objects.not_over(at=at).filter(price_list__in=price_lists, variant__in=variants):
        found[price.variant_id, price.price_list_id].append(price.entered)
    return found


def in_batches(variants: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """So many at once as a query takes."""
    for start in range(0, len(variants), _AT_ONCE):
        yield variants[start : start + _AT_ONCE]
