"""Entering promotions and coupons. What has begun is history: it can be renamed, ended or copied, nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.promotions.coupons import normalised
from commerce.promotions.models import Coupon, Promotion, PromotionTarget

_TARGET_FIELDS = ["role", "kind", "product_id", "variant_id", "category_key", "collection_id", "brand_id"]
_TARGET_FIELDS += ["option_name", "option_value", "quantity"]
_MAY_CHANGE_LATER = {"name", "ends_at"}


class PromotionIsWrong(DomainError):
    """`facts["fields"]` holds the messages by field; those under "__all__" belong to none."""

    code = "promotion_is_wrong"
    title = "The promotion cannot be saved like this"
    kind = ErrorKind.INVALID


class CouponIsWrong(DomainError):
    """`facts["fields"]` holds the messages by field."""

    code = "coupon_is_wrong"
    title = "The coupon cannot be saved like this"
    kind = ErrorKind.INVALID


class PromotionHasBegun(DomainError):
    code = "promotion_has_begun"
    title = "A promotion that has begun can only be renamed or ended; copy it to change it"
    kind = ErrorKind.CONFLICT


class PromotionHasEnded(DomainError):
    code = "promotion_has_ended"
    title = "The promotion has ended"
    kind = ErrorKind.CONFLICT


def validate(*, promotion: Promotion, targets: Sequence[PromotionTarget]) -> None:
    """Everything that must be right, the promotion with its targets. Forms call it for their messages.

    Raises:
        ValidationError: messages by field; what concerns the targets is under `NON_FIELD_ERRORS`.
    """
    problems: dict[str, list[Any]] = {}
    try:
        promotion.full_clean(validate_constraints=False)
    except ValidationError as error:
        problems.update(error.error_dict)
    for target in targets:
        try:
            target.full_clean(exclude=["promotion"], validate_constraints=False)
        except ValidationError as error:
            problems.setdefault(NON_FIELD_ERRORS, []).extend(error.messages)
    discounted = [target for target in targets if target.role == PromotionTarget.Role.DISCOUNTED]
    if promotion.kind == Promotion.Kind.BUNDLE and not discounted:
        problems.setdefault(NON_FIELD_ERRORS, []).append("A bundle needs the goods that it is made of.")
    if problems:
        raise ValidationError(problems)


def create(*, promotion: Promotion, targets: Sequence[PromotionTarget] = (), at: datetime) -> Promotion:
    """Save a new promotion with its targets; without a `begins_at` it begins now.

    Raises:
        PromotionIsWrong: something is missing or contradicts itself, or it would begin in the past.
    """
    _begin_now_if_blank(promotion, at=at)
    promotion.created_at = at
    _validated(promotion, targets, at=at)
    with transaction.atomic():
        promotion.save(force_insert=True)
        _save_targets(promotion, targets)
        _announce(promotion, at=at)
    return promotion


def change(*, promotion: Promotion, targets: Sequence[PromotionTarget] | None = None, at: datetime) -> Promotion:
    """Save what was changed on the instance, and the new targets if there are any (None: as they were).

    Raises:
        PromotionHasBegun: it has begun, and more than its name changed or its end came nearer.
        PromotionHasEnded: its end lies in the past and was moved.
        PromotionIsWrong: as for `create`, or it would end in the past.
    """
    with transaction.atomic():
        stored = locked_row(Promotion, promotion.pk)
        before = list(stored.targets.all())
        after = before if targets is None else list(targets)
        _begin_now_if_blank(promotion, at=at)
        promotion.created_at = stored.created_at
        if stored.has_begun(at=at):
            _refuse_rewriting(stored, promotion, at=at)
            if _target_facts(before) != _target_facts(after):
                raise PromotionHasBegun()
            _refuse_wrong(promotion, after)
        else:
            _validated(promotion, after, at=at)
        promotion.save(force_update=True)
        if targets is not None and _target_facts(before) != _target_facts(after):
            stored.targets.all().delete()
            _save_targets(promotion, after)
        _announce(promotion, at=at)
    return promotion


def end(*, promotion: Promotion, at: datetime) -> Promotion:
    """End it now; one that has not begun is put aside as inactive.

    Raises:
        PromotionHasEnded: its end lies in the past.
    """
    with transaction.atomic():
        stored = locked_row(Promotion, promotion.pk)
        if not stored.has_begun(at=at):
            stored.is_active = False
        elif stored.ends_at is not None and stored.ends_at <= at:
            raise PromotionHasEnded()
        elif stored.begins_at == at:
            raise PromotionHasBegun("It begins at this very moment; end it in the next")
        else:
            stored.ends_at = at
        stored.save(update_fields=["is_active", "ends_at"])
        _announce(stored, at=at)
    return stored


def copy(*, promotion: Promotion, code: str, name: str = "", at: datetime) -> Promotion:
    """A new, inactive promotion with the same benefit, targets and conditions, from now on; coupons stay behind.

    Raises:
        PromotionIsWrong: the code is taken or not one.
    """
    made = Promotion.objects.get(pk=promotion.pk)
    targets = [_copied(target) for target in made.targets.all()]
    made.pk, made._state.adding = uuid.uuid4(), True
    made.code, made.name, made.is_active = code, name or made.name, False
    made.begins_at, made.ends_at = at, None
    return create(promotion=made, targets=targets, at=at)


def create_coupon(*, coupon: Coupon, at: datetime) -> Coupon:
    """Save a coupon whose code somebody chose, such as WELCOME10.

    Raises:
        CouponIsWrong: the code is taken or unfit, the window is wrong, or the promotion needs no coupon.
    """
    coupon.code = normalised(coupon.code)
    coupon.created_at = at
    problems: dict[str, Any] = {}
    try:
        coupon.full_clean()
    except ValidationError as error:
        problems.update(error.message_dict)
    if "promotion" not in problems and not coupon.promotion.requires_coupon:
        problems["promotion"] = ["This promotion applies without a coupon."]
    if problems:
        raise CouponIsWrong(fields=problems)
    coupon.save(force_insert=True)
    return coupon


def withdraw_coupons(*, coupons: QuerySet[Coupon]) -> int:
    """Nobody can redeem them any more; what is held or used stays so. Returns how many were withdrawn."""
    return coupons.filter(is_active=True).update(is_active=False)


def _begin_now_if_blank(promotion: Promotion, *, at: datetime) -> None:
    begins_at: datetime | None = promotion.begins_at
    if begins_at is None:
        promotion.begins_at = at


def _validated(promotion: Promotion, targets: Sequence[PromotionTarget], *, at: datetime) -> None:
    """Also refuses a beginning in the past: the shop would have had a price that nobody was shown."""
    if promotion.is_active and promotion.begins_at < at:
        raise PromotionIsWrong(fields={"begins_at": ["It cannot begin in the past. Left blank, it begins at once."]})
    _refuse_wrong(promotion, targets)


def _refuse_wrong(promotion: Promotion, targets: Sequence[PromotionTarget]) -> None:
    try:
        validate(promotion=promotion, targets=targets)
    except ValidationError as error:
        raise PromotionIsWrong(fields=error.message_dict) from error


def _refuse_rewriting(stored: Promotion, changed: Promotion, *, at: datetime) -> None:
    fields = [field.attname for field in Promotion._meta.concrete_fields]
    if any(getattr(stored, field) != getattr(changed, field) for field in fields if field not in _MAY_CHANGE_LATER):
        raise PromotionHasBegun()
    if stored.ends_at == changed.ends_at:
        return
    if stored.ends_at is not None and stored.ends_at <= at:
        raise PromotionHasEnded()
    if changed.ends_at is None or (stored.ends_at is not None and changed.ends_at > stored.ends_at):
        raise PromotionHasBegun("A promotion that has begun can end sooner, not later; copy it to go on")
    if changed.ends_at < at:
        raise PromotionIsWrong(fields={"ends_at": ["It cannot end in the past."]})


def _target_facts(targets: Iterable[PromotionTarget]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(target, field) for field in _TARGET_FIELDS) for target in targets]


def _copied(target: PromotionTarget) -> PromotionTarget:
    return PromotionTarget(**{field: getattr(target, field) for field in _TARGET_FIELDS})


def _save_targets(promotion: Promotion, targets: Iterable[PromotionTarget]) -> None:
    made = [_copied(target) for target in targets]
    for position, target in enumerate(made):
        target.promotion, target.position = promotion, position
    PromotionTarget.objects.bulk_create(made)


def _announce(promotion: Promotion, *, at: datetime) -> None:
    """With the instants at which its effect flips, for whoever keeps prices ready."""
    payload = {
        "promotion": str(promotion.pk),
        "code": promotion.code,
        "begins_at": promotion.begins_at.isoformat(),
        "ends_at": promotion.ends_at.isoformat() if promotion.ends_at else None,
    }
    outbox.record("promotions.changed", payload, at=at)
