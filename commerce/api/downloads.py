from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.http import FileResponse, HttpResponseRedirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from cms.catalogue.models import DigitalFile
from commerce.api.views import PublicView, private
from commerce.kit import clock
from commerce.kit.private_files import address_of
from commerce.orders.downloads import open_download

# To be saved, whatever it is, and not shown by the browser.
_ANY_KIND = "application/octet-stream"


class DownloadByToken(PublicView):
    @extend_schema(
        operation_id="downloads_retrieve",
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            302: OpenApiResponse(description="The store of the files hands it out, for a few minutes."),
        },
    )
    def get(self, request: Request, token: str) -> Any:
        """The file that a link of an order names, as long as it holds: see `downloads` of the order."""
        file = open_download(token, at=clock.now())
        name = _filename(file)
        if address := address_of(file.file, filename=name):
            return private(HttpResponseRedirect(address))
        content = file.file.open("rb")
        return private(FileResponse(content, as_attachment=True, filename=name, content_type=_ANY_KIND))


def _filename(file: DigitalFile) -> str:
    """Its name, with the ending that it was uploaded with."""
    ending = PurePath(str(file.file.name)).suffix
    return file.name if file.name.endswith(ending) else f"{file.name}{ending}"
