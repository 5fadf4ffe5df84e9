"""The list of orders, by what is to be done with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView

from commerce.desk.orders.words import DISPUTED, FULFILMENT_STATES, PAYMENT_STATES, STATUSES, Tag, fulfilment_tag
from commerce.desk.promotions.words import moment
from commerce.desk.templatetags.money import money
from commerce.markets.models import Market
from commerce.orders import searching
from commerce.orders.models import Order
from commerce.orders.searching import Wanted


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    label: str
    orders: Callable[[], QuerySet[Order]]
    oldest_first: bool = False


QUEUES = (
    Queue("to-send", "To send", searching.to_send, oldest_first=True),
    Queue("to-be-paid", "To be paid", searching.to_be_paid),
    Queue("returns", "Returns", searching.with_open_returns),
    Queue("on-their-way", "On their way", searching.on_their_way),
    Queue("all", "All", Order.objects.all),
)
ALL = QUEUES[-1]


def _choices(tags: Any) -> list[tuple[str, str]]:
    return [(str(state), tag.label) for state, tag in tags.items()]


class OrderFilters(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label="Status", choices=_choices(STATUSES))
    payment_state = django_filters.ChoiceFilter(label="Payment", choices=_choices(PAYMENT_STATES))
    fulfilment_state = django_filters.ChoiceFilter(label="Goods", choices=_choices(FULFILMENT_STATES))
    market = django_filters.ChoiceFilter(
        label="Market", choices=lambda: Market.objects.order_by("code").values_list("code", "name")
    )

    class Meta:
        model = Order
        fields = ["status", "payment_state", "fulfilment_state", "market", "placed_at"]


class OrderIndexView(IndexView):
    any_permission_required = ["view"]
    page_title = "Orders"

    @property
    def queue(self) -> Queue:
        """What was typed is looked for among all of them."""
        wanted = ALL.name if self.is_searching else self.request.GET.get("queue", ALL.name)
        return next((queue for queue in QUEUES if queue.name == wanted), ALL)

    def get_base_queryset(self) -> Any:
        return self.queue.orders().annotate(items=Sum("lines__quantity"), is_disputed=searching.disputed())

    def order_queryset(self, queryset: Any) -> Any:
        if "ordering" not in self.request.GET and self.queue.oldest_first:
            return queryset.order_by("placed_at")
        return super().order_queryset(queryset)

    def search_queryset(self, queryset: Any) -> Any:
        """By number, e-mail address, name or SKU."""
        if not self.is_searching:
            return queryset
        found = searching.search(Wanted(text=self.search_query)).values("pk")
        return queryset.filter(pk__in=found)

    def get_context_data(self, *args: Any, **context: Any) -> dict[str, Any]:
        address = reverse("orders:index")
        tabs = [
            {
                "label": each.label,
                "url": f"{address}?queue={each.name}",
                "count": each.orders().count() if each is not ALL else None,
                "is_current": each is self.queue,
            }
            for each in QUEUES
        ]
        return super().get_context_data(*args, tabs=tabs, **context)

    def get_edit_url(self, instance: Any) -> str:
        return reverse("orders:inspect", args=[instance.pk])

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []


def shown(tag: Tag) -> str:
    return format_html('<span class="order-tag order-tag--{}">{}</span>', tag.tone, tag.label)


def _customer(order: Order) -> str:
    return format_html(
        '{}<br><span class="order-quiet">{}</span>', order.shipping_address.get("name") or "–", order.email
    )


def _payment(order: Any) -> str:
    state = shown(PAYMENT_STATES[order.payment_state])
    return format_html("{} {}", state, shown(DISPUTED)) if order.is_disputed else state


COLUMNS = [
    TitleColumn(
        "number", label="Number", sort_key="number", get_url=lambda order: reverse("orders:inspect", args=[order.pk])
    ),
    Column("placed_at", label="Placed", accessor=lambda order: moment(order.placed_at), sort_key="placed_at"),
    Column("customer", label="Customer", accessor=_customer, sort_key="email"),
    Column("items", label="Items", sort_key="items"),
    Column("total", label="Total", accessor=lambda order: money(order.total), sort_key="total_minor"),
    Column("status", label="Status", accessor=lambda order: shown(STATUSES[order.status]), sort_key="status"),
    Column("payment", label="Payment", accessor=_payment),
    Column("goods", label="Goods", accessor=lambda order: shown(fulfilment_tag(order.status, order.fulfilment_state))),
]
