"""One variant's stock; goods that come in; goods that go from one location to another; what is low; what there was."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from cms.catalogue.models import BundlePart, Product, Variant
from commerce.desk.editing import STALE
from commerce.desk.promotions.coupons import safe_cell
from commerce.desk.stock.forms import AdjustForm, DayForm, PartsForm, PolicyForm, ReceiveForm, TransferForm
from commerce.desk.stock.lists import with_title
from commerce.desk.stock.pages import SENT_BEFORE, StockPage, refusal_words
from commerce.inventory import bundling, policies
from commerce.inventory.adjusting import adjust
from commerce.inventory.alerting import low_on_stock
from commerce.inventory.models import Location, StockLevel, StockMovement, StockPolicy
from commerce.inventory.queries import UNLIMITED, supplies
from commerce.inventory.receiving import ReferenceReceived, receive
from commerce.inventory.reporting import StockOfDate, stock_as_of
from commerce.inventory.transferring import transfer
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.kit.idempotency import KeyReused


class VariantStockView(StockPage):
    """Where a variant lies, how it is stocked, what a bundle is made of, and its latest movements."""

    template_name = "desk/stock/variant.html"
    most_movements = 50

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        rows = with_title(Variant.objects.select_related("product"), product="product")
        self.variant = get_object_or_404(rows, pk=self.kwargs["variant_id"])
        return super().dispatch(request, *args, **options)

    def get_page_title(self) -> str:
        return " ".join(part for part in (self.variant.title, self.variant.name, f"({self.variant.sku})") if part)

    @property
    def is_bundle(self) -> bool:
        return bool(self.variant.product.kind == Product.Kind.BUNDLE)

    @cached_property
    def locations(self) -> list[Location]:
        return list(Location.objects.all())

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        match request.POST.get("action"):
            case "adjust" if not self.is_bundle:
                return self._adjust(AdjustForm(request.POST))
            case "policy":
                return self._set_policy(self._policy_form(request.POST))
            case "parts" if self.is_bundle:
                return self._set_parts(PartsForm(request.POST))
        return self._page()

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._page()

    def _adjust(self, form: AdjustForm) -> HttpResponse:
        if form.is_valid():
            wanted, now = form.cleaned_data, clock.now()

            def carry_out() -> str:
                level = adjust(
                    variant=self.variant,
                    location=wanted["location"],
                    change=wanted["change"],
                    kind=StockMovement.Kind(wanted["kind"]),
                    actor=self.actor,
                    reason=wanted["reason"],
                    at=now,
                )
                return f"There are now {level.on_hand} at {level.location}."

            try:
                return self._done(self.once(wanted["token"], carry_out, at=now))
            except KeyReused:
                form.add_error(None, SENT_BEFORE)
            except DomainError as refusal:
                form.add_error("change", f"{refusal.detail}. {refusal.facts.get('available', 0)} can be taken away.")
        return self._page(adjust=form)

    def _set_policy(self, form: PolicyForm) -> HttpResponse:
        if form.is_valid() and form.cleaned_data["shown"] != self._mark():
            form.add_error(None, STALE)
        if form.is_valid():
            wanted, now = form.cleaned_data, clock.now()
            try:
                policies.set_up(
                    variant=self.variant,
                    is_tracked=wanted.get("is_tracked", True),
                    low_stock_threshold=wanted["low_stock_threshold"],
                    expected_on=wanted.get("expected_on"),
                    backorder_limits=form.limits(),
                    at=now,
                )
            except DomainError as refusal:
                form.add_error(None, f"{refusal.detail}. At least {refusal.facts.get('promised', 0)} are sold ahead.")
            else:
                return self._done("Saved. It takes effect at once.")
        return self._page(policy=form)

    def _set_parts(self, form: PartsForm) -> HttpResponse:
        if form.is_valid():
            try:
                bundling.set_parts(bundle=self.variant, parts=form.cleaned_data["parts"], at=clock.now())
            except DomainError as refusal:
                form.add_error("parts", refusal.detail)
            else:
                return self._done("Saved. Purchases on their way keep what they were promised.")
        return self._page(parts=form)

    def _done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect("desk_stock_variant", variant_id=self.variant.pk)

    def _levels(self) -> list[StockLevel]:
        known = {level.location_id: level for level in StockLevel.objects.filter(variant=self.variant)}
        return [
            known.get(place.pk) or StockLevel(variant_id=self.variant.pk, location=place) for place in self.locations
        ]

    def _mark(self) -> str:
        policy = StockPolicy.objects.filter(variant=self.variant.pk).first()
        said: list[Any] = [policy and (policy.is_tracked, policy.low_stock_threshold, policy.expected_on)]
        said += [(level.location_id, level.backorder_limit) for level in self._levels()]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def _policy_form(self, data: Any = None) -> PolicyForm:
        policy = StockPolicy.objects.filter(variant=self.variant.pk).first()
        initial: dict[str, Any] = {
            "is_tracked": policy.is_tracked if policy else self.variant.product.kind != Product.Kind.DIGITAL,
            "low_stock_threshold": policy.low_stock_threshold if policy else 0,
            "expected_on": policy.expected_on if policy else None,
            "shown": self._mark(),
            **{f"limit_{level.location_id}": level.backorder_limit for level in self._levels()},
        }
        return PolicyForm(data, locations=self.locations, is_bundle=self.is_bundle, initial=initial)

    def _parts_form(self) -> PartsForm:
        parts = BundlePart.objects.filter(bundle=self.variant.pk).select_related("part")
        return PartsForm(initial={"parts": "\n".join(f"{each.part.sku}  {each.quantity}" for each in parts)})

    def _page(self, **forms: Any) -> HttpResponse:
        now = clock.now()
        movements = StockMovement.objects.filter(level__variant=self.variant.pk)
        policy = forms.get("policy") or self._policy_form()
        return self.render_to_response(
            self.get_context_data(
                variant=self.variant,
                is_bundle=self.is_bundle,
                supply=supplies(variant_ids=[self.variant.pk], at=now)[self.variant.pk],
                unlimited=UNLIMITED,
                levels=self._levels(),
                parts_of=with_title(
                    BundlePart.objects.filter(bundle=self.variant.pk).select_related("part"), product="part__product"
                ),
                bundles=BundlePart.objects.filter(part=self.variant.pk).select_related("bundle"),
                movements=movements.select_related("level__location", "bundle")[: self.most_movements],
                adjust=forms.get("adjust") or AdjustForm(),
                policy=policy,
                parts=forms.get("parts") or self._parts_form(),
                media=policy.media,
                may_change=self.may_change,
            )
        )


class _GoodsPage(StockPage):
    """A form with goods on it; what the domain refuses is said at the goods."""

    template_name = "desk/stock/goods.html"
    is_for_changing = True
    form_class: Any
    submit_label: str
    refused_line: str

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._page(self.form_class(initial=request.GET.dict()))

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            wanted, now = form.cleaned_data, clock.now()
            try:
                words = self.once(wanted["token"], lambda: self.carry_out(wanted, at=now), at=now)
            except KeyReused:
                form.add_error(None, SENT_BEFORE)
            except ReferenceReceived as refusal:
                form.add_error("reference", f"{refusal.detail}.")
            except DomainError as refusal:
                form.add_error("goods", refusal_words(refusal, self.refused_line))
            else:
                messages.success(request, words)
                return redirect("stock-levels:index")
        return self._page(form)

    def carry_out(self, wanted: dict[str, Any], *, at: datetime) -> str:
        raise NotImplementedError

    def _page(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, submit_label=self.submit_label))


class ReceiveView(_GoodsPage):
    page_title = "Receive goods"
    header_icon = "plus"
    form_class = ReceiveForm
    submit_label = "Receive"
    refused_line = "{sku} cannot be received."

    def carry_out(self, wanted: dict[str, Any], *, at: datetime) -> str:
        goods = wanted["goods"]
        receive(
            lines=goods,
            location=wanted["location"],
            reference=wanted["reference"],
            although_received=wanted["although_received"],
            actor=self.actor,
            at=at,
        )
        return f"{_units(goods)} received at {wanted['location']}."


class TransferView(_GoodsPage):
    page_title = "Transfer goods"
    header_icon = "order"
    form_class = TransferForm
    submit_label = "Transfer"
    refused_line = "{sku}: {requested} wanted, {available} can go."

    def carry_out(self, wanted: dict[str, Any], *, at: datetime) -> str:
        goods = wanted["goods"]
        reference = transfer(
            lines=goods,
            source=wanted["source"],
            target=wanted["target"],
            reason=wanted["reason"],
            actor=self.actor,
            at=at,
        )
        return f"{_units(goods)} went from {wanted['source']} to {wanted['target']}, as {reference}."


def _units(goods: dict[Any, int]) -> str:
    count = sum(goods.values())
    return f"{count} unit{'' if count == 1 else 's'} of {len(goods)} SKU{'' if len(goods) == 1 else 's'}"


class LowStockView(StockPage):
    """What is at or below its threshold, the emptiest first."""

    template_name = "desk/stock/low.html"
    page_title = "Low stock"
    header_icon = "warning"
    most_rows = 500

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        rows = with_title(low_on_stock().select_related("stock_policy", "product"), product="product")
        found = list(rows.order_by("left", "sku")[: self.most_rows])
        supply = supplies(variant_ids=[each.pk for each in found], at=clock.now())
        return super().get_context_data(
            **context,
            rows=[(each, supply[each.pk]) for each in found],
            most_rows=self.most_rows,
            may_change=self.may_change,
        )


class StockOfDateView(StockPage):
    """What was on hand at an instant, by the ledger; also as a file."""

    template_name = "desk/stock/of_date.html"
    page_title = "Stock at a date"
    header_icon = "calendar"
    most_rows = 1000

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form = DayForm(request.GET)
        rows: list[StockOfDate] = []
        at = clock.now()
        if form.is_valid():
            at = form.cleaned_data["at"] or at
            rows = stock_as_of(at=at, location=form.cleaned_data["location"])
            if request.GET.get("export") == "csv":
                return _file(_named(rows), at)
        query = request.GET.copy()
        query["export"] = "csv"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                media=form.media,
                is_told=form.is_valid(),
                at=at,
                rows=_named(rows[: self.most_rows]),
                row_count=len(rows),
                units=sum(row.on_hand for row in rows),
                export=f"{reverse('desk_stock_of_date')}?{query.urlencode()}",
            )
        )


Named = tuple[StockOfDate, str, str]
"""With the title of the product and the name of the variant."""


def _named(rows: list[StockOfDate]) -> list[Named]:
    """One query."""
    variants = with_title(Variant.objects.filter(sku__in={row.sku for row in rows}), product="product")
    names = {variant.sku: (variant.title, variant.name) for variant in variants}
    return [(row, *names.get(row.sku, ("", ""))) for row in rows]


def _file(rows: list[Named], at: datetime) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["sku", "location", "on hand", "at", "product", "variant"])
    # A count is a number, also one below zero; what people have named could be a formula.
    writer.writerows(
        [safe_cell(row.sku), safe_cell(row.location), row.on_hand, at.isoformat(), safe_cell(title), safe_cell(name)]
        for row, title, name in rows
    )
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="stock-{at:%Y-%m-%d}.csv"'
    return answer
