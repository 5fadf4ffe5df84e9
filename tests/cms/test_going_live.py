"""Going live: whole or not at all, whichever way; what cannot is told to staff and loses nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from cms.catalogue.models import ProductContent
from cms.pages.models import FailedGoLive
from cms.pages.publishing import publish_due
from cms.preview.going_live import CannotGoLive
from tests.cms.editing import PUBLISH, edit_product, product_form, product_url
from tests.factories import ProductContentFactory, Shop

pytestmark = pytest.mark.django_db

TAKEN = "Another product in this language has this slug"


@pytest.fixture
def two(editor: Client, shop: Shop) -> tuple[ProductContent, ProductContent]:
    """Two live products, drafts of both of which want the slug "lamp"."""
    contents = []
    for title in ("First", "Second"):
        content = ProductContentFactory.create(title=title, slug=title.lower())
        contents.append(edit_product(editor, content, title=f"{title} lamp", slug="lamp"))
    return contents[0], contents[1]


def _publish_at(moment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: moment)
        publish_due(at=moment)


def _told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_second_of_two_drafts_with_one_slug_is_refused_by_the_form_with_all_that_was_written(
    editor: Client, two: tuple[ProductContent, ProductContent]
) -> None:
    first, second = two
    edit_product(editor, first, publish=True, title="First lamp", slug="lamp")
    draft = second.get_latest_revision_as_object()
    answer = editor.post(
        product_url("edit", second.pk), product_form(title="Much work", slug="lamp", content=draft) | PUBLISH
    )
    assert answer.status_code == 200
    assert TAKEN in str(answer.context["form"].errors)
    assert "Much work" in answer.content.decode()
    second.refresh_from_db()
    assert (second.live, second.slug) == (True, "second")


def test_the_second_is_named_in_bulk_and_the_others_go_on(
    editor: Client, shop: Shop, two: tuple[ProductContent, ProductContent]
) -> None:
    third = ProductContentFactory.create(title="Third", slug="third", live=False)
    url = reverse("wagtail_bulk_action", args=["catalogue", "productcontent", "publish"])
    chosen = "&".join(f"id={each.pk}" for each in (*two, third))
    told = _told(editor.post(f"{url}?{chosen}&next={product_url('list')}", follow=True))
    assert TAKEN in told
    assert "2 products published." in told
    live = dict(ProductContent.objects.filter(live=True).values_list("pk", "slug"))
    assert live == {two[0].pk: "lamp", two[1].pk: "second", third.pk: "third"}
    assert ProductContent.objects.get(pk=two[1].pk).get_latest_revision_as_object().title == "Second lamp"


def test_a_scheduled_one_keeps_its_schedule_the_others_go_on_and_staff_see_why(
    editor: Client, shop: Shop, two: tuple[ProductContent, ProductContent], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    due = timezone.now() + timedelta(days=1)
    third = ProductContentFactory.create(title="Third", slug="third")
    for content, slug in ((second, "lamp"), (third, "other")):
        edit_product(editor, content, publish=True, title=f"{content.title} scheduled", slug=slug, go_live_at=due)
    edit_product(editor, first, publish=True, title="First lamp", slug="lamp")

    _publish_at(due + timedelta(minutes=1), monkeypatch)
    _publish_at(due + timedelta(minutes=2), monkeypatch)
    assert dict(ProductContent.objects.filter(live=True).values_list("pk", "slug")) == {
        first.pk: "lamp",
        second.pk: "second",
        third.pk: "other",
    }
    waiting = Revision.objects.get(approved_go_live_at__isnull=False)
    assert waiting.object_id == str(second.pk)
    failed = FailedGoLive.objects.get()
    assert (failed.revision, failed.since) == (waiting, due + timedelta(minutes=1))
    listed = editor.get(product_url("list"), {"status": "failed"}).content.decode()
    assert "Could not be published" in listed
    assert TAKEN in listed
    report = editor.get(reverse("failed_go_live_report")).content.decode()
    assert "Second scheduled" in report
    assert TAKEN in report

    first.refresh_from_db()
    edit_product(editor, first, publish=True, title="First lamp", slug="freed")
    _publish_at(due + timedelta(minutes=3), monkeypatch)
    assert ProductContent.objects.get(pk=second.pk).slug == "lamp"
    assert not FailedGoLive.objects.exists()


def test_a_draft_with_gaps_is_not_published_behind_the_forms_back(editor: Client, shop: Shop) -> None:
    content = ProductContentFactory.create(title="Lamp", slug="lamp")
    content.title = ""
    revision = content.save_revision(clean=False)
    with pytest.raises(CannotGoLive, match="Title: This field cannot be blank"):
        revision.publish()
    assert ProductContent.objects.get().title == "Lamp"


def test_an_imported_row_stays_online_with_its_own_words_while_a_change_of_it_is_scheduled(
    editor: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = ProductContentFactory.create(title="As imported", slug="imported")
    assert content.live_revision is None
    due = timezone.now() + timedelta(days=1)
    saved = edit_product(editor, content, publish=True, title="As planned", slug="planned", go_live_at=due)
    assert (saved.live, saved.title, saved.slug) == (True, "As imported", "imported")
    assert saved.live_revision is not None
    assert saved.live_revision.as_object().title == "As imported"
    _publish_at(due + timedelta(minutes=1), monkeypatch)
    assert ProductContent.objects.get().title == "As planned"


def test_a_draft_from_before_the_product_went_live_takes_it_offline_no_more_when_it_is_scheduled(
    editor: Client, shop: Shop
) -> None:
    content = ProductContentFactory.create(title="Lamp", slug="lamp", live=False)
    first, later = content.save_revision(), content.save_revision()
    first.publish()
    draft = later.as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()
    assert ProductContent.objects.get().live


def test_an_expired_product_is_gone_and_comes_back_when_it_is_published(
    editor: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = ProductContentFactory.create(title="Lamp", slug="lamp", expire_at=timezone.now() + timedelta(days=1))
    _publish_at(timezone.now() + timedelta(days=2), monkeypatch)
    content.refresh_from_db()
    assert (content.live, content.expired) == (False, True)
    content.expire_at = None
    content.save_revision().publish()
    content.refresh_from_db()
    assert (content.live, content.expired) == (True, False)
