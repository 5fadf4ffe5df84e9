"""Choosing products in forms: by their content, as staff know them; kept as the product that all languages share."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.models import Locale

from cms.catalogue.content import ProductContent
from cms.catalogue.identity import Product


def contents_to_choose() -> QuerySet[ProductContent]:
    """One content for each product: that of the shop's default language, drafts included, archived ones not."""
    contents = ProductContent.objects.filter(locale=Locale.get_default(), product__archived_at=None)
    return contents.select_related("product__brand")


def brand_name(content: ProductContent) -> str:
    brand = content.product.brand
    return brand.name if brand else ""


def _key(written: Any) -> uuid.UUID | None:
    """The key that a form shows again; what is none is left to the field to complain about."""
    try:
        return uuid.UUID(str(written))
    except ValueError:
        return None


class _ListsOnce:
    """Each product once, whatever its languages; so the list has no language to choose or to show."""

    i18n_enabled = False
    per_page = 20

    def get_object_list(self) -> QuerySet[ProductContent]:
        return contents_to_choose().order_by("title")

    @property
    def columns(self) -> list[Column]:
        brand = Column("brand", label="Brand", accessor=brand_name)
        return [*super().columns, brand]  # type: ignore[misc]


class _AnswersWithProduct:
    def get_object_id(self, content: ProductContent) -> uuid.UUID:
        return content.product_id


class _Choose(_ListsOnce, ChooseView):
    pass


class _ChooseResults(_ListsOnce, ChooseResultsView):
    pass


class _Chosen(_AnswersWithProduct, ChosenView):
    pass


class _ChosenMultiple(_AnswersWithProduct, ChosenMultipleView):
    pass


class _ProductWidget(BaseChooser):
    """Shows the title of a product. Its value is the product's key, so a form field over Product takes it."""

    def get_instance(self, value: Any) -> ProductContent | None:
        key = value.pk if isinstance(value, Product) else _key(value)
        if key is None:
            return None
        by_default = Case(When(locale=Locale.get_default(), then=Value(0)), default=Value(1))
        return ProductContent.objects.filter(product=key).order_by(by_default, "pk").first()

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        return super().get_value_data_from_instance(instance) | {"id": str(instance.product_id)}


class ProductOfContentChooserViewSet(ChooserViewSet):
    model = ProductContent
    icon = "tag"
    choose_one_text = "Choose a product"
    choose_another_text = "Choose another product"
    edit_item_text = "Edit this product"
    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults
    chosen_view_class = _Chosen
    chosen_multiple_view_class = _ChosenMultiple
    base_widget_class = _ProductWidget
    # Blocks choose contents, with the chooser of the snippet.
    register_widget = False


PRODUCT_CHOOSER = ProductOfContentChooserViewSet("product_chooser", url_prefix="choose-product")

# The widget for a form field that refers to a Product.
ProductChooser: Any = PRODUCT_CHOOSER.widget_class
