"""Counting: sheets that were started, and one sheet to fill in, save and post."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commerce.desk.stock.entering import MOST_UNITS
from commerce.desk.stock.forms import StartCountForm
from commerce.desk.stock.lists import with_title
from commerce.desk.stock.pages import StockPage, refusal_words
from commerce.inventory import counting
from commerce.inventory.counting import StockHasMoved
from commerce.inventory.models import StockCount, StockLevel, StockMovement
from commerce.inventory.states import CountStatus
from commerce.kit import clock
from commerce.kit.errors import DomainError

_FIELD = "counted-"


class CountsView(StockPage):
    template_name = "desk/stock/counts.html"
    page_title = "Counts"
    header_icon = "tasks"
    most_counts = 100

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._page(StartCountForm())

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        form = StartCountForm(request.POST)
        if form.is_valid():
            wanted = form.cleaned_data
            begins = wanted["only"]
            there = StockLevel.objects.filter(location=wanted["location"], variant__sku__istartswith=begins)
            chosen = list(there.values_list("variant", flat=True)) if begins else None
            if not there.exists():
                form.add_error("only" if begins else "location", "Nothing of the kind is stocked there.")
            else:
                count = counting.start(
                    location=wanted["location"],
                    variant_ids=chosen,
                    note=wanted["note"],
                    actor=self.actor,
                    at=clock.now(),
                )
                return redirect("desk_stock_count", pk=count.pk)
        return self._page(form)

    def _page(self, form: StartCountForm) -> HttpResponse:
        counts = StockCount.objects.select_related("location").annotate(
            line_count=Count("lines"), done=Count("lines", filter=Q(lines__counted__isnull=False))
        )
        return self.render_to_response(
            self.get_context_data(form=form, counts=counts[: self.most_counts], may_change=self.may_change)
        )


class CountView(StockPage):
    """The sheet. What is typed is saved with every button; only "Post" changes stock."""

    template_name = "desk/stock/count.html"
    header_icon = "tasks"
    lines_per_page = 200

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        self.count = get_object_or_404(StockCount.objects.select_related("location"), pk=self.kwargs["pk"])
        return super().dispatch(request, *args, **options)

    def get_page_title(self) -> str:
        return f"Count of {self.count.location}, {self.count.started_at:%-d %b %Y}"

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        action = request.POST.get("action")
        try:
            if action == "discard":
                counting.discard(count_id=self.count.pk, actor=self.actor, reason="Discarded", at=clock.now())
                messages.success(request, "The sheet is discarded; stock is as it was.")
                return redirect("desk_stock_counts")
            typed, wrong = self._typed()
            counting.enter(count_id=self.count.pk, counted=typed)
            if wrong:
                said = ", ".join(f"“{text[:20]}”" for text in wrong.values())
                return self._page(errors=[f"Write whole numbers: {said} cannot be read."], unread=wrong)
            if action == "post":
                movements = counting.post(
                    count_id=self.count.pk, confirmed=self._confirmed(), actor=self.actor, at=clock.now()
                )
                messages.success(request, f"Posted: {len(movements)} levels were corrected.")
                return redirect("desk_stock_count", pk=self.count.pk)
            messages.success(request, "Saved.")
        except StockHasMoved as moved:
            return self._page(moved=moved.facts["lines"], errors=[f"{moved.detail}."])
        except DomainError as refusal:
            words = refusal_words(refusal, "{sku}: {counted} counted, {promised} promised.")
            return self._page(errors=words)
        return redirect(request.get_full_path())

    def _typed(self) -> tuple[dict[uuid.UUID, int | None], dict[uuid.UUID, str]]:
        typed: dict[uuid.UUID, int | None] = {}
        wrong: dict[uuid.UUID, str] = {}
        for name, written in self.request.POST.items():
            key = _uuid(name.removeprefix(_FIELD)) if name.startswith(_FIELD) else None
            text = str(written).strip()
            if key is None:
                continue
            if not text:
                typed[key] = None
            elif text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= MOST_UNITS:
                typed[key] = int(text)
            else:
                wrong[key] = text
        return typed, wrong

    def _confirmed(self) -> set[uuid.UUID]:
        return {key for each in self.request.POST.getlist("confirmed") if (key := _uuid(each))}

    def _page(
        self,
        *,
        errors: list[str] | None = None,
        moved: list[dict[str, Any]] | None = None,
        unread: dict[uuid.UUID, str] | None = None,
    ) -> HttpResponse:
        """`unread` is what was typed and is no number: it stays in its field to be mended."""
        self.count.refresh_from_db()
        lines = with_title(self.count.lines.select_related("variant"), product="variant__product")
        by_variant = {uuid.UUID(each["variant"]): each for each in moved or []}
        if by_variant:
            lines = lines.filter(variant__in=list(by_variant))
        page = Paginator(lines, self.lines_per_page).get_page(self.request.GET.get("p"))
        found = list(page.object_list)
        self._compare(found)
        for line in found:
            line.written = (unread or {}).get(line.variant_id, "" if line.counted is None else line.counted)
        summary = self.count.lines.aggregate(all=Count("pk"), done=Count("pk", filter=Q(counted__isnull=False)))
        return self.render_to_response(
            self.get_context_data(
                count=self.count,
                is_open=self.count.status == CountStatus.OPEN,
                may_change=self.may_change,
                lines=found,
                page=page,
                summary=summary,
                errors=errors,
                shows_now=any(line.has_moved for line in found),
                is_asked=bool(by_variant),
                events=self.count.events.all(),
            )
        )

    def _compare(self, lines: list[Any]) -> None:
        """What is there now, and what the count changes about it, or changed when it was posted."""
        variants = [line.variant_id for line in lines]
        levels = StockLevel.objects.filter(location=self.count.location, variant__in=variants)
        there = dict(levels.values_list("variant", "on_hand"))
        movements = StockMovement.objects.filter(kind=StockMovement.Kind.COUNT, reference=self.count.reference)
        posted = dict(movements.filter(level__variant__in=variants).values_list("level__variant", "quantity"))
        is_open = self.count.status == CountStatus.OPEN
        for line in lines:
            line.now = there.get(line.variant_id, 0)
            line.has_moved = is_open and line.now != line.expected
            line.difference = line.difference_to(line.now if is_open else line.expected)
            if self.count.status == CountStatus.POSTED and line.counted is not None:
                line.difference = posted.get(line.variant_id, 0)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
