"""The form in which a purchase is frozen: what was bought, for how much, and why it cost that.

JSON-ready on purpose. It is written once and read for as long as the order is kept. `facts` holds everything that the
amounts were computed from, so that they can be computed again (`checkout.quoting.replaying`).
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from commerce.kit.money import MoneyDocument


class DiscountSnapshot(TypedDict):
    promotion: str
    name: str
    coupon: str | None
    amount: MoneyDocument
    derivation: dict[str, Any]


class LineSnapshot(TypedDict):
    """`total` is what the shopper pays for the line: `subtotal` less `discount` less `relief`.

    `relief` is the tax that was in the price and that this buyer does not owe. A gift costs nothing, and `given_by`
    names its promotion. `wait` is null where all of it was there, else it says when it was expected, if that was known.
    """

    variant: str
    product: str
    sku: str
    title: str
    name: str
    quantity: int
    wait: NotRequired[dict[str, str | None] | None]
    gift: bool
    given_by: str
    unit_price: MoneyDocument
    subtotal: MoneyDocument
    discounts: list[DiscountSnapshot]
    discount: MoneyDocument
    relief: MoneyDocument
    total: MoneyDocument
    tax: MoneyDocument
    derivation: dict[str, Any]


class ShippingSnapshot(TypedDict):
    """Dates are ISO 8601 and may be unknown. `total` is `price` less `discount` less `relief`.

    `wait` is that of the goods that come last; quotes from before it was kept lack it.
    """

    method: str
    name: str
    pickup_point: dict[str, str] | None
    earliest: str | None
    latest: str | None
    wait: NotRequired[dict[str, str | None] | None]
    price: MoneyDocument
    discount: MoneyDocument
    relief: MoneyDocument
    total: MoneyDocument
    tax: MoneyDocument
    derivation: dict[str, Any]


class TaxSnapshot(TypedDict):
    rate: str
    country: str
    net: MoneyDocument
    total: MoneyDocument
    included: bool


class CreditSnapshot(TypedDict):
    account: str
    label: str
    amount: MoneyDocument


class QuoteSnapshot(TypedDict):
    """`total` is the lines' totals, shipping's, tax where it is not included, and `rounding`; `due` is what is left of
    it to pay once gift cards and store credit are taken off."""

    at: str
    market: str
    currency: str
    tax_inclusive: bool
    treatment: dict[str, Any]
    lines: list[LineSnapshot]
    subtotal: MoneyDocument
    discount_total: MoneyDocument
    relief_total: MoneyDocument
    shipping: ShippingSnapshot | None
    tax: list[TaxSnapshot]
    tax_total: MoneyDocument
    rounding: MoneyDocument
    total: MoneyDocument
    credits: list[CreditSnapshot]
    credit_total: MoneyDocument
    due: MoneyDocument
    promotions: list[dict[str, Any]]
    facts: dict[str, Any]
