"""Returns: taken down, approved, rejected, received, exchanged, closed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from cms.catalogue.models import Variant
from commerce.desk.orders.access import MONEY
from commerce.desk.orders.forms import ExchangeForm, NothingForm, ReasonForm, ReceiveForm, ReturnForm, UnitRow
from commerce.desk.orders.panels import Doing, Panel, Steps, name_of
from commerce.orders import returning
from commerce.orders.exchanging import cancel_exchange, exchange
from commerce.orders.giving_back import given_back, paid_for
from commerce.orders.models import Condition, OrderLine, Replacement, Return, ReturnReason
from commerce.orders.returning import Asked, Came, returnable_units
from commerce.orders.states import ReturnStatus


class Returning(Steps):
    def panels(self) -> Iterator[Panel]:
        if units := returnable_units(self.order):
            yield self._ask(units)
        for parent in Return.objects.filter(order=self.order).prefetch_related("lines__line", "replacements"):
            parent.order = self.order
            yield from self._return(parent)

    def _ask(self, units: dict[OrderLine, int]) -> Panel:
        def run(form: ReturnForm, doing: Doing) -> str:
            reason = ReturnReason(form.cleaned_data["reason"])
            asked = [Asked(self.by_key[key], many, reason) for key, many in form.units().items() if many]
            with transaction.atomic():
                made = returning.request(
                    order=self.order, asked=asked, words=form.cleaned_data["words"], actor=doing.actor, at=doing.at
                )
                returning.approve(parent=made, reason="Taken down at the desk", actor=doing.actor, at=doing.at)
            return "The return is approved; the goods are awaited."

        rows = [UnitRow(str(line.pk), name_of(line), many) for line, many in units.items()]
        form = self.form("return", ReturnForm, rows=rows)
        return Panel("return", "Take down a return", "Approve the return", form, run, place="returns")

    def _return(self, parent: Return) -> Iterator[Panel]:
        about = str(parent.pk)
        if parent.status == ReturnStatus.REQUESTED:

            def approve(form: NothingForm, doing: Doing) -> str:
                returning.approve(parent=parent, actor=doing.actor, at=doing.at)
                return "The return is approved."

            def reject(form: ReasonForm, doing: Doing) -> str:
                returning.reject(parent=parent, reason=form.cleaned_data["reason"], actor=doing.actor, at=doing.at)
                return "The return is rejected, and the shopper is told why."

            form = self.form(f"approve-{about}", NothingForm)
            yield Panel("approve", "Approve", "Approve", form, approve, place="return", about=about)
            form = self.form(f"reject-{about}", ReasonForm)
            yield Panel("reject", "Reject", "Reject", form, reject, place="return", about=about, is_grave=True)
        if parent.status == ReturnStatus.APPROVED:
            yield self._receive(parent)
        if parent.status in (ReturnStatus.REQUESTED, ReturnStatus.APPROVED):
            yield from self._exchange(parent)
        if parent.status in (ReturnStatus.APPROVED, ReturnStatus.RECEIVED):

            def close(form: ReasonForm, doing: Doing) -> str:
                returning.close(parent=parent, reason=form.cleaned_data["reason"], actor=doing.actor, at=doing.at)
                return "The return is closed."

            never_came = parent.status == ReturnStatus.APPROVED
            initial = {"reason": "" if never_came else "Settled"}
            form = self.form(f"close-{about}", ReasonForm, initial=initial)
            title = "It never came" if never_came else "Close"
            yield Panel("close", title, "Close the return", form, close, place="return", about=about)

    def _receive(self, parent: Return) -> Panel:
        about, lines = str(parent.pk), {str(each.pk): each for each in parent.lines.all()}
        paid, given = paid_for(self.order, self.lines), given_back(self.order, self.lines)

        def run(form: ReceiveForm, doing: Doing) -> str:
            condition = Condition(form.cleaned_data["condition"])
            came = {lines[key]: Came(many, condition) for key, many in form.units().items()}
            shipping = form.cleaned_data.get("shipping")
            returning.receive(parent=parent, came=came, shipping=shipping, actor=doing.actor, at=doing.at)
            return "The goods are received."

        rows = [UnitRow(key, name_of(each.line), each.quantity, each.quantity) for key, each in lines.items()]
        form = self.form(
            f"receive-{about}",
            ReceiveForm,
            rows=rows,
            currency=self.order.currency,
            shipping=paid.shipping - given.shipping,
        )
        intro = "What came is paid back at once, but for what is exchanged."
        return Panel(
            "receive", "The goods are here", "Receive", form, run, place="return", about=about, needs=MONEY, intro=intro
        )

    def _exchange(self, parent: Return) -> Iterator[Panel]:
        about, lines = str(parent.pk), {str(each.pk): each for each in parent.lines.all()}
        for each in parent.replacements.all():
            if each.to_fulfil:
                yield self._pay_instead(each)
        products = {each.line.variant.product_id for each in lines.values()}
        variants = Variant.objects.filter(product__in=products, is_active=True)

        def run(form: ExchangeForm, doing: Doing) -> str:
            wanted = form.cleaned_data
            exchange(
                return_line=lines[wanted["line"]],
                variant=Variant.objects.get(pk=wanted["variant"]),
                quantity=wanted["quantity"],
                actor=doing.actor,
                at=doing.at,
            )
            return "The exchange is arranged; its goods are reserved."

        names = {key: name_of(each.line) for key, each in lines.items()}
        form = self.form(f"exchange-{about}", ExchangeForm, lines=names, variants=variants)
        intro = "For another variant of the same product at the same price. Anything else is paid back and bought anew."
        yield Panel("exchange", "Exchange", "Arrange", form, run, place="return", about=about, intro=intro)

    def _pay_instead(self, replacement: Replacement) -> Panel:
        about = str(replacement.parent_id)
        name = f"pay-instead-{replacement.pk}"

        def run(form: NothingForm, doing: Doing) -> str:
            cancel_exchange(replacement=replacement, actor=doing.actor, at=doing.at)
            return "The goods are paid back instead."

        form = self.form(f"{name}-{about}", NothingForm)
        title = f"Pay back instead of sending {replacement.sku}"
        return Panel(name, title, title, form, run, place="return", about=about)
