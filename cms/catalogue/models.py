"""The catalogue's two halves: plain rows that sell, and content that has drafts and languages.

No revision contains a plain row, so no publish, revert or schedule can change what is for sale.
"""

from cms.catalogue.brands import Brand, Vendor
from cms.catalogue.categories import CategoryPage
from cms.catalogue.collections import Collection, CollectionItem, CollectionPin, CollectionRule
from cms.catalogue.content import ProductContent, ProductDocument, ProductImage
from cms.catalogue.identity import (
    BundlePart,
    DigitalFile,
    Placement,
    Product,
    ProductTag,
    RelatedProduct,
    Variant,
)
from cms.catalogue.vocabulary import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    CategoryAttribute,
    Option,
    OptionValue,
)

__all__ = [
    "Attribute",
    "AttributeChoice",
    "AttributeValue",
    "Brand",
    "BundlePart",
    "CategoryAttribute",
    "CategoryPage",
    "Collection",
    "CollectionItem",
    "CollectionPin",
    "CollectionRule",
    "DigitalFile",
    "Option",
    "OptionValue",
    "Placement",
    "Product",
    "ProductContent",
    "ProductDocument",
    "ProductImage",
    "ProductTag",
    "RelatedProduct",
    "Variant",
    "Vendor",
]
