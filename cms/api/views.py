from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.contrib.redirects.api import RedirectsAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page, Site

from cms.catalogue.models import CategoryPage
from cms.images.sets import with_renditions
from cms.preview.drafts import Drafts
from cms.preview.sessions import PreviewNotFound, open_drafts, open_preview


class BoundedOffsetMixin:
    """An offset that the database's integers cannot hold is the client's mistake."""

    request: Any

    def paginate_queryset(self, queryset: Any) -> Any:
        if len(self.request.GET.get("offset", "")) > 9:
            raise BadRequestError("offset is too large")
        return super().paginate_queryset(queryset)  # type: ignore[misc]


class ShopPagesAPIViewSet(BoundedOffsetMixin, PagesAPIViewSet):
    """Published pages, or with a preview token all as they are drafted; a list costs the same number of queries however
    long it is."""

    known_query_parameters = PagesAPIViewSet.known_query_parameters.union(["preview"])

    @cached_property
    def _drafts(self) -> Drafts | None:
        token = self.request.GET.get("preview", "")
        return open_drafts(token, at=timezone.now()) if token else None

    def get_base_queryset(self) -> Any:
        if self._drafts is None:
            return super().get_base_queryset()
        site = Site.find_for_request(self.request)
        roots = site.root_page.get_translations(inclusive=True).values_list("path", flat=True) if site else []
        below = reduce(or_, (Q(path__startswith=path) for path in roots), Q(pk__in=[]))
        return Page.objects.public().filter(below)

    def get_queryset(self) -> Any:
        pages = super().get_queryset().select_related("locale")
        if self._drafts is not None:
            return pages.select_related("latest_revision")
        if pages.model is CategoryPage:
            return pages.select_related("image").prefetch_related(with_renditions("image"))
        return pages

    def paginate_queryset(self, queryset: Any) -> Any:
        pages = super().paginate_queryset(queryset)
        return [self._drafts.of(page) for page in pages] if self._drafts else pages

    def get_object(self) -> Any:
        page = super().get_object()
        return self._drafts.of(page) if self._drafts else page

    def finalize_response(self, request: Any, response: Any, *args: Any, **options: Any) -> Any:
        response = super().finalize_response(request, response, *args, **options)
        if "preview" in request.GET:
            response["Cache-Control"] = "private, no-store"
            response["Referrer-Policy"] = "no-referrer"
        return response

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
