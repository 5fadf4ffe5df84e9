"""Parcels: packed, sent, arrived, unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db import transaction

from commerce.desk.orders.forms import NothingForm, PackForm, ReasonForm, ShipForm, UnitRow
from commerce.desk.orders.panels import ENDED, Doing, Panel, Steps, name_of
from commerce.desk.templatetags.money import money
from commerce.orders.disputes import is_disputed
from commerce.orders.fulfilling import cancel_fulfilment, deliver, pack, ship, to_send
from commerce.orders.models import Fulfilment
from commerce.orders.paying import unsecured
from commerce.orders.states import FulfilmentStatus, OrderStatus


class Sending(Steps):
    def panels(self) -> Iterator[Panel]:
        open_units = to_send(self.order)
        may_pack = self.order.status not in (*ENDED, OrderStatus.PENDING)
        if may_pack and open_units:
            rows = [
                UnitRow(f"{type(sold).__name__}-{sold.pk}", name_of(sold), many, many)
                for sold, many in open_units.items()
            ]
            sold_by = {f"{type(sold).__name__}-{sold.pk}": sold for sold in open_units}

            def run(form: PackForm, doing: Doing) -> str:
                lines = {sold_by[key]: many for key, many in form.units().items() if many}
                confirmed = {
                    name: form.cleaned_data.get(name, False) for name in ("although_disputed", "although_unpaid")
                }
                with transaction.atomic():
                    parcel = pack(
                        order=self.order,
                        lines=lines,
                        tracking_number=form.cleaned_data["tracking_number"],
                        **confirmed,
                        actor=doing.actor,
                        at=doing.at,
                    )
                    if doing.step == "send":
                        ship(fulfilment=parcel, **confirmed, actor=doing.actor, at=doing.at)
                return "The parcel is on its way." if doing.step == "send" else "The parcel is packed."

            form = self.form("pack", PackForm, rows=rows, **self._risks)
            yield Panel("pack", "Pack and send", "Pack", form, run, place="parcels", intro=self._warning)
        for parcel in self.order.fulfilments.exclude(status=FulfilmentStatus.CANCELLED):
            yield from self._parcel(parcel)

    @cached_property
    def _risks(self) -> dict[str, Any]:
        return {"is_disputed": is_disputed(self.order), "unpaid": unsecured(self.order)}

    @property
    def _warning(self) -> str:
        warnings = {
            "The payment is disputed: the bank may take the money back.": self._risks["is_disputed"],
            f"{money(self._risks['unpaid'])} is not paid.": self._risks["unpaid"],
        }
        return " ".join(warning for warning, holds in warnings.items() if holds)

    def _parcel(self, parcel: Fulfilment) -> Iterator[Panel]:
        about = str(parcel.pk)
        if parcel.status == FulfilmentStatus.PACKED:

            def send(form: ShipForm, doing: Doing) -> str:
                ship(fulfilment=parcel, **form.cleaned_data, actor=doing.actor, at=doing.at)
                return "The parcel is on its way."

            def unpack(form: ReasonForm, doing: Doing) -> str:
                reason = form.cleaned_data["reason"]
                cancel_fulfilment(fulfilment=parcel, reason=reason, actor=doing.actor, at=doing.at)
                return "The parcel is unpacked."

            if self.order.status not in ENDED:
                known = {"tracking_number": parcel.tracking_number}
                form = self.form(f"ship-{about}", ShipForm, initial=known, **self._risks)
                yield Panel("ship", "Send", "It has left", form, send, "parcel", about=about, intro=self._warning)
            form = self.form(f"unpack-{about}", ReasonForm)
            yield Panel("unpack", "Unpack", "Unpack", form, unpack, place="parcel", about=about, is_grave=True)
        if parcel.status == FulfilmentStatus.SHIPPED:

            def arrive(form: NothingForm, doing: Doing) -> str:
                deliver(fulfilment=parcel, actor=doing.actor, at=doing.at)
                return "The parcel has arrived."

            form = self.form(f"deliver-{about}", NothingForm)
            yield Panel("deliver", "It has arrived", "It has arrived", form, arrive, place="parcel", about=about)
