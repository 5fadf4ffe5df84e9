"""The list of promotions and their editor. What may be done to a promotion is decided in `commerce.promotions`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View
from django_filters import ChoiceFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from commerce.desk.promotions import goods
from commerce.desk.promotions.example import (
    Example,
    ShopperForm,
    default_quantities,
    example_of,
    example_rows,
)
from commerce.desk.promotions.forms import (
    OF_KIND,
    BegunForm,
    PromotionForm,
    PromotionIsStale,
    mark_of,
    messages_of,
    target_rows,
)
from commerce.desk.promotions.words import STATUSES, benefit_words, status_of, terms, window_words
from commerce.desk.templatetags.money import money
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.kit.locks import locked_row
from commerce.markets.models import Market
from commerce.promotions import editing, reporting
from commerce.promotions.models import Coupon, Promotion, PromotionTarget

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("name", "Name and time", ("name", "code", "begins_at", "ends_at", "is_active")),
    (
        "benefit",
        "What it gives",
        (
            *("kind", "percent", "amount", "level", "buy_quantity", "get_quantity", "gift", "gift_quantity"),
            *("shipping_methods", "at_most", "currency"),
        ),
    ),
    (
        "conditions",
        "Who gets it, and when",
        (
            *("requires_coupon", "first_order", "customer_group", "market", "channel", "countries"),
            *("min_value", "max_value", "min_quantity", "max_quantity"),
        ),
    ),
    ("stacking", "Beside other promotions", ("priority", "exclusive", "best_of")),
)


def may(user: Any, action: str, model: str = "promotion") -> bool:
    return bool(user.has_perm(f"promotions.{action}_{model}"))


def may_look(user: Any, model: str = "promotion") -> bool:
    return any(may(user, action, model) for action in ("add", "change", "delete", "view"))


class _StatusFilter(WagtailFilterSet):
    status = ChoiceFilter(label="Status", choices=list(STATUSES.items()), method="of_status")

    class Meta:
        model = Promotion
        fields = ["kind", "market"]

    def of_status(self, promotions: QuerySet[Promotion], name: str, value: str) -> QuerySet[Promotion]:
        at = clock.now()
        ended = Q(ends_at__isnull=False, ends_at__lte=at)
        return promotions.filter(
            {
                "inactive": Q(is_active=False),
                "ended": Q(is_active=True) & ended,
                "scheduled": Q(is_active=True, begins_at__gt=at) & ~ended,
                "running": Q(is_active=True, begins_at__lte=at) & ~ended,
            }[value]
        )


class PromotionIndexView(IndexView):
    filterset_class = _StatusFilter

    def get_base_queryset(self) -> Any:
        coupons = Coupon.objects.filter(promotion=OuterRef("pk")).order_by().values("promotion")
        return Promotion.objects.prefetch_related("gift_variant").annotate(
            coupon_count=Coalesce(Subquery(coupons.annotate(n=Count("pk")).values("n")), 0),
            coupons_used=Coalesce(Subquery(coupons.annotate(n=Sum("used")).values("n")), 0),
        )

    def get_context_data(self, *args: Any, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **context)
        saved = {report.key: report.saved for report in reporting.by_promotion()}
        for promotion in context["object_list"]:
            promotion.saved_words = ", ".join(map(money, saved.get(promotion.pk, ()))) or "–"
        return context

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []

    def get_edit_url(self, instance: Any) -> str | None:
        return reverse(self.edit_url_name, args=[instance.pk]) if self.edit_url_name else None


def _status(promotion: Promotion) -> str:
    return STATUSES[status_of(promotion, at=clock.now())]


COLUMNS = [
    "name",
    StatusTagColumn("status", label="Status", accessor=_status, primary=lambda each: _status(each) == "Running"),
    Column("benefit", label="Gives", accessor=benefit_words),
    Column("window", label="When", accessor=window_words, sort_key="begins_at"),
    Column("coupons", label="Coupons", accessor=lambda each: each.coupon_count if each.requires_coupon else "–"),
    Column("used", label="Used", accessor=lambda each: each.coupons_used if each.requires_coupon else "–"),
    Column("saved", label="Saved", accessor="saved_words"),
]


class _Editor(WagtailAdminTemplateMixin, TemplateView):
    """A form beside its example cart."""

    template_name = "desk/promotions/editor.html"
    header_icon = "pick"
    stored: Promotion | None = None

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        promotions = {"url": reverse("promotions:index"), "label": "Promotions"}
        return [*self.breadcrumbs_items, promotions, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        form, rows = context["form"], context["rows"]
        context.setdefault("shopper", ShopperForm(prefix="shopper", initial=self._shopper()))
        if "lines" not in context:
            targets = list(self.stored.targets.all()) if self.stored else []
            market = self.stored.market if self.stored else None
            context["lines"] = example_rows(quantities=default_quantities(targets, market=market, at=clock.now()))
        return super().get_context_data(
            **context,
            stored=self.stored,
            sections=[(key, title, [form[name] for name in names]) for key, title, names in SECTIONS]
            if isinstance(form, PromotionForm)
            else [],
            kinds_of={name: " ".join(k for k, names in OF_KIND.items() if name in names) for name in form.fields},
            target_form=rows.empty_form if rows is not None else None,
            media=form.media,
            example_url=reverse("promotions:example_of", args=[self.stored.pk])
            if self.stored
            else reverse("promotions:example"),
            may_change=self._may_save(),
            may_add=may(self.request.user, "add"),
        )

    def _shopper(self) -> dict[str, Any]:
        market = self.stored.market if self.stored else None
        return {"market": market or Market.objects.order_by("-is_default", "code").first()}

    def _may_save(self) -> bool:
        return may(self.request.user, "change" if self.stored else "add")


class PromotionView(_Editor):
    """Create or edit. Of a promotion that has begun, only the name and the end."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        self.at = clock.now()
        if "pk" in self.kwargs:
            self.stored = get_object_or_404(Promotion, pk=self.kwargs["pk"])
        if not (may_look(request.user) if self.stored else may(request.user, "add")):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    @property
    def page_title(self) -> str:
        return self.stored.name if self.stored else "New promotion"

    @property
    def has_begun(self) -> bool:
        return self.stored is not None and self.stored.has_begun(at=self.at)

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._page(*self._forms())

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form, rows = self._forms(request.POST)
        if "show_example" in request.POST:
            shopper, lines = _asked(request)
            example, incomplete = _example(form, rows, shopper, lines, stored=self.stored, at=self.at)
            return self._page(form, rows, shopper=shopper, lines=lines, example=example, incomplete=incomplete)
        if not self._may_save():
            raise PermissionDenied
        if _all_valid(form, rows) and (saved := self._saved(form, rows)):
            messages.success(request, f"“{saved.name}” is saved.")
            return redirect("promotions:edit", pk=saved.pk)
        shopper, lines = _asked(request)
        return self._page(form, rows, shopper=shopper, lines=lines)

    def _forms(self, data: Any = None) -> tuple[Any, Any]:
        if self.stored is not None and self.has_begun:
            return BegunForm(data, stored=self.stored), None
        return PromotionForm(data, stored=self.stored, at=self.at), target_rows(data, stored=self.stored)

    def _page(self, form: Any, rows: Any, **context: Any) -> HttpResponse:
        if self.stored is not None:
            context |= {
                "status": STATUSES[status_of(self.stored, at=self.at)],
                "window": window_words(self.stored),
                "has_begun": self.has_begun,
                "has_ended": status_of(self.stored, at=self.at) == "ended",
                "terms": terms(self.stored, list(self.stored.targets.all())) if self.has_begun else [],
            }
        return self.render_to_response(self.get_context_data(form=form, rows=rows, **context))

    def _saved(self, form: Any, rows: Any) -> Promotion | None:
        """The saved promotion; None with the reasons in the form."""
        targets = rows.targets() if rows is not None else None
        try:
            if self.stored is None:
                return editing.create(promotion=form.promotion(), targets=targets or (), at=self.at)
            with transaction.atomic():
                before = locked_row(Promotion, self.stored.pk)
                if form.cleaned_data["shown"] != mark_of(before, list(before.targets.all())):
                    raise PromotionIsStale()
                return editing.change(promotion=form.promotion(), targets=targets, at=self.at)
        except editing.PromotionIsWrong as refusal:
            form.refuse(refusal.facts["fields"])
        except DomainError as refusal:
            form.add_error(None, f"{refusal.detail}.")
        except IntegrityError:
            form.add_error("code", "Somebody has just used this code.")
        return None


class ExampleView(View):
    """What the form as it stands would do, as a piece of the page. Saves nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
        if not may_look(request.user):
            raise PermissionDenied
        at = clock.now()
        stored = get_object_or_404(Promotion, pk=pk) if pk else None
        form: Any = None
        rows: Any = None
        if stored is None or not stored.has_begun(at=at):
            form = PromotionForm(request.POST, stored=stored, at=at)
            rows = target_rows(request.POST, stored=stored)
        shopper, lines = _asked(request)
        example, incomplete = _example(form, rows, shopper, lines, stored=stored, at=at)
        page = TemplateView(request=request, template_name="desk/promotions/example.html")
        return page.render_to_response({"example": example, "incomplete": incomplete})


def _asked(request: HttpRequest) -> tuple[ShopperForm, Any]:
    return ShopperForm(request.POST, prefix="shopper"), example_rows(request.POST)


def _all_valid(*forms: Any) -> bool:
    """Each is looked at, so that every message is there."""
    return [form.is_valid() for form in forms if form is not None].count(False) == 0


def _example(
    form: Any, rows: Any, shopper: ShopperForm, lines: Any, *, stored: Promotion | None, at: datetime
) -> tuple[Example | None, list[str]]:
    """The example, or what is missing for one."""
    incomplete = [] if _all_valid(shopper) else [f"{each.label}: choose another." for each in shopper if each.errors]
    if not lines.is_valid():
        incomplete += [error for line in lines for errors in line.errors.values() for error in errors]
        incomplete += lines.non_form_errors()
    if isinstance(form, PromotionForm) and not _all_valid(form, rows):
        incomplete += messages_of(form, rows)
    if incomplete:
        return None, incomplete
    if isinstance(form, PromotionForm):
        promotion, targets = form.promotion(), rows.targets()
        promotion.created_at = at
        try:
            editing.validate(promotion=promotion, targets=targets)
        except ValidationError as error:
            return None, list(error.messages)
    elif stored is not None:
        promotion, targets = stored, list(stored.targets.all())
    return (
        example_of(promotion, targets, shopper=shopper.cleaned_data, quantities=lines.quantities(), at=at),
        [],
    )


class GoodsView(View):
    """Suggestions for a field that names goods."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_look(request.user):
            raise PermissionDenied
        kind = request.GET.get("kind", "")
        if kind not in PromotionTarget.Kind.values:
            return JsonResponse({"labels": []})
        return JsonResponse({"labels": goods.suggestions(kind, request.GET.get("q", "")[:100].replace("\0", ""))})


class EndView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        if not may(request.user, "change"):
            raise PermissionDenied
        promotion = get_object_or_404(Promotion, pk=pk)
        try:
            ended = editing.end(promotion=promotion, at=clock.now())
        except DomainError as refusal:
            messages.error(request, f"{refusal.detail}.")
        else:
            done = "has ended" if ended.is_active else "is put aside; make it active to use it after all"
            messages.success(request, f"“{ended.name}” {done}.")
        return redirect("promotions:edit", pk=pk)


class CopyView(View):
    """A copy is inactive, so that everything in it can be changed before it runs."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        if not may(request.user, "add"):
            raise PermissionDenied
        promotion = get_object_or_404(Promotion, pk=pk)
        try:
            made = editing.copy(promotion=promotion, code=_code_of_copy(promotion.code), at=clock.now())
        except (DomainError, IntegrityError):
            messages.error(request, "It could not be copied; try once more.")
            return redirect("promotions:edit", pk=pk)
        messages.success(request, f"This is the copy of “{promotion.name}”. It is inactive until you make it active.")
        return redirect("promotions:edit", pk=made.pk)


def _code_of_copy(code: str) -> str:
    stem = code[:40].rstrip("-")
    taken = set(Promotion.objects.filter(code__startswith=f"{stem}-copy").values_list("code", flat=True))
    names = (f"{stem}-copy{f'-{number}' if number > 1 else ''}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
