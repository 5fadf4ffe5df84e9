from __future__ import annotations

from wagtail.api.v2.router import WagtailAPIRouter

from cms.api.views import (
    PagePreviewAPIViewSet,
    ShopDocumentsAPIViewSet,
    ShopImagesAPIViewSet,
    ShopPagesAPIViewSet,
    ShopRedirectsAPIViewSet,
)

router = WagtailAPIRouter("wagtailapi_v2")
router.register_endpoint("pages", ShopPagesAPIViewSet)
router.register_endpoint("images", ShopImagesAPIViewSet)
router.register_endpoint("documents", ShopDocumentsAPIViewSet)
router.register_endpoint("redirects", ShopRedirectsAPIViewSet)
router.register_endpoint("preview", PagePreviewAPIViewSet)
