"""What happens when pages and products go live, whichever way: by hand, in bulk, by moderation or by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, Revision

from cms.preview import addresses


class CannotGoLive(ValidationError):
    """The draft stays a draft and what is live stays live. The message is for staff and names the content."""


class GoesLiveMixin:
    """Publishes all of a revision or nothing, and leads from the address that it leaves. Goes before Wagtail's bases.

    Snippets are checked here as Wagtail checks pages: a draft may be saved with gaps, and between saving and publishing
    another may have taken its slug.
    """

    pk: Any

    def publish(self, revision: Revision, *arguments: Any, **options: Any) -> None:
        """Raises `CannotGoLive`."""
        with transaction.atomic():
            before = self._stored()
            _keep_what_is_live(before, until=revision)
            # What Wagtail goes by is the object the revision was made of, be it the editor's form of a while ago.
            known: Any
            for known in (self, revision.content_object):
                known.live, known.live_revision_id = before.live, before.live_revision_id
            try:
                with transaction.atomic():
                    if not isinstance(self, Page):
                        _check(revision.as_object())
                    super().publish(revision, *arguments, **options)  # type: ignore[misc]
            except (IntegrityError, ValidationError) as refusal:
                raise CannotGoLive(f"“{revision.object_str}” cannot be published. {_words(refusal)}") from refusal
            _note_address(before, self._stored())

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A draft made before the content went live does not know of it; the row does."""
        content_as_drafted = super().with_content_json(content)  # type: ignore[misc]
        content_as_drafted.live_revision_id = self.live_revision_id  # type: ignore[attr-defined]
        return content_as_drafted

    def _stored(self) -> Any:
        return type(self)._base_manager.get(pk=self.pk)  # type: ignore[attr-defined]


def _keep_what_is_live(stored: Any, *, until: Revision) -> None:
    """Give imported content, which went live without a revision, one: Wagtail takes it offline as soon as a change of it
    is scheduled, for it finds no revision that is live."""  # noqa: E501
    if not stored.live or stored.live_revision_id is not None:
        return
    first = stored.revisions.order_by("created_at").first() or until
    stored.live_revision = Revision.objects.create(
        content_object=stored,
        base_content_type=stored.get_base_content_type(),
        created_at=first.created_at - timedelta(milliseconds=1),
        object_str=str(stored),
        content=stored.serializable_data(),
    )
    type(stored)._base_manager.filter(pk=stored.pk).update(live_revision=stored.live_revision)


def _check(content: Any) -> None:
    content.clean_fields()
    content.clean()
    for relation in get_all_child_relations(content):
        for child in getattr(content, relation.get_accessor_name()).all():
            child.clean_fields(exclude=[relation.field.name])


def _note_address(before: Any, now: Any) -> None:
    if not now.live or not hasattr(now, "storefront_path"):
        return
    was_shown = before.live or before.first_published_at is not None
    if was_shown and before.storefront_path != now.storefront_path:
        addresses.note_move(now, old=before.storefront_path)
    else:
        addresses.note_use(now.storefront_path, language=now.locale.language_code)


def _words(refusal: Exception) -> str:
    if not isinstance(refusal, ValidationError):
        return "Something else has taken its place meanwhile, such as its slug."
    if not hasattr(refusal, "error_dict"):
        return " ".join(refusal.messages)
    return " ".join(
        f"{capfirst(field.replace('_', ' '))}: {' '.join(messages)}" if field != "__all__" else " ".join(messages)
        for field, messages in refusal.message_dict.items()
    )
