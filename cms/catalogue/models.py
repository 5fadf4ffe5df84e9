"""The catalogue's two halves: plain rows that sell, and content that has drafts and languages.

No revision contains a plain row, so no publish, revert or schedule can change what is for sale.
"""

from cms.catalogue.categories import CategoryPage
from cms.catalogue.content import ProductContent, ProductImage
from cms.catalogue.identity import Brand, BundlePart, Collection, CollectionItem, Placement, Product, Variant

__all__ = [
    "Brand",
    "BundlePart",
    "CategoryPage",
    "Collection",
    "CollectionItem",
    "Placement",
    "Product",
    "ProductContent",
    "ProductImage",
    "Variant",
]
