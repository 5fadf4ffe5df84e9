from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wagtail.models import Locale

from cms.catalogue.models import ProductContent
from cms.catalogue.queries import contents_for
from commerce.cart.audience import audience_of
from commerce.cart.locking import CartClosed, CartNotFound
from commerce.cart.models import MAX_QUANTITY, Cart, CartLine
from commerce.credit.redeeming import Balance, balances
from commerce.inventory.queries import availability
from commerce.kit.money import Money
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import Offer, offers


class LineProblem(StrEnum):
    UNAVAILABLE = "unavailable"
    OUT_OF_STOCK = "out_of_stock"
    INSUFFICIENT_STOCK = "insufficient_stock"


@dataclass(frozen=True, slots=True)
class LineView:
    """A cart line as things stand at the instant asked for: price, stock, and what stands in the way of buying."""

    line: CartLine
    content: ProductContent | None
    offer: Offer | None
    available: int

    @property
    def max_quantity(self) -> int:
        return min(self.available, MAX_QUANTITY)

    @property
    def total(self) -> Money | None:
        return self.offer.price.current * self.line.quantity if self.offer else None

    @property
    def problem(self) -> LineProblem | None:
        if self.offer is None:
            return LineProblem.UNAVAILABLE
        if self.available <= 0:
            return LineProblem.OUT_OF_STOCK
        return LineProblem.INSUFFICIENT_STOCK if self.available < self.line.quantity else None


@dataclass(frozen=True, slots=True)
class CartView:
    """`balances` are those of its gift cards that can pay at the instant; one that cannot is left out."""

    cart: Cart
    lines: list[LineView]
    audience: Audience
    locale: Locale
    balances: tuple[Balance, ...]

    @property
    def subtotal(self) -> Money:
        totals = [line.total for line in self.lines if line.total is not None]
        return Money.total(totals, currency=self.cart.market.currency)

    @property
    def item_count(self) -> int:
        return sum(view.line.quantity for view in self.lines)

    @property
    def is_ready(self) -> bool:
        """Could be checked out now: something in it, nothing wrong with it, and an address."""
        return bool(self.lines and self.cart.address) and not any(view.problem for view in self.lines)


def view_cart(*, cart_id: uuid.UUID, locale: Locale, at: datetime) -> CartView:
    """The cart at `at`, in a number of queries that does not grow with its lines.

    Raises `CartNotFound`, `CartClosed`.
    """
    cart = Cart.objects.select_related("market", "channel").filter(pk=cart_id).first()
    if cart is None:
        raise CartNotFound()
    if cart.closed_at is not None:
        raise CartClosed()
    audience = audience_of(cart)
    lines = list(cart.lines.select_related("variant__product"))
    sold = offers(quantities={line.variant_id: line.quantity for line in lines}, audience=audience, at=at)
    stock = availability(variant_ids=[line.variant_id for line in lines], holder=cart.holder)
    contents = contents_for({line.variant.product_id for line in lines}, locale=locale)
    return CartView(
        cart=cart,
        lines=[
            LineView(
                line=line,
                content=contents.get(line.variant.product_id),
                offer=sold.get(line.variant_id),
                available=stock[line.variant_id],
            )
            for line in lines
        ],
        audience=audience,
        locale=locale,
        balances=balances(
            accounts=list(cart.credits.values_list("account", flat=True)),
            currency=cart.market.currency,
            holder=cart.held_as,
            at=at,
        ),
    )
