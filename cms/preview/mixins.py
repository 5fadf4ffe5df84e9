from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from wagtail_headless_preview.models import HeadlessPreviewMixin

from cms.preview.going_live import GoesLiveMixin
from cms.preview.sessions import start_preview


def language_prefix(content: Any) -> str:
    """What the storefront's addresses begin with in the language of this content: nothing in the default one."""
    code = content.locale.language_code if content.locale_id else settings.LANGUAGE_CODE
    return "" if code == settings.LANGUAGE_CODE else f"/{code}"


class StorefrontPreviewMixin(GoesLiveMixin, HeadlessPreviewMixin):
    """A page or a snippet of the storefront, which shows drafts of it. Goes before Wagtail's own bases."""

    def serve_preview(self, request: HttpRequest, preview_mode: str) -> HttpResponse:
        token = start_preview(self, user=request.user, at=timezone.now())
        response = redirect(self.get_preview_url(request, token))
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "private, no-store"
        return response

    def get_preview_url(self, request: HttpRequest, token: str) -> str:
        parameters = {"content_type": self._meta.label_lower, "token": token}
        if getattr(request, "in_preview_panel", False):
            parameters["in_panel"] = "1"
        prefix = language_prefix(self)
        root = f"{settings.STOREFRONT_URL}{prefix}/preview" if prefix else self.get_client_root_url(request)
        return f"{root}?{urlencode(parameters)}"


class StorefrontPageMixin(StorefrontPreviewMixin):
    """A page that shoppers see in the storefront: previews go there, and so does its own address."""

    @property
    def storefront_path(self) -> str:
        raise NotImplementedError

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(f"{settings.STOREFRONT_URL}{language_prefix(self)}{self.storefront_path}")
