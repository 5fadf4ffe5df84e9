"""A writer drafts and submits, a merchandiser reads and approves; nothing that sells moves with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from cms.catalogue.models import CategoryPage, Product, ProductContent
from tests.cms.editing import edit_product, product_form, product_url
from tests.factories import ProductContentFactory, Shop

pytestmark = pytest.mark.django_db

SUBMIT = {"action-submit": "Submit"}


def _submit(browser: Client, content: ProductContent, **form: Any) -> TaskState:
    draft = content.get_latest_revision_as_object()
    answer = browser.post(product_url("edit", content.pk), product_form(content=draft, **form) | SUBMIT)
    assert answer.status_code == 302, answer.context["form"].errors
    return TaskState.objects.latest("pk")


def _decide(browser: Client, content: Any, task: TaskState, how: str, **headers: str) -> Any:
    name = "wagtailadmin_pages:workflow_action" if isinstance(content, CategoryPage) else product_url("list")
    args = [content.pk, how, task.pk]
    address = reverse(name, args=args) if isinstance(content, CategoryPage) else product_url("workflow_action", *args)
    return browser.post(address, {"comment": "Read."}, headers={"X-Requested-With": "XMLHttpRequest", **headers})


def _status(content: Any) -> str:
    state = WorkflowState.objects.filter(object_id=str(content.pk)).latest("pk")
    return str(state.status)


def test_what_a_writer_submits_goes_live_once_a_merchandiser_approves(
    writer: Client, editor: Client, shop: Shop
) -> None:
    variant = shop.sell()
    content = shop.content(variant)
    Product.objects.filter(pk=variant.product_id).update(tax_class="reduced", is_featured=True)
    task = _submit(writer, content, title="Written", slug="written", tax_class="zero")
    content.refresh_from_db()
    assert (content.live, content.title == "Written", _status(content)) == (True, False, "in_progress")
    assert "Live, change in moderation" in editor.get(product_url("list")).content.decode()
    listed = editor.get(product_url("list"), {"status": "moderation"}).context["object_list"]
    assert [each.title for each in listed] == [content.title]
    assert _decide(writer, content, task, "approve").status_code in (302, 403)
    assert _status(content) == "in_progress"

    Product.objects.filter(pk=variant.product_id).update(is_featured=False)
    assert _decide(editor, content, task, "approve").status_code == 200
    content.refresh_from_db()
    assert (content.live, content.title, _status(content)) == (True, "Written", "approved")
    product = Product.objects.get()
    assert (product.tax_class, product.is_featured) == ("reduced", False)


def test_what_is_rejected_stays_a_draft_and_can_be_submitted_again(writer: Client, editor: Client, shop: Shop) -> None:
    content = ProductContentFactory.create(live=False)
    task = _submit(writer, content, title="Written", slug="written")
    _decide(editor, content, task, "reject")
    content.refresh_from_db()
    assert (content.live, _status(content)) == (False, "needs_changes")
    again = _submit(writer, content, title="Rewritten", slug="written")
    _decide(editor, content, again, "approve")
    content.refresh_from_db()
    assert (content.live, content.title) == (True, "Rewritten")


@pytest.mark.parametrize("kind", ["product", "category"])
def test_approving_a_draft_whose_slug_was_taken_says_so_and_leaves_it_in_moderation(
    writer: Client, editor: Client, shop: Shop, kind: str
) -> None:
    content: Any
    if kind == "product":
        content = ProductContentFactory.create(slug="mine")
        task = _submit(writer, content, title="Mine", slug="wanted")
        rival = ProductContentFactory.create(slug="rival")
        edit_product(editor, rival, publish=True, title="Rival", slug="wanted")
    else:
        content = shop.category("Mine")
        content.slug = "wanted"
        content.save_revision()
        workflow = content.get_workflow()
        task = workflow.start(content, None).current_task_state
        shop.category("Wanted")
    answer = _decide(editor, content, task, "approve", Referer="http://testserver/admin/pages/")
    assert answer.json() == {"step": "success", "redirect": "http://testserver/admin/pages/"}
    told = " ".join(str(message) for message in editor.get(reverse("wagtailadmin_home")).context["messages"])
    assert "cannot be published" in told
    assert "this slug" in told or "already in use" in told
    content.refresh_from_db()
    assert (content.slug, content.live, _status(content)) == ("mine", True, "in_progress")
    assert TaskState.objects.get(pk=task.pk).status == TaskState.STATUS_IN_PROGRESS


def test_what_a_merchandiser_locked_a_writer_cannot_change(writer: Client, editor: Client, shop: Shop) -> None:
    content = ProductContentFactory.create(title="Locked")
    editor.post(product_url("lock", content.pk))
    content.refresh_from_db()
    assert content.locked
    writer.post(product_url("edit", content.pk), product_form(title="Changed", content=content))
    assert content.get_latest_revision() is None
    editor.post(product_url("unlock", content.pk))
    content.refresh_from_db()
    assert edit_product(writer, content, title="Changed", slug="changed").latest_revision.object_str == "Changed"


def test_two_revisions_are_compared_word_by_word(editor: Client, shop: Shop) -> None:
    content = ProductContentFactory.create(title="Lamp", slug="lamp")
    for title in ("Moss lamp", "Fern lamp"):
        edit_product(editor, content, title=title, slug="lamp")
    first, second = content.revisions.order_by("pk")
    shown = editor.get(product_url("revisions_compare", content.pk, first.pk, second.pk)).content.decode()
    assert '<span class="deletion">Moss lamp</span><span class="addition">Fern lamp</span>' in shown
