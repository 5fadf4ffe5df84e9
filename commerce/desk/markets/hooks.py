from __future__ import annotations

from typing import Any

from wagtail import hooks

from commerce.desk.markets.views import MarketViewSet


@hooks.register("register_admin_viewset")
def market_viewset() -> Any:
    return MarketViewSet("markets")
