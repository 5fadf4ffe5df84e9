"""Coupons: generated in bulk or chosen by hand, found by code, withdrawn, and what became of them."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.generic import TemplateView, View
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.admin.widgets.button import HeaderButton

from commerce.desk.promotions.views import may, may_look
from commerce.desk.promotions.words import moment
from commerce.desk.templatetags.money import money
from commerce.kit import clock
from commerce.promotions import editing, reporting
from commerce.promotions.coupons import normalised
from commerce.promotions.generating import generate
from commerce.promotions.models import LONGEST_COUPON, Coupon, CouponBatch, Promotion

MOST_AT_ONCE = 10_000
MOST_USES = 1_000_000
_LONGEST_PREFIX = 20
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class CouponIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return Coupon.objects.select_related("promotion", "batch")

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(code__contains=normalised(self.search_query)) if self.is_searching else queryset

    def get_context_data(self, *args: Any, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **context)
        page = list(context["object_list"])
        reports = reporting.by_coupon(coupons=Coupon.objects.filter(pk__in=[coupon.pk for coupon in page]))
        saved = {report.key: report.saved for report in reports}
        for coupon in page:
            coupon.saved_words = ", ".join(map(money, saved.get(coupon.pk, ()))) or "–"
        context["object_list"] = page
        if context.get("table"):
            context["table"].data = page
        return context

    def get_edit_url(self, instance: Any) -> str:
        return reverse("coupons:report_of", args=[instance.promotion_id]) + f"?code={instance.code}"

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []

    @property
    def header_buttons(self) -> list[Any]:
        buttons = [HeaderButton("Report", url=reverse("coupons:report"), icon_name="table")]
        if may(self.request.user, "add", "coupon"):
            buttons += [
                HeaderButton("Generate", url=reverse("coupons:generate"), icon_name="plus"),
                HeaderButton("Add one", url=reverse("coupons:add"), icon_name="edit"),
            ]
        return buttons


def _limit(used: int, limit: int | None) -> str:
    return f"{used} of {limit}" if limit is not None else str(used)


def coupon_window(coupon: Any) -> str:
    parts = [f"from {moment(coupon.valid_from)}" if coupon.valid_from else ""]
    parts += [f"until {moment(coupon.valid_until)}" if coupon.valid_until else ""]
    return " ".join(part for part in parts if part) or "as the promotion"


COUPON_COLUMNS = [
    "code",
    Column("promotion", label="Promotion"),
    Column("batch", label="Batch", accessor=lambda coupon: coupon.batch.name if coupon.batch else "–"),
    StatusTagColumn(
        "state",
        label="Status",
        accessor=lambda coupon: "Active" if coupon.is_active else "Withdrawn",
        primary=lambda coupon: coupon.is_active,
    ),
    Column("valid", label="Valid", accessor=coupon_window),
    Column("used", label="Used", accessor=lambda coupon: _limit(coupon.used, coupon.total_limit), sort_key="used"),
    Column("held", label="Held", sort_key="held"),
    Column("saved", label="Saved", accessor="saved_words"),
]


class _CouponForm(forms.Form):
    promotion = forms.ModelChoiceField(
        Promotion.objects.none(), help_text="Only promotions that need a coupon are listed."
    )
    total_limit = forms.IntegerField(
        label="Uses in all",
        required=False,
        min_value=1,
        max_value=MOST_USES,
        help_text="Left blank, there is no limit.",
    )
    per_customer_limit = forms.IntegerField(
        label="Uses per customer",
        required=False,
        min_value=1,
        max_value=MOST_USES,
        help_text="Left blank, there is no limit.",
    )
    valid_from = forms.DateTimeField(
        required=False, widget=AdminDateTimeInput, help_text="In UTC. Left blank, as soon as the promotion begins."
    )
    valid_until = forms.DateTimeField(
        required=False, widget=AdminDateTimeInput, help_text="In UTC. Left blank, as long as the promotion runs."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["promotion"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = Promotion.objects.filter(requires_coupon=True).order_by("name")

    def refuse(self, refusal: editing.CouponIsWrong) -> None:
        for field, texts in refusal.facts["fields"].items():
            for text in texts:
                shown_as = "code_prefix" if field == "prefix" else field
                self.add_error(shown_as if shown_as in self.fields else None, text)


class GenerateForm(_CouponForm):
    count = forms.IntegerField(
        label="How many", min_value=1, max_value=MOST_AT_ONCE, initial=100, help_text=f"Up to {MOST_AT_ONCE:,} at once."
    )
    name = forms.CharField(
        label="Name of the batch", max_length=100, help_text="By which you find it again, such as “Autumn flyer”."
    )
    code_prefix = forms.CharField(
        label="Prefix",
        required=False,
        max_length=_LONGEST_PREFIX,
        help_text="Such as SPRING, which makes SPRING-7KQ4-M2XN-9PTA.",
    )
    field_order = ["promotion", "name", "count", "code_prefix"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["total_limit"].initial = 1
        self.fields["total_limit"].label = "Uses of each coupon"


class NewCouponForm(_CouponForm):
    code = forms.CharField(max_length=LONGEST_COUPON, help_text="Such as WELCOME10; capitals make no difference.")
    field_order = ["promotion", "code"]


class _CouponFormView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/promotions/coupon_form.html"
    header_icon = "tag"
    form_class: type[_CouponForm]
    submit_label = "Save"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may(request.user, "add", "coupon"):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        coupons = {"url": reverse("coupons:index"), "label": "Coupons"}
        return [*self.breadcrumbs_items, coupons, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        wanted = request.GET.get("promotion", "")
        return self._page(self.form_class(initial={"promotion": wanted} if _is_uuid(wanted) else {}))

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                return self.save(form.cleaned_data)
            except editing.CouponIsWrong as refusal:
                form.refuse(refusal)
            except IntegrityError:
                form.add_error(None, "A code was taken in this very moment; try once more.")
        return self._page(form)

    def save(self, wanted: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError

    def _page(self, form: _CouponForm) -> HttpResponse:
        context = self.get_context_data(form=form, media=form.media, submit_label=self.submit_label)
        return self.render_to_response(context)


class GenerateView(_CouponFormView):
    page_title = "Generate coupons"
    form_class = GenerateForm
    submit_label = "Generate"

    def save(self, wanted: dict[str, Any]) -> HttpResponse:
        with transaction.atomic():
            batch = generate(
                prefix=wanted.pop("code_prefix"), **wanted, actor=str(self.request.user)[:100], at=clock.now()
            )
        messages.success(self.request, f"{batch.size:,} coupons are made. Download their codes below.")
        return redirect("coupons:report_of", promotion_id=batch.promotion_id)


class NewCouponView(_CouponFormView):
    page_title = "New coupon"
    form_class = NewCouponForm

    def save(self, wanted: dict[str, Any]) -> HttpResponse:
        with transaction.atomic():
            coupon = editing.create_coupon(coupon=Coupon(**wanted), at=clock.now())
        messages.success(self.request, f"The coupon {coupon.code} is made.")
        return redirect(reverse("coupons:index") + f"?q={coupon.code}")


class ReportView(WagtailAdminTemplateMixin, TemplateView):
    """What became of coupons: by promotion, then by batch, then by coupon."""

    template_name = "desk/promotions/report.html"
    header_icon = "table"
    most_coupons = 50

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_look(request.user, "coupon"):
            raise PermissionDenied
        key = self.kwargs.get("promotion_id")
        self.promotion = get_object_or_404(Promotion, pk=key) if key else None
        return super().dispatch(request, *args, **options)

    @property
    def page_title(self) -> str:
        return f"Coupons of {self.promotion}" if self.promotion else "Coupon report"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, {"url": reverse("coupons:index"), "label": "Coupons"}]
        if self.promotion:
            items.append({"url": reverse("coupons:report"), "label": "Report"})
        return [*items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context["may_change"] = may(self.request.user, "change", "coupon")
        context["may_add"] = may(self.request.user, "add", "coupon")
        if self.promotion is None:
            return super().get_context_data(**context, reports=reporting.by_promotion())
        coupons = Coupon.objects.filter(promotion=self.promotion)
        if code := normalised(self.request.GET.get("code", "")[:LONGEST_COUPON].replace("\0", "")):
            coupons = coupons.filter(code=code)
        active = set(coupons.filter(is_active=True).order_by("code").values_list("pk", flat=True)[: self.most_coupons])
        shown = coupons.order_by("code").values_list("pk", flat=True)[: self.most_coupons]
        return super().get_context_data(
            **context,
            promotion=self.promotion,
            code=code,
            batches=reporting.by_batch(promotion=self.promotion),
            coupons=[
                (report, report.key in active)
                for report in reporting.by_coupon(coupons=Coupon.objects.filter(pk__in=list(shown)))
            ],
            coupon_count=coupons.count(),
            most_coupons=self.most_coupons,
        )


class BatchFileView(View):
    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        if not may_look(request.user, "coupon"):
            raise PermissionDenied
        batch = get_object_or_404(CouponBatch.objects.select_related("promotion"), pk=pk)
        writer = csv.writer(_Echo())
        answer = StreamingHttpResponse(
            (writer.writerow(map(safe_cell, row)) for row in _rows(batch)), content_type="text/csv; charset=utf-8"
        )
        name = slugify(batch.name) or f"batch-{batch.pk}"
        answer["Content-Disposition"] = f'attachment; filename="coupons-{name}.csv"'
        return answer


class _Echo:
    def write(self, row: str) -> str:
        return row


def safe_cell(value: object) -> str:
    """What a spreadsheet would compute gets an apostrophe in front (OWASP, CSV injection)."""
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text


def _rows(batch: CouponBatch) -> Iterator[tuple[object, ...]]:
    yield "code", "promotion", "batch", "valid from", "valid until", "uses", "uses per customer", "used", "active"
    for coupon in batch.coupons.order_by("code").iterator(chunk_size=2000):
        yield (
            coupon.code,
            batch.promotion.name,
            batch.name,
            coupon.valid_from.isoformat() if coupon.valid_from else "",
            coupon.valid_until.isoformat() if coupon.valid_until else "",
            coupon.total_limit or "",
            coupon.per_customer_limit or "",
            coupon.used,
            "yes" if coupon.is_active else "no",
        )


class WithdrawView(View):
    """Nobody can redeem the coupon, or any of the batch, from now on; what is held or used stays so."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, coupon_id: int | None = None, batch_id: int | None = None) -> HttpResponse:
        if not may(request.user, "change", "coupon"):
            raise PermissionDenied
        if batch_id is not None:
            batch = get_object_or_404(CouponBatch, pk=batch_id)
            coupons, promotion = batch.coupons.all(), batch.promotion_id
        else:
            coupon = get_object_or_404(Coupon, pk=coupon_id)
            coupons, promotion = Coupon.objects.filter(pk=coupon.pk), coupon.promotion_id
        count = editing.withdraw_coupons(coupons=coupons)
        messages.success(request, f"{count:,} withdrawn." if count != 1 else "The coupon is withdrawn.")
        return redirect("coupons:report_of", promotion_id=promotion)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
