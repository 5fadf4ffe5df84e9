"""The content's clock: what the desk's jobs do when their time has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from cms.preview.models import PreviewSession
from cms.preview.sessions import start_preview
from commerce.desk.tasks import publish_scheduled_content, purge_previews
from commerce.kit.models import ScheduledJob
from commerce.kit.schedule import run_due
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def test_a_preview_is_deleted_once_it_has_expired(shop: Shop) -> None:
    now = timezone.now()
    start_preview(shop.content(shop.sell()), user=None, at=now)
    purge_previews(at=now)
    assert PreviewSession.objects.exists()
    purge_previews(at=now + timedelta(hours=1))
    assert not PreviewSession.objects.exists()


def test_what_is_due_goes_live_and_what_is_not_waits(shop: Shop, api: APIClient) -> None:
    now = timezone.now()
    due, later = shop.content(shop.sell(live=False)), shop.content(shop.sell(live=False))
    for content, at in {due: now - timedelta(minutes=1), later: now + timedelta(days=1)}.items():
        revision = content.save_revision(approved_go_live_at=at)
        assert revision.approved_go_live_at == at
    publish_scheduled_content(at=now)
    shown = [card["slug"] for card in api.get("/api/v1/products/").json()["results"]]
    assert shown == [due.slug]


def test_what_has_expired_goes_off_the_shop(shop: Shop, api: APIClient) -> None:
    content = shop.content(shop.sell())
    content.expire_at = timezone.now() - timedelta(minutes=1)
    content.save_revision().publish()
    type(content).objects.update(live=True, expired=False)
    publish_scheduled_content(at=timezone.now())
    assert api.get("/api/v1/products/").json()["results"] == []


def test_one_that_cannot_go_live_stops_no_other_and_keeps_its_schedule(
    shop: Shop, api: APIClient, caplog: pytest.LogCaptureFixture
) -> None:
    now = timezone.now()
    taken, clashing, other = (shop.content(shop.sell(live=live)) for live in (True, False, False))
    clashing.slug = "wanted"
    stuck = clashing.save_revision(approved_go_live_at=now - timedelta(minutes=2))
    type(taken).objects.filter(pk=taken.pk).update(slug="wanted")
    other.save_revision(approved_go_live_at=now - timedelta(minutes=1))
    publish_scheduled_content(at=now)
    shown = {card["slug"] for card in api.get("/api/v1/products/").json()["results"]}
    assert shown == {"wanted", other.slug}
    stuck.refresh_from_db()
    assert stuck.approved_go_live_at == now - timedelta(minutes=2)
    assert "could not change" in caplog.text

    type(taken).objects.filter(pk=taken.pk).update(slug="moved")
    publish_scheduled_content(at=now)
    assert api.get("/api/v1/products/").json()["count"] == 3


def test_both_jobs_are_on_the_schedule(db: None) -> None:
    run_due(at=timezone.now())
    names = set(ScheduledJob.objects.values_list("name", flat=True))
    assert {
        "commerce.desk.tasks.purge_previews",
        "commerce.desk.tasks.publish_scheduled_content",
    } <= names
