from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.catalogue.choosing import PRODUCT_CHOOSER
from cms.catalogue.grouping import AssortmentGroup, keep_brands_in_use

# Products are registered by whoever knows their prices and stock, with `cms.catalogue.admin.ProductViewSet`.
register_snippet(AssortmentGroup)


@hooks.register("register_admin_viewset")
def register_product_chooser() -> Any:
    return PRODUCT_CHOOSER


@hooks.register("before_delete_snippet")
def before_delete(request: HttpRequest, objects: Sequence[Any]) -> HttpResponse | None:
    return keep_brands_in_use(request, objects)
