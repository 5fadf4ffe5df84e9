"""The grid of prices, pasting into it, and the look at what would change before it does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.catalogue.models import Variant
from commerce.desk.pricing import access
from commerce.desk.pricing.entering import Edits, RowEdit, RowsAreStale, enter, planned, seen, with_new_costs
from commerce.desk.pricing.filtering import FilterForm, chosen_variants, titled
from commerce.desk.pricing.forms import PasteForm, PriceRowForm, PriceRowFormSet, TimingForm, posted_variants
from commerce.desk.pricing.pasting import Pasted, read_lines
from commerce.desk.pricing.standing import Standing, by_market, list_with_terms, standings, tax_taken_out
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.kit.money import Money, round_half_up
from commerce.pricing.margins import is_below_cost, margin_percent
from commerce.pricing.models import PriceList
from commerce.pricing.repricing import PlanIsStale, PlannedPrice, Row, TooManyRows

ROWS_ON_A_PAGE = 50
_CONFIRMED_WITHIN = 60 * 60 * 12
"""A dry run older than this many seconds is looked at again."""
_SALT = "commerce.desk.pricing.dry_run"

PROBLEMS = {
    "unknown_sku": "No variant has this SKU.",
    "duplicate_sku": "This SKU is there more than once.",
    "not_an_amount": "This is no amount in the list's currency.",
    "other_currency": "This is another currency than the list's.",
    "absurd_amount": "An amount is not negative and not that high.",
}


class PriceScreen(access.SeesPrices, WagtailAdminTemplateMixin, TemplateView):
    header_icon = "tag"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        trail = [{"url": reverse("desk_prices"), "label": "Prices"}] if self.page_title != "Prices" else []
        return [*self.breadcrumbs_items, *trail, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            **context,
            may_change=access.may_change_prices(user),
            may_see_costs=access.may_see_costs(user),
            may_change_costs=access.may_change_costs(user),
        )

    def reviewed(self, edits: Edits, *, reason: str, back: str, lines: Sequence[Pasted] = ()) -> HttpResponse:
        """The dry run: what would change, with nothing written. What is signed is what is shown."""
        document = edits.document() | {"reason": reason, "back": back, "by": str(self.request.user.pk)}
        context = Review.of(edits, lines, at=clock.now())
        self.page_title = "Dry run"
        return self.response_class(
            request=self.request,
            template=["desk/pricing/review.html"],
            context=PriceScreen.get_context_data(
                self,
                review=context,
                edits=edits,
                price_list=edits.plan.price_list,
                reason=reason,
                back=back,
                signed="" if edits.plan.problems else signing.dumps(document, salt=_SALT, compress=True),
            ),
            using=self.template_engine,
        )


class GridView(PriceScreen):
    template_name = "desk/pricing/grid.html"
    page_title = "Prices"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if request.method == "POST" and access.may_change_costs(request.user):
            # Costs have their own permission; which cells may change is decided field by field.
            return super(access.SeesPrices, self).dispatch(request, *args, **options)
        return super().dispatch(request, *args, **options)

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        at = clock.now()
        wanted = self._filters()
        price_list = self._price_list(wanted)
        if price_list is None:
            return redirect("desk_prices")
        rows = self._rows(price_list, at=at, data=request.POST)
        timing = TimingForm(request.POST, at=at)
        if self._are_valid(rows, timing):
            changed = rows.changed
            if not changed:
                messages.info(request, "Nothing was changed.")
                return redirect(request.get_full_path())
            edits = self._edits(changed, price_list, timing.cleaned_data["effective_at"], at=at)
            reason = timing.cleaned_data["reason"]
            if request.POST.get("action", "save") != "save":
                return self.reviewed(edits, reason=reason, back=request.get_full_path())
            if self._entered(edits, rows, reason=reason, at=at):
                return redirect(request.get_full_path())
        return self.render_to_response(self.get_context_data(rows=rows, timing=timing))

    @staticmethod
    def _are_valid(rows: Any, timing: TimingForm) -> bool:
        """Rows that were left alone are not looked at: what they hold was entered long ago."""
        is_timed = timing.is_valid()
        untouched = set(rows.forms) - set(rows.changed) if rows.management_form.is_valid() else set()
        rows.is_valid()
        wrong = [form for form in rows.forms if form.errors and form not in untouched]
        return is_timed and not wrong and not rows.non_form_errors()

    def _edits(
        self, changed: Sequence[PriceRowForm], price_list: PriceList, effective_at: datetime | None, *, at: datetime
    ) -> Edits:
        regular = [row for form in changed if (row := form.planned_row)]
        edits = [form.edit for form in changed]
        plan = planned(regular, price_list=price_list, effective_at=effective_at, at=at)
        plan = with_new_costs(plan, edits, price_list=price_list, at=at)
        return Edits(plan, tuple(edits), effective_at)

    def _entered(self, edits: Edits, rows: Any, *, reason: str, at: datetime) -> bool:
        try:
            count = enter(edits, at=at, reason=reason, actor=access.actor_of(self.request))
        except DomainError as refusal:
            _say_where(refusal, rows)
            return False
        below = [row.sku for row in edits.plan.warnings]
        messages.success(self.request, f"Saved: {_counted(count)}.")
        if below and access.may_see_costs(self.request.user):
            messages.warning(self.request, f"Below cost now: {', '.join(below[:10])}{'…' if len(below) > 10 else ''}")
        return True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        at = clock.now()
        wanted = self._filters()
        price_list = self._price_list(wanted)
        rows = context.pop("rows", None)
        page = None
        tax = tax_taken_out(price_list.market, at=at) if price_list else None
        if price_list and tax and rows is None:
            found = chosen_variants(
                wanted.cleaned_data if wanted.is_valid() else {},
                category_keys=wanted.category_keys if wanted.is_valid() else (),
                price_list=price_list,
                tax=tax,
                at=at,
            )
            page = Paginator(found, ROWS_ON_A_PAGE).get_page(self.request.GET.get("p"))
            variants = list(page.object_list)
            standing = standings(variants, price_list=price_list, at=at, tax=tax)
            rows = self._formset(price_list, [standing[each.pk] for each in variants], at=at)
        return super().get_context_data(
            **{"timing": TimingForm(at=at)} | context,
            filters=wanted,
            price_list=price_list,
            rows=rows,
            page=page,
            page_numbers=page.paginator.get_elided_page_range(page.number) if page else (),
            tax=tax,
            at=at,
            paste_url=reverse("desk_prices_paste"),
        )

    def _filters(self) -> FilterForm:
        lists = list(by_market(PriceList.objects.all()))
        return FilterForm(self.request.GET or None, lists=lists, with_costs=access.may_see_costs(self.request.user))

    @staticmethod
    def _price_list(wanted: FilterForm) -> PriceList | None:
        code = wanted.cleaned_data.get("list") if wanted.is_valid() else ""
        return list_with_terms(code=code) if code else list_with_terms()

    def _rows(self, price_list: PriceList, *, at: datetime, data: Any) -> Any:
        keys = posted_variants(data)
        variants = list(titled(Variant.objects.filter(pk__in=[key for key in keys if key])))
        standing = seen(variants, price_list=price_list, at=at)
        return self._formset(price_list, [standing.get(key) if key else None for key in keys], at=at, data=data)

    def _formset(
        self, price_list: PriceList, standing: Sequence[Standing | None], *, at: datetime, data: Any = None
    ) -> Any:
        user = self.request.user
        formset: Any = PriceRowFormSet
        return formset(
            data,
            initial=[PriceRowForm.shown(each) if each else {} for each in standing],
            standings=standing,
            form_kwargs={
                "currency": price_list.currency,
                "at": at,
                "may_change": access.may_change_prices(user),
                "may_change_costs": access.may_change_costs(user),
            },
        )


class PasteView(PriceScreen):
    """Rows of a spreadsheet: read, shown as a dry run, and entered only then."""

    template_name = "desk/pricing/paste.html"
    page_title = "Paste from a spreadsheet"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not access.may_change_prices(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        if "form" not in context:
            initial = {"list": self.request.GET.get("list", "")}
            context["form"] = PasteForm(at=clock.now(), initial=initial)
        return super().get_context_data(**context)

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        at = clock.now()
        form = PasteForm(request.POST, at=at)
        if form.is_valid():
            price_list = list_with_terms(pk=form.cleaned_data["list"].pk)
            lines = read_lines(form.cleaned_data["text"])
            when = form.cleaned_data["effective_at"]
            if price_list is None or not lines:
                form.add_error("text", "There is nothing to enter.")
            else:
                try:
                    plan = planned([line.row for line in lines], price_list=price_list, effective_at=when, at=at)
                except TooManyRows as refusal:
                    form.add_error("text", f"{refusal.detail}; these are {len(lines)}.")
                else:
                    back = f"{reverse('desk_prices')}?list={price_list.code}"
                    edits = Edits(plan, effective_at=when)
                    if plan.problems:
                        form.add_error("text", f"{len(plan.problems)} of {len(lines)} rows cannot be entered.")
                        review = Review.of(edits, lines, at=at)
                        return self.render_to_response(self.get_context_data(form=form, review=review))
                    return self.reviewed(edits, reason=form.cleaned_data["reason"], back=back, lines=lines)
        return self.render_to_response(self.get_context_data(form=form))


class ConfirmView(PriceScreen):
    """Enters what a dry run has shown."""

    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not (access.may_change_prices(request.user) or access.may_change_costs(request.user)):
            raise PermissionDenied
        return super(access.SeesPrices, self).dispatch(request, *args, **options)

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            document = signing.loads(request.POST.get("signed", ""), salt=_SALT, max_age=_CONFIRMED_WITHIN)
        except signing.BadSignature:
            messages.error(request, "This dry run can no longer be confirmed. Make it again; nothing was saved.")
            return redirect("desk_prices")
        edits = Edits.from_document(document)
        if edits is None or document["by"] != str(request.user.pk):
            messages.error(request, "This dry run cannot be confirmed here. Make it again; nothing was saved.")
            return redirect("desk_prices")
        self._check_permissions(edits)
        at = clock.now()
        back = document["back"]
        try:
            count = enter(edits, at=at, reason=document["reason"], actor=access.actor_of(request))
        except PlanIsStale as refusal:
            _say(request, refusal)
            fresh = planned(_as_rows(edits.plan.rows), price_list=edits.plan.price_list,
                            effective_at=edits.effective_at, at=at)  # fmt: skip
            return self.reviewed(replace(edits, plan=fresh), reason=document["reason"], back=back)
        except DomainError as refusal:
            _say(request, refusal)
            return redirect(_safe(request, back))
        when = f", from {format_date(edits.effective_at, 'j F Y, H:i')} UTC on" if edits.effective_at else ""
        messages.success(request, f"Saved: {_counted(count)}{when}.")
        return redirect(_safe(request, back))

    def _check_permissions(self, edits: Edits) -> None:
        """Asked again: permissions may have been taken away since the dry run."""
        changes_prices = bool(edits.plan.rows) or any(row.sale for row in edits.rows)
        changes_costs = any(row.cost is not None for row in edits.rows)
        if changes_prices and not access.may_change_prices(self.request.user):
            raise PermissionDenied
        if changes_costs and not access.may_change_costs(self.request.user):
            raise PermissionDenied


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    planned: PlannedPrice
    title: str
    line: int | None
    written: str
    problem: str

    @property
    def difference(self) -> Money | None:
        old, new = self.planned.old, self.planned.new
        return new - old if old is not None and new is not None and new != old else None

    @property
    def difference_percent(self) -> Decimal | None:
        old, difference = self.planned.old, self.difference
        if not old or difference is None:
            return None
        return Decimal(round_half_up(Fraction(difference.minor * 1000, old.minor))).scaleb(-1)

    @property
    def is_steep(self) -> bool:
        """Half as much again or half of it: perhaps a slip of the finger."""
        percent = self.difference_percent
        return percent is not None and abs(percent) >= 50


@dataclass(frozen=True, slots=True)
class ReviewedEdit:
    edit: RowEdit
    title: str
    standing: Standing

    @property
    def sale_margin(self) -> Decimal | None:
        sale, cost = self.edit.sale, self._cost
        if sale is None or sale.amount is None or cost is None:
            return None
        return margin_percent(sale.amount, cost, tax_percent=self.standing.tax_percent, decimals=1)

    @property
    def is_below_cost(self) -> bool:
        sale, cost = self.edit.sale, self._cost
        if sale is None or sale.amount is None or cost is None:
            return False
        return is_below_cost(sale.amount, cost, tax_percent=self.standing.tax_percent)

    @property
    def _cost(self) -> Money | None:
        return self.edit.cost if self.edit.cost is not None else self.standing.cost


@dataclass(frozen=True, slots=True)
class Review:
    """A dry run as the page shows it: what is wrong first, then what loses money, then the rest."""

    rows: tuple[ReviewedRow, ...]
    others: tuple[ReviewedEdit, ...]
    unchanged: int

    @classmethod
    def of(cls, edits: Edits, lines: Sequence[Pasted], *, at: datetime) -> Review:
        plan = edits.plan
        keys = {row.variant for row in plan.rows if row.variant} | {row.variant for row in edits.rows}
        variants = list(titled(Variant.objects.filter(pk__in=keys)))
        titles: Mapping[uuid.UUID, str] = {each.pk: getattr(each, "title", "") for each in variants}
        reviewed = [
            ReviewedRow(
                row,
                titles.get(row.variant, "") if row.variant else "",
                lines[place].line if lines else None,
                lines[place].written if lines else "",
                PROBLEMS.get(row.problem or "", row.problem or ""),
            )
            for place, row in enumerate(plan.rows)
        ]
        shown = sorted((row for row in reviewed if row.planned.problem or row.planned.changes), key=_worst_first)
        changed = [row for row in edits.rows if row.sale or row.cost is not None]
        standing = seen(variants, price_list=plan.price_list, at=at) if changed else {}
        others = [ReviewedEdit(row, titles.get(row.variant, ""), standing[row.variant]) for row in changed]
        return cls(tuple(shown), tuple(others), len(reviewed) - len(shown))

    @property
    def shown(self) -> int:
        return len(self.rows) + len(self.others)

    @property
    def problems(self) -> int:
        return sum(1 for row in self.rows if row.problem)

    @property
    def below_cost(self) -> int:
        return sum(1 for row in self.rows if row.planned.warning) + sum(1 for row in self.others if row.is_below_cost)

    @property
    def steep(self) -> int:
        return sum(1 for row in self.rows if row.is_steep)


def _worst_first(row: ReviewedRow) -> int:
    if row.problem:
        return 0
    return 1 if row.planned.warning else 2 if row.is_steep else 3


def _as_rows(rows: Iterable[PlannedPrice]) -> list[Row]:
    return [Row(row.sku, row.new.amount if row.new is not None else "") for row in rows]


def _say_where(refusal: DomainError, rows: Any) -> None:
    """At the rows that the refusal names, else above all of them."""
    named = set(refusal.facts.get("skus", ())) | {refusal.facts.get("sku")}
    listed = refusal.facts.get("rows", ())
    named |= {each["sku"] if isinstance(each, dict) else each for each in listed}
    hit = [form for form in rows.forms if form.standing and form.standing.variant.sku in named]
    stale = isinstance(refusal, RowsAreStale | PlanIsStale)
    for form in hit:
        form.add_error(None, "Somebody has changed this since you opened the page." if stale else refusal.detail)
    rows.refusal = refusal.detail


def _say(request: HttpRequest, refusal: DomainError) -> None:
    listed = [each["sku"] if isinstance(each, dict) else each for each in refusal.facts.get("rows", ())]
    names = [*refusal.facts.get("skus", ()), *listed]
    messages.error(request, f"{refusal.detail}: {', '.join(names[:10])}" if names else refusal.detail)


def _counted(count: int) -> str:
    return "1 variant" if count == 1 else f"{count} variants"


def _safe(request: HttpRequest, address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else reverse("desk_prices")
