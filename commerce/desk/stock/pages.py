"""What the pages of this folder share."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.catalogue.models import Variant
from commerce.desk.stock.access import may_change, may_look, refuse_unless
from commerce.kit import idempotency
from commerce.kit.errors import DomainError


class StockPage(WagtailAdminTemplateMixin, TemplateView):
    """For those who may look; to send anything takes the right to change stock."""

    header_icon = "table"
    is_for_changing = False

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        looks = request.method in {"GET", "HEAD", "OPTIONS"} and not self.is_for_changing
        refuse_unless(may_look(request.user) if looks else may_change(request.user))
        return super().dispatch(request, *args, **options)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        levels = {"url": reverse("stock-levels:index"), "label": "Stock"}
        return [*self.breadcrumbs_items, levels, {"url": "", "label": self.get_page_title()}]

    @property
    def actor(self) -> str:
        return str(self.request.user)[:100]

    def once(self, token: uuid.UUID | None, carry_out: Callable[[], str], *, at: datetime) -> str:
        """Carry it out and say what was done; for a page that was sent before, say again what was done then. Of the
        same page sent twice at once the second waits for the first.

        Raises:
            KeyReused: the page was sent before with something else in it.
        """
        scope, key = f"desk:{self.request.path}", str(token or uuid.uuid4())
        sent = sorted(item for item in self.request.POST.lists() if item[0] != "csrfmiddlewaretoken")
        fingerprint = hashlib.sha256(repr(sent).encode()).hexdigest()
        with transaction.atomic():
            before = idempotency.begin(scope=scope, key=key, fingerprint=fingerprint, at=at)
            if before is not None:
                return str(before.body)
            words = carry_out()
            idempotency.finish(scope=scope, key=key, answer=idempotency.Answer(200, words))
        return words

    @property
    def may_change(self) -> bool:
        return may_change(self.request.user)


SENT_BEFORE = "This page was sent before, with something else in it. Open it anew."


def refusal_words(refusal: DomainError, sentence: str) -> list[str]:
    """The refusal, and for each line it names the sentence, with the SKU and the facts filled in."""
    lines: list[Mapping[str, Any]] = refusal.facts.get("lines", [])
    skus = dict(Variant.objects.filter(pk__in=[uuid.UUID(each["variant"]) for each in lines]).values_list("pk", "sku"))
    told = [sentence.format(sku=skus.get(uuid.UUID(each["variant"]), "?"), **each) for each in lines]
    return [f"{refusal.detail.rstrip('.')}.", *told]
