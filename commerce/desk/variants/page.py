"""The page of a product's variants, and the one that makes new ones."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.catalogue.archiving import CannotArchive, restore_variant
from cms.catalogue.matrix import MOST_AT_ONCE, CannotMake, Made, lock_variants_of, make_variants
from cms.catalogue.models import Option, Product, Variant
from commerce.desk.pricing import access
from commerce.desk.pricing.standing import list_with_terms
from commerce.desk.variants.columns import GROUPS
from commerce.desk.variants.making import MakingForm
from commerce.desk.variants.rows import Rows
from commerce.desk.variants.saving import NotSaved, Saved, save
from commerce.desk.variants.sheet import Sheet
from commerce.kit import clock
from commerce.pricing.models import PriceList

PERMISSION = "catalogue.change_variant"


def may_sell(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


class ProductScreen(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_sell(request.user):
            raise PermissionDenied
        self.product = get_object_or_404(Product, pk=self.kwargs["product_id"])
        return super().dispatch(request, *args, **options)

    @property
    def title(self) -> str:
        contents = self.product.contents.order_by("locale")
        return contents.values_list("title", flat=True).first() or str(self.product)

    @property
    def address(self) -> str:
        return reverse("desk_selling", args=[self.product.pk])


class VariantsView(ProductScreen):
    template_name = "desk/variants/grid.html"
    page_title = "Variants, prices, stock"

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._shown(Rows.opened(self._sheet()))

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if key := request.POST.get("restore"):
            return self._restored(key)
        try:
            with transaction.atomic():
                lock_variants_of(self.product)
                rows = Rows.sent(self._sheet(), request.POST)
                if Variant.objects.filter(pk__in=rows.strange_keys).exclude(product=self.product).exists():
                    raise Http404
                if not rows.touched:
                    messages.info(request, "Nothing was changed.")
                    return redirect(request.get_full_path())
                if not rows.is_right:
                    return self._shown(rows)
                saved = save(rows, actor=access.actor_of(request))
        except NotSaved:
            return self._shown(rows)
        except IntegrityError:
            rows.problems.append("Somebody has just used one of these SKUs or barcodes.")
            return self._shown(rows)
        for text in said(saved):
            messages.success(request, text)
        return redirect(request.get_full_path())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        products = {"url": reverse("wagtailsnippets_catalogue_productcontent:list"), "label": "Products"}
        content = self.sheet.content
        title = content.title if content else str(self.product)
        return [*self.breadcrumbs_items, products, {"url": "", "label": f"{title}: {self.page_title}"}]

    def _sheet(self) -> Sheet:
        code = self.request.GET.get("list", "").replace("\x00", "")
        price_list: PriceList | None = (list_with_terms(code=code) if code else None) or list_with_terms()
        return Sheet.read(self.product, price_list=price_list, user=self.request.user, at=clock.now())

    def _shown(self, rows: Rows) -> HttpResponse:
        self.sheet = rows.sheet
        present = {column.group for column in rows.sheet.columns}
        content = rows.sheet.content
        asks_archived = rows.sheet.archived_count and self.request.GET.get("archived")
        return self.render_to_response(
            self.get_context_data(
                rows=rows,
                sheet=rows.sheet,
                groups=[(key, label) for key, label in GROUPS.items() if key in present],
                archived=self.product.variants.exclude(archived_at=None) if asks_archived else (),
                content_url=content and reverse("wagtailsnippets_catalogue_productcontent:edit", args=[content.pk]),
            )
        )

    def _restored(self, key: str) -> HttpResponse:
        try:
            variant = get_object_or_404(self.product.variants.exclude(archived_at=None), pk=uuid.UUID(key))
            restore_variant(variant=variant)
        except ValueError as refusal:
            if not isinstance(refusal, CannotArchive):
                raise Http404 from refusal
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, f"{variant.sku} is back.")
        return redirect(self.request.get_full_path())


class MakeVariantsView(ProductScreen):
    template_name = "desk/variants/make.html"
    page_title = "Make variants"

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                made = make_variants(product=self.product, values=form.values, stem=form.cleaned_data["stem"])
            except CannotMake as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, told(made))
                return redirect(self.address)
        return self.render_to_response(self.get_context_data(form=form))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        products = {"url": reverse("wagtailsnippets_catalogue_productcontent:list"), "label": "Products"}
        variants = {"url": self.address, "label": f"{self.title}: {VariantsView.page_title}"}
        return [*self.breadcrumbs_items, products, variants, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context, most=MOST_AT_ONCE, back=self.address)

    def _form(self, data: Any = None) -> MakingForm:
        variants = list(self.product.variants.all())
        return MakingForm(
            data, vocabulary=list(Option.objects.prefetch_related("values")), variants=variants, title=self.title
        )


def said(saved: Saved) -> list[str]:
    """What was saved, in words."""
    found = [f"{_count(saved.changed, 'variant')} saved."] if saved.changed else []
    if saved.removed.deleted:
        found.append(f"Deleted: {', '.join(saved.removed.deleted)}.")
    if saved.removed.archived:
        text = f"Archived, for orders, carts, stock or prices know of it: {', '.join(saved.removed.archived)}."
        if saved.carts:
            text += f" In {_count(saved.carts, 'open cart')} it is now shown as not sold any more."
        found.append(text)
    return found


def told(made: Made) -> str:
    parts = [f"{_count(len(made.variants), 'variant')} made."]
    if made.already_there:
        parts.append(f"{made.already_there} there already.")
    if made.archived:
        parts.append(f"{made.archived} archived: restore them under “Show archived”.")
    if made.variants:
        parts.append("They are sold once they have a price.")
    if made.without:
        parts.append(f"Shoppers cannot choose {', '.join(made.without)}: choose all options there, or remove it.")
    return " ".join(parts)


def _count(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"
