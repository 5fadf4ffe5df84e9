"""What can be done to many products of the list at once.

Publishing takes each alone: one that cannot go live is named and keeps back none of the others. What is not part of a
draft (categories, tags, archiving) is written for all or for none.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.functional import cached_property
from taggit.forms import TagField
from taggit.models import Tag
from wagtail.admin import messages
from wagtail.admin.widgets.tags import AdminTagWidget
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from cms.catalogue import withdrawing
from cms.catalogue.models import CategoryPage, Placement, ProductContent, ProductTag
from cms.preview.going_live import CannotGoLive
from commerce.desk.catalogue.filtering import ProductFilterSet, contents_to_list, found_by
from commerce.desk.catalogue.shown import where_shown
from commerce.desk.pricing.filtering import categories
from commerce.kit import clock

MOST_AT_ONCE = 200
"""Of what is published or unpublished: each takes a moment, and a browser does not wait for ever."""
_MOST_NAMED = 20
_MOST_LOOKED_FOR = 500
"""Of more it is not told where they are shown: it would be nearly everywhere."""


class ProductsAction(SnippetBulkAction):
    """One action on the products that were ticked, or on all that the list shows with its filters and its search."""

    models = [ProductContent]
    template_name = "desk/catalogue/bulk.html"
    permission = "publish"
    explained = ""
    button = ""
    tells_where = False
    most: int | None = None

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        """Empty rather than missing, should somebody have deleted them meanwhile."""
        return ProductContent.objects.filter(pk__in=list(object_ids)).select_related("product", "locale")

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        query = self.request.GET
        filters = ProductFilterSet(query, request=self.request)
        contents = contents_to_list(language=query.get("locale", ""))
        contents = filters.filter_queryset(contents) if filters.is_valid() else contents.none()
        if text := query.get("q", ""):
            contents = contents.filter(found_by(text))
        return contents.order_by("title", "pk").values_list("pk", flat=True)

    def get_actionable_objects(self) -> Any:
        return self._chosen

    @cached_property
    def _chosen(self) -> Any:
        """Asked for once: they may be ten thousand."""
        return super().get_actionable_objects()

    def check_perm(self, content: ProductContent) -> bool:
        return self._is_allowed

    @cached_property
    def _is_allowed(self) -> bool:
        """The right is to products, whichever."""
        return bool(self.permission_policy.user_has_permission(self.request.user, self.permission))

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        chosen, _ = self.get_actionable_objects()
        if self.most is not None and len(chosen) > self.most:
            messages.error(request, f"{len(chosen)} products are too many at once. Choose at most {self.most}.")
            return redirect(self.next_url)
        return super().dispatch(request, *args, **options)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**context)
        contents = [each["item"] for each in found["items"]]
        few = 0 < len(contents) <= _MOST_LOOKED_FOR
        shown = where_shown([each.product_id for each in contents]) if self.tells_where and few else []
        return found | {
            "action": self,
            "named": contents[:_MOST_NAMED],
            "left_out": len(contents) - len(contents[:_MOST_NAMED]),
            "shown": shown,
        }

    def object_context(self, snippet: Any) -> dict[str, Any]:
        return {"item": snippet}

    @classmethod
    def execute_action(cls, objects: Sequence[ProductContent], **options: Any) -> tuple[int, int]:
        action = options["self"]
        action.result = action.carry_out(objects) if objects else None
        return len(objects), 0

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        """Do it, and say with figures what was done; None if nothing was."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        return self.result

    @property
    def _products(self) -> set[uuid.UUID]:
        return {content.product_id for content in self.actionable_objects}


def _counted(many: int) -> str:
    return "1 product" if many == 1 else f"{many} products"


class PublishAction(ProductsAction):
    display_name = "Publish"
    action_type = "publish"
    aria_label = "Publish the selected products"
    action_priority = 10
    most = MOST_AT_ONCE
    explained = "The latest draft of each goes live; one that is to go live at a time of its own is scheduled."
    button = "Publish"

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        done, scheduled, nothing = 0, 0, 0
        for content in contents:
            if content.live and not content.has_unpublished_changes:
                nothing += 1
                continue
            try:
                with transaction.atomic():
                    revision = content.get_latest_revision() or content.save_revision(user=self.request.user)
                    revision.publish(user=self.request.user)
            except CannotGoLive as refusal:
                messages.error(self.request, " ".join(refusal.messages))
            else:
                content.refresh_from_db(fields=["live", "has_unpublished_changes"])
                is_live = content.live and not content.has_unpublished_changes
                done, scheduled = done + is_live, scheduled + (not is_live)
        parts = [
            f"{_counted(done)} published." if done else "",
            f"{_counted(scheduled)} scheduled." if scheduled else "",
            f"{_counted(nothing)} had nothing new to publish." if nothing else "",
        ]
        return " ".join(filter(None, parts)) or None


class UnpublishAction(ProductsAction):
    display_name = "Unpublish"
    action_type = "unpublish"
    aria_label = "Unpublish the selected products"
    action_priority = 20
    most = MOST_AT_ONCE
    tells_where = True
    explained = "They are gone from the shop until they are published again."
    button = "Unpublish"

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        live = [content for content in contents if content.live]
        for content in live:
            content.unpublish(user=self.request.user)
        return f"{_counted(len(live))} unpublished."


class CategoryForm(forms.Form):
    how = forms.ChoiceField(
        label="What to do",
        choices=[
            ("move", "Move to this category, out of all others"),
            ("add", "Add to this category"),
            ("remove", "Take out of this category"),
        ],
        widget=forms.RadioSelect,
        initial="move",
    )
    category = forms.ChoiceField(label="Category")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["category"]
        field.choices = [(str(key), "\u2003" * depth + title) for _, key, title, depth in categories()]

    @property
    def title(self) -> str:
        key = self.cleaned_data["category"]
        return str(CategoryPage.objects.filter(translation_key=key).values_list("title", flat=True).first())


class CategoryAction(ProductsAction):
    display_name = "Category"
    action_type = "category"
    aria_label = "Move the selected products to a category, add them to it or take them out of it"
    action_priority = 25
    form_class = CategoryForm
    explained = "This takes effect at once. What is new in a category goes to its end."
    button = "Save"

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        form: Any = self.cleaned_form
        key, how = uuid.UUID(form.cleaned_data["category"]), form.cleaned_data["how"]
        placements = Placement.objects.filter(product__in=self._products)
        if how == "remove":
            many = placements.filter(category_key=key).delete()[0]
            return f"{_counted(many)} taken out of “{form.title}”."
        if how == "move":
            placements.exclude(category_key=key).delete()
        many = self._add(key, contents)
        return f"{_counted(len(self._products))} in “{form.title}” now, {many} of them new there."

    def _add(self, key: uuid.UUID, contents: Sequence[ProductContent]) -> int:
        there = Placement.objects.filter(category_key=key)
        kept = set(there.values_list("product", flat=True))
        last = there.aggregate(last=Max("position"))["last"] or 0
        new = list(dict.fromkeys(each.product_id for each in contents if each.product_id not in kept))
        rows = [
            Placement(product_id=product, category_key=key, position=place)
            for place, product in enumerate(new, start=last + 1)
        ]
        Placement.objects.bulk_create(rows)
        return len(rows)


class TagForm(forms.Form):
    add = TagField(label="Add these tags", required=False, widget=AdminTagWidget(tag_model=Tag))
    remove = TagField(label="Take these tags off", required=False, widget=AdminTagWidget(tag_model=Tag))

    def clean(self) -> None:
        if not self.cleaned_data.get("add") and not self.cleaned_data.get("remove"):
            raise forms.ValidationError("Write at least one tag.")


class TagAction(ProductsAction):
    display_name = "Tags"
    action_type = "tag"
    aria_label = "Tag the selected products or take tags off them"
    action_priority = 27
    form_class = TagForm
    explained = "This takes effect at once."
    button = "Save"

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        wanted: dict[str, list[str]] = self.cleaned_form.cleaned_data
        products = self._products
        added = [_tag(name) for name in wanted["add"]]
        ProductTag.objects.bulk_create(
            [ProductTag(content_object_id=product, tag=tag) for tag in added for product in products],
            ignore_conflicts=True,
        )
        ProductTag.objects.filter(content_object__in=products, tag__name__in=wanted["remove"]).delete()
        done = [
            f"tagged {', '.join(wanted['add'])}" if wanted["add"] else "",
            f"no longer tagged {', '.join(wanted['remove'])}" if wanted["remove"] else "",
        ]
        return f"{_counted(len(products))} {' and '.join(filter(None, done))}."


def _tag(name: str) -> Tag:
    """By this name; a new one is given its slug as it is saved."""
    tag = Tag.objects.filter(name=name).first() or Tag(name=name)
    if tag.pk is None:
        tag.save()
    return tag


class ArchiveAction(ProductsAction):
    display_name = "Archive"
    action_type = "archive"
    aria_label = "Archive the selected products"
    action_priority = 50
    tells_where = True
    explained = (
        "They are gone from the shop, from lists and from choosers. Carts that hold them say so; orders, stock and "
        "prices stay. They can be restored at any time."
    )
    button = "Archive"

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        return f"{_counted(withdrawing.archive(products=self._products, at=clock.now()))} archived."


class RestoreAction(ProductsAction):
    display_name = "Restore"
    action_type = "restore"
    aria_label = "Restore the selected products from the archive"
    action_priority = 60
    explained = "They are back in lists and choosers, and on sale if they are published."
    button = "Restore"

    def carry_out(self, contents: Sequence[ProductContent]) -> str | None:
        return f"{_counted(withdrawing.restore(products=self._products))} restored."


ACTIONS = (PublishAction, UnpublishAction, CategoryAction, TagAction, ArchiveAction, RestoreAction)
