"""What the grid shows of a product, read in a number of queries that does not grow with its variants."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from wagtail.models import Locale

from cms.catalogue.models import BundlePart, Option, Product, ProductContent, Variant
from cms.images.models import ShopImage
from commerce.desk.pricing import access
from commerce.desk.pricing.entering import seen
from commerce.desk.pricing.forms import minute, shown_prices
from commerce.desk.pricing.standing import Standing, by_market
from commerce.desk.pricing.tiers import written_tiers
from commerce.desk.variants.columns import Column, OptionColumn, columns_of, option_columns
from commerce.desk.variants.stock import Lying, lying
from commerce.inventory.models import Location
from commerce.kit.money import Money
from commerce.pricing import ledger
from commerce.pricing.models import PriceList
from commerce.pricing.timelines import quoted

THUMBNAIL = "fill-80x80|format-webp"
Shown = dict[str, str]
"""What the cells of a row say, by the name of their column."""


@dataclass(frozen=True, slots=True)
class Picture:
    image: ShopImage
    title: str

    @property
    def address(self) -> str:
        try:
            return str(self.image.get_rendition(THUMBNAIL).url)
        except OSError:
            # Its file is lost; the variant's other cells are still of use.
            return ""


@dataclass(frozen=True)
class Sheet:
    product: Product
    content: ProductContent | None
    variants: Sequence[Variant]
    archived_count: int
    vocabulary: Sequence[Option]
    options: Sequence[OptionColumn]
    pictures: Mapping[int, Picture]
    price_list: PriceList | None
    price_lists: Sequence[PriceList]
    standings: Mapping[uuid.UUID, Standing]
    prices_elsewhere: Mapping[tuple[uuid.UUID, int], Money]
    locations: Sequence[Location]
    lying: Lying
    parts: Mapping[uuid.UUID, Mapping[str, int]]
    columns: Sequence[Column]
    at: datetime
    may_change_prices: bool
    may_see_costs: bool
    may_change_costs: bool

    @classmethod
    def read(cls, product: Product, *, price_list: PriceList | None, user: Any, at: datetime) -> Sheet:
        known = list(product.variants.select_related("product", "image").prefetch_related("image__renditions"))
        variants = [each for each in known if each.archived_at is None]
        content = _content(product)
        vocabulary = list(Option.objects.prefetch_related("values"))
        options = option_columns(variants, vocabulary)
        pictures = _pictures(content, variants)
        price_lists = list(by_market(PriceList.objects.all()).select_related("base").prefetch_related("former_terms"))
        others = [each for each in main_lists(price_lists, at=at) if price_list and each.pk != price_list.pk]
        locations = list(Location.objects.all())
        may_see_costs = access.may_see_costs(user)
        return cls(
            product=product,
            content=content,
            variants=variants,
            archived_count=len(known) - len(variants),
            vocabulary=vocabulary,
            options=options,
            pictures=pictures,
            price_list=price_list,
            price_lists=price_lists,
            standings=seen(variants, price_list=price_list, at=at) if price_list else {},
            prices_elsewhere=_prices(others, variants, at=at),
            locations=locations,
            lying=lying(product),
            parts=_parts(product),
            columns=list(
                columns_of(
                    product,
                    options=options,
                    pictures=[(str(key), each.title) for key, each in pictures.items()],
                    price_list=price_list,
                    others=others,
                    locations=locations,
                    with_costs=may_see_costs,
                )
            ),
            at=at,
            may_change_prices=access.may_change_prices(user),
            may_see_costs=may_see_costs,
            may_change_costs=access.may_change_costs(user),
        )

    @cached_property
    def by_key(self) -> dict[uuid.UUID, Variant]:
        return {variant.pk: variant for variant in self.variants}

    @cached_property
    def shown(self) -> dict[uuid.UUID, Shown]:
        return {variant.pk: self._shown(variant) for variant in self.variants}

    @cached_property
    def names(self) -> frozenset[str]:
        """Of the columns whose cells can be changed."""
        return frozenset(column.name for column in self.columns if not column.is_fact)

    def is_fixed(self, name: str) -> bool:
        """Whether this user may not change such cells."""
        if name == "cost":
            return not self.may_change_costs
        return name in {"price", "sale", "sale_from", "sale_until", "tiers"} and not self.may_change_prices

    def _shown(self, variant: Variant) -> Shown:
        standing = self.standings.get(variant.pk)
        prices = shown_prices(standing)
        said = {
            "sku": variant.sku,
            "barcode": variant.barcode,
            **{each.name: variant.options.get(each.option, "") for each in self.options},
            "weight_grams": str(variant.weight_grams or ""),
            "image": str(variant.image_id or ""),
            "is_active": "on" if variant.is_active else "",
            "price": prices.pop("regular"),
            "tiers": written_tiers(standing.own_tiers) if standing else "",
            **prices,
            "parts": "\n".join(f"{sku} {count}" for sku, count in self.parts.get(variant.pk, {}).items()),
            "available_from": minute(variant.available_from),
            "available_until": minute(variant.available_until),
        }
        return {name: text for name, text in said.items() if name in self.names}


def main_lists(price_lists: Sequence[PriceList], *, at: datetime) -> list[PriceList]:
    """Of each market the list that everybody buys by: of those for no group and no channel the first asked."""
    found: dict[int, PriceList] = {}
    for each in price_lists:
        holds = (each.valid_from is None or each.valid_from <= at) and (
            each.valid_until is None or each.valid_until > at
        )
        if holds and each.customer_group_id is None and each.channel_id is None:
            standing = found.get(each.market_id)
            if standing is None or each.priority > standing.priority:
                found[each.market_id] = each
    return list(found.values())


def _content(product: Product) -> ProductContent | None:
    """In the shop's own language if there is one."""
    contents = list(product.contents.select_related("latest_revision", "locale").order_by("locale"))
    default = Locale.get_default()
    return next((each for each in contents if each.locale_id == default.pk), contents[0] if contents else None)


def _pictures(content: ProductContent | None, variants: Sequence[Variant]) -> dict[int, Picture]:
    """Those of the gallery as it was last saved, draft or not, and whatever else variants show by now."""
    revision = content.latest_revision if content else None
    rows = revision.content.get("gallery", []) if revision else []
    if content and not revision:
        rows = list(content.gallery.values("image", "alt_text"))
    titles = {row["image"]: row["alt_text"] for row in rows if row["image"]}
    found = ShopImage.objects.filter(pk__in=titles).prefetch_related("renditions").in_bulk()
    shown = {key: Picture(found[key], titles[key] or found[key].title) for key in titles if key in found}
    for variant in variants:
        if variant.image is not None and variant.image_id not in shown:
            shown[variant.image_id] = Picture(variant.image, f"{variant.image.title} (not in the gallery)")
    return shown


def _prices(
    price_lists: Sequence[PriceList], variants: Sequence[Variant], *, at: datetime
) -> dict[tuple[uuid.UUID, int], Money]:
    """What one piece costs in each list now."""
    facts = {each.pk: each.facts for each in price_lists}
    keys = facts.keys() | {each.base_id for each in price_lists if each.base_id}
    rows = ledger.rows_not_over(keys, [variant.pk for variant in variants], at=at)
    found = {}
    for variant in variants:
        for each in price_lists:
            own, base = rows.get((variant.pk, each.pk), []), rows.get((variant.pk, each.base_id or 0), [])
            price = quoted(facts[each.pk], own, base, quantity=1, at=at)
            if price is not None:
                found[variant.pk, each.pk] = price.current.amount
    return found


def _parts(product: Product) -> dict[uuid.UUID, dict[str, int]]:
    found: dict[uuid.UUID, dict[str, int]] = {}
    if product.kind == Product.Kind.BUNDLE:
        for part in BundlePart.objects.filter(bundle__product=product).select_related("part"):
            found.setdefault(part.bundle_id, {})[part.part.sku] = part.quantity
    return found
