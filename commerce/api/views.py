from __future__ import annotations

from django.utils.cache import patch_cache_control
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView


class PublicView(APIView):
    """Open to anybody: no session, no cookie, so nothing that another site could ride on."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


def private(response: Response) -> Response:
    """For one reader only: no cache may keep it."""
    patch_cache_control(response, private=True, no_store=True)
    return response
