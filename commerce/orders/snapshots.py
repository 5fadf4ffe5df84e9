"""The form in which a purchase is frozen: what was bought, for how much, and why it cost that.

JSON-ready on purpose. It is written once and read for as long as the order is kept.
"""

from __future__ import annotations

from typing import Any, TypedDict

from commerce.kit.money import MoneyDocument


class LineSnapshot(TypedDict):
    variant: str
    product: str
    sku: str
    title: str
    name: str
    quantity: int
    unit_price: MoneyDocument
    total: MoneyDocument
    tax: MoneyDocument
    derivation: dict[str, Any]


class ShippingSnapshot(TypedDict):
    method: str
    name: str
    total: MoneyDocument
    tax: MoneyDocument
    derivation: dict[str, Any]


class TaxSnapshot(TypedDict):
    rate: str
    country: str
    total: MoneyDocument
    included: bool


class QuoteSnapshot(TypedDict):
    at: str
    market: str
    currency: str
    tax_inclusive: bool
    lines: list[LineSnapshot]
    subtotal: MoneyDocument
    shipping: ShippingSnapshot
    tax: list[TaxSnapshot]
    tax_total: MoneyDocument
    total: MoneyDocument
