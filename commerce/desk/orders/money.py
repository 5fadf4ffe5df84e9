"""Captures, receipts and refunds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from commerce.desk.orders.access import MONEY
from commerce.desk.orders.forms import AmountForm, ReceiptForm, RefundForm, UnitRow
from commerce.desk.orders.panels import Doing, Panel, Steps, name_of
from commerce.desk.templatetags.money import money
from commerce.kit.money import Money
from commerce.orders.capturing import capturable, capture
from commerce.orders.disputes import held_by_banks
from commerce.orders.fulfilling import to_send
from commerce.orders.giving_back import given_back, paid_for
from commerce.orders.paying import PaymentStanding, follow_payments, owed, standing_of
from commerce.orders.refunding import refund, work_out
from commerce.orders.states import OrderStatus
from commerce.payments.receiving import record_receipt


class Paying(Steps):
    def panels(self) -> Iterator[Panel]:
        for standing in standing_of(self.order):
            payment = standing.payment
            if payment.is_authorised and payment.cancel_requested_at is None:
                yield self._capture(standing)
            if payment.is_offline:
                yield self._receipt(standing)
        # Units that were not sent of an order whose money went back by the bank are given back for nothing.
        has_rest = self.order.refundable or to_send(self.order)
        if self.order.status not in (OrderStatus.PENDING, OrderStatus.CANCELLED) and has_rest:
            yield self._refund()

    def _capture(self, standing: PaymentStanding) -> Panel:
        payment, about = standing.payment, str(standing.payment.pk)
        due = capturable(self.order, payment)

        def run(form: AmountForm, doing: Doing) -> str:
            amount = form.cleaned_data["amount"]
            reason = f"Captured for {self.order.number}"
            with transaction.atomic():
                capture(payment=payment, amount=amount, reason=reason, actor=doing.actor, at=doing.at)
            return f"{money(amount)} is being captured."

        form = self.form(
            f"capture-{about}", AmountForm, currency=self.order.currency, label="Amount", initial={"amount": due.amount}
        )
        intro = f"{money(payment.authorised)} is authorised. What is not captured is set free."
        return Panel(
            "capture", "Capture the payment", "Capture", form, run, place="money", about=about, needs=MONEY, intro=intro
        )

    def _receipt(self, standing: PaymentStanding) -> Panel:
        payment, about = standing.payment, str(standing.payment.pk)

        def run(form: ReceiptForm, doing: Doing) -> str:
            wanted = form.cleaned_data
            with transaction.atomic():
                record_receipt(
                    payment=payment,
                    amount=wanted["amount"],
                    reference=wanted["reference"],
                    actor=doing.actor,
                    at=doing.at,
                )
            # The event brings the order up as well; the page that answers must not have to wait for it.
            follow_payments(order_id=self.order.pk, actor=doing.actor, reason="The payment was made", at=doing.at)
            return f"{money(wanted['amount'])} is written down as received."

        form = self.form(
            f"receipt-{about}",
            ReceiptForm,
            currency=self.order.currency,
            label="Received",
            initial={"amount": standing.open.amount},
        )
        way = payment.get_method_display().lower()
        intro = f"{money(standing.open)} is still to come by {way}."
        if not payment.is_promised:
            intro = f"Nothing more is to come by {way}. What comes all the same waits under Payments, Need a person."
        return Panel(
            "receipt", "Write down what was received", "It was received", form, run,
            place="money", about=about, needs=MONEY, intro=intro,
        )  # fmt: skip

    def _refund(self) -> Panel:
        rows = [
            UnitRow(key, name_of(line), line.quantity - line.refunded)
            for key, line in self.by_key.items()
            if line.quantity > line.refunded
        ]
        paid, given = paid_for(self.order, self.lines), given_back(self.order, self.lines)

        def asked(form: RefundForm) -> dict[str, Any]:
            wanted = form.cleaned_data
            units = {self.by_key[key]: many for key, many in form.units().items() if many}
            return {"lines": units, "shipping": wanted.get("shipping"), "other": wanted["other"]}

        def run(form: RefundForm, doing: Doing) -> str:
            wanted = form.cleaned_data
            made = refund(
                order=self.order,
                **asked(form),
                reason=wanted["reason"],
                restock=wanted["restock"],
                actor=doing.actor,
                at=doing.at,
                known=Money(wanted["known"], self.order.currency),
            )
            return f"{money(made.total)} is given back."

        def preview(form: RefundForm, doing: Doing) -> list[tuple[str, str]]:
            worked_out = work_out(order=self.order, **asked(form), at=doing.at)
            sums, zero = worked_out.sums, Money.zero(self.order.currency)
            rows = [(f"{each.quantity} × {self.lines[pk].sku}", money(each.amount)) for pk, each in sums.lines.items()]
            rows += [("Shipping", money(sums.shipping))] if sums.shipping else []
            rows += [("Another amount", money(sums.other))] if sums.other else []
            rows += [("Rounding, and what was given back before", money(sums.adjustment))] if sums.adjustment else []
            if worked_out.voided:
                rows.append(("Is no longer to be paid", money(worked_out.voided)))
            return [*rows, ("Gives back", money(max(zero, sums.total - worked_out.voided)))]

        form = self.form(
            "refund",
            RefundForm,
            rows=rows,
            currency=self.order.currency,
            shipping=paid.shipping - given.shipping,
            initial={"known": self.order.refunded_minor},
        )
        missing, held = owed(self.order), held_by_banks(self.order)
        left = f"{money(self.order.refundable - missing)} of {money(self.order.total)} is left."
        if missing > held:
            left = f"{left} {money(missing - held)} has not come, or is not with the shop."
        if held:
            left = f"{left} A dispute holds {money(held)}, which cannot be given back until the bank has decided."
        intro = f"{left} Units that are not packed yet are cancelled with it."
        return Panel(
            "refund",
            "Refund",
            "Give back",
            form,
            run,
            place="money",
            needs=MONEY,
            is_grave=True,
            preview=preview,
            intro=intro,
        )
