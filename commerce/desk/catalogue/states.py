"""In which state a product's content is, as the list shows it and finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Revision, WorkflowState

from cms.catalogue.models import ProductContent
from cms.pages.models import FailedGoLive

STATES = {
    "live": "Live",
    "changed": "Live with draft",
    "draft": "Draft",
    "scheduled": "Scheduled",
    "failed": "Could not be published",
    "moderation": "In moderation",
    "expired": "Expired",
    "archived": "Archived",
}


def in_state(contents: QuerySet[ProductContent], state: str) -> QuerySet[ProductContent]:
    """Those that are in the state, be they also in another: what is live may have a draft in moderation."""
    match state:
        case "live":
            return contents.filter(live=True)
        case "changed":
            return contents.filter(live=True, has_unpublished_changes=True)
        case "draft":
            return contents.filter(live=False, expired=False).exclude(pk__in=_keys(_scheduled()))
        case "scheduled":
            return contents.filter(pk__in=_keys(_scheduled()))
        case "failed":
            return contents.filter(pk__in=_keys(_scheduled().filter(failed_go_live__isnull=False)))
        case "moderation":
            return contents.filter(pk__in=_keys(_moderated()))
        case "expired":
            return contents.filter(live=False, expired=True)
    return contents.filter(product__archived_at__isnull=state != "archived")


@dataclass(frozen=True, slots=True)
class State:
    label: str
    is_live: bool
    reason: str = ""
    """Why it could not be published."""


@dataclass(frozen=True, slots=True)
class States:
    """What of these contents waits for something. Three queries, however many."""

    scheduled: frozenset[str]
    moderated: frozenset[str]
    failed: dict[str, str]

    @classmethod
    def of(cls, contents: Sequence[ProductContent]) -> States:
        keys = [str(content.pk) for content in contents]
        failed = FailedGoLive.objects.filter(revision__in=_scheduled().filter(object_id__in=keys))
        return cls(
            scheduled=frozenset(_scheduled().filter(object_id__in=keys).values_list("object_id", flat=True)),
            moderated=frozenset(_moderated().filter(object_id__in=keys).values_list("object_id", flat=True)),
            failed=dict(failed.values_list("revision__object_id", "reason")),
        )

    def state(self, content: ProductContent) -> State:
        key = str(content.pk)
        if content.product.archived_at is not None:
            return State(STATES["archived"], is_live=False)
        if key in self.failed:
            return State(STATES["failed"], is_live=content.live, reason=self.failed[key])
        waits = self._waits(key)
        if content.live:
            ahead = f"Live, change {waits}" if waits else STATES["changed"]
            return State(ahead if waits or content.has_unpublished_changes else STATES["live"], is_live=True)
        if waits:
            return State(waits.capitalize(), is_live=False)
        return State(STATES["expired"] if content.expired else STATES["draft"], is_live=False)

    def _waits(self, key: str) -> str:
        if key in self.moderated:
            return "in moderation"
        return "scheduled" if key in self.scheduled else ""


def _scheduled() -> QuerySet[Revision]:
    return _of_products(Revision.objects.filter(approved_go_live_at__isnull=False))


def _moderated() -> QuerySet[WorkflowState]:
    return _of_products(WorkflowState.objects.filter(status__in=_UNDER_WAY))


_UNDER_WAY = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


def _of_products(rows: Any) -> Any:
    return rows.filter(base_content_type=ContentType.objects.get_for_model(ProductContent)).order_by()


def _keys(rows: Any) -> Any:
    return rows.annotate(key=Cast("object_id", BigIntegerField())).values("key")
