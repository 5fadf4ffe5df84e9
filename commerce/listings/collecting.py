"""Works out the products of collections by rules, into the rows that lists, promotions and prices ask for.

The catalogue is read once for all collections, subject by subject as rules need them, and each rule is a set of
products. Only rows that differ are written, so doing it again writes nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction

from cms.catalogue.branches import with_ancestors
from cms.catalogue.locales import default_locale
from cms.catalogue.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    Brand,
    Collection,
    CollectionItem,
    CollectionPin,
    CollectionRule,
    Placement,
    Product,
    ProductContent,
    ProductTag,
    Variant,
    Vendor,
)
from cms.catalogue.ruling import key_of, read_number
from commerce.inventory.queries import supplies
from commerce.kit.currencies import exponent
from commerce.markets.queries import market_named
from commerce.pricing.everybody import prices_for_everybody

Key = uuid.UUID
Keys = frozenset[Key]
NOTHING: Keys = frozenset()

_COUNTED = (Attribute.Type.NUMBER, Attribute.Type.DATE)

AT_ONCE = 10_000
"""So many variants are asked for stock in one query, and so many rows are written in one."""


def work_out_all(*, at: datetime) -> int:
    """Every collection by rules. Returns how many rows were written."""
    collections = list(
        Collection.objects.filter(method=Collection.Method.RULES).prefetch_related("rules", "pins").order_by("pk")
    )
    shelf = Shelf(at=at)
    return sum(_write(collection, _found(collection, shelf)) for collection in collections)


def work_out(collection: Collection, *, at: datetime) -> int:
    """One collection by rules, as it is saved. Returns how many rows were written."""
    saved = Collection.objects.prefetch_related("rules", "pins").get(pk=collection.pk)
    if saved.method != Collection.Method.RULES:
        return 0
    return _write(saved, _found(saved, Shelf(at=at)))


@dataclass(frozen=True, slots=True)
class _Fact:
    brand: Key | None
    vendor: Key | None
    is_featured: bool
    created_at: datetime


class Shelf:
    """What rules ask of the catalogue at an instant. Each subject is read when the first rule asks for it, and once."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at

    @cached_property
    def products(self) -> dict[Key, _Fact]:
        """Of those that are not archived. Whether they are for sale is asked when they are shown."""
        rows = Product.objects.filter(archived_at=None).values_list(
            "pk", "brand_id", "vendor_id", "is_featured", "created_at"
        )
        return {pk: _Fact(brand, vendor, featured, created) for pk, brand, vendor, featured, created in rows}

    @cached_property
    def all(self) -> Keys:
        return frozenset(self.products)

    @cached_property
    def titles(self) -> dict[Key, str]:
        return dict(ProductContent.objects.filter(locale=default_locale()).values_list("product", "title"))

    @cached_property
    def _categories(self) -> dict[Key, set[Key]]:
        """By category, those in it and in all below. A category without products is there, one that is gone is not."""
        above = with_ancestors()
        found: dict[Key, set[Key]] = {key: set() for key in above}
        for product, key in Placement.objects.values_list("product", "category_key"):
            for each in above.get(key, ()):
                found[each].add(product)
        return found

    @cached_property
    def _brands(self) -> Keys:
        return frozenset(Brand.objects.values_list("pk", flat=True))

    @cached_property
    def _vendors(self) -> Keys:
        return frozenset(Vendor.objects.values_list("pk", flat=True))

    @cached_property
    def _tags(self) -> dict[str, set[Key]]:
        return _by_first(ProductTag.objects.values_list("tag__name", "content_object"))

    @cached_property
    def _attributes(self) -> dict[Key, str]:
        return dict(Attribute.objects.values_list("pk", "type"))

    @cached_property
    def _choices(self) -> frozenset[int]:
        return frozenset(AttributeChoice.objects.values_list("pk", flat=True))

    @cached_property
    def _values(self) -> dict[Key, list[tuple[Key, Any]]]:
        """By attribute: product and value, which is the key of a choice where there is one."""
        found: dict[Key, list[tuple[Key, Any]]] = defaultdict(list)
        rows = AttributeValue.objects.order_by().values_list(
            "attribute", "product", "choice", "text", "number", "boolean", "date"
        )
        for attribute, product, choice, text, number, boolean, day in rows:
            value = next((each for each in (choice, number, boolean, day) if each is not None), text)
            found[attribute].append((product, value))
        return found

    @cached_property
    def _variants(self) -> dict[Key, Key]:
        """The product of each variant that is not archived or switched off."""
        return dict(Variant.objects.filter(archived_at=None, is_active=True).values_list("pk", "product"))

    @cached_property
    def _prices(self) -> dict[Key, tuple[int, bool]]:
        """By product: its lowest regular price in minor units, and whether a variant of it is on sale."""
        found: dict[Key, tuple[int, bool]] = {}
        for variant, price in prices_for_everybody(market=self._market, at=self.at).items():
            if product := self._variants.get(variant):
                regular, reduced = price.regular.amount.minor, price.current.amount < price.regular.amount
                lowest, on_sale = found.get(product, (regular, False))
                found[product] = (min(lowest, regular), on_sale or reduced)
        return found

    @cached_property
    def _market(self) -> Any:
        return market_named(None)

    @cached_property
    def _in_stock(self) -> Keys:
        """Those of which a variant lies on a shelf, or is not counted."""
        variants = list(self._variants)
        found: set[Key] = set()
        for start in range(0, len(variants), AT_ONCE):
            stock = supplies(variant_ids=variants[start : start + AT_ONCE], at=self.at)
            found.update(self._variants[key] for key, supply in stock.items() if supply.on_hand_free > 0)
        return frozenset(found)

    def price(self, product: Key) -> int | None:
        return self._prices.get(product, (None, False))[0]

    def fitting(self, rule: CollectionRule) -> Keys | None:
        """The products that a rule finds, before it is turned round; None where what it names is gone or unreadable."""
        value = rule.value if isinstance(rule.value, dict) else {}
        subject = CollectionRule.Subject
        match rule.subject:
            case subject.CATEGORY:
                found = self._categories.get(key_of(value) or uuid.UUID(int=0))
                return None if found is None else frozenset(found)
            case subject.BRAND:
                return self._of(value, self._brands, lambda fact: fact.brand)
            case subject.VENDOR:
                return self._of(value, self._vendors, lambda fact: fact.vendor)
            case subject.TAG:
                tagged = self._tags.get(str(value.get("tag", "")))
                return None if tagged is None else frozenset(tagged)
            case subject.ATTRIBUTE:
                return self._with_attribute(value)
            case subject.FEATURED:
                return self._where(lambda fact: fact.is_featured)
            case subject.IN_STOCK:
                return self._in_stock
            case subject.ON_SALE:
                return frozenset(product for product, (_, on_sale) in self._prices.items() if on_sale)
        return self._by_number(rule.subject, value)

    def _by_number(self, subject: str, value: dict[str, Any]) -> Keys | None:
        try:
            number = read_number(str(value["days" if subject == CollectionRule.Subject.NEW_FOR_DAYS else "amount"]))
        except (KeyError, ValueError):
            return None
        if subject == CollectionRule.Subject.NEW_FOR_DAYS:
            since = self.at - timedelta(days=int(number))
            return self._where(lambda fact: fact.created_at >= since)
        limit = number * 10 ** exponent(self._market.currency)
        below = subject == CollectionRule.Subject.PRICE_BELOW
        return frozenset(
            product
            for product, (lowest, _) in self._prices.items()
            if (Decimal(lowest) <= limit if below else Decimal(lowest) >= limit)
        )

    def _of(self, value: dict[str, Any], there: Keys, of: Callable[[_Fact], Key | None]) -> Keys | None:
        key = key_of(value)
        return self._where(lambda fact: of(fact) == key) if key in there else None

    def _where(self, fits: Callable[[_Fact], bool]) -> Keys:
        return frozenset(product for product, fact in self.products.items() if fits(fact))

    def _with_attribute(self, value: dict[str, Any]) -> Keys | None:
        key = key_of(value)
        kind = self._attributes.get(key) if key else None
        if key is None or kind is None:
            return None
        try:
            fits = self._fits(kind, value)
        except ValueError:
            return None
        return None if fits is None else frozenset(product for product, each in self._values.get(key, ()) if fits(each))

    def _fits(self, kind: str, value: dict[str, Any]) -> Callable[[Any], bool] | None:
        if chosen := value.get("choices"):
            there = self._choices.intersection(int(each) for each in chosen)
            return (lambda each: each in there) if there else None
        if "is" in value:
            return lambda each: each is value["is"]
        if said := value.get("text"):
            return lambda each: str(each).casefold() == str(said).casefold()
        if kind not in _COUNTED:
            return None
        read: Callable[[str], Any] = date.fromisoformat if kind == Attribute.Type.DATE else read_number
        least = read(str(value["from"])) if value.get("from") else None
        most = read(str(value["to"])) if value.get("to") else None
        return lambda each: (least is None or each >= least) and (most is None or each <= most)


def _by_first(rows: Iterable[tuple[Any, Key]]) -> dict[Any, set[Key]]:
    found: dict[Any, set[Key]] = defaultdict(set)
    for key, product in rows:
        found[key].add(product)
    return dict(found)


def _found(collection: Collection, shelf: Shelf) -> list[Key]:
    """The products of the collection in its order: pins first, then what the rules find, then what is pinned last."""
    found = [_of_rule(rule, shelf) for rule in collection.rules.all()]
    if not found:
        fitting: Keys = NOTHING
    elif collection.match == Collection.Match.ANY:
        fitting = NOTHING.union(*found)
    else:
        fitting = found[0].intersection(*found[1:])
    pins = [pin for pin in collection.pins.all() if pin.product_id in shelf.all]
    first = [pin.product_id for pin in pins if pin.place == CollectionPin.Place.FIRST]
    last = [pin.product_id for pin in pins if pin.place == CollectionPin.Place.LAST and pin.product_id in fitting]
    between = (fitting & shelf.all) - {*first, *last}
    return [*first, *_sorted(between, collection.order, shelf), *last]


def _of_rule(rule: CollectionRule, shelf: Shelf) -> Keys:
    """A rule that names what is gone finds nothing, turned round or not."""
    fitting = shelf.fitting(rule)
    if fitting is None:
        return NOTHING
    return shelf.all - fitting if rule.is_not else fitting


def _sorted(products: Iterable[Key], order: str, shelf: Shelf) -> list[Key]:
    """What has no price comes last; equals are sorted by title."""
    by_title = sorted(products, key=lambda each: (shelf.titles.get(each, "").casefold(), each))
    match order:
        case Collection.Order.TITLE:
            return by_title
        case Collection.Order.NEWEST:
            return sorted(by_title, key=lambda each: shelf.products[each].created_at, reverse=True)
    priced = {each: price for each in by_title if (price := shelf.price(each)) is not None}
    ordered = sorted(priced, key=priced.__getitem__, reverse=order == Collection.Order.PRICE_DOWN)
    return [*ordered, *(each for each in by_title if each not in priced)]


def _write(collection: Collection, wanted: Sequence[Key]) -> int:
    """Make the rows of the collection these. Lock: the collection's row, so that two workers take turns."""
    with transaction.atomic():
        if not Collection.objects.select_for_update().filter(pk=collection.pk).exists():
            return 0
        items = CollectionItem.objects.filter(collection=collection)
        standing = dict(items.order_by().values_list("product", "position"))
        places = {product: position for position, product in enumerate(wanted)}
        gone = standing.keys() - places.keys()
        for some in _in_batches(sorted(gone)):
            items.filter(product__in=some).delete()
        changed = [
            CollectionItem(collection=collection, product_id=product, position=position)
            for product, position in places.items()
            if standing.get(product) != position
        ]
        # What was deleted since it was read would be refused as a whole; it is left out in the next minute.
        CollectionItem.objects.bulk_create(
            changed,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["collection", "product"],
            update_fields=["position"],
        )
    return len(gone) + len(changed)


def _in_batches(keys: Sequence[Key]) -> Iterable[Sequence[Key]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
