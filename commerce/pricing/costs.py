"""What variants cost the shop."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from cms.catalogue.models import Variant
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.pricing.models import VariantCost
from commerce.pricing.setting import is_plausible


class WrongCost(DomainError):
    code = "wrong_cost"
    title = "A cost is not negative and not that high"
    kind = ErrorKind.INVALID


def set_cost(*, variant: Variant, cost: Money) -> None:
    """One cost per variant and currency; the new one replaces the old. Raises `WrongCost`."""
    if not is_plausible(cost):
        raise WrongCost()
    VariantCost.objects.update_or_create(variant=variant, currency=cost.currency, defaults={"amount_minor": cost.minor})


def costs_of(variants: Collection[uuid.UUID], *, currency: str) -> dict[uuid.UUID, Money]:
    """In this currency; variants without a cost in it are missing. One query."""
    found = VariantCost.objects.filter(variant__in=list(variants), currency=currency)
    return {cost.variant_id: cost.amount for cost in found}
