from __future__ import annotations

from typing import Any, NoReturn

from django.core.files.storage import FileSystemStorage
from django.utils.http import content_disposition_header


class PrivateFileStorage(FileSystemStorage):
    """A folder that no address leads to. Left alone, Django's storage would hand out one below MEDIA_URL."""

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("This file has no address of its own; a view that asks who wants it serves it.")


def address_of(file: Any, *, filename: str) -> str | None:
    """Where the file's store hands it out itself, for a few minutes, to be saved as `filename`; None where it does not,
    and a view must."""
    if isinstance(file.storage, FileSystemStorage):
        return None
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    address: str = file.storage.url(file.name, parameters={"ResponseContentDisposition": disposition})
    return address
