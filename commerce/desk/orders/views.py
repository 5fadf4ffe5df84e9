from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.views.generic import InspectView

from commerce.checkout.gift_cards import bought_cards
from commerce.checkout.quoting.explaining import Step, explain
from commerce.desk.orders.access import may
from commerce.desk.orders.money import Paying
from commerce.desk.orders.panels import Doing, Panel, Steps, carry_out
from commerce.desk.orders.returns import Returning
from commerce.desk.orders.sending import Sending
from commerce.desk.orders.whole import WholeOrder
from commerce.desk.orders.words import (
    DISPUTED,
    METHODS,
    PARCELS,
    PAYMENT_STATES,
    RETURNS,
    STATUSES,
    fulfilment_tag,
)
from commerce.desk.payments.words import BOOKED, PAYMENT, STATES
from commerce.inventory.models import StockMovement
from commerce.invoicing.queries import invoices_of
from commerce.kit import clock
from commerce.notifications.models import Mail
from commerce.orders.disputes import is_disputed
from commerce.orders.fulfilling import to_send
from commerce.orders.models import Fulfilment, Order, OrderLine, Return
from commerce.orders.paying import instructions_for, overpaid, payments_of, to_pay
from commerce.orders.states import FulfilmentStatus
from commerce.orders.timeline import Entry, timeline
from commerce.orders.units import sent_units

STEPS: tuple[type[Steps], ...] = (Sending, Paying, Returning, WholeOrder)


class OrderView(InspectView):
    """One order. A step is sent to the same address; what cannot be done is said at its form."""

    template_name = "desk/orders/order.html"
    page_title = "Order"
    header_icon = "clipboard-list"

    def get_object(self, queryset: Any = None) -> Order:
        orders = Order.objects.select_related("customer").prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("variant"))
        )
        return super().get_object(orders)

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        sent = request.POST.get("panel", "")
        panels = _panels(self.object, data=request.POST, sent=sent)
        panel = next((each for each in panels if each.key == sent), None)
        if panel is None:
            messages.error(request, "This step is not possible any more: the order has moved on.")
            return self._again()
        if not may(request.user, panel.needs):
            raise PermissionDenied
        doing = Doing(actor=str(request.user)[:100], at=clock.now(), step=request.POST.get("step", ""))
        if success := carry_out(panel, doing):
            messages.success(request, success)
            return self._again()
        return self.render_to_response(self.get_context_data(panels=panels))

    def _again(self) -> HttpResponse:
        return redirect("orders:inspect", self.object.pk)

    def get_context_data(self, panels: list[Panel] | None = None, **context: Any) -> dict[str, Any]:
        order: Order = self.object
        offered = panels if panels is not None else _panels(order)
        offered = [panel for panel in offered if may(self.request.user, panel.needs)]
        return super().get_context_data(
            **context,
            order=order,
            quote=order.quote,
            tags=[
                STATUSES[order.status],  # type: ignore[index]
                PAYMENT_STATES[order.payment_state],  # type: ignore[index]
                *([DISPUTED] if is_disputed(order) else []),
                fulfilment_tag(order.status, order.fulfilment_state),
            ],
            rows=_rows(order),
            steps=_steps(order),
            cards=bought_cards(order),
            method=METHODS.get(order.payment_method, ""),
            instructions=instructions_for(order),
            to_pay=to_pay(order),
            overpaid=overpaid(order),
            payments=_payments(order),
            refunds=order.refunds.prefetch_related("lines__line", "parts__payment_refund"),
            parcels=_parcels(order, offered),
            returns=_returns(order, offered),
            waiting=sum(to_send(order).values()),
            movements=StockMovement.objects.filter(reference=order.number).select_related(
                "level__location", "level__variant"
            ),
            timeline=list(reversed(timeline(order, further=_mails(order)))),
            invoices=invoices_of(order) if self.request.user.has_perm("invoicing.view_invoice") else [],
            places=_by_place(offered),
        )


def _panels(order: Order, **sent: Any) -> list[Panel]:
    return [panel for steps in STEPS for panel in steps(order, **sent).panels()]


def _by_place(panels: list[Panel]) -> dict[str, list[Panel]]:
    places: dict[str, list[Panel]] = {}
    for panel in panels:
        if not panel.about or panel.place in ("money",):
            places.setdefault(panel.place, []).append(panel)
    return places


def _of(panels: list[Panel], about: Any) -> list[Panel]:
    return [panel for panel in panels if panel.about == str(about)]


def _payments(order: Order) -> list[dict[str, Any]]:
    """Each in words, with the money that it moved."""
    return [
        {
            "payment": payment,
            "status": STATES[PAYMENT][payment.status],
            "booked": [(BOOKED[entry.kind], entry) for entry in payment.ledger.all()],
        }
        for payment in payments_of(order)
    ]


def _rows(order: Order) -> list[dict[str, Any]]:
    """Each line as it was sold, with what became of its units."""
    sent = sent_units(order)
    frozen = order.quote["lines"]
    rows = []
    for line in order.lines.all():
        counts = [
            (sent[line.pk], "sent"),
            (line.fulfilled - sent[line.pk], "packed"),
            (line.to_fulfil, "to send"),
            (line.cancelled, "cancelled"),
            (line.returned, "returned"),
            (line.refunded, "paid back"),
        ]
        told = [f"{many} {word}" for many, word in counts if many]
        rows.append({"line": line, "frozen": frozen[line.position], "told": told})
    return rows


def _parcels(order: Order, panels: list[Panel]) -> list[dict[str, Any]]:
    found = Fulfilment.objects.filter(order=order).exclude(status=FulfilmentStatus.CANCELLED)
    return [
        {
            "parcel": parcel,
            "tag": PARCELS[FulfilmentStatus(parcel.status)],
            "panels": _of(panels, parcel.pk),
        }
        for parcel in found.prefetch_related("lines__line", "lines__replacement")
    ]


def _returns(order: Order, panels: list[Panel]) -> list[dict[str, Any]]:
    found = Return.objects.filter(order=order).prefetch_related("lines__line", "replacements")
    return [
        {"parent": parent, "tag": RETURNS[parent.status], "panels": _of(panels, parent.pk)}  # type: ignore[index]
        for parent in found
    ]


def _mails(order: Order) -> list[Entry]:
    """What was written to the shopper, and what could not be."""
    entries = []
    for mail in Mail.objects.filter(order=order.pk):
        about = mail.kind.replace("_", " ")
        if mail.given_up_at is not None:
            words = f"Mail not delivered: {about}"
            entries.append(Entry(mail.given_up_at, "mail", "given_up", words, mail.last_error, "", False))
        elif mail.sent_at is not None:
            entries.append(Entry(mail.sent_at, "mail", mail.kind, f"Mail sent: {about}", mail.recipient, "", True))
    return entries


def _steps(order: Order) -> list[Step]:
    """None for an order from before quotes kept the facts that explain them."""
    return explain(order.quote) if "facts" in order.quote else []
