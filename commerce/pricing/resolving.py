"""The one path to a price: for a market and an instant, with the reason why."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.catalogue.models import Variant
from cms.catalogue.queries import sellable_variants
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.pricing.models import Price


@dataclass(frozen=True, slots=True)
class ResolvedPrice:
    current: Money
    regular: Money
    sale_ends_at: datetime | None
    derivation: dict[str, Any]

    @property
    def on_sale(self) -> bool:
        return self.current < self.regular


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant that a market sells at an instant, and its price there and then."""

    variant: Variant
    price: ResolvedPrice


def offers(*, variant_ids: Collection[uuid.UUID], market: Market, at: datetime) -> dict[uuid.UUID, Offer]:
    """What of these can be bought in the market at `at`; what is missing from the answer cannot.

    This is invariant I10's one rule for lists, carts, quotes and payments: an active variant of an available,
    published product that has a price. Two queries, however many variants.
    """
    variants = sellable_variants(at=at).filter(pk__in=variant_ids).select_related("product")
    prices = resolve_prices(variant_ids=variant_ids, market=market, at=at)
    return {
        variant.pk: Offer(variant=variant, price=prices[variant.pk]) for variant in variants if variant.pk in prices
    }


def resolve_prices(
    *, variant_ids: Collection[uuid.UUID], market: Market, at: datetime
) -> dict[uuid.UUID, ResolvedPrice]:
    """Prices that hold at `at`. A sale price counts only beside a regular one and only when it is lower."""
    holding = Price.objects.holding(market=market, at=at).filter(variant_id__in=variant_ids)
    by_kind: dict[str, dict[uuid.UUID, Price]] = {kind: {} for kind in Price.Kind.values}
    for price in holding.select_related("price_list"):
        by_kind[price.kind][price.variant_id] = price
    regular, sale = by_kind[Price.Kind.REGULAR], by_kind[Price.Kind.SALE]
    return {pk: _resolved(price, sale.get(pk)) for pk, price in regular.items()}


def _resolved(regular: Price, sale: Price | None) -> ResolvedPrice:
    winner = sale if sale is not None and sale.amount < regular.amount else regular
    return ResolvedPrice(
        current=winner.amount,
        regular=regular.amount,
        sale_ends_at=winner.valid_until if winner is not regular else None,
        derivation={
            "price_list": winner.price_list.code,
            "kind": winner.kind,
            "price": winner.pk,
            "valid_from": winner.valid_from.isoformat(),
            "valid_until": winner.valid_until.isoformat() if winner.valid_until else None,
            "regular": regular.amount.document(),
        },
    )
