"""A collection by rules shows what it finds as soon as it is saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from cms.catalogue.models import Collection
from commerce.kit import clock
from commerce.listings import collecting


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def after_saving(request: HttpRequest, saved: Any) -> None:
    if isinstance(saved, Collection):
        collecting.work_out(saved, at=clock.now())
