from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail.admin.viewsets.model import ModelViewSet

from commerce.credit.models import CreditAccount
from commerce.desk.credit.views import CODE_SHOWN, COLUMNS, AccountView, CreditIndexView, IssueView


class CreditViewSet(ModelViewSet):
    model = CreditAccount
    name = "credit"
    icon = "key"
    menu_label = "Gift cards and credit"
    menu_order = 174
    add_to_admin_menu = True
    pk_path_converter = "uuid"
    index_view_class = CreditIndexView
    inspect_view_enabled = True
    exclude_form_fields: list[str] = []
    index_template_name = "desk/promotions/index.html"
    list_display = COLUMNS
    list_filter = ["kind", "currency", "is_active"]
    search_fields = ["last_four", "email"]
    search_backend_name = None
    ordering = "-created_at"
    list_per_page = 50

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", IssueView.as_view(), name="add"),
            path("<uuid:pk>/", AccountView.as_view(), name="inspect"),
            # Where Wagtail's own lists of what was changed lead to.
            path("<uuid:pk>/", AccountView.as_view(), name="edit"),
        ]


def register_actions(actions: Any) -> None:
    """Whoever asks for the code of a gift card is written down in Wagtail's log."""
    actions.register_action(CODE_SHOWN, "Code shown", "The gift card's code was shown")
