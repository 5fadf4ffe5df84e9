from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.requests import customer_of
from commerce.api.serializing import written
from commerce.api.views import PublicView, private
from commerce.payments.cards import forget, saved_cards
from commerce.payments.gateways import SavedCard


class OwnCards(PublicView):
    @extend_schema(operation_id="customers_me_cards_list", responses=shapes.SavedCards)
    def get(self, request: Request) -> Response:
        """The cards that the payment service keeps for whoever is signed in. No card number is ever here."""
        document: Any = {"results": [_card(card) for card in saved_cards(customer_of(request))]}
        return private(Response(written(shapes.SavedCards, document)))


class OwnCardById(PublicView):
    @extend_schema(operation_id="customers_me_cards_destroy", responses={204: None})
    def delete(self, request: Request, card: str) -> Response:
        """Have the payment service forget one of one's own cards.

        The session cookie rides along, but no other site may send a DELETE unasked (CORS).
        """
        forget(customer_of(request), card)
        return private(Response(status=status.HTTP_204_NO_CONTENT))


def _card(card: SavedCard) -> dict[str, Any]:
    return {
        "id": card.gateway_id,
        "brand": card.brand,
        "last4": card.last4,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
    }
