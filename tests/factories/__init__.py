"""Rows for tests. What a test does not say is ordinary: in stock, priced, live, in the one market."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from factory.django import DjangoModelFactory
from PIL import Image
from wagtail.models import Locale, Page, Site

from cms.catalogue.models import CategoryPage, DigitalFile, Placement, Product, ProductContent, ProductImage, Variant
from cms.images.models import ShopImage
from cms.pages.models import HomePage
from commerce.accounts.models import User
from commerce.cart.models import Cart, CartLine
from commerce.customers.addresses import Address
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.markets.models import Market, MarketCountry
from commerce.pricing import ledger
from commerce.pricing.models import Price, PriceList
from commerce.shipping.models import ShippingMethod
from commerce.shipping.opening import open_zone
from commerce.tax.models import TaxRate

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
GERMAN_ADDRESS = Address(
    name="A. Customer",
    street_address="Hauptstraße 1",
    postal_code="10115",
    city="Berlin",
    country_area="",
    country="DE",
)


class MarketFactory(DjangoModelFactory[Market]):
    class Meta:
        model = Market

    code = factory.Sequence(lambda n: f"market-{n}")
    name = factory.Faker("word")
    currency = "EUR"
    tax_inclusive = True


class PriceListFactory(DjangoModelFactory[PriceList]):
    class Meta:
        model = PriceList

    market = factory.SubFactory(MarketFactory)
    code = factory.Sequence(lambda n: f"list-{n}")
    name = "Prices"


class ProductFactory(DjangoModelFactory[Product]):
    class Meta:
        model = Product


class VariantFactory(DjangoModelFactory[Variant]):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}")


class ProductContentFactory(DjangoModelFactory[ProductContent]):
    class Meta:
        model = ProductContent

    product = factory.SubFactory(ProductFactory)
    locale = factory.LazyFunction(Locale.get_default)
    title = factory.Sequence(lambda n: f"Product {n}")
    slug = factory.Sequence(lambda n: f"product-{n}")
    live = True


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    code = factory.Sequence(lambda n: f"location-{n}")
    name = "Warehouse"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user-{n}@example.com")


class CartFactory(DjangoModelFactory[Cart]):
    class Meta:
        model = Cart

    market = factory.SubFactory(MarketFactory)
    email = "customer@example.com"
    address = factory.LazyFunction(GERMAN_ADDRESS.document)
    created_at = LONG_AGO
    updated_at = LONG_AGO


def digital_variant(*, files: int = 1) -> Variant:
    """Of a digital product with this many files to download; it has no price."""
    product = ProductFactory.create(kind=Product.Kind.DIGITAL, shipping_class="none")
    for number in range(files):
        add_file(product, f"Sheet {number}")
    return VariantFactory.create(product=product)


def add_file(product: Product, name: str = "Apron pattern") -> DigitalFile:
    content = ContentFile(b"%PDF-1.7 apron", name="apron.pdf")
    return DigitalFile.objects.create(product=product, name=name, file=content, bytes=14)


def picture(title: str = "Picture", *, size: tuple[int, int] = (64, 64)) -> ShopImage:
    buffer = io.BytesIO()
    Image.new("RGB", size, "#7d8b6a").save(buffer, "PNG")
    return ShopImage.objects.create(title=title, file=ImageFile(io.BytesIO(buffer.getvalue()), name=f"{title}.png"))


@dataclass
class Shop:
    """The market of a test, and ways to put goods and carts into it."""

    market: Market
    prices: PriceList
    warehouse: Location

    @cached_property
    def home(self) -> HomePage:
        """Made when a test first needs it: Wagtail takes longer for a page than the shop for all the rest."""
        return _home()

    def sell(
        self,
        *,
        price: int | None = 1999,
        stock: int = 10,
        product: Product | None = None,
        live: bool = True,
        pictures: int = 0,
        **variant: Any,
    ) -> Variant:
        """A variant with content, a price in minor units (None: no price) and stock."""
        if product is None:
            product = ProductFactory.create()
            content = ProductContentFactory.create(product=product, live=live)
            for place in range(pictures):
                ProductImage.objects.create(content=content, image=picture(), alt_text="Seen", sort_order=place)
        made = VariantFactory.create(product=product, **variant)
        if price is not None:
            self.price(made, price)
        if stock:
            self.stock(made, stock)
        return made

    def price(
        self,
        variant: Variant,
        minor: int,
        *,
        kind: str = "regular",
        valid_from: datetime = LONG_AGO,
        valid_until: datetime | None = None,
    ) -> Price:
        price = Price.objects.create(
            price_list=self.prices,
            variant=variant,
            kind=kind,
            amount_minor=minor,
            currency=self.market.currency,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        ledger.record(
            price_lists=[self.prices], variants=[variant.pk], since=LONG_AGO, at=LONG_AGO, reason="Opening price"
        )
        return price

    def stock(self, variant: Variant, quantity: int, *, location: Location | None = None) -> StockLevel:
        level = StockLevel.objects.create(location=location or self.warehouse, variant=variant, on_hand=quantity)
        StockMovement.objects.create(
            level=level, kind="purchase", quantity=quantity, actor="test", reason="Opening stock", at=LONG_AGO
        )
        return level

    def category(self, title: str, *, parent: Page | None = None) -> CategoryPage:
        page = CategoryPage(title=title, slug=title.lower().replace(" ", "-"))
        (parent or self.home).add_child(instance=page)
        return page

    def place(self, product: Product, category: CategoryPage, *, position: int = 0) -> Placement:
        return Placement.objects.create(product=product, category_key=category.translation_key, position=position)

    def cart(self, *lines: tuple[Variant, int], **fields: Any) -> Cart:
        cart = CartFactory.create(market=self.market, **fields)
        for place, (variant, quantity) in enumerate(lines):
            CartLine.objects.create(
                cart=cart, variant=variant, quantity=quantity, added_at=LONG_AGO + timedelta(seconds=place)
            )
        return cart

    def content(self, variant: Variant) -> ProductContent:
        return ProductContent.objects.get(product=variant.product_id)

    def level(self, variant: Variant) -> StockLevel:
        return StockLevel.objects.get(variant=variant)


def open_shop(*, currency: str = "EUR", tax_inclusive: bool = True, code: str = "eu") -> Shop:
    market = MarketFactory.create(code=code, currency=currency, tax_inclusive=tax_inclusive, is_default=True)
    for country, percent in {"DE": "19", "FR": "20"}.items():
        MarketCountry.objects.create(market=market, country=country)
        for tax_class, rate in {"standard": percent, "reduced": "7"}.items():
            TaxRate.objects.create(country=country, tax_class=tax_class, percent=Decimal(rate), valid_from=LONG_AGO)
    zone = open_zone(market=market, name="Everywhere", countries=["DE", "FR"])
    ShippingMethod.objects.create(zone=zone, code="parcel", name="Parcel", price_minor=490, free_from_minor=10000)
    return Shop(
        market=market,
        prices=PriceListFactory.create(market=market),
        warehouse=LocationFactory.create(),
    )


def _home() -> HomePage:
    home = HomePage.objects.first()
    if home is None:
        home = HomePage(title="Home", slug=f"home-{uuid.uuid4().hex[:8]}")
        Page.get_first_root_node().add_child(instance=home)
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "Shop"}
        )
    return home
