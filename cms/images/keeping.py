"""Nothing that is shown or sold loses a part by a deletion elsewhere: what is in use stays, and is told by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import PROTECT, ForeignObjectRel, Model
from django.http import HttpRequest
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.images.views.bulk_actions import DeleteBulkAction
from wagtail.images.views.images import DeleteView
from wagtail.models import DraftStateMixin, Page, ReferenceIndex, Revision

from cms.images.models import ShopImage

Uses = Counter[str]
"""How many of each kind of thing, by what staff call one of it."""


def protected_uses(row: Model) -> Uses:
    """What refers to this row by a key that forbids its deletion. One query per such key."""
    found: Uses = Counter()
    # With those that are hidden: most keys of pictures have no way back.
    for relation in row._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is PROTECT:
            model: Any = relation.related_model
            found[_kind(model)] += model._base_manager.filter(**{relation.field.name: row.pk}).count()
    return +found


def image_uses(image: ShopImage) -> Uses:
    """Where a picture is shown: by a key, in the blocks of a page or a product, or in a draft of one."""
    found = protected_uses(image)
    shown_in: dict[Any, str] = {}
    for reference in ReferenceIndex.get_references_to(image):
        # Keys are counted already, as they are now; the index may lag behind.
        if reference.on_delete is not PROTECT:
            shown_in[reference.base_content_type_id, reference.object_id] = _named(reference.content_type_id)
    found.update(Counter(shown_in.values()))
    found.update(f"draft of a {_named(draft.content_type_id)}" for draft in _drafts_with(image))
    return found


def _drafts_with(image: ShopImage) -> Iterator[Revision]:
    """The drafts that show it once they are published."""
    wanted = (ContentType.objects.get_for_model(ShopImage).pk, str(image.pk))
    for model in apps.get_models():
        # The row of a page that tells whether it has a draft is that of `Page`.
        if issubclass(model, DraftStateMixin) and (model is Page or not issubclass(model, Page)):
            drafts = model._default_manager.filter(has_unpublished_changes=True).values("latest_revision")
            for revision in Revision.objects.filter(pk__in=drafts, content__icontains=image.pk):
                references = ReferenceIndex._extract_references_from_object(revision.as_object())
                if any((kind, str(key)) == wanted for kind, key, *_ in references):
                    yield revision


def _named(content_type: int) -> str:
    model = ContentType.objects.get_for_id(content_type).model_class()
    return _kind(model) if model else "page"


def _kind(model: type[Model]) -> str:
    return str(model._meta.verbose_name)


def in_words(uses: Uses) -> str:
    """ "home page (1), product (2)": no word needs a plural."""
    return ", ".join(f"{kind} ({many})" for kind, many in sorted(uses.items()))


def _refuse(request: HttpRequest, images: Iterable[ShopImage]) -> bool:
    """Say of each picture in use where it is. Returns whether there is one."""
    refused = False
    for image in images:
        if uses := image_uses(image):
            refused = True
            messages.error(request, f"“{image.title}” cannot be deleted, it is in use: {in_words(uses)}.")
    return refused


class ImageDeleteView(DeleteView):
    """Wagtail's, for pictures that nothing shows."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if self.user_has_permission("delete") and _refuse(request, [self.object]):
            return redirect("wagtailimages:edit", self.object.pk)
        return super().dispatch(request, *args, **options)


class ImageBulkDelete(DeleteBulkAction):
    """Wagtail's, for pictures that nothing shows: of several to delete none is while one is in use."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        images, _ = self.get_actionable_objects()
        if _refuse(request, images):
            return redirect(self.next_url)
        return super().dispatch(request, *args, **options)
