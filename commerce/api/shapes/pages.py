"""Pages and what surrounds them leave the listings ready to send; these describe them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.blocks.page import PageBlock as PageBlocks
from cms.pages.models import Menu
from commerce.api.shapes.catalogue import ImageSet, Seo, json_ld

PAGE_BLOCKS = list(PageBlocks.base_blocks)
PAGE_TYPES = ["home", "landing", "article"]


class Link(serializers.Serializer[Any]):
    title = serializers.CharField()
    path = serializers.CharField(help_text="In the storefront.")


class PageTranslation(serializers.Serializer[Any]):
    locale = serializers.CharField()
    path = serializers.CharField()


class PageBlock(serializers.Serializer[Any]):
    type = serializers.ChoiceField(PAGE_BLOCKS)
    value = serializers.JSONField(help_text="By type; docs/pages.md tells each. Products are product cards.")
    id = serializers.CharField(allow_null=True)


class ArticleCard(serializers.Serializer[Any]):
    title = serializers.CharField()
    path = serializers.CharField()
    standfirst = serializers.CharField()
    author = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    image = ImageSet(allow_null=True)


class Page(serializers.Serializer[Any]):
    type = serializers.ChoiceField(PAGE_TYPES)
    title = serializers.CharField()
    path = serializers.CharField(
        help_text="Its own; another than asked for where it was asked for in another language."
    )
    locale = serializers.CharField(help_text="The language that it is in.")
    seo = Seo()
    social_image = ImageSet(allow_null=True, help_text="The shop's own, of `site/`, when there is none.")
    breadcrumbs = Link(many=True, help_text="From the home page to the page above.")
    translations = PageTranslation(many=True, help_text="The languages that it is published in, this one among them.")
    article = ArticleCard(allow_null=True, help_text="Of an article: its words above the blocks.")
    blocks = PageBlock(many=True)


class ArticlePage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ArticleCard(many=True)


class MenuItem(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    path = serializers.CharField(allow_null=True, help_text="Or an address elsewhere; null of a heading.")
    items = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/MenuItem"}})
    def get_items(self, item: Any) -> Any:
        return item["items"]


class Menus(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return {handle: MenuItem(many=True) for handle in Menu.Handle.values}


class Contact(serializers.Serializer[Any]):
    email = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField(help_text="Lines.")
    opening_hours = serializers.CharField(help_text="Lines.")


class SocialProfile(serializers.Serializer[Any]):
    network = serializers.CharField()
    url = serializers.URLField()


class ShopFacts(serializers.Serializer[Any]):
    name = serializers.CharField()
    tagline = serializers.CharField()
    legal_name = serializers.CharField()
    logo = ImageSet(allow_null=True)
    social_image = ImageSet(allow_null=True)
    contact = Contact()
    social = SocialProfile(many=True)
    footer_line = serializers.CharField()


class Language(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language itself.")
    is_default = serializers.BooleanField()


class Site(serializers.Serializer[Any]):
    shop = ShopFacts()
    menus = Menus()
    locales = Language(many=True)
    json_ld = json_ld()


class NewsletterAnswer(serializers.Serializer[Any]):
    result = serializers.ChoiceField(["asked", "confirmed", "unsubscribed"])
