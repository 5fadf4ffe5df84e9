from __future__ import annotations

from wagtail.admin.viewsets.model import ModelViewSet

from commerce.desk.orders.queue import COLUMNS, OrderFilters, OrderIndexView
from commerce.desk.orders.views import OrderView
from commerce.orders.models import Order


class OrderViewSet(ModelViewSet):
    model = Order
    name = "orders"
    icon = "clipboard-list"
    menu_label = "Orders"
    menu_order = 160
    add_to_admin_menu = True
    inspect_view_enabled = True
    index_view_class = OrderIndexView
    index_template_name = "desk/orders/index.html"
    inspect_view_class = OrderView
    exclude_form_fields: list[str] = []
    list_display = COLUMNS
    filterset_class = OrderFilters
    search_fields = ["number", "email"]
    search_backend_name = None
    ordering = "-placed_at"
    list_per_page = 50
