"""The OpenAPI document: what drf-spectacular reads from the views, and what holds for all of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from commerce.api.problems import MEDIA_TYPE


class Problem(serializers.Serializer[None]):
    """RFC 9457 problem details. Programs look at `code`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field.",
    )
    lines = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="The cart lines that stand in the way."
    )


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="16 to 255 characters that nobody else would choose, such as a UUID. The same key and body give "
    "the first answer again; with another body 422, while the first request still runs 409 with Retry-After.",
)
MARKET = OpenApiParameter("market", str, description="Code of the market; the default one when absent.")
SHOPPING = [
    MARKET,
    OpenApiParameter("country", str, description="ISO 3166-1 alpha-2; names the market when `market` does not."),
    OpenApiParameter("channel", str, description="Code of the channel through which it is sold."),
    OpenApiParameter(
        "at",
        OpenApiTypes.DATETIME,
        description="The shop as it is at another instant; for staff and, with `preview`, for preview sessions.",
    ),
    OpenApiParameter(
        "preview", str, description="A preview token: drafts are read in place of what is live, and `at` is allowed."
    ),
]
EXPLAIN = OpenApiParameter("explain", bool, description="1: say in words how each amount came about.")


class ProblemAutoSchema(AutoSchema):
    """Every operation may answer with a problem; operations on one object also with 404."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        bodies["default"] = self._get_response_for_code(  # type: ignore[no-untyped-call]
            OpenApiResponse(Problem, description="Problem"), "default", media_types=[MEDIA_TYPE]
        )
        return bodies


def commerce_only(endpoints: list[Any], **options: Any) -> list[Any]:
    """The document describes this API; Wagtail's pages API is described by Wagtail's own documentation."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
