"""The content's own clock: neither cms nor the listings have a schedule, so their jobs are set here."""

from __future__ import annotations

from datetime import datetime

from cms.images import rendering
from cms.pages.publishing import publish_due
from cms.preview import sessions
from commerce.kit.schedule import every
from commerce.listings import collecting


@every(seconds=600)
def purge_previews(*, at: datetime) -> None:
    sessions.purge(at=at)


@every(seconds=60)
def publish_scheduled_content(*, at: datetime) -> None:
    publish_due(at=at)


@every(seconds=5)
def render_pictures(*, at: datetime) -> None:
    """For no longer than that, so that the worker's events do not wait for a hundred new pictures."""
    rendering.render_due(at=at, seconds=4)


@every(seconds=60)
def work_out_collections(*, at: datetime) -> None:
    """So that prices, stock, newness and whatever an import changed show in collections within a minute."""
    collecting.work_out_all(at=at)
