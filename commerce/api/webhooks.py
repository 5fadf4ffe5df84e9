from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api.views import PublicView
from commerce.kit import clock
from commerce.payments.webhooks import receive


class StripeWebhook(PublicView):
    parser_classes = ()

    @extend_schema(
        operation_id="webhooks_stripe",
        request={"application/json": {"type": "object"}},
        responses={200: None},
    )
    def post(self, request: Request) -> Response:
        """Where Stripe reports. Answered once the event is kept; what follows from it happens afterwards."""
        body = request._request.body
        receive(body=body, signature=request.headers.get("Stripe-Signature", ""), at=clock.now())
        return Response(status=status.HTTP_200_OK)
