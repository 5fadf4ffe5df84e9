from __future__ import annotations

from typing import Any

from wagtail import hooks

from commerce.desk.newsletter.viewsets import NewsletterViewSet, register_permissions


@hooks.register("register_admin_viewset")
def newsletter_viewset() -> Any:
    return NewsletterViewSet("newsletter")


hooks.register("register_permissions", register_permissions)
