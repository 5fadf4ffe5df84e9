"""What has changed about a line since its shopper last looked: put in, changed, or acknowledged.

Looking itself writes nothing; a note stays until the shopper acknowledges it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from commerce.cart.models import MAX_QUANTITY, CartLine
from commerce.kit.money import Money
from commerce.pricing.resolving import Offer


class ChangeKind(StrEnum):
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"
    SOLD_OUT = "sold_out"
    ONLY_N_LEFT = "only_n_left"
    NOT_SOLD_ANY_MORE = "not_sold_any_more"
    BACK_AGAIN = "back_again"


@dataclass(frozen=True, slots=True)
class Sight:
    """A line as it looked at an instant: what one piece cost, or None where it was not sold, and how many there were.

    More than a line may hold is told as that many: a cart is no way to read the stock.
    """

    price: Money | None
    available: int

    @classmethod
    def of(cls, offer: Offer | None, *, available: int) -> Sight:
        return cls(offer.price.current if offer else None, max(0, min(available, MAX_QUANTITY)))

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Sight:
        price = document["price"]
        return cls(Money.from_document(price) if price else None, document["available"])

    def document(self) -> dict[str, Any]:
        return {"price": self.price.document() if self.price is not None else None, "available": self.available}

    def offers(self, quantity: int) -> int:
        """How many of the wanted ones could be bought."""
        return min(self.available, quantity) if self.price is not None else 0


@dataclass(frozen=True, slots=True)
class Change:
    line: CartLine
    kind: ChangeKind
    before: Sight
    after: Sight


def changes_of(line: CartLine, now: Sight) -> Iterator[Change]:
    """Up to two: one of the price, one of what can be had."""
    if line.seen is None:
        return
    before = Sight.from_document(line.seen)
    for kind in (_of_price(before, now), _of_supply(before, now, line.quantity)):
        if kind is not None:
            yield Change(line, kind, before, now)


def _of_price(before: Sight, now: Sight) -> ChangeKind | None:
    if before.price is None or now.price is None or before.price == now.price:
        return None
    return ChangeKind.PRICE_UP if now.price > before.price else ChangeKind.PRICE_DOWN


def _of_supply(before: Sight, now: Sight, quantity: int) -> ChangeKind | None:
    had, has = before.offers(quantity), now.offers(quantity)
    if now.price is None:
        return ChangeKind.NOT_SOLD_ANY_MORE if before.price is not None else None
    if had == has:
        return None
    if not has:
        return ChangeKind.SOLD_OUT
    return ChangeKind.BACK_AGAIN if has == quantity else ChangeKind.ONLY_N_LEFT
