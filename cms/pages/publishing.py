"""Content goes live and expires by the clock.

Wagtail's own command stops at the first item that cannot be published, such as one whose slug was taken since,
and forgets that item's schedule. Here each stands alone: one that fails keeps its schedule and is tried again, and
staff see that it failed and why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import DraftStateMixin, Page, Revision

from cms.pages.models import FailedGoLive

logger = logging.getLogger(__name__)


def publish_due(*, at: datetime) -> None:
    """Take down what has expired by `at`, then publish what is due, oldest schedule first."""
    for model in _drafted_models():
        for content in model.objects.filter(live=True, expire_at__lt=at).order_by("expire_at"):
            _alone(content.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at"):
        if refusal := _alone(revision.publish, log_action="wagtail.publish.scheduled"):
            words = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            told = {"reason": words[:500]}
            FailedGoLive.objects.update_or_create(
                revision=revision, defaults=told, create_defaults={**told, "since": at}
            )
    FailedGoLive.objects.filter(revision__approved_go_live_at=None).delete()


def _drafted_models() -> list[Any]:
    snippets = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *snippets]


def _alone(act: Callable[..., None], **options: Any) -> Exception | None:
    """What stood in the way, if anything; whatever it is, the others go on."""
    try:
        with transaction.atomic():
            act(**options)
    except Exception as refusal:
        logger.warning("scheduled content could not change; it is tried again", exc_info=True)
        return refusal
    return None
