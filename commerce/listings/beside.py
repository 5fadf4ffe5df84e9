"""What is shown beside a product, and what the shop presents as its best."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from wagtail.models import Locale

from cms.catalogue.models import Placement, ProductContent, RelatedProduct
from cms.preview.drafts import Drafts
from commerce.listings import products
from commerce.listings.documents import CardDocument
from commerce.pricing.audience import Audience

MOST_BESIDE = 12


def featured(
    *, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None = None
) -> QuerySet[ProductContent]:
    """Contents of the featured products that can be bought, by title."""
    listed = products.listed(audience=audience, locale=locale, at=at, drafts=drafts)
    return listed.filter(product__is_featured=True)


def related(
    *, slug: str, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None = None
) -> list[CardDocument]:
    """Cards of what a merchandiser put beside the product, in that order; where none of it can be bought, of others in
    its categories. A fixed number of queries.

    Raises `ProductNotFound`.
    """
    listed = products.listed(audience=audience, locale=locale, at=at, drafts=drafts)
    product = listed.filter(slug=slug).values_list("product", flat=True).first()
    if product is None:
        raise products.ProductNotFound()
    chosen = RelatedProduct.objects.filter(product=product).values_list("related", flat=True)
    order = {key: place for place, key in enumerate(chosen)}
    contents = sorted(listed.filter(product__in=order), key=lambda each: order[each.product_id]) if order else []
    if not contents:
        keys = list(Placement.objects.filter(product=product).values_list("category_key", flat=True))
        alike = products.listed(audience=audience, locale=locale, at=at, categories=keys, drafts=drafts)
        contents = list(alike.exclude(product=product)[:MOST_BESIDE]) if keys else []
    return products.cards(contents[:MOST_BESIDE], audience=audience, at=at, drafts=drafts)
