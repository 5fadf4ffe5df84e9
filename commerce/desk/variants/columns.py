"""The columns of the grid, in groups that the page shows one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.catalogue.models import Option, Product, Variant
from commerce.inventory.models import Location
from commerce.pricing.models import PriceList

GOODS, PRICES, STOCK, PARTS, DATES = "goods", "prices", "stock", "parts", "dates"
GROUPS = {GOODS: "Goods", PRICES: "Prices", STOCK: "Stock", PARTS: "Parts", DATES: "Dates"}

_UNSTOCKED = {Product.Kind.BUNDLE, Product.Kind.DIGITAL, Product.Kind.GIFT_CARD}


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` says what a cell is: text, amount, whole, moment, select, tick, lines, or a fact that is only shown."""

    name: str
    label: str
    group: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    address: str = ""
    """Where a fact is changed."""

    @property
    def is_fact(self) -> bool:
        return self.kind == "fact"


@dataclass(frozen=True, slots=True)
class OptionColumn:
    """An option that the product's variants have, with the values to choose from."""

    option: str
    values: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The same as long as the option is called so, wherever it stands."""
        return f"option_{hashlib.sha256(self.option.encode()).hexdigest()[:12]}"

    @property
    def column(self) -> Column:
        choices = (("", "—"), *((value, value) for value in self.values))
        return Column(self.name, self.option, GOODS, "select", choices)


@lru_cache(maxsize=1000)
def choices_written(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """As HTML. Hundreds of rows offer the same choices, so they are written once."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == chosen else "", label) for value, label in choices),
    )


def option_columns(variants: Sequence[Variant], vocabulary: Sequence[Option]) -> list[OptionColumn]:
    """Those that any variant has, as the vocabulary orders them; values that it does not know come last."""
    used: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            used.setdefault(name, {})[value] = None
    known = {option.name: [each.name for each in option.values.all()] for option in vocabulary}
    order = {name: place for place, name in enumerate(known)}
    return [
        OptionColumn(name, tuple(dict.fromkeys([*known.get(name, ()), *used[name]])))
        for name in sorted(used, key=lambda name: order.get(name, len(order)))
    ]


def columns_of(
    product: Product,
    *,
    options: Sequence[OptionColumn],
    pictures: Sequence[tuple[str, str]],
    price_list: PriceList | None,
    others: Sequence[PriceList],
    locations: Sequence[Location],
    with_costs: bool,
) -> Iterator[Column]:
    yield Column("sku", "SKU", GOODS)
    yield Column("barcode", "Barcode", GOODS, hint="GTIN")
    yield from (each.column for each in options)
    yield Column("weight_grams", "Weight", GOODS, "whole", hint="g, packed")
    yield Column("image", "Picture", GOODS, "select", (("", "—"), *pictures))
    yield Column("is_active", "Active", GOODS, "tick")
    if price_list is not None:
        yield Column("price", "Price", PRICES, "amount", hint=price_list.currency)
        yield from (Column(fact_name(each), each.market.name, PRICES, "fact", address=each.code) for each in others)
        if with_costs:
            yield Column("cost", "Cost", PRICES, "amount")
        yield Column("sale", "Sale price", PRICES, "amount")
        yield Column("sale_from", "Sale from", PRICES, "moment", hint="UTC")
        yield Column("sale_until", "Sale until", PRICES, "moment", hint="UTC")
        yield Column("tiers", "Tiers", PRICES, hint="10: 17.00; 50: 15.00")
    if product.kind == Product.Kind.BUNDLE:
        yield Column("parts", "Parts of one", PARTS, "lines", hint="SKU and how many, one part on each line")
    if product.kind not in _UNSTOCKED:
        yield from (Column(change_name(each), each.name, STOCK, "whole", hint="add or take") for each in locations)
        if locations:
            yield Column("reason", "Why", STOCK, hint="for the stock ledger")
    yield Column("available_from", "Sold from", DATES, "moment", hint="UTC")
    yield Column("available_until", "Sold until", DATES, "moment", hint="UTC")


def fact_name(price_list: PriceList) -> str:
    return f"price_in_{price_list.pk}"


def change_name(location: Location) -> str:
    return f"change_{location.pk}"
