"""Payments that need a person, all payments with their books, and how each market may pay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery, UUIDField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from commerce.desk.payments.acting import ACTIONS, Doing, act
from commerce.desk.payments.forms import OfferForm
from commerce.desk.payments.words import BOOKED, PAYMENT, STATES, STATUSES
from commerce.desk.templatetags.money import money
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.orders.models import Order, OrderPayment
from commerce.payments.attention import needing_a_person
from commerce.payments.models import Method, Payment, PaymentMethodOffer

MOST_WRITTEN = 200


def may(user: Any, action: str) -> bool:
    return bool(user.has_perm(f"payments.{action}_payment"))


class AttentionView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/payments/attention.html"
    page_title = "Payments that need a person"
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not (may(request.user, "view") or may(request.user, "change")):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not may(request.user, "change"):
            raise PermissionDenied
        said = {name: request.POST.get(name, "") for name in ("kind", "key", "action")}
        written = request.POST.get("written", "").replace("\x00", "").strip()[:MOST_WRITTEN]
        actor = str(request.user)[:100]
        try:
            doing = Doing(key=said["key"], written=written, actor=actor, at=clock.now())
            if not written and _asks(said["kind"], said["action"]):
                messages.error(request, "Write what is asked for beside the button.")
            else:
                messages.success(request, act(said["kind"], said["action"], doing).done)
        except DomainError as refusal:
            messages.error(request, f"{refusal.detail.rstrip('.')}.")
        return redirect("payments-attention:index")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        matters = needing_a_person(clock.now())
        orders = _orders_by_reference(matter.reference for matter in matters)
        rows = [(matter, orders.get(matter.reference), ACTIONS[matter.kind]) for matter in matters]
        may_change = may(self.request.user, "change")
        return super().get_context_data(**context, rows=rows, may_change=may_change)


def _asks(kind: str, name: str) -> bool:
    actions = next((actions for each, actions in ACTIONS.items() if each == kind), ())
    return any(action.asks for action in actions if action.name == name)


def _orders_by_reference(references: Iterable[UUID | None]) -> dict[UUID | None, Order]:
    wanted = {reference for reference in references if reference is not None}
    return {order.checkout_id: order for order in Order.objects.filter(checkout_id__in=wanted)} if wanted else {}


class _AttentionMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "view") or may(request.user, "change")


class AttentionViewSet(ViewSet):
    icon = "warning"
    menu_label = "Need a person"
    menu_item_class = _AttentionMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", AttentionView.as_view(), name="index")]


class PaymentView(InspectView):
    """One payment with its books and everything that happened to it."""

    template_name = "desk/payments/payment.html"
    page_title = "Payment"

    def get_object(self, queryset: Any = None) -> Payment:
        related = ("ledger", "events", "refunds__events", "captures__events", "disputes__events")
        return super().get_object(Payment.objects.select_related("customer").prefetch_related(*related))

    def get_page_subtitle(self) -> str:
        return f"{money(self.object.amount)} {STATUSES[self.object.status]}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        payment: Payment = self.object
        parts: list[tuple[str, Any]] = [
            ("Refund", payment.refunds),
            ("Capture", payment.captures),
            ("Dispute", payment.disputes),
        ]
        return super().get_context_data(
            **context,
            payment=payment,
            status=STATUSES[payment.status],
            booked=[(BOOKED[entry.kind], entry) for entry in payment.ledger.all()],
            order=_orders_by_reference([payment.reference]).get(payment.reference),
            parts=[(name, STATES[name][row.status], row) for name, rows in parts for row in rows.all()],
            events=_told_by_time(payment),
        )


def _told_by_time(payment: Payment) -> list[tuple[str, str, Any]]:
    parts: list[tuple[str, Any]] = [(PAYMENT, payment)]
    parts += [("Refund", refund) for refund in payment.refunds.all()]
    parts += [("Capture", capture) for capture in payment.captures.all()]
    parts += [("Dispute", dispute) for dispute in payment.disputes.all()]
    events = [(name, STATES[name][event.to_status], event) for name, row in parts for event in row.events.all()]
    return sorted(events, key=lambda told: told[2].at)


class PaymentIndexView(IndexView):
    """Each payment with the number of its order, where it made one or was asked for by an edit of one."""

    def get_base_queryset(self) -> Any:
        of_payment = OrderPayment.objects.filter(payment=OuterRef("pk"))
        return Payment.objects.annotate(
            order_key=Subquery(of_payment.values("order"), output_field=UUIDField()),
            order_number=Subquery(of_payment.values("order__number")),
        )

    def search_queryset(self, queryset: Any) -> Any:
        """By what it is called at the gateway, by address, or by the beginning of its order's number."""
        if not self.is_searching:
            return queryset
        number = self.search_query.replace("\x00", "").strip().upper()
        numbered = Q(order__number__startswith=number) | Q(order__number__startswith=f"M-{number}")
        of_orders = OrderPayment.objects.filter(numbered).values("payment")
        found = super().search_queryset(Payment.objects.order_by())
        return queryset.filter(Q(pk__in=of_orders) | Q(pk__in=found.values("pk")))


def _order_link(payment: Any) -> str:
    if payment.order_key is None:
        return "–"
    return format_html('<a href="{}">{}</a>', reverse("orders:inspect", args=[payment.order_key]), payment.order_number)


class PaymentViewSet(ModelViewSet):
    model = Payment
    name = "payments"
    icon = "list-ul"
    menu_label = "All payments"
    pk_path_converter = "uuid"
    index_view_class = PaymentIndexView
    inspect_view_enabled = True
    inspect_view_class = PaymentView
    exclude_form_fields: list[str] = []
    list_display = [
        TitleColumn(
            "amount",
            label="Amount",
            accessor=lambda payment: money(payment.amount),
            get_url=lambda payment: reverse("payments:inspect", args=[payment.pk]),
            sort_key="amount_minor",
        ),
        StatusTagColumn(
            "status",
            label="Status",
            accessor=lambda payment: STATUSES[payment.status],
            primary=lambda payment: payment.is_settled,
        ),
        Column("order", label="Order", accessor=_order_link, sort_key="order_number"),
        Column("method", label="Method", accessor="get_method_display"),
        Column("gateway_id", label="At the gateway"),
        DateColumn("created_at", label="Begun", sort_key="created_at"),
    ]
    list_filter = ["status", "method", "created_at"]
    search_fields = ["gateway_id", "receipt_email"]
    search_backend_name = None
    ordering = "-created_at"
    list_per_page = 50


def _limits(offer: PaymentMethodOffer) -> str:
    bounds = [("from", offer.least_minor), ("up to", offer.most_minor)]
    written = [f"{word} {money(Money(minor, offer.market.currency))}" for word, minor in bounds if minor is not None]
    return " ".join(written) or "any"


class OfferIndexView(IndexView):
    page_title = "Payment methods by market"
    add_item_label = "Offer a method"

    def get_base_queryset(self) -> Any:
        return PaymentMethodOffer.objects.select_related("market")


class OfferViewSet(ModelViewSet):
    model = PaymentMethodOffer
    name = "payment-methods"
    icon = "clipboard-list"
    menu_label = "Methods by market"
    copy_view_enabled = False
    index_view_class = OfferIndexView
    list_display = [
        TitleColumn(
            "name",
            label="Name",
            accessor=str,
            get_url=lambda offer: reverse("payment-methods:edit", args=[offer.pk]),
        ),
        Column("market", label="Market", sort_key="market"),
        Column("method", label="Method", accessor=lambda offer: Method(offer.method).label),
        Column("limits", label="For totals", accessor=_limits),
        Column("position", label="Position", sort_key="position"),
    ]
    list_filter = ["market", "method"]
    search_fields = ["name", "market__name"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return OfferForm


class PaymentGroup(ModelViewSetGroup):
    menu_label = "Payments"
    menu_icon = "check"
    menu_order = 162
    items = (AttentionViewSet("payments-attention"), PaymentViewSet("payments"), OfferViewSet("payment-methods"))
