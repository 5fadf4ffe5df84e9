from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.preview.addresses import destination
from commerce.api import shapes
from commerce.api.requests import locale_of
from commerce.api.serializing import checked
from commerce.api.views import PublicView
from commerce.kit.errors import DomainError, ErrorKind


class RedirectNotFound(DomainError):
    code = "redirect_not_found"
    title = "Nothing is known to have moved from there"
    kind = ErrorKind.MISSING


class RedirectParameters(serializers.Serializer[None]):
    # Two slashes would begin the address of another host.
    path = serializers.RegexField(r"^/(?!/)", max_length=255)


class Redirects(PublicView):
    @extend_schema(
        operation_id="redirects_retrieve",
        parameters=[
            OpenApiParameter("path", str, required=True, description="Of the storefront, from its first slash on."),
        ],
        responses=shapes.Redirect,
    )
    def get(self, request: Request) -> Response:
        """Where what was at this path of the storefront is now; to be asked before a page is said to be missing."""
        path = checked(RedirectParameters, request.query_params)["path"]
        found = destination(path=path, language=locale_of(request).language_code)
        if found is None:
            raise RedirectNotFound()
        return Response({"path": found.path, "permanent": found.is_permanent})
