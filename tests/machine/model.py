"""The shop as an accountant would keep it in a notebook: no database, no locks, no messages.

It says beforehand what the shop must answer, and afterwards what must be in stock and what must have been paid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.machine.sale import AUTHORISED, TAKEN, Charge, Lines, Prices, Sale, cost

LIFETIME, LONGEST = timedelta(minutes=30), timedelta(hours=2)
OPEN, EXPIRED, COMPLETED, REFUSED = "open", "expired", "completed", "refused"


@dataclass
class Cart:
    lines: Lines = field(default_factory=dict)
    is_closed: bool = False


@dataclass
class Purchase:
    """A checkout: what was promised to the shopper, for how much, until when."""

    cart: Cart
    lines: Lines
    prices: Prices
    created_at: datetime
    expires_at: datetime
    is_manual: bool = False
    """Authorised when it is paid, and captured when staff says so."""
    status: str = OPEN
    sale: Sale | None = None
    """What it has become, and what staff and shopper make of it."""

    @property
    def due(self) -> int:
        return cost(self.lines, self.prices)

    def extend(self, *, at: datetime) -> None:
        """Whoever is still there keeps what was put aside; a step of less than a minute is not worth it."""
        until = min(at + LIFETIME, self.created_at + LONGEST)
        if self.status == OPEN and self.expires_at > at and until - self.expires_at >= timedelta(minutes=1):
            self.expires_at = until

    @property
    def holds(self) -> Lines:
        return self.lines if self.status == OPEN else {}


@dataclass
class Model:
    prices: list[int]
    on_hand: list[int]
    live: list[bool]
    carts: list[Cart] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)

    def reserved(self, which: int) -> int:
        return sum(purchase.holds.get(which, 0) for purchase in self.purchases)

    def free(self, which: int) -> int:
        return self.on_hand[which] - self.reserved(which)

    def levels(self) -> dict[int, tuple[int, int]]:
        return {which: (units, self.reserved(which)) for which, units in enumerate(self.on_hand)}

    def open_purchase(self, cart: Cart) -> Purchase | None:
        return next((each for each in self.purchases if each.cart is cart and each.status == OPEN), None)

    def available_to(self, cart: Cart, which: int) -> int:
        current = self.open_purchase(cart)
        return self.free(which) + (current.holds.get(which, 0) if current else 0)

    def why_not_add(self, cart: Cart, which: int, quantity: int) -> str:
        if cart.is_closed:
            return "cart_closed"
        if not self.live[which]:
            return "variant_not_sellable"
        return "out_of_stock" if cart.lines.get(which, 0) + quantity > self.available_to(cart, which) else ""

    def why_not_check_out(self, cart: Cart) -> str:
        if cart.is_closed:
            return "cart_closed"
        if not cart.lines:
            return "cart_empty"
        if any(quantity > self.available_to(cart, which) for which, quantity in cart.lines.items()):
            return "out_of_stock"
        return "" if all(self.live[which] for which in cart.lines) else "variant_not_sellable"

    def check_out(self, cart: Cart, *, is_manual: bool, at: datetime) -> tuple[Purchase, bool]:
        """The purchase that the shop must answer with, and whether it is a new one."""
        current = self.open_purchase(cart)
        prices = {which: self.prices[which] for which in cart.lines}
        if current is not None:
            if current.expires_at > at and (current.lines, current.prices) == (cart.lines, prices):
                current.extend(at=at)
                return current, False
            current.status = EXPIRED
        purchase = Purchase(cart, dict(cart.lines), prices, at, expires_at=at + LIFETIME, is_manual=is_manual)
        self.purchases.append(purchase)
        return purchase, True

    def sell(self, purchase: Purchase) -> Sale:
        purchase.status = COMPLETED
        purchase.cart.is_closed = True
        for which, quantity in purchase.lines.items():
            self.on_hand[which] -= quantity
        due = purchase.due
        paid = Charge(due, status=AUTHORISED) if purchase.is_manual else Charge(due, status=TAKEN, taken=due)
        purchase.sale = Sale(dict(purchase.lines), dict(purchase.prices), [paid])
        return purchase.sale

    def why_not_edit(self, sale: Sale, which: int, quantity: int) -> str:
        if because := sale.why_not_edit(which, quantity):
            return because
        if which not in sale.lines and not self.live[which]:
            return "variant_not_sellable"
        return "out_of_stock" if quantity - sale.lines.get(which, 0) > self.free(which) else ""

    def edit(self, sale: Sale, which: int, quantity: int) -> None:
        self.on_hand[which] -= quantity - sale.lines.get(which, 0)
        sale.edit(which, quantity, price=self.prices[which])

    def take_back(self, which: int, quantity: int) -> None:
        self.on_hand[which] += quantity

    def call_off(self, sale: Sale) -> None:
        sale.is_cancelled = True
        sale.give_back(sale.left)
        sale.call_off_what_is_open()
        for which, quantity in sale.lines.items():
            self.take_back(which, quantity)

    def lacks(self, purchase: Purchase) -> bool:
        """Whether less is free than a purchase that holds nothing would need."""
        return any(self.free(which) < quantity for which, quantity in purchase.lines.items())
