from __future__ import annotations

from typing import Any

from wagtail import hooks

from commerce.desk.orders import OrderViewSet
from commerce.desk.stock import StockGroup


@hooks.register("register_admin_viewset")
def register_desk() -> list[Any]:
    return [OrderViewSet("orders"), StockGroup()]
