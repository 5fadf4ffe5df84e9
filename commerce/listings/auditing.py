from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from wagtail.models import Locale

from cms.catalogue.models import ProductContent
from commerce.listings.products import listed
from commerce.markets.models import Market
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import offers_of_products

BATCH = 500


def discrepancies(*, at: datetime) -> Iterator[str]:
    """Products that a list shows although nobody could buy them at `at` (I10): the list is asked one way, what can be
    bought another. A fixed number of queries for each 500 products of a market and language."""
    for market in Market.objects.order_by("code"):
        audience = Audience(market=market)
        for locale in Locale.objects.order_by("pk"):
            shown = listed(audience=audience, locale=locale, at=at).order_by("pk").values_list("product", flat=True)
            keys = shown.iterator(chunk_size=BATCH)
            while batch := list(islice(keys, BATCH)):
                for product in _not_sellable(batch, audience, at=at):
                    yield f"I10 product {product}: listed in market {market.code} and cannot be bought"


def _not_sellable(products: list[uuid.UUID], audience: Audience, *, at: datetime) -> list[uuid.UUID]:
    found = offers_of_products(product_ids=products, audience=audience, at=at)
    live = ProductContent.objects.filter(live=True, product__in=products).values_list("product", flat=True)
    sold = {offer.variant.product_id for offer in found.values()} & set(live)
    return [product for product in products if product not in sold]
