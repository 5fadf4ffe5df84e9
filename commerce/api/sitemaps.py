from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import views
from django.http import HttpRequest
from django.views.decorators.http import require_safe

from commerce.kit import clock
from commerce.listings.sitemaps import SECTIONS
from commerce.markets.queries import market_named
from commerce.pricing.audience import Audience


@require_safe
def index(request: HttpRequest) -> Any:
    """The files that the addresses of the storefront are in. Its robots.txt names this one."""
    return views.index(request, sitemaps=_sections(), sitemap_url_name="sitemap-section")


@require_safe
def section(request: HttpRequest, section: str) -> Any:
    return views.sitemap(request, sitemaps=_sections(), section=section, template_name="sitemaps/section.xml")


def _sections() -> dict[str, Any]:
    audience, at = Audience(market=market_named(None)), clock.now()
    return {name: kind(audience=audience, at=at) for name, kind in SECTIONS.items()}
