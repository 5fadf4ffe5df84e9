from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale

from cms.catalogue.models import ProductContent
from cms.catalogue.queries import contents_for
from cms.prepared import prepared
from commerce.accounts.models import User
from commerce.cart.audience import audience_of
from commerce.cart.limits import Bounds, bounds_of
from commerce.cart.locking import CartClosed, CartNotFound
from commerce.cart.models import Cart, CartCredit, CartLine
from commerce.cart.seeing import Change, Sight, changes_of
from commerce.credit.redeeming import Balance, balances
from commerce.inventory.queries import Supply, supplies
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import Offer, offers
from commerce.promotions.showing import ShownPrice, shown_prices


class LineProblem(StrEnum):
    UNAVAILABLE = "unavailable"
    OUT_OF_STOCK = "out_of_stock"
    INSUFFICIENT_STOCK = "insufficient_stock"
    QUANTITY_NOT_ALLOWED = "quantity_not_allowed"


@dataclass(frozen=True, slots=True)
class LineView:
    """A cart line as things stand at the instant asked for: price, stock, and what stands in the way of buying."""

    market: Market
    line: CartLine
    content: ProductContent | None
    offer: Offer | None
    supply: Supply
    shown: ShownPrice | None = None
    """As lists and product pages show the price; asked for saved lines alone, whose promotions no quote tells."""

    @property
    def available(self) -> int:
        return self.supply.available

    @property
    def bounds(self) -> Bounds:
        return bounds_of(self.line.variant)

    @property
    def min_quantity(self) -> int:
        return self.bounds.min

    @property
    def max_quantity(self) -> int:
        return min(self.available, self.bounds.max)

    @property
    def total(self) -> Money | None:
        return self.offer.price.current * self.line.quantity if self.offer else None

    @property
    def problem(self) -> LineProblem | None:
        if self.offer is None:
            return LineProblem.UNAVAILABLE
        if self.available <= 0:
            return LineProblem.OUT_OF_STOCK
        if self.available < self.line.quantity:
            return LineProblem.INSUFFICIENT_STOCK
        return None if self.bounds.admit(self.line.quantity) else LineProblem.QUANTITY_NOT_ALLOWED

    @property
    def sight(self) -> Sight:
        return Sight.of(self.offer, available=self.available)

    @property
    def changes(self) -> list[Change]:
        """Since the shopper last looked."""
        return list(changes_of(self.line, self.sight))


@dataclass(frozen=True, slots=True)
class CartView:
    """`saved` are the lines put aside for later: they are shown, and in nothing else counted.

    `balances` are those of its gift cards that can pay at the instant; one that cannot is left out.
    """

    cart: Cart
    lines: list[LineView]
    saved: list[LineView]
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

    @property
    def changes(self) -> list[Change]:
        return [change for view in (*self.lines, *self.saved) for change in view.changes]


def own_cart(*, customer: User, market: Market) -> Cart:
    """The customer's open cart in the market. Raises `CartNotFound`."""
    cart = Cart.objects.filter(customer=customer, market=market, closed_at=None).first()
    if cart is None:
        raise CartNotFound()
    return cart


def view_cart(*, cart_id: uuid.UUID, locale: Locale, at: datetime, with_pictures: bool = True) -> CartView:
    """The cart at `at`, in a number of queries that does not grow with its lines.

    Raises `CartNotFound`, `CartClosed`.
    """
    found = _cart(pk=cart_id)
    if not found:
        raise CartNotFound()
    cart: Cart = found[0]
    if cart.closed_at is not None:
        raise CartClosed()
    audience = audience_of(cart)
    lines: list[CartLine] = lines_in(cart=cart_id)
    sold = offers(quantities={line.variant_id: line.quantity for line in lines}, audience=audience, at=at)
    stock = supplies(variant_ids=[line.variant_id for line in lines], holder=cart.holder, at=at)
    saved = {line.variant_id: sold[line.variant_id] for line in lines if line.saved_at and line.variant_id in sold}
    shown = shown_prices(offers=saved, audience=audience, at=at) if saved else {}
    contents = contents_for({line.variant.product_id for line in lines}, locale=locale, with_pictures=with_pictures)
    views = [
        LineView(
            market=cart.market,
            line=line,
            content=contents.get(line.variant.product_id),
            offer=sold.get(line.variant_id),
            supply=stock[line.variant_id],
            shown=shown.get(line.variant_id) if line.saved_at else None,
        )
        for line in lines
    ]
    return CartView(
        cart=cart,
        lines=[view for view in views if view.line.saved_at is None],
        saved=[view for view in views if view.line.saved_at is not None],
        audience=audience,
        locale=locale,
        balances=balances(
            accounts=_accounts(cart=cart_id),
            currency=cart.market.currency,
            holder=cart.held_as,
            at=at,
        ),
    )


@prepared
def _cart(*, pk: uuid.UUID) -> QuerySet[Cart]:
    return Cart.objects.select_related("market", "channel", "customer").filter(pk=pk)


@prepared
def _accounts(*, cart: uuid.UUID) -> QuerySet[Any]:
    return CartCredit.objects.filter(cart=cart).values_list("account", flat=True)


@prepared
def lines_in(*, cart: uuid.UUID) -> QuerySet[CartLine]:
    return CartLine.objects.filter(cart=cart).select_related("variant__product", "variant__order_limit")
