"""The order desk: a list of orders, and one order with everything that happened to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from commerce.checkout.gift_cards import bought_cards
from commerce.checkout.quoting.explaining import Step, explain
from commerce.desk.templatetags.money import money
from commerce.inventory.models import StockMovement
from commerce.orders.models import Order, OrderLine
from commerce.payments.models import Payment


class OrderIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return Order.objects.prefetch_related("lines")


class OrderView(InspectView):
    template_name = "desk/order.html"
    page_title = "Order"

    def get_object(self, queryset: Any = None) -> Order:
        orders = Order.objects.prefetch_related(
            "events", Prefetch("lines", OrderLine.objects.select_related("variant"))
        )
        return super().get_object(orders)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        order: Order = self.object
        return super().get_context_data(
            **context,
            order=order,
            quote=order.quote,
            steps=_steps(order),
            cards=bought_cards(order),
            payment=order.payment_id
            and Payment.objects.filter(pk=order.payment_id).prefetch_related("ledger", "events").first(),
            movements=StockMovement.objects.filter(reference=order.number).select_related(
                "level__location", "level__variant"
            ),
        )


def _steps(order: Order) -> list[Step]:
    """None for an order from before quotes kept the facts that explain them."""
    return explain(order.quote) if "facts" in order.quote else []


class OrderViewSet(ModelViewSet):
    model = Order
    name = "orders"
    icon = "clipboard-list"
    menu_label = "Orders"
    menu_order = 160
    add_to_admin_menu = True
    inspect_view_enabled = True
    index_view_class = OrderIndexView
    inspect_view_class = OrderView
    exclude_form_fields: list[str] = []
    list_display = [
        "number",
        DateColumn("placed_at", label="Placed", sort_key="placed_at"),
        Column("email", label="Customer"),
        Column("items", label="Items", accessor=lambda order: sum(line.quantity for line in order.lines.all())),
        Column("total", label="Total", accessor=lambda order: money(order.total), sort_key="total_minor"),
        Column("status", label="Status", accessor=lambda order: order.status.capitalize()),
    ]
    list_filter = ["status", "placed_at"]
    search_fields = ["number", "email"]
    search_backend_name = None
    ordering = "-placed_at"
    list_per_page = 50
