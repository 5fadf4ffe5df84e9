from __future__ import annotations

from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.contrib.redirects.api import RedirectsAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

from cms.api.views import PagePreviewAPIViewSet, ShopPagesAPIViewSet

router = WagtailAPIRouter("wagtailapi_v2")
router.register_endpoint("pages", ShopPagesAPIViewSet)
router.register_endpoint("images", ImagesAPIViewSet)
router.register_endpoint("documents", DocumentsAPIViewSet)
router.register_endpoint("redirects", RedirectsAPIViewSet)
router.register_endpoint("preview", PagePreviewAPIViewSet)
