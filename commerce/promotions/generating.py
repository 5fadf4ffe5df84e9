"""Coupons in bulk: codes that nobody can guess and nobody misreads."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from commerce.promotions.coupons import normalised
from commerce.promotions.editing import CouponIsWrong
from commerce.promotions.models import LONGEST_COUPON, Coupon, CouponBatch, Promotion

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, U beside V: what is read from paper is typed back the same."""
GROUP = 4
LETTERS = 12
"""30^12 codes, about 59 bits: beside a million coupons one guess in 500 thousand million is right."""
MOST_AT_ONCE = 100_000
_ROWS_PER_STATEMENT = 1000


def generate(
    *,
    promotion: Promotion,
    count: int,
    name: str,
    prefix: str = "",
    total_limit: int | None = 1,
    per_customer_limit: int | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    actor: str,
    at: datetime,
) -> CouponBatch:
    """Make `count` coupons such as SPRING-7KQ4-M2XN-9PTA, each good for `total_limit` uses (None: no limit).

    Raises:
        CouponIsWrong: no or too many coupons, an unfit prefix or window, or the promotion needs no coupon.
    """
    _refuse_wrong(promotion, count, prefix, total_limit, per_customer_limit, valid_from, valid_until)
    with transaction.atomic():
        batch = CouponBatch.objects.create(promotion=promotion, name=name, size=count, actor=actor, created_at=at)
        Coupon.objects.bulk_create(
            (
                Coupon(
                    promotion=promotion,
                    batch=batch,
                    code=code,
                    total_limit=total_limit,
                    per_customer_limit=per_customer_limit,
                    valid_from=valid_from,
                    valid_until=valid_until,
                    created_at=at,
                )
                for code in sorted(_codes(count, normalised(prefix)))
            ),
            batch_size=_ROWS_PER_STATEMENT,
        )
    return batch


def _codes(count: int, prefix: str) -> set[str]:
    """Fresh codes; should one exist already, which is as good as impossible, saving them fails as a whole."""
    codes: set[str] = set()
    while len(codes) < count:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
        groups = [letters[start : start + GROUP] for start in range(0, LETTERS, GROUP)]
        codes.add("-".join([prefix, *groups] if prefix else groups))
    return codes


def _refuse_wrong(
    promotion: Promotion,
    count: int,
    prefix: str,
    total_limit: int | None,
    per_customer_limit: int | None,
    valid_from: datetime | None,
    valid_until: datetime | None,
) -> None:
    fields: dict[str, list[str]] = {}
    if not 1 <= count <= MOST_AT_ONCE:
        fields["count"] = [f"Between 1 and {MOST_AT_ONCE}."]
    longest = LONGEST_COUPON - LETTERS - LETTERS // GROUP
    if len(normalised(prefix)) > longest:
        fields["prefix"] = [f"At most {longest} characters."]
    elif prefix:
        try:
            Coupon._meta.get_field("code").run_validators(normalised(prefix))
        except ValidationError as error:
            fields["prefix"] = list(error.messages)
    for field, limit in {"total_limit": total_limit, "per_customer_limit": per_customer_limit}.items():
        if limit is not None and limit < 1:
            fields[field] = ["At least one."]
    if valid_from is not None and valid_until is not None and valid_until <= valid_from:
        fields["valid_until"] = ["They would end before they begin."]
    if not promotion.requires_coupon:
        fields["promotion"] = ["This promotion applies without a coupon."]
    if fields:
        raise CouponIsWrong(fields=fields)
