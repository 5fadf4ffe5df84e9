"""Pages of one product: where it is shown, archiving and restoring it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.catalogue import withdrawing
from cms.catalogue.models import Product, ProductContent
from commerce.desk.catalogue.shown import KINDS, where_shown
from commerce.desk.promotions.goods import titles_of
from commerce.kit import clock

LIST = "wagtailsnippets_catalogue_productcontent:list"


def may_look(user: Any) -> bool:
    return any(user.has_perm(f"catalogue.{action}_productcontent") for action in ("view", "change", "publish"))


def may_archive(user: Any) -> bool:
    """It takes effect at once, so it is for those who may publish."""
    return bool(user.has_perm("catalogue.publish_productcontent"))


class _ProductPage(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "tag"
    product: Product

    def dispatch(self, request: HttpRequest, product_id: uuid.UUID, **options: Any) -> Any:
        if not self.is_allowed(request.user):
            raise PermissionDenied
        self.product = get_object_or_404(Product, pk=product_id)
        self.title = titles_of([self.product.pk]).get(self.product.pk, str(self.product.pk))
        return super().dispatch(request, **options)

    def is_allowed(self, user: Any) -> bool:
        return may_look(user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        products = {"url": reverse(LIST), "label": "Products"}
        return [*self.breadcrumbs_items, products, {"url": "", "label": self.title, "sublabel": self.page_title}]


class ShownView(_ProductPage):
    """All kinds of place with the first of each; one kind, page by page, when it is asked for."""

    template_name = "desk/catalogue/shown.html"
    page_title = "Where it is shown"
    per_page = 50

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        wanted = next((kind for kind in KINDS if kind.key == self.request.GET.get("of")), None)
        if wanted is None:
            return super().get_context_data(**context, title=self.title, shown=where_shown([self.product.pk]))
        page = Paginator(wanted.rows([self.product.pk]), self.per_page).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            **context,
            title=self.title,
            page=page,
            words=wanted.counted(page.paginator.count),
            of=wanted.key,
            places=wanted.places(list(page.object_list)),
        )


class ArchiveView(_ProductPage):
    template_name = "desk/catalogue/archive.html"
    page_title = "Archive"

    def is_allowed(self, user: Any) -> bool:
        return may_archive(user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        live = ProductContent.objects.filter(product=self.product, live=True).exists()
        return super().get_context_data(
            **context, title=self.title, shown=where_shown([self.product.pk]), product=self.product, is_live=live
        )

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        if "restore" in request.POST:
            withdrawing.restore(products=[self.product.pk])
            messages.success(request, f"“{self.title}” is restored. It is on sale again if it is published.")
        else:
            withdrawing.archive(products=[self.product.pk], at=clock.now())
            messages.success(
                request, f"“{self.title}” is archived. Find it again in the list by the status “Archived”."
            )
        return redirect(LIST)
