"""Entering prices. What a price list said at a time that is over is never said otherwise afterwards.

Every change locks the list together with its base and all lists derived from it (in primary-key order), because
it is written into the ledgers of all of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cms.catalogue.models import Variant
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked
from commerce.kit.money import Money
from commerce.pricing import ledger
from commerce.pricing.models import Price, PriceList, PriceQuerySet

MOST_MINOR_UNITS = 99_999_999
"""The highest amount that may be entered: eight digits, which is also the most that Stripe charges at once
(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts)."""


class PriceOverlaps(DomainError):
    code = "price_overlaps"
    title = "Another price of this kind holds in that time"
    kind = ErrorKind.CONFLICT


class WrongPrice(DomainError):
    code = "wrong_price"
    title = "The price is negative or absurdly high, in another currency than its list, or ends before it begins"
    kind = ErrorKind.INVALID


class PriceHasBegun(DomainError):
    code = "price_has_begun"
    title = "What a price was cannot be changed afterwards; enter one that begins now or later"
    kind = ErrorKind.CONFLICT


class PriceNotFound(DomainError):
    code = "price_not_found"
    title = "There is no such price"
    kind = ErrorKind.MISSING


def is_plausible(amount: Money) -> bool:
    """Whether an amount may be entered as a price."""
    return 0 <= amount.minor <= MOST_MINOR_UNITS


def change_price(
    *,
    variant: Variant,
    price_list: PriceList,
    amount: Money,
    min_quantity: int = 1,
    at: datetime,
    reason: str = "",
    actor: str = "",
) -> None:
    """Let another regular price hold from `at` on, for the rest of the time of the one that holds now, or until
    the next one begins.

    Raises as `set_price` does.
    """
    with changing(price_list, variants=[variant.pk], since=at, at=at, reason=reason or "changed", actor=actor):
        replace(variant=variant, price_list=price_list, amount=amount, min_quantity=min_quantity, at=at)


def set_price(
    *,
    variant: Variant,
    price_list: PriceList,
    amount: Money,
    kind: Price.Kind = Price.Kind.REGULAR,
    min_quantity: int = 1,
    valid_from: datetime,
    valid_until: datetime | None = None,
    announced_at: datetime | None = None,
    at: datetime,
    reason: str = "",
    actor: str = "",
) -> Price:
    """Enter a dated price. An open-ended one ends its open-ended predecessor where it starts; one with an end
    never cuts another, for that would leave a gap behind it.

    It begins now or later. Only the very first price of a variant in a list may be entered afterwards, and only
    for a time of which the list has told no price: a derived one tells what its base makes of it.

    Raises:
        PriceOverlaps: a price of the same kind and quantity with an end, or one that begins later, shares part of
            the time.
        PriceHasBegun: it would begin before `at`, and it is not the variant's first in the list, or the list has
            told another since.
        WrongPrice: negative or too high, not in the currency of the list's market, with no time to hold, for less
            than one piece, or announced after it begins.
    """
    since = min(valid_from, at)
    with changing(price_list, variants=[variant.pk], since=since, at=at, reason=reason or "set", actor=actor):
        return enter(
            variant=variant,
            price_list=price_list,
            amount=amount,
            kind=kind,
            min_quantity=min_quantity,
            valid_from=valid_from,
            valid_until=valid_until,
            announced_at=announced_at,
            at=at,
        )


def end_price(*, price: Price, ends_at: datetime, at: datetime, reason: str = "", actor: str = "") -> Price | None:
    """Let a price hold no longer than until `ends_at`, which is now or later. One that would then never have held
    is withdrawn, and what it was to replace goes on in its place: the answer is None.

    Raises:
        PriceHasBegun: `ends_at` is over.
        PriceNotFound: somebody has withdrawn it.
    """
    price_list = price.price_list
    with changing(price_list, variants=[price.variant_id], since=at, at=at, reason=reason or "ended", actor=actor):
        if ends_at < at:
            raise PriceHasBegun("A price ends now or later.")
        present = Price.objects.filter(pk=price.pk).first()
        if present is None:
            raise PriceNotFound()
        if ends_at <= present.valid_from:
            _withdraw(present)
            return None
        if present.valid_until is None or ends_at < present.valid_until:
            present.valid_until = ends_at
            present.save(update_fields=["valid_until"])
        return present


@contextmanager
def changing(
    price_list: PriceList,
    *,
    variants: Iterable[uuid.UUID] | None,
    since: datetime,
    at: datetime,
    reason: str,
    actor: str,
) -> Iterator[Sequence[PriceList]]:
    """Lock the list with its relatives, let the caller change it, then write ledgers and event.

    `variants` is None for a change that touches all of them.
    """
    keys = None if variants is None else list(variants)
    with transaction.atomic():
        yield _lock_relatives(price_list)
        announce_change(price_list, variants=keys, since=since, at=at, reason=reason, actor=actor)


def announce_change(
    price_list: PriceList,
    *,
    variants: Sequence[uuid.UUID] | None,
    since: datetime,
    at: datetime,
    reason: str,
    actor: str,
) -> None:
    touched = list(
        PriceList.objects.filter(Q(pk=price_list.pk) | Q(base=price_list.pk))
        .select_related("market", "base")
        .prefetch_related("former_terms")
        .order_by("pk")
    )
    ledger.record(price_lists=touched, variants=variants, since=since, at=at, reason=reason, actor=actor)
    outbox.record(
        "pricing.prices_changed",
        {
            "price_list": price_list.code,
            "markets": sorted({each.market.code for each in touched}),
            "variants": None if variants is None else [str(key) for key in variants],
        },
        at=at,
    )


def _lock_relatives(price_list: PriceList) -> Sequence[PriceList]:
    root = price_list.base_id or price_list.pk
    return locked(PriceList.objects.filter(Q(pk=root) | Q(base=root)))


def enter(
    *,
    variant: Variant,
    price_list: PriceList,
    amount: Money,
    kind: Price.Kind,
    min_quantity: int,
    valid_from: datetime,
    valid_until: datetime | None,
    announced_at: datetime | None,
    at: datetime,
) -> Price:
    """The row alone. The caller holds the lock and writes the ledger."""
    _check(price_list, amount, min_quantity, valid_from, valid_until, announced_at)
    if valid_from < at and _has_said(variant, price_list, since=valid_from, at=at):
        raise PriceHasBegun()
    rivals = _rivals(price_list, variant, kind, min_quantity)
    if valid_until is None:
        rivals.filter(valid_from__lt=valid_from, valid_until=None).update(valid_until=valid_from)
    overlapping = rivals.not_over(at=valid_from)
    if valid_until is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_until)
    if overlapping.exists():
        raise PriceOverlaps()
    return Price.objects.create(
        price_list=price_list,
        variant=variant,
        kind=kind,
        min_quantity=min_quantity,
        amount_minor=amount.minor,
        currency=amount.currency,
        valid_from=valid_from,
        valid_until=valid_until,
        announced_at=announced_at,
    )


def replace(*, variant: Variant, price_list: PriceList, amount: Money, min_quantity: int = 1, at: datetime) -> None:
    """The rows of `change_price` alone. The caller holds the lock and writes the ledger."""
    rivals = _rivals(price_list, variant, Price.Kind.REGULAR, min_quantity)
    present = rivals.holding(at=at).first()
    if present is not None and present.amount == amount:
        return
    if present is not None:
        until = present.valid_until
        if present.valid_from == at:
            # It has held for no time at all.
            present.delete()
        else:
            rivals.filter(pk=present.pk).update(valid_until=at)
    else:
        until = rivals.filter(valid_from__gt=at).values_list("valid_from", flat=True).order_by("valid_from").first()
    enter(
        variant=variant,
        price_list=price_list,
        amount=amount,
        kind=Price.Kind.REGULAR,
        min_quantity=min_quantity,
        valid_from=at,
        valid_until=until,
        announced_at=None,
        at=at,
    )


def _check(
    price_list: PriceList,
    amount: Money,
    min_quantity: int,
    valid_from: datetime,
    valid_until: datetime | None,
    announced_at: datetime | None,
) -> None:
    has_time = valid_until is None or valid_until > valid_from
    is_announced_in_time = announced_at is None or announced_at <= valid_from
    if not is_plausible(amount) or amount.currency != price_list.currency or not has_time:
        raise WrongPrice()
    if min_quantity < 1 or not is_announced_in_time:
        raise WrongPrice("A price is for one piece or more, and is announced before it begins.")


def _has_said(variant: Variant, price_list: PriceList, *, since: datetime, at: datetime) -> bool:
    """Whether the list has a price of its own for the variant, or has told one from its base since `since`."""
    if Price.objects.filter(price_list=price_list, variant=variant).exists():
        return True
    told = ledger.history(variant=variant, price_list=price_list, until=at)
    standing = [point for point in told if point.at <= since][-1:]
    since_then = [point for point in told if point.at > since]
    return any(point.current is not None for point in [*standing, *since_then])


def _withdraw(price: Price) -> None:
    before = _rivals(price.price_list, price.variant, price.kind, price.min_quantity)
    until, start = price.valid_until, price.valid_from
    price.delete()
    if until is None:
        # Only an open-ended price has cut the one before it; beside one with an end, that one was to end there.
        before.filter(valid_until=start).update(valid_until=None)


def _rivals(price_list: PriceList, variant: Variant, kind: str, min_quantity: int) -> PriceQuerySet:
    return Price.objects.filter(price_list=price_list, variant=variant, kind=kind, min_quantity=min_quantity)
