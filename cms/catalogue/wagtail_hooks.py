from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms.catalogue import keeping
from cms.catalogue.assortment import AssortmentGroup
from cms.catalogue.categories import CategoryPage
from cms.catalogue.category_form import save_attribute_set
from cms.catalogue.choosing import PRODUCT_CHOOSER
from cms.catalogue.ordering import CategoryProductsView

# Products are registered by whoever knows their prices and stock, with `cms.catalogue.admin.ProductViewSet`.
register_snippet(AssortmentGroup)

hooks.register("before_delete_page", keeping.keep_categories_with_products)
hooks.register("before_bulk_action", keeping.before_bulk_action)
hooks.register("after_unpublish_page", keeping.warn_of_unpublished_category)


@hooks.register("register_admin_viewset")
def register_product_chooser() -> Any:
    return PRODUCT_CHOOSER


@hooks.register("before_delete_snippet")
def before_delete(request: HttpRequest, objects: Sequence[Any]) -> HttpResponse | None:
    return keeping.keep_what_is_used(request, objects)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def after_saving_a_page(request: HttpRequest, page: Page) -> None:
    save_attribute_set(page)


@hooks.register("register_admin_urls")
def category_urls() -> list[Any]:
    products = CategoryProductsView.as_view()
    return [path("categories/<int:page_id>/products/", products, name="catalogue_category_products")]


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def products_of_category(page: Page, user: Any, next_url: str | None = None, **given: Any) -> Iterator[Any]:
    """In the menu of a category, in the explorer and at the head of its form."""
    if page.cached_content_type.model_class() is CategoryPage and page.permissions_for_user(user).can_publish():
        url = reverse("catalogue_category_products", args=[page.pk])
        yield Button("Products in this category", url, icon_name="order", priority=45)
