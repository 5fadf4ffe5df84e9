"""Preview sessions: signed, expiring, for pages and snippets alike.

wagtail-headless-preview supplies the way from Wagtail's preview panel to the frontend. Its token has no
maximum age, its rows are dated by day and it knows pages only; this module stands in for those three parts.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from cms.preview.models import PreviewSession

_signer = TimestampSigner(salt="cms.preview")


class PreviewNotFound(LookupError):
    """The token is not ours, or its draft has been purged."""


class PreviewExpired(LookupError):
    """The token was ours and its hour is over."""


def start_preview(content: Any, *, user: Any, at: datetime) -> str:
    """Keep the draft as it stands and return the token that shows it until the session expires."""
    session, _ = PreviewSession.objects.update_or_create(
        user=user if user and user.is_authenticated else None,
        content_type=ContentType.objects.get_for_model(content),
        object_key=str(content.pk) if content.pk else f"new-{uuid.uuid4()}",
        defaults={
            "content_json": content.to_json(),
            "expires_at": at + timedelta(seconds=settings.PREVIEW_MAX_AGE_SECONDS),
        },
    )
    return _signer.sign(str(session.pk))


def open_preview(token: str, *, model: type[Any], at: datetime) -> Any:
    """The draft that the token names, as an unsaved instance of `model`.

    Raises:
        PreviewExpired: the token or its session is older than an hour.
        PreviewNotFound: forged, for another type of content, or purged.
    """
    session = _session(token, at=at)
    if session.content_type != ContentType.objects.get_for_model(model):
        raise PreviewNotFound
    return session.as_object()


def holds_preview(token: str, *, at: datetime) -> bool:
    """Whether the token opens some preview at this moment."""
    try:
        _session(token, at=at)
    except (PreviewNotFound, PreviewExpired):
        return False
    return True


def purge(*, at: datetime) -> int:
    """Delete what has expired; drafts do not outlive their preview."""
    deleted, _ = PreviewSession.objects.filter(expires_at__lte=at).delete()
    return deleted


def _session(token: str, *, at: datetime) -> PreviewSession:
    try:
        key = _signer.unsign(token, max_age=settings.PREVIEW_MAX_AGE_SECONDS)
    except SignatureExpired:
        raise PreviewExpired from None
    except BadSignature:
        raise PreviewNotFound from None
    session = PreviewSession.objects.select_related("content_type").filter(pk=key).first()
    if session is None:
        raise PreviewNotFound
    if session.expires_at <= at:
        raise PreviewExpired
    return session
