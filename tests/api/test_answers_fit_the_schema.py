"""The published schema is kept: real answers of every operation are held against it."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from rest_framework import serializers
from rest_framework.test import APIClient
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site
from wagtail.rich_text import RichText

from cms.catalogue.models import (
    Attribute,
    Brand,
    CategoryPage,
    Collection,
    CollectionItem,
    Product,
    ProductContent,
    Variant,
    Vendor,
)
from cms.images import sets
from cms.pages.models import Menu, ShopSettings
from cms.preview.sessions import start_preview
from commerce.accounts.models import User
from commerce.api import shapes
from commerce.cart.models import CartLine
from commerce.customers.models import NewsletterSubscription
from commerce.customers.newsletter import confirm_url, unsubscribe_url
from commerce.kit import money, outbox
from commerce.kit.clock import now
from commerce.listings import documents
from commerce.orders.access import access_signature
from commerce.orders.fulfilling import deliver, pack, ship
from commerce.orders.models import Order
from tests.commerce.payments.paying import paid
from tests.factories import GERMAN_ADDRESS, Shop, UserFactory, digital_variant, picture
from tests.factories.credit import gift_card
from tests.factories.invoicing import seller_of
from tests.factories.orders import Bought, buy
from tests.factories.pages import article, landing
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.factories.vocabulary import ask, attribute, give
from tests.till import Till

pytestmark = pytest.mark.django_db

SCHEMA = Path(__file__).resolve().parents[2] / "commerce" / "api" / "openapi.yaml"
PROBLEM = "application/problem+json"
FILES = {"application/pdf", "application/octet-stream"}
ADDRESS = {**GERMAN_ADDRESS.document(), "email": "customer@example.com"}

_formats = FormatChecker(["uuid", "email", "ipv4"])


@_formats.checks("date-time", raises=ValueError)
def _is_an_instant(text: object) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


@_formats.checks("uri")
def _is_an_address(text: object) -> bool:
    return not isinstance(text, str) or bool(urlsplit(text).scheme and urlsplit(text).netloc)


@cache
def _document() -> Any:
    """The schema as published, except that no object may hold a member it does not describe."""
    document = yaml.safe_load(SCHEMA.read_text())
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("unevaluatedProperties", False)
    # Problems carry the facts of their case beside the members that all have.
    del document["components"]["schemas"]["Problem"]["unevaluatedProperties"]
    return document


@cache
def _registry() -> Registry[Any]:
    resource = Resource(contents=_document(), specification=DRAFT202012)
    return Registry().with_resource("urn:openapi", resource)


def _errors(answer: Any, schema: dict[str, Any]) -> list[str]:
    """What in the answer is not as the schema says."""
    absolute = yaml.safe_load(yaml.safe_dump(schema).replace("#/components", "urn:openapi#/components"))
    validator = Draft202012Validator(absolute, registry=_registry(), format_checker=_formats)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


class Reader:
    """A client that holds every answer against the schema and remembers which operations it has seen."""

    def __init__(self, api: APIClient) -> None:
        self._api = api
        self.seen: set[tuple[str, str]] = set()

    def sign_in(self) -> None:
        self._api.force_login(UserFactory.create())

    def get(self, path: str, /, **query: Any) -> Any:
        return self._read("get", path, self._api.get(f"/api/v1/{path}", query))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        answer = getattr(self._api, method)(f"/api/v1/{path}", body or {}, format="json")
        return self._read(method, path, answer)

    def webhook(self, body: bytes, signature: str) -> None:
        headers = {"Stripe-Signature": signature}
        path = "webhooks/stripe/"
        answer = self._api.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
        self._read("post", path, answer)

    def _read(self, method: str, path: str, answer: Any) -> Any:
        route = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", answer.resolver_match.route)
        responses = _document()["paths"][route][method]["responses"]
        described = responses.get(str(answer.status_code)) or responses["default"]
        is_file = answer.get("Content-Type") in FILES
        if answer.streaming:
            answer.close()
        body = None if is_file or not answer.content else answer.json()
        if answer.status_code < 400:
            assert str(answer.status_code) in responses, f"{method} {path}: {answer.status_code} is not described"
            self.seen.add((method, route))
        else:
            assert answer["Content-Type"] == PROBLEM
        for media_type, content in described.get("content", {}).items():
            assert answer["Content-Type"] == media_type
            assert is_file or _errors(body, content["schema"]) == [], f"{method} {path}"
        return body


@pytest.fixture
def reader(api: APIClient) -> Reader:
    return Reader(api)


def _furnish(shop: Shop) -> Variant:
    """One product that has everything a product can have, on sale and nearly gone."""
    lamps = shop.category("Lamps")
    lamps.image, lamps.introduction = picture("Tile"), "<p>For reading.</p>"
    lamps.save()
    bulbs = shop.category("Bulbs", parent=lamps)
    variant = shop.sell(price=1999, stock=3, options={"Colour": "Moss"}, pictures=2)
    content = shop.content(variant)
    image = {"image": picture("Furnace"), "caption": "The works"}
    content.story = [
        ("heading", "Glass"),
        ("paragraph", RichText("<p>Blown by <b>hand</b>.</p>")),
        ("image", content.story.stream_block.child_blocks["image"].normalize(image)),
        ("quote", {"text": "Bright.", "attribution": "A reader"}),
    ]
    content.save()
    variant.image = content.pictures[1].image
    variant.save()
    shop.sell(price=2999, stock=0, product=variant.product, options={"Colour": "Ash"})
    shop.price(variant, 1499, kind="sale", valid_until=now() + timedelta(days=1))
    shop.place(variant.product, bulbs)
    _describe(variant.product, lamps)
    return variant


def _describe(product: Product, category: CategoryPage) -> None:
    """An attribute of each type, a brand, a vendor, a collection; and the category's own story."""
    product.brand = Brand.objects.create(name="Kilnside", slug="kilnside", logo=picture("Logo"))
    product.vendor = Vendor.objects.create(name="Works", slug="works")
    product.save()
    winter = Collection.objects.create(name="Winter", slug="winter", image=picture("Winter"))
    CollectionItem.objects.create(collection=winter, product=product)
    category.body = [("heading", "How we choose")]
    category.save()
    values: dict[str, Any] = {"text": "Dust it", "number": 3, "boolean": True, "date": "2026-01-31"}
    for type in Attribute.Type.values:
        made = attribute(f"of-{type}", type, choices=("One",) if type.startswith("choice") else ())
        ask(category, made)
        if type in values:
            give(product, made, **{type: values[type]})
        else:
            give(product, made, "One")


def _shop_around(reader: Reader, shop: Shop) -> Variant:
    variant = _furnish(shop)
    bare = shop.sell()
    reader.get("markets/")
    reader.get("categories/")
    for slug in ("lamps", "bulbs"):
        reader.get(f"categories/{slug}/")
    reader.get("products/", page_size=1)
    reader.get("products/", category="lamps")
    reader.get("products/", ids=str(variant.product_id))
    reader.get("products/", brand="kilnside", vendor="works", collection="winter", tag="none")
    for address in ("brands/", "brands/kilnside/", "collections/", "collections/winter/"):
        reader.get(address)
    for each in (variant, bare):
        reader.get(f"products/{shop.content(each).slug}/")
    token = start_preview(shop.content(variant), user=None, at=now())
    reader.get("products/preview/", token=token, content_type="catalogue.productcontent")
    reader.get("preview/", preview=token)
    Product.objects.filter(pk=variant.product_id).update(is_featured=True)
    assert reader.get("products/featured/")["results"]
    reader.get(f"products/{shop.content(variant).slug}/related/")
    Redirect.add_redirect("/p/old", "/p/new")
    reader.get("redirects/", path="/p/old")
    _read_pages(reader, shop, shop.content(variant))
    return variant


def _read_pages(reader: Reader, shop: Shop, content: ProductContent) -> None:
    journal = landing("Journal", ("products", {"title": "New", "products": [content]}), parent=shop.home)
    article("Linen", parent=journal, image=picture("Linen"))
    for path in ("/", "/journal", "/journal/linen"):
        reader.get("pages/", path=path)
    reader.get("pages/", type="article")
    token = start_preview(journal, user=None, at=now())
    reader.get("pages/preview/", token=token, content_type="pages.landingpage")
    menu = Menu(handle="main", locale=journal.locale)
    menu.items = [("address", menu.items.stream_block.child_blocks["address"].normalize({"target": "/c/lamps"}))]
    ShopSettings.objects.create(site=Site.objects.get(), social="https://instagram.com/nest")
    reader.get("site/")
    reader.get("site/preview/", token=start_preview(menu, user=None, at=now()), content_type="pages.menu")


def _ask_for_the_newsletter(reader: Reader) -> None:
    reader.send("post", "newsletter/", {"email": "reader@example.com", "source": "/journal"})
    subscription = NewsletterSubscription.objects.get()
    for word, url in {"confirm": confirm_url(subscription), "unsubscribe": unsubscribe_url(subscription)}.items():
        reader.send("post", f"newsletter/{word}/", {"token": url.partition(f"#{word}=")[2]})


def _fill_a_cart(reader: Reader, variant: Variant) -> Any:
    cart = f"carts/{reader.send('post', 'carts/')['id']}/"
    reader.get(cart)
    line = reader.send("post", f"{cart}lines/", {"variant": str(variant.pk), "quantity": 1})["lines"][0]["id"]
    reader.send("patch", f"{cart}lines/{line}/", {"quantity": 2})
    reader.send("delete", f"{cart}lines/{line}/")
    reader.send("post", f"{cart}lines/", {"variant": str(variant.pk), "quantity": 2})
    reader.get(f"{cart}quote/")
    reader.send("put", f"{cart}address/", ADDRESS)
    reader.get(f"{cart}shipping-options/")
    reader.get(f"{cart}payment-methods/")
    reader.send("put", f"{cart}shipping-method/", {"method": "parcel"})
    reader.send("put", f"{cart}billing-address/", GERMAN_ADDRESS.document())
    reader.send("delete", f"{cart}billing-address/")
    reader.send("put", f"{cart}note/", {"note": "Ring twice"})
    _pay_less(reader, cart)
    reader.get(f"{cart}quote/", explain=1)
    _come_back(reader, cart, variant)
    return reader.get(cart)


def _come_back(reader: Reader, cart: str, variant: Variant) -> None:
    """Something is saved for later and something changed meanwhile; the shopper goes on with another device."""
    other = Variant.objects.exclude(product=variant.product).get()
    later = reader.send("post", f"{cart}lines/", {"variant": str(other.pk)})
    reader.send("patch", f"{cart}lines/{later['lines'][-1]['id']}/", {"saved": True})
    CartLine.objects.update(seen={"price": None, "available": 0})
    assert [change["kind"] for change in reader.get(cart)["changes"]] == ["back_again"] * 2
    reader.send("post", f"{cart}seen/")
    link = reader.send("post", f"{cart}resume-link/")
    reader.send("post", "carts/resume/", {"token": link["token"]})


def _sign_in(reader: Reader, guest: Any) -> None:
    reader.sign_in()
    reader.send("post", f"carts/{guest['id']}/claim/")
    reader.get("carts/mine/")


def _send_back(reader: Reader, path: str, reference: Any) -> None:
    """One order arrives and a part of it is to go back; another one is cancelled."""
    order = Order.objects.get(pk=reference["id"])
    parcel = ship(fulfilment=pack(order=order, actor="test", at=now()), tracking_number="A1", actor="test", at=now())
    deliver(fulfilment=parcel, actor="test", at=now())
    body = {"lines": [{"position": 0, "quantity": 1, "reason": "damaged"}], "words": "Cracked"}
    reader.send("post", f"{path}returns/?access={reference['access']}", body)
    reader.get(f"{path}returns/", access=reference["access"])
    shown = reader.get(path, access=reference["access"])
    assert [shown["parcels"][0]["tracking_number"], shown["returns"][0]["status"]] == ["A1", "requested"]
    other = buy(Bought(order.lines.all()[0].variant), at=now())
    reader.send("post", f"orders/{other.pk}/cancel/?access={access_signature(other.pk)}", {"reason": "Too late"})


def _see_the_invoice(reader: Reader, order: str, access: str) -> None:
    while outbox.deliver_due(at=now()):
        pass
    [invoice] = reader.get(f"{order}invoices/", access=access)["results"]
    reader.get(f"{order}invoices/{invoice['number']}/pdf/", access=access)


def _download(reader: Reader) -> None:
    pattern = digital_variant()
    order = buy(Bought(pattern, shipping_class="none"), at=now())
    [told] = reader.get(f"orders/{order.pk}/", access=access_signature(order.pk))["downloads"]
    reader.get(told["url"].partition("/api/v1/")[2])


def _keep_a_card(reader: Reader, till: Till, shopper: User) -> None:
    paid(till, now(), customer=shopper, save_card=True)
    [card] = reader.get("customers/me/cards/")["results"]
    reader.send("delete", f"customers/me/cards/{card['id']}/")


def _pay_less(reader: Reader, cart: str) -> None:
    """A promotion for everybody, one by coupon and a gift card; one of each is taken out again."""
    PromotionFactory.create(percent="5")
    for code in ("KEPT", "DROPPED"):
        coupon = CouponFactory.create(code=code)
        reader.send("post", f"{cart}coupons/", {"code": coupon.code})
    reader.send("delete", f"{cart}coupons/DROPPED/")
    for amount in ("5.00", "6.00"):
        held = reader.send("post", f"{cart}credits/", {"code": gift_card(amount).code})["credits"]
    reader.send("delete", f"{cart}credits/{held[0]['account']}/")


def test_every_operation_answers_as_the_schema_says(reader: Reader, shop: Shop, till: Till) -> None:
    seller_of(shop)
    cart = _fill_a_cart(reader, _shop_around(reader, shop))
    checkout = reader.send("post", "checkouts/", {"cart": cart["id"]})
    reader.get(f"checkouts/{checkout['id']}/")
    reader.get(f"checkouts/{checkout['id']}/quote/", explain=1)
    assert reader.send("post", f"checkouts/{checkout['id']}/complete/")["code"] == "payment_required"
    till.confirm(checkout["payment"]["client_secret"])
    reader.webhook(*till.webhook("payment_intent.succeeded", at=now()))
    done = reader.send("post", f"checkouts/{checkout['id']}/complete/")
    reader.get(f"checkouts/{checkout['id']}/")
    order = f"orders/{done['order']['id']}/"
    reader.get(order, access=done["order"]["access"])
    reordered = reader.send("post", f"{order}reorder/?access={done['order']['access']}")
    assert [each["reason"] for each in reordered["left_out"]] == ["only_n_left"]
    reader.send("post", f"{order}payment/?access={done['order']['access']}")
    _see_the_invoice(reader, order, done["order"]["access"])
    _send_back(reader, order, done["order"])
    _sign_in(reader, reordered["cart"])
    reader.get("orders/")
    _keep_a_card(reader, till, User.objects.latest("date_joined"))
    _ask_for_the_newsletter(reader)
    # The last one: a file that is sent shuts the connection to the database behind it.
    _download(reader)

    operations = {(method, path) for path, methods in _document()["paths"].items() for method in methods}
    assert operations - reader.seen == set()


def test_problems_are_as_the_schema_says(reader: Reader, shop: Shop) -> None:
    variant = shop.sell(stock=1)
    cart = reader.send("post", "carts/")["id"]
    nothing = uuid.uuid4()
    codes = [
        reader.get("products/nothing/")["code"],
        reader.get("products/nothing/related/")["code"],
        reader.get("redirects/", path="/nothing")["code"],
        reader.get("products/", market="no market")["code"],
        reader.get("products/", ids="nothing")["code"],
        reader.get("products/preview/", token="nothing")["code"],
        reader.get("categories/nothing/")["code"],
        reader.get(f"carts/{nothing}/")["code"],
        reader.get(f"checkouts/{nothing}/")["code"],
        reader.get(f"orders/{nothing}/")["code"],
        reader.send("post", "checkouts/", {"cart": cart})["code"],
        reader.send("post", f"carts/{cart}/lines/", {"variant": str(variant.pk), "quantity": 2})["code"],
        reader.send("put", f"carts/{cart}/address/", {"country": "XX"})["code"],
    ]
    assert all(codes)


def test_an_answer_with_a_member_too_few_too_many_or_of_another_kind_does_not_fit(reader: Reader, shop: Shop) -> None:
    shop.sell()
    card = reader.get("products/")["results"][0]
    schema = {"$ref": "#/components/schemas/ProductCard"}
    assert _errors(card, schema) == []
    for wrong in (
        {name: value for name, value in card.items() if name != "slug"},
        card | {"cost_price": 3},
        card | {"variant_count": "1"},
        card | {"availability": "maybe"},
        card | {"id": "1"},
        card | {"price": None},
    ):
        assert _errors(wrong, schema), wrong


DESCRIBED = [
    (documents.PriceDocument, shapes.Price),
    (documents.TierDocument, shapes.PriceTier),
    (documents.PromotionReference, shapes.PricePromotion),
    (documents.CategoryReference, shapes.CategoryReference),
    (documents.CardDocument, shapes.ProductCard),
    (documents.VariantDocument, shapes.Variant),
    (documents.OptionDocument, shapes.ProductOption),
    (documents.OptionValueDocument, shapes.ProductOptionValue),
    (documents.SeoDocument, shapes.Seo),
    (documents.DetailDocument, shapes.ProductDetail),
    (documents.CategoryNode, shapes.Category),
    (documents.CategoryDetail, shapes.CategoryDetail),
    (documents.LinkDocument, shapes.Link),
    (documents.TranslationDocument, shapes.PageTranslation),
    (documents.BlockDocument, shapes.PageBlock),
    (documents.ArticleCardDocument, shapes.ArticleCard),
    (documents.PageDocument, shapes.Page),
    (documents.MenuItemDocument, shapes.MenuItem),
    (documents.LocaleDocument, shapes.Language),
    (documents.SocialProfileDocument, shapes.SocialProfile),
    (documents.ContactDocument, shapes.Contact),
    (documents.ShopDocument, shapes.ShopFacts),
    (documents.SiteDocument, shapes.Site),
    (sets.ImageSet, shapes.ImageSet),
    (money.MoneyDocument, shapes.Money),
]


@pytest.mark.parametrize(("document", "shape"), DESCRIBED, ids=lambda each: each.__name__)
def test_a_document_and_its_description_have_the_same_members(
    document: Any, shape: type[serializers.Serializer[Any]]
) -> None:
    members = {name: type(None) in get_args(hint) for name, hint in get_type_hints(document).items()}
    fields = {name: field.allow_null for name, field in shape().fields.items()}
    assert fields == members
