from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cms.catalogue.models import Variant
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one
from commerce.kit.money import Money
from commerce.pricing.models import Price, PriceList


class PriceOverlaps(DomainError):
    code = "price_overlaps"
    title = "Another price of this kind holds in that time"
    kind = ErrorKind.CONFLICT


class WrongPrice(DomainError):
    code = "wrong_price"
    title = "The price is negative, in another currency than its list, or ends before it begins"
    kind = ErrorKind.INVALID


def change_price(*, variant: Variant, price_list: PriceList, amount: Money, at: datetime) -> None:
    """Let another regular price hold from `at` on, for the rest of the time of the one that holds now.

    Raises as `set_price` does.
    """
    with transaction.atomic():
        locked_one(PriceList.objects.filter(pk=price_list.pk))
        holding = Price.objects.holding(market=price_list.market, at=at)
        present = holding.filter(variant=variant, kind=Price.Kind.REGULAR).first()
        if present is not None and present.amount == amount:
            return
        if present is not None:
            Price.objects.filter(pk=present.pk).update(valid_until=at)
        set_price(
            variant=variant,
            price_list=price_list,
            amount=amount,
            valid_from=at,
            valid_until=present.valid_until if present else None,
            at=at,
        )


def set_price(
    *,
    variant: Variant,
    price_list: PriceList,
    amount: Money,
    kind: Price.Kind = Price.Kind.REGULAR,
    valid_from: datetime,
    valid_until: datetime | None = None,
    at: datetime,
) -> Price:
    """Enter a dated price. An open-ended one ends its open-ended predecessor where it starts; one with an end
    never cuts another, for that would leave a gap behind it.

    Raises:
        PriceOverlaps: a price of the same kind with an end, or one that begins later, shares part of the time.
        WrongPrice: negative, not in the currency of the list's market, or with no time to hold.
    """
    has_time = valid_until is None or valid_until > valid_from
    if amount.minor < 0 or amount.currency != price_list.market.currency or not has_time:
        raise WrongPrice()
    with transaction.atomic():
        locked_one(PriceList.objects.filter(pk=price_list.pk))
        rivals = Price.objects.filter(price_list=price_list, variant=variant, kind=kind)
        if valid_until is None:
            rivals.filter(valid_from__lt=valid_from, valid_until=None).update(valid_until=valid_from)
        overlapping = rivals.filter(Q(valid_until=None) | Q(valid_until__gt=valid_from))
        if valid_until is not None:
            overlapping = overlapping.filter(valid_from__lt=valid_until)
        if overlapping.exists():
            raise PriceOverlaps()
        price = Price.objects.create(
            price_list=price_list,
            variant=variant,
            kind=kind,
            amount_minor=amount.minor,
            currency=amount.currency,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        outbox.record("pricing.price_set", {"variant": str(variant.pk), "price_list": price_list.code}, at=at)
    return price
