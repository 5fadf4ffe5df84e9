"""The papers to a product, such as instructions, which shoppers download."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from cms.catalogue.models import ProductContent, ProductDocument
from commerce.listings.documents import PaperDocument


def knowing_of_papers(contents: QuerySet[ProductContent]) -> Any:
    """So that a product without papers is not asked for them."""
    return contents.annotate(has_papers=Exists(ProductDocument.objects.filter(content=OuterRef("pk"))))


def papers(content: ProductContent) -> list[PaperDocument]:
    """Also of a draft. At most one query for each paper of a draft, and one for all of what is published."""
    if not getattr(content, "has_papers", True):
        return []
    rows = content.documents
    found = rows.get_live_queryset().select_related("document") if hasattr(content, "has_papers") else rows.all()
    return [
        {
            "title": row.title or row.document.title,
            "url": f"{settings.WAGTAILAPI_BASE_URL}{row.document.url}",
            "type": row.document.file_extension,
            "size": row.document.file_size,
        }
        for row in found
    ]
