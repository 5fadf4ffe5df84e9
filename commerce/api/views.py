from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from commerce.api.parsing import BoundedJSONParser

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


class PublicView(APIView):
    """Open to anybody: no session, no cookie, so nothing that another site could ride on."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes: Sequence[type[BaseParser]] = (BoundedJSONParser,)


def private(response: _Answer) -> _Answer:
    """For one reader only: no cache may keep it."""
    patch_cache_control(response, private=True, no_store=True)
    return response
