"""A quote as an answer, with its explanation where that is asked for."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.serializing import checked, written
from commerce.api.views import private
from commerce.checkout.quoting.explaining import explain
from commerce.orders.snapshots import QuoteSnapshot
from commerce.shipping.choosing import CannotShip


class QuoteParameters(serializers.Serializer[None]):
    explain = serializers.BooleanField(default=False)


_NOT_THE_SHOPPERS_BUSINESS = frozenset({"other_group", "other_channel", "other_market"})
"""A promotion for others is nobody else's to know."""


def quote_answer(request: Request, quote: QuoteSnapshot, *, cannot_ship: CannotShip | None = None) -> Response:
    parameters = checked(QuoteParameters, request.query_params)
    promotions = [each for each in quote["promotions"] if each["reason"] not in _NOT_THE_SHOPPERS_BUSINESS]
    shown: QuoteSnapshot = {**quote, "promotions": promotions}
    document: dict[str, Any] = {**shown, "shipping_problem": _problem(cannot_ship)}
    if parameters["explain"]:
        document["explanation"] = [step.document() for step in explain(shown)]
    return private(Response(written(shapes.ExplainedQuote, document)))


def _problem(cannot_ship: CannotShip | None) -> dict[str, Any] | None:
    if cannot_ship is None:
        return None
    return {"problem": str(cannot_ship.facts.get("problem") or cannot_ship.code), "detail": cannot_ship.detail}
