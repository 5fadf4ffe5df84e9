"""The order of the products in a category: dragged where there are few, moved to a place by its number where many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Locale

from cms.catalogue.categories import CategoryPage
from cms.catalogue.content import ProductContent
from cms.catalogue.identity import Placement

PER_PAGE = 100
"""So many can be dragged: they are all on one page."""


class UnreadablePlace(ValueError):
    """The number of a place was something else."""


def moved(keys: Sequence[int], *, places: Mapping[int, int]) -> list[int]:
    """The keys with those that are to move taken out and put at their places, counted from 1; the others follow."""
    order = [key for key in keys if key not in places]
    for key, place in sorted(places.items(), key=lambda each: each[1]):
        order.insert(max(0, place - 1), key)
    return order


def reorder(category: CategoryPage, *, places: Mapping[int, int]) -> int:
    """Move these placements of the category to their places; all are numbered anew. Returns how many were written."""
    with transaction.atomic():
        rows = list(Placement.objects.select_for_update().filter(category_key=category.translation_key))
        by_key = {row.pk: row for row in rows}
        wanted = moved([row.pk for row in rows], places={key: places[key] for key in places if key in by_key})
        changed = []
        for position, key in enumerate(wanted, start=1):
            if by_key[key].position != position:
                by_key[key].position = position
                changed.append(by_key[key])
        Placement.objects.bulk_update(changed, ["position"], batch_size=500)
    return len(changed)


class CategoryProductsView(WagtailAdminTemplateMixin, TemplateView):
    """The products of one category, in its order, and the form that changes it. Takes effect at once."""

    template_name = "catalogue/category_order.html"
    page_title = "Products in this category"
    header_icon = "order"
    category: CategoryPage

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        self.category = get_object_or_404(CategoryPage, pk=options["page_id"])
        if not self.category.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get_page_subtitle(self) -> str:
        return str(self.category)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_explore", args=[self.category.get_parent().pk]), "label": "Pages"},
            {"url": reverse("wagtailadmin_pages:edit", args=[self.category.pk]), "label": self.category.title},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        placements = Placement.objects.filter(category_key=self.category.translation_key)
        page = Paginator(placements, PER_PAGE).get_page(self.request.GET.get("p"))
        rows = [(place, row) for place, row in enumerate(page.object_list, start=page.start_index())]
        contents = _contents([row.product_id for _, row in rows], locale=self.category.locale)
        return super().get_context_data(
            category=self.category,
            page=page,
            rows=[(place, row, contents.get(row.product_id)) for place, row in rows],
            can_drag=page.paginator.num_pages == 1,
            first=page.start_index(),
            **given,
        )

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            places = _places(request.POST)
        except UnreadablePlace:
            messages.error(request, "A place is a number from 1 on. Nothing was changed.")
        else:
            many = reorder(self.category, places=places) if places else 0
            messages.success(request, "The order is saved." if many else "The order is as it was.")
        return redirect(request.get_full_path())


def _places(sent: Any) -> dict[int, int]:
    """The places that differ from those that the form was shown with."""
    places = {}
    for name, written in sent.items():
        if name.startswith("place-"):
            try:
                key, place = int(name.removeprefix("place-")), int(written)
            except ValueError:
                raise UnreadablePlace(written) from None
            if not 1 <= place < 1_000_000:
                raise UnreadablePlace(written)
            if str(place) != sent.get(f"was-{key}"):
                places[key] = place
    return places


def _contents(products: Sequence[Any], *, locale: Locale) -> dict[Any, ProductContent]:
    """Each product's content in the category's language, else in any; drafts included, for they have a place too."""
    last = Case(When(locale=locale, then=Value(1)), default=Value(0))
    found: QuerySet[ProductContent] = ProductContent.objects.filter(product__in=products).order_by(last, "-pk")
    return {each.product_id: each for each in found.prefetch_related("gallery__image__renditions")}
