from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "cms.images"

    def ready(self) -> None:
        from wagtail.signals import published

        published.connect(_mark, dispatch_uid="cms.images.mark_filling_screen")


def _mark(*, instance: Any, **sent: Any) -> None:
    from cms.images.rendering import mark_filling_screen

    mark_filling_screen(instance)
