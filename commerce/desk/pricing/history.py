"""What a variant has cost in a list, who changed it and why, what is planned, and ending a price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cms.catalogue.models import Variant
from commerce.desk.pricing import access
from commerce.desk.pricing.charting import draw
from commerce.desk.pricing.entering import seen
from commerce.desk.pricing.filtering import titled
from commerce.desk.pricing.forms import moment_field
from commerce.desk.pricing.standing import by_market, list_with_terms
from commerce.desk.pricing.views import PriceScreen
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.pricing.ledger import paths
from commerce.pricing.models import Price, PriceChange, PriceList
from commerce.pricing.reference import reference_price
from commerce.pricing.setting import end_price

RANGES = {30: "30 days", 90: "90 days", 365: "A year", 1095: "Three years"}
DEFAULT_RANGE = 90
_ENTRIES_SHOWN = 200


class EndForm(forms.Form):
    ends_at = moment_field("Ends (UTC)")
    reason = forms.CharField(label="Why", required=False, max_length=255)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger. One that was called off or entered anew before it came is replaced."""

    change: PriceChange
    is_planned: bool
    is_replaced: bool

    @property
    def regular(self) -> Money | None:
        return _money(self.change.regular_minor, self.change.currency)

    @property
    def current(self) -> Money | None:
        return _money(self.change.current_minor, self.change.currency)

    @property
    def is_reduced(self) -> bool:
        return self.regular is not None and self.current is not None and self.current < self.regular


def entries(changes: Iterable[PriceChange], *, at: datetime) -> Iterator[Entry]:
    """Of rows with the latest first; of those for one instant only the one recorded last counts."""
    told: set[datetime] = set()
    for change in changes:
        yield Entry(change, change.effective_at > at, change.effective_at in told)
        told.add(change.effective_at)


class HistoryView(PriceScreen):
    template_name = "desk/pricing/history.html"
    page_title = "Price history"
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = clock.now()
        price_list = list_with_terms(code=self.kwargs["price_list"])
        variant = titled(Variant.objects.filter(pk=self.kwargs["variant"])).first()
        if price_list is None or variant is None:
            raise Http404
        days = self._days()
        path = paths(variants=[variant.pk], price_lists=[price_list.pk], until=None)
        points = path.get((variant.pk, price_list.pk), ())
        market = price_list.market
        reference = None
        if market.shows_reference_price:
            reference = reference_price(points, at=at, days=market.reference_price_days)
        told = PriceChange.objects.filter(variant=variant, price_list=price_list).order_by("-effective_at", "-pk")
        dated = Price.objects.not_over(at=at).filter(variant=variant, price_list=price_list)
        return super().get_context_data(
            at=at,
            variant=variant,
            title=getattr(variant, "title", ""),
            price_list=price_list,
            lists=by_market(PriceList.objects.all()),
            standing=seen([variant], price_list=price_list, at=at)[variant.pk],
            reference=reference,
            chart=draw(
                points, currency=price_list.currency, since=at - timedelta(days=days), now=at, reference=reference
            ),
            days=days,
            ranges=RANGES,
            entries=list(entries(told[:_ENTRIES_SHOWN], at=at)),
            dated=dated.order_by("kind", "min_quantity", "valid_from"),
        )

    def get_header_title(self) -> str:
        return "Price history"

    def _days(self) -> int:
        written = self.request.GET.get("days", "")
        return next((days for days in RANGES if str(days) == written), DEFAULT_RANGE)


class EndPriceView(PriceScreen):
    """Lets one dated price end, now or later."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        price = get_object_or_404(Price.objects.select_related("price_list__market"), pk=self.kwargs["price"])
        at = clock.now()
        form = EndForm(request.POST)
        if not form.is_valid():
            for problem in (text for texts in form.errors.values() for text in texts):
                messages.error(request, str(problem))
        else:
            self._end(price, form.cleaned_data["ends_at"] or at, form.cleaned_data["reason"], at=at)
        return redirect(reverse("desk_price_history", args=[price.price_list.code, price.variant_id]))

    def _end(self, price: Price, ends_at: datetime, reason: str, *, at: datetime) -> None:
        if price.valid_until is not None and ends_at > price.valid_until:
            messages.error(self.request, "It ends sooner than that already.")
            return
        try:
            left = end_price(price=price, ends_at=ends_at, at=at, reason=reason, actor=access.actor_of(self.request))
        except DomainError as refusal:
            messages.error(self.request, refusal.detail)
        else:
            messages.success(
                self.request, "The price was withdrawn." if left is None else "The price ends as you said."
            )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
