from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.contrib.redirects.api import RedirectsAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page

from cms.catalogue.models import CategoryPage
from cms.images.sets import with_renditions
from cms.preview.sessions import PreviewNotFound, open_preview


class BoundedOffsetMixin:
    """An offset that the database's integers cannot hold is the client's mistake."""

    request: Any

    def paginate_queryset(self, queryset: Any) -> Any:
        if len(self.request.GET.get("offset", "")) > 9:
            raise BadRequestError("offset is too large")
        return super().paginate_queryset(queryset)  # type: ignore[misc]


class ShopPagesAPIViewSet(BoundedOffsetMixin, PagesAPIViewSet):
    """Published pages; a list costs the same number of queries however long it is."""

    def get_queryset(self) -> Any:
        pages = super().get_queryset().select_related("locale")
        if pages.model is CategoryPage:
            return pages.select_related("image").prefetch_related(with_renditions("image"))
        return pages

    @classmethod
    def get_object_detail_urlpath(cls, model: Any, pk: Any, namespace: str = "") -> str | None:
        """None for a page that was never saved, as previews may show it."""
        return super().get_object_detail_urlpath(model, pk, namespace=namespace) if pk else None


class ShopImagesAPIViewSet(BoundedOffsetMixin, ImagesAPIViewSet):
    pass


class ShopDocumentsAPIViewSet(BoundedOffsetMixin, DocumentsAPIViewSet):
    pass


class ShopRedirectsAPIViewSet(BoundedOffsetMixin, RedirectsAPIViewSet):
    pass


class PagePreviewAPIViewSet(PagesAPIViewSet):
    """A draft page, in the form of the page detail, for whoever holds the preview token."""

    known_query_parameters = PagesAPIViewSet.known_query_parameters.union(["content_type", "token"])

    def listing_view(self, request: HttpRequest) -> Any:
        self.action = "detail_view"
        response = self.detail_view(request, pk=None)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get_object(self) -> Any:
        return self._draft

    @cached_property
    def _draft(self) -> Any:
        try:
            model = apps.get_model(self.request.GET.get("content_type", ""))
        except (LookupError, ValueError):
            raise PreviewNotFound from None
        if not issubclass(model, Page):
            raise PreviewNotFound
        return open_preview(self.request.GET.get("token", ""), model=model, at=timezone.now())
