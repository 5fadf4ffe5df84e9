from __future__ import annotations

from typing import NoReturn

from django.core.files.storage import FileSystemStorage


class PrivateFileStorage(FileSystemStorage):
    """A folder that no address leads to. Left alone, Django's storage would hand out one below MEDIA_URL."""

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("This file has no address of its own; a view that asks who wants it serves it.")
