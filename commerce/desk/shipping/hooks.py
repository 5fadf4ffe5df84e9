from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from commerce.desk.shipping.views import ShippingGroup, TryShippingView


@hooks.register("register_admin_viewset")
def shipping_viewsets() -> Any:
    return ShippingGroup()


@hooks.register("register_admin_urls")
def shipping_urls() -> list[Any]:
    return [path("shipping/try/", TryShippingView.as_view(), name="desk_try_shipping")]
