from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.catalogue.models import Product
from commerce.checkout.quoting.gathering import home_of
from commerce.desk.explaining.answers import answer
from commerce.desk.explaining.questions import QuestionForm, suggestions
from commerce.kit import clock
from commerce.markets.models import Market

PERMISSION = "pricing.view_pricelist"


def may_ask(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


def why_address(*, sku: str, **question: str) -> str:
    """The screen with the question about one piece of this variant already asked."""
    return f"{reverse('desk_why')}?{urlencode({'sku': sku, **question})}"


class _ForThoseWhoMayAsk:
    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_ask(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)  # type: ignore[misc]


class WhyView(_ForThoseWhoMayAsk, WagtailAdminTemplateMixin, TemplateView):
    """Question and answer on one screen. It writes nothing; the whole question stands in its address."""

    http_method_names = ["get", "head", "options"]
    template_name = "desk/explaining/why.html"
    page_title = "Why does this cost that?"
    header_icon = "help"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        form = QuestionForm(self.request.GET if self.request.GET else None)
        now = clock.now()
        question = form.question() if form.is_bound else None
        found = answer(question, now=now) if question else None
        return super().get_context_data(
            **context,
            form=form,
            suggestions=suggestions(),
            answer=found,
            raw=json.dumps(found.quote, indent=2, ensure_ascii=False, sort_keys=True) if found else "",
            is_another_moment=bool(question and question.at),
        )


class WhyProductView(_ForThoseWhoMayAsk, View):
    """From a product to the question about its first variant, sent to the default market's own country."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *, product_id: UUID) -> HttpResponseRedirect:
        product = get_object_or_404(Product, pk=product_id)
        variant = product.variants.order_by("-is_active", "position", "sku").first()
        market = Market.objects.filter(is_default=True).first()
        if variant is None:
            return redirect("desk_why")
        return redirect(why_address(sku=variant.sku, **({"country": home_of(market)} if market else {})))
