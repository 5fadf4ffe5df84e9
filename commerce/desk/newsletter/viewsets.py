from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from commerce.customers.models import NewsletterSubscription
from commerce.customers.newsletter import unsubscribe_url

_STATES = (("subscribed", "Subscribed"), ("waiting", "Not confirmed yet"), ("left", "Unsubscribed"))


def state_of(subscription: NewsletterSubscription) -> str:
    if subscription.unsubscribed_at is not None:
        return "left"
    return "waiting" if subscription.confirmed_at is None else "subscribed"


def _label_of(subscription: NewsletterSubscription) -> str:
    return dict(_STATES)[state_of(subscription)]


class NewsletterFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="State", choices=_STATES, method="filter_state")
    language = django_filters.AllValuesFilter(label="Language")

    class Meta:
        model = NewsletterSubscription
        fields = ["state", "language", "asked_at"]

    def filter_state(self, rows: Any, name: str, value: str) -> Any:
        match value:
            case "subscribed":
                return rows.subscribed()
            case "waiting":
                return rows.waiting()
        return rows.filter(unsubscribed_at__isnull=False)


class NewsletterIndexView(IndexView):
    """Whoever may look may take the list along: it is what newsletters are sent by."""

    any_permission_required = ["view"]
    page_title = "Newsletter"
    header_icon = "mail"

    def to_row_dict(self, item: NewsletterSubscription) -> Any:
        item.state, item.unsubscribe_url = _label_of(item), unsubscribe_url(item)  # type: ignore[attr-defined]
        row = super().to_row_dict(item)
        return {name: _never_a_formula(value) for name, value in row.items()}


def _never_a_formula(value: Any) -> Any:
    """An address may begin with = or +, and whoever entered it is a stranger to whoever opens the sheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


class NewsletterViewSet(ModelViewSet):
    """Nobody enters or changes an address here: its owner does. To delete one forgets it, proof and all."""

    model = NewsletterSubscription
    name = "newsletter"
    icon = "mail"
    menu_label = "Newsletter"
    menu_order = 178
    add_to_admin_menu = True
    pk_path_converter = "uuid"
    index_view_class = NewsletterIndexView
    inspect_view_enabled = True
    inspect_view_fields = ["email", "language", "source", "asked_at", "confirmed_at", "unsubscribed_at", "proof"]
    exclude_form_fields: list[str] = []
    list_display = [
        "email",
        StatusTagColumn("state", label="State", accessor=_label_of, primary=lambda row: row.is_subscribed),
        Column("language", label="Language"),
        Column("source", label="Asked on"),
        DateColumn("asked_at", label="Asked", sort_key="asked_at"),
    ]
    filterset_class = NewsletterFilters
    search_fields = ["email"]
    search_backend_name = None
    ordering = "-asked_at"
    list_per_page = 50
    list_export = ["email", "language", "state", "source", "asked_at", "confirmed_at", "unsubscribe_url", "proof"]
    export_headings = {"state": "State", "unsubscribe_url": "Link to unsubscribe"}
    export_filename = "newsletter"


def register_permissions() -> QuerySet[Permission]:
    names = ["view_newslettersubscription", "delete_newslettersubscription"]
    return Permission.objects.filter(content_type__app_label="customers", codename__in=names)
