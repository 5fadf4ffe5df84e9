"""The shapes of the catalogue's answers. The API's schema is written from these."""

from __future__ import annotations

from typing import Any, TypedDict

from cms.images.sets import ImageSet
from commerce.kit.money import MoneyDocument

JsonLd = dict[str, Any]
"""By schema.org, to be written into the page as it is."""


class TierDocument(TypedDict):
    min_quantity: int
    price: MoneyDocument


class PromotionReference(TypedDict):
    code: str
    name: str


class PriceDocument(TypedDict):
    current: MoneyDocument
    regular: MoneyDocument
    reference: MoneyDocument | None
    discount_percent: int | None
    on_sale: bool
    sale_ends_at: str | None
    valid_until: str | None
    promotion: PromotionReference | None
    tiers: list[TierDocument]
    tax_inclusive: bool


class CategoryReference(TypedDict):
    slug: str
    title: str
    path: str


class TranslationReference(TypedDict):
    locale: str
    slug: str


class CardDocument(TypedDict):
    id: str
    slug: str
    locale: str
    title: str
    summary: str
    image: ImageSet | None
    price: PriceDocument
    price_from: bool
    availability: str
    expected_on: str | None
    variant_count: int
    default_variant: str | None


class VariantDocument(TypedDict):
    id: str
    sku: str
    barcode: str
    name: str
    options: dict[str, str]
    price: PriceDocument
    availability: str
    expected_on: str | None
    available: int | None
    min_quantity: int
    max_quantity: int
    image: int | None


class OptionValueDocument(TypedDict):
    value: str
    label: str
    swatch: str | None
    image: ImageSet | None


class OptionDocument(TypedDict):
    name: str
    label: str
    values: list[OptionValueDocument]


class SeoDocument(TypedDict):
    title: str
    description: str


class PaperDocument(TypedDict):
    title: str
    url: str
    type: str
    size: int | None


class MakerReference(TypedDict):
    """A brand or a vendor."""

    slug: str
    name: str


class AttributeChoiceDocument(TypedDict):
    code: str
    label: str


class AttributeHead(TypedDict):
    code: str
    label: str
    type: str
    unit: str


class AttributeDocument(AttributeHead):
    value: Any
    display: str


class FacetDocument(AttributeHead):
    choices: list[AttributeChoiceDocument]


class BrandDocument(TypedDict):
    slug: str
    name: str
    description: str
    logo: ImageSet | None
    seo: SeoDocument
    product_count: int


class CollectionDocument(TypedDict):
    slug: str
    name: str
    introduction: str
    image: ImageSet | None
    seo: SeoDocument
    product_count: int


class DetailDocument(TypedDict):
    id: str
    slug: str
    path: str
    locale: str
    translations: list[TranslationReference]
    title: str
    summary: str
    story: list[dict[str, Any]]
    gallery: list[ImageSet]
    documents: list[PaperDocument]
    seo: SeoDocument
    social_image: ImageSet | None
    brand: MakerReference | None
    vendor: MakerReference | None
    attributes: list[AttributeDocument]
    categories: list[CategoryReference]
    breadcrumbs: list[CategoryReference]
    price: PriceDocument | None
    price_from: bool
    availability: str
    expected_on: str | None
    options: list[OptionDocument]
    variants: list[VariantDocument]
    json_ld: list[JsonLd]


class CategoryNode(TypedDict):
    slug: str
    locale: str
    title: str
    image: ImageSet | None
    product_count: int
    children: list[CategoryNode]


class CategoryDetail(TypedDict):
    slug: str
    path: str
    locale: str
    translations: list[TranslationReference]
    title: str
    introduction: str
    image: ImageSet | None
    body: list[dict[str, Any]]
    attributes: list[FacetDocument]
    seo: SeoDocument
    social_image: ImageSet | None
    breadcrumbs: list[CategoryReference]
    children: list[CategoryNode]
    product_count: int
    json_ld: list[JsonLd]


class LinkDocument(TypedDict):
    title: str
    path: str


class TranslationDocument(TypedDict):
    locale: str
    path: str


class BlockDocument(TypedDict):
    type: str
    value: Any
    id: str | None


class ArticleCardDocument(TypedDict):
    title: str
    path: str
    standfirst: str
    author: str
    published_on: str | None
    image: ImageSet | None


class PageDocument(TypedDict):
    type: str
    title: str
    path: str
    locale: str
    seo: SeoDocument
    social_image: ImageSet | None
    breadcrumbs: list[LinkDocument]
    translations: list[TranslationDocument]
    article: ArticleCardDocument | None
    blocks: list[BlockDocument]


class MenuItemDocument(TypedDict):
    label: str
    path: str | None
    items: list[MenuItemDocument]


class LocaleDocument(TypedDict):
    code: str
    name: str
    is_default: bool


class SocialProfileDocument(TypedDict):
    network: str
    url: str


class ContactDocument(TypedDict):
    email: str
    phone: str
    address: str
    opening_hours: str


class ShopDocument(TypedDict):
    name: str
    tagline: str
    legal_name: str
    logo: ImageSet | None
    social_image: ImageSet | None
    contact: ContactDocument
    social: list[SocialProfileDocument]
    footer_line: str


class SiteDocument(TypedDict):
    shop: ShopDocument
    menus: dict[str, list[MenuItemDocument]]
    locales: list[LocaleDocument]
    json_ld: list[JsonLd]
