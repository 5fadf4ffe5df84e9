from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from cms.catalogue.models import ProductContent
from commerce.desk.catalogue import hooks as _catalogue  # noqa: F401 - registers itself
from commerce.desk.collections import hooks as _collections  # noqa: F401 - registers itself
from commerce.desk.credit.viewsets import CreditViewSet, register_actions
from commerce.desk.explaining import hooks as _explaining  # noqa: F401 - registers itself
from commerce.desk.invoicing import hooks as _invoicing  # noqa: F401 - registers itself
from commerce.desk.markets import hooks as _markets  # noqa: F401 - registers itself
from commerce.desk.newsletter import hooks as _newsletter  # noqa: F401 - registers itself
from commerce.desk.orders.access import register_permissions
from commerce.desk.orders.viewsets import OrderViewSet
from commerce.desk.payments import hooks as _payments  # noqa: F401 - registers itself
from commerce.desk.pricing.hooks import register_pricing
from commerce.desk.promotions.viewsets import PromotionGroup
from commerce.desk.shipping import hooks as _shipping  # noqa: F401 - registers itself
from commerce.desk.stock.hooks import register_stock
from commerce.desk.taxes import hooks as _taxes  # noqa: F401 - registers itself
from commerce.desk.variants.page import MakeVariantsView, VariantsView, may_sell

register_pricing()
register_stock()


@hooks.register("register_admin_viewset")
def register_desk() -> list[Any]:
    return [OrderViewSet("orders"), PromotionGroup(), CreditViewSet("credit")]


hooks.register("register_log_actions", register_actions)
hooks.register("register_permissions", register_permissions)


@hooks.register("register_permissions")
def selling_permission() -> Any:
    """Lets the group editor grant what `may_sell` asks for."""
    return Permission.objects.filter(content_type__app_label="catalogue", codename="change_variant")


@hooks.register("register_admin_urls")
def selling_urls() -> list[Any]:
    return [
        path("selling/<uuid:product_id>/", VariantsView.as_view(), name="desk_selling"),
        path("selling/<uuid:product_id>/make/", MakeVariantsView.as_view(), name="desk_variants_make"),
    ]


@hooks.register("register_snippet_listing_buttons")
def selling_button(content: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    if isinstance(content, ProductContent) and may_sell(user):
        url = reverse("desk_selling", args=[content.product_id])
        yield Button("Variants, prices, stock", url, icon_name="table", priority=5)
