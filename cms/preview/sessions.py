"""Preview sessions: signed, expiring, for pages and snippets alike.

wagtail-headless-preview supplies the way from Wagtail's preview panel to the frontend. Its token has no
maximum age, its rows are dated by day and it knows pages only; this module stands in for those three parts.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner, b62_decode

from cms.preview.drafts import Drafts
from cms.preview.models import PreviewSession

_signer = TimestampSigner(salt="cms.preview")


class PreviewNotFound(LookupError):
    """The token is not ours, or its draft has been purged."""


class PreviewExpired(LookupError):
    """The token was ours and its hour is over."""


class PreviewRevoked(LookupError):
    """Somebody took the session back before its hour was over."""


def start_preview(content: Any, *, user: Any, at: datetime) -> str:
    """Keep the draft as it stands and return the token that shows it until the session expires."""
    key = str(content.pk) if content.pk else f"new-{uuid.uuid4()}"
    session, _ = PreviewSession.objects.update_or_create(
        user=user if user and user.is_authenticated else None,
        content_type=ContentType.objects.get_for_model(content),
        object_key=key,
        defaults=_kept(content, at=at),
    )
    return _signer.sign(str(session.pk))


def share_preview(content: Any, *, user: Any, at: datetime) -> str:
    """A session of its own, for others: it shows the draft as it is now, whatever its editor types on."""
    session = PreviewSession.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(content),
        object_key=f"shared-{uuid.uuid4()}",
        is_shared=True,
        **_kept(content, at=at),
    )
    return _signer.sign(str(session.pk))


def revoke(session: PreviewSession, *, at: datetime) -> None:
    """No token opens it any more. Its place is free for the editor's next preview, which is another session."""
    session.revoked_at, session.object_key = at, f"revoked-{session.pk}"
    session.save(update_fields=["revoked_at", "object_key"])


def open_preview(token: str, *, model: type[Any], at: datetime) -> Any:
    """The draft that the token names, as an unsaved instance of `model`.

    Raises:
        PreviewExpired: the token or its session is older than an hour.
        PreviewRevoked: it was taken back.
        PreviewNotFound: forged, for another type of content, or purged.
    """
    session = _session(token, at=at)
    if session.content_type != ContentType.objects.get_for_model(model):
        raise PreviewNotFound
    return session.as_object()


def open_drafts(token: str, *, at: datetime) -> Drafts:
    """The whole site among drafts, for whoever holds the token. Raises as `open_preview`."""
    session = _session(token, at=at)
    signed_at = datetime.fromtimestamp(b62_decode(token.split(":")[-2]), tz=UTC)
    ends = min(session.expires_at, signed_at + timedelta(seconds=settings.PREVIEW_MAX_AGE_SECONDS))
    return Drafts(typed=session.as_object(), title=session.title, until=ends)


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
    if session.revoked_at is not None:
        raise PreviewRevoked
    if session.expires_at <= at:
        raise PreviewExpired
    return session


def _kept(content: Any, *, at: datetime) -> dict[str, Any]:
    return {
        "content_json": content.to_json(),
        "title": str(content)[:255],
        "started_at": at,
        "expires_at": at + timedelta(seconds=settings.PREVIEW_MAX_AGE_SECONDS),
    }
