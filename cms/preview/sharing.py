"""Preview links in the admin: made for others, listed, and taken back."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.preview.mixins import StorefrontPreviewMixin
from cms.preview.models import PreviewSession
from cms.preview.sessions import revoke, share_preview


def share_button(content: Any) -> Button:
    url = reverse("share_preview", args=[content._meta.app_label, content._meta.model_name, content.pk])
    return Button("Share preview", url, icon_name="link", priority=65)


def links_of(user: Any) -> QuerySet[PreviewSession]:
    """One's own; an administrator's are all."""
    links = PreviewSession.objects.select_related("user", "content_type")
    return links if user.is_superuser else links.filter(user=user)


@never_cache
def share(request: HttpRequest, app_label: str, model_name: str, pk: str) -> HttpResponse:
    """Asks, and then shows the link once: it is not stored and cannot be shown again."""
    content = _content(app_label, model_name, pk, user=request.user)
    link = None
    if request.method == "POST":
        draft = content.get_latest_revision_as_object() if content.latest_revision_id else content
        token = share_preview(draft, user=request.user, at=timezone.now())
        link = draft.get_preview_url(request, token)
    answer = render(request, "preview/share.html", {"content": content, "link": link, "links_url": _list_url()})
    if link:  # not with the form, which a browser would send without saying where it comes from
        answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
def list_links(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    links = [(link, link.state(at=at)) for link in links_of(request.user)[:200]]
    return render(request, "preview/links.html", {"links": links})


@require_POST
def revoke_link(request: HttpRequest, session_id: Any) -> HttpResponse:
    link = get_object_or_404(links_of(request.user), pk=session_id)
    revoke(link, at=timezone.now())
    messages.success(request, f"The preview of “{link.title}” is revoked. Nobody can open it any more.")
    return redirect(_list_url())


def _list_url() -> str:
    return reverse("preview_links")


def _content(app_label: str, model_name: str, pk: str, *, user: Any) -> Any:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        raise Http404 from None
    if not issubclass(model, StorefrontPreviewMixin):
        raise Http404
    content = get_object_or_404(model, pk=pk)
    if isinstance(content, Page):
        may = content.permissions_for_user(user).can_edit()
    else:
        may = policy_registry.get_by_type(model).user_has_permission(user, "change")
    if not may:
        raise PermissionDenied
    return content
