"""The site as its editors have it on the desk: of each content the latest draft, and on top what is being typed.

What sells is not in a draft: prices, stock and variants are those of now, whoever looks (see ADR 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

_OF_THE_ROW = (
    *("pk", "path", "depth", "numchild", "url_path", "live", "has_unpublished_changes", "first_published_at"),
    *("locale_id", "translation_key", "product_id", "latest_revision_id", "live_revision_id"),
)
"""What a draft cannot change: where a page hangs, which product a content is of, whether it is live."""


@dataclass(frozen=True, slots=True)
class Drafts:
    typed: Any
    """What the session shows before all else; it may never have been saved."""
    title: str
    until: datetime

    def of(self, row: Any) -> Any:
        """The draft in the place of this row, whose latest revision was fetched with it. No query."""
        if isinstance(self.typed, type(row)) and row.pk is not None and self.typed.pk == row.pk:
            draft = self.typed
        elif row.latest_revision is not None:
            # Not `with_content_json`, which asks of each thing it names whether that is still there.
            draft = type(row).from_serializable_data(row.latest_revision.content, check_fks=False)
        else:
            return row
        for name in _OF_THE_ROW:
            if hasattr(row, name):
                setattr(draft, name, getattr(row, name))
        for relation in ("locale", "product"):
            if relation in row._state.fields_cache:
                setattr(draft, relation, getattr(row, relation))
        return draft
