"""What concerns the order as a whole: notes, the confirmation, an edit, the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from cms.catalogue.models import Variant
from commerce.checkout.amending import amend, propose
from commerce.desk.orders.access import MONEY
from commerce.desk.orders.forms import EditForm, NoteForm, NothingForm, ReasonForm, UnitRow
from commerce.desk.orders.panels import Doing, Panel, Steps, name_of
from commerce.desk.templatetags.money import money
from commerce.kit.money import Money
from commerce.orders.cancelling import cancel, may_cancel
from commerce.orders.confirming import resend_confirmation
from commerce.orders.editing import OrderNotEditable, require_editable
from commerce.orders.noting import note
from commerce.orders.paying import balance_of, standing_of


class WholeOrder(Steps):
    def panels(self) -> Iterator[Panel]:
        yield self._note()
        yield self._resend()
        if self._is_editable():
            yield self._edit()
        if may_cancel(self.order, by_customer=False):
            yield self._cancel()

    def _note(self) -> Panel:
        def run(form: NoteForm, doing: Doing) -> str:
            note(order=self.order, **form.cleaned_data, actor=doing.actor, at=doing.at)
            return "The note is kept."

        return Panel("note", "Write a note", "Keep the note", self.form("note", NoteForm), run, place="notes")

    def _resend(self) -> Panel:
        def run(form: NothingForm, doing: Doing) -> str:
            resend_confirmation(order=self.order, actor=doing.actor, at=doing.at)
            return f"The confirmation goes to {self.order.email} once more."

        title = "Send the confirmation again"
        return Panel("resend", title, title, self.form("resend", NothingForm), run, place="customer")

    def _is_editable(self) -> bool:
        try:
            require_editable(self.order)
        except OrderNotEditable:
            return False
        return True

    def _edit(self) -> Panel:
        bought = [line for line in self.lines.values() if line.position < len(self.order.quote["facts"]["lines"])]
        rows = [UnitRow(str(line.pk), name_of(line), 9999, line.quantity) for line in bought]

        def asked(form: EditForm) -> dict[str, Any]:
            quantities = {self.by_key[key].variant_id: many for key, many in form.units().items()}
            changed = {
                line.variant_id: quantities[line.variant_id]
                for line in bought
                if quantities[line.variant_id] != line.quantity
            }
            return {"quantities": changed, "added": self._added(form)}

        def run(form: EditForm, doing: Doing) -> str:
            edited = amend(
                order=self.order, **asked(form), reason=form.cleaned_data["reason"], actor=doing.actor, at=doing.at
            )
            return f"The order is changed; it now costs {money(edited.total)}."

        def preview(form: EditForm, doing: Doing) -> list[tuple[str, str]]:
            quote = propose(order=self.order, **asked(form), at=doing.at)
            total = Money.from_document(quote["total"])
            rows = [
                (f"{line['quantity']} × {line['sku']}", money(Money.from_document(line["total"])))
                for line in quote["lines"]
            ]
            rows += [("Total so far", money(self.order.total)), ("Total afterwards", money(total))]
            return [*rows, *self._moves(total)]

        form = self.form("edit", EditForm, rows=rows, initial={"known": self.order.edited})
        intro = "What stays costs what it cost; what is added costs what it costs today."
        return Panel(
            "edit", "Change the order", "Change it", form, run, place="lines", needs=MONEY, preview=preview, intro=intro
        )

    def _moves(self, total: Money) -> list[tuple[str, str]]:
        """What of money moves when the order costs `total`, by what has come and what is authorised."""
        came = self.order.refundable + balance_of(self.order)
        authorised = (each.open for each in standing_of(self.order) if each.payment.is_authorised)
        secured = came + Money.total(authorised, currency=total.currency)
        moves = (
            ("Goes back", came - total),
            ("Is to be captured", min(total, secured) - came),
            ("Is still to be paid", total - secured),
        )
        return [(word, money(amount)) for word, amount in moves if amount.minor > 0]

    def _added(self, form: EditForm) -> dict[Any, int]:
        sku, quantity, known = (form.cleaned_data[name] for name in ("sku", "quantity", "known"))
        if known != self.order.edited:
            raise forms.ValidationError("The order was changed meanwhile; look at it again.")
        if not sku:
            return {}
        variant = Variant.objects.filter(sku__iexact=sku.strip()).first()
        if variant is None:
            raise forms.ValidationError({"sku": "There is no such SKU."})
        return {variant.pk: quantity or 1}

    def _cancel(self) -> Panel:
        def run(form: ReasonForm, doing: Doing) -> str:
            cancel(order=self.order, reason=form.cleaned_data["reason"], actor=doing.actor, at=doing.at)
            return "The order is cancelled."

        intro = "The goods are in stock again, and what was paid goes back."
        form = self.form("cancel", ReasonForm)
        return Panel(
            "cancel", "Cancel the order", "Cancel the order", form, run,
            place="order", needs=MONEY, is_grave=True, intro=intro,
        )  # fmt: skip
