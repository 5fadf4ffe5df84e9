from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django_filters import DateFromToRangeFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from commerce.desk.invoicing.forms import SellerForm
from commerce.desk.templatetags.money import money
from commerce.invoicing.attaching import content_of, printed
from commerce.invoicing.models import Invoice, InvoiceSettings
from commerce.invoicing.printing import Unprintable
from commerce.invoicing.sampling import sample
from commerce.invoicing.sellers import WrongSeller, change_seller
from commerce.kit import clock


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def invoice_pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    if not request.user.has_perm("invoicing.view_invoice"):
        raise PermissionDenied
    invoice = get_object_or_404(Invoice, pk=pk)
    try:
        return _pdf(content_of(invoice, at=clock.now()), name=invoice.number)
    except Unprintable as error:
        messages.error(request, f"{invoice.number} cannot be printed yet. {error.detail} See docs/invoices.md.")
        return redirect(reverse("invoices:index"))


def seller_sample(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm("invoicing.change_invoicesettings"):
        raise PermissionDenied
    seller = get_object_or_404(InvoiceSettings.objects.select_related("market"), pk=pk)
    shown = sample(seller, at=clock.now())
    return _pdf(printed(shown), name=shown.number)


class InvoiceFilterSet(WagtailFilterSet):
    issued_at = DateFromToRangeFilter(label="Issued", widget=DateRangePickerWidget)

    class Meta:
        model = Invoice
        fields = ["kind", "market", "issued_at"]


class InvoiceIndexView(IndexView):
    page_title = "Invoices"

    def get_base_queryset(self) -> Any:
        return Invoice.objects.select_related("order", "corrects", "pdf").defer("document")

    def get_edit_url(self, instance: Invoice) -> str:
        """Nobody edits an invoice; its number leads to what was printed."""
        return reverse("invoices:pdf", args=[instance.pk])


class InvoiceViewSet(ModelViewSet):
    model = Invoice
    name = "invoices"
    icon = "doc-full"
    menu_label = "Invoices"
    pk_path_converter = "uuid"
    index_view_class = InvoiceIndexView
    exclude_form_fields: list[str] = []
    list_display = [
        Column("number", label="Number", accessor=lambda invoice: _linked(invoice)),
        Column("kind", label="Kind", accessor=lambda invoice: invoice.get_kind_display()),
        DateColumn("issued_at", label="Issued", sort_key="issued_at"),
        Column("order", label="Order", accessor=lambda invoice: _order(invoice)),
        Column("corrects", label="Corrects", accessor=lambda invoice: invoice.corrects or ""),
        Column("total", label="Total", accessor=lambda invoice: money(invoice.total), sort_key="total_minor"),
        Column("market", label="Market"),
        Column("printed", label="PDF", accessor=lambda invoice: "kept" if hasattr(invoice, "pdf") else "not made yet"),
    ]
    filterset_class = InvoiceFilterSet
    search_fields = ["number", "order__number", "order__email"]
    search_backend_name = None
    ordering = "-issued_at"
    list_per_page = 50

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<uuid:pk>/pdf/", invoice_pdf, name="pdf"),
        ]


class _SellerSaving:
    """Both forms end in `change_seller`; what it refuses is said at the field that it is about."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except WrongSeller as refusal:
            field = {"logo": "new_logo"}.get(refusal.facts["field"], refusal.facts["field"])
            form.add_error(field if field in form.fields else None, refusal.detail)
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return self.form_invalid(form)  # type: ignore[attr-defined]

    def save_instance(self) -> InvoiceSettings:
        form: SellerForm = self.form  # type: ignore[attr-defined]
        return change_seller(
            market=form.cleaned_data["market"],
            words=form.words,
            logo=form.logo,
            keeps_logo=not form.cleaned_data.get("without_logo"),
            at=clock.now(),
        )


class SellerCreateView(_SellerSaving, CreateView):
    page_title = "Add a seller"


class SellerEditView(_SellerSaving, EditView):
    can_delete = False

    @property
    def header_more_buttons(self) -> list[Any]:
        url = reverse("sellers:sample", args=[self.object.pk])
        return [HeaderButton("Sample", url=url, icon_name="doc-full", attrs={"target": "_blank"})]


class SellerDeleteView(DeleteView):
    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        messages.error(request, "A seller is not taken away: invoices are issued in the market.")
        return redirect(reverse(self.index_url_name))


class SellerViewSet(ModelViewSet):
    model = InvoiceSettings
    name = "sellers"
    icon = "home"
    menu_label = "Sellers"
    add_view_class = SellerCreateView
    edit_view_class = SellerEditView
    delete_view_class = SellerDeleteView
    copy_view_enabled = False
    list_display = [
        "name",
        Column("market", label="Market"),
        Column("vat_id", label="VAT ID"),
        Column("number_prefix", label="Numbers begin with"),
        Column("time_zone", label="Time zone"),
    ]
    search_fields = ["name", "market__name"]
    search_backend_name = None
    ordering = "market__code"

    def get_form_class(self, for_update: bool = False) -> Any:
        return SellerForm

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("<int:pk>/sample/", seller_sample, name="sample")]


class InvoicingGroup(ModelViewSetGroup):
    menu_label = "Invoices"
    menu_icon = "doc-full"
    menu_order = 163
    items = (InvoiceViewSet("invoices"), SellerViewSet("sellers"))


def _linked(invoice: Invoice) -> str:
    return format_html('<a href="{}">{}</a>', reverse("invoices:pdf", args=[invoice.pk]), invoice.number)


def _order(invoice: Invoice) -> str:
    return format_html('<a href="{}">{}</a>', reverse("orders:inspect", args=[invoice.order_id]), invoice.order.number)
