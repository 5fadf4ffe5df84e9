"""Errors as RFC 9457 problem documents, all of them made here."""

from __future__ import annotations

import json
import logging
import sqlite3
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from cms.preview.sessions import PreviewExpired, PreviewNotFound, PreviewRevoked
from commerce.kit.errors import DomainError, ErrorKind

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2

_STATUS_OF_KIND = {
    ErrorKind.INVALID: HTTPStatus.BAD_REQUEST,
    ErrorKind.UNPAID: HTTPStatus.PAYMENT_REQUIRED,
    ErrorKind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorKind.MISSING: HTTPStatus.NOT_FOUND,
    ErrorKind.CONFLICT: HTTPStatus.CONFLICT,
    ErrorKind.GONE: HTTPStatus.GONE,
    ErrorKind.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_CODE_OF_STATUS = {
    400: "malformed_body",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
}

logger = logging.getLogger(__name__)


def problem(*, status: int, code: str, title: str, detail: str = "", **members: Any) -> dict[str, Any]:
    """A problem document. `code` is stable and what programs should look at."""
    return {
        "type": f"urn:magpie:problem:{code}",
        "title": title,
        "status": int(status),
        "detail": detail or title,
        "code": code,
        **members,
    }


def answer_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """The REST framework's exception handler; None lets an unforeseen error through to Django's 500."""
    document, headers = _document(error)
    if document is None:
        return None
    return Response(document, status=document["status"], headers=headers, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's 400, such as a body that is too large: a problem under /api/, a page elsewhere."""
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return _plain(problem(status=400, code="bad_request", title="The request cannot be read"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's 403: a problem under /api/, a page elsewhere."""
    if not request.path.startswith("/api/"):
        return defaults.permission_denied(request, exception)
    return _plain(problem(status=403, code="forbidden", title="This is not allowed"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's 404: a problem under /api/, a page elsewhere."""
    if not request.path.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    return _plain(problem(status=404, code="not_found", title="There is nothing at this address"))


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """The last route under /api/, so that an unknown address is a problem in development too."""
    return _plain(problem(status=404, code="not_found", title="There is nothing at this address"))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's 500, after the error was logged."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    return _plain(problem(status=500, code="server_error", title="Something went wrong on our side"))


def _document(error: Exception) -> tuple[dict[str, Any] | None, dict[str, str]]:
    match error:
        case DomainError():
            status = _STATUS_OF_KIND[error.kind]
            document = problem(status=status, code=error.code, title=error.title, detail=error.detail, **error.facts)
            return document, _retry_after() if error.may_be_repeated else {}
        case PreviewExpired():
            return problem(status=410, code="preview_expired", title="The preview is over; open it again"), {}
        case PreviewRevoked():
            return problem(status=410, code="preview_revoked", title="The preview was taken back; ask for another"), {}
        case PreviewNotFound():
            return problem(status=404, code="preview_not_found", title="There is no such preview"), {}
        case exceptions.ValidationError():
            title = "Something in the request is missing or wrong"
            return problem(status=400, code="invalid", title=title, errors=_field_errors(error.detail)), {}
        case exceptions.APIException():
            code = _CODE_OF_STATUS.get(error.status_code, "refused")
            return problem(status=error.status_code, code=code, title=str(error.detail)), {}
        case Http404():
            return problem(status=404, code="not_found", title="There is nothing at this address"), {}
        case PermissionDenied():
            return problem(status=403, code="forbidden", title="This is not allowed"), {}
        case OperationalError() if _passes_by_itself(error):
            # The database waited too long for a lock or is away for a moment: nothing was written.
            logger.exception("the database did not answer in time")
            return problem(status=503, code="busy", title="The shop is busy; try again"), _retry_after()
    return None, {}


def _passes_by_itself(error: OperationalError) -> bool:
    """SQLite reports a missing column by the same error as a lock; PostgreSQL does not."""
    return not isinstance(error.__cause__, sqlite3.OperationalError) or "locked" in str(error)


def _field_errors(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _retry_after() -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS)}


def _plain(document: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(document), status=document["status"], content_type=MEDIA_TYPE)
