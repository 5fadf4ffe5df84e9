"""Draws the demo shop's pictures on all cores and files them as images."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from functools import partial

from django.core.files.images import ImageFile
from django.db import connection
from PIL import Image

from cms.images.models import ShopImage
from cms.images.rendering import render
from demo.pictures import draw, draw_hero
from demo.pictures.spec import PictureSpec


def draw_all(specs: Iterable[PictureSpec]) -> Iterator[tuple[PictureSpec, bytes]]:
    """Each spec with its encoded picture, as they get done."""
    wanted = list(dict.fromkeys(specs))
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as drawers:
        yield from zip(wanted, drawers.map(_drawn, wanted, chunksize=2), strict=True)


def draw_plainly(specs: Iterable[PictureSpec]) -> Iterator[tuple[PictureSpec, bytes]]:
    """One grey picture for all."""
    encoded = plain()
    yield from ((spec, encoded) for spec in specs)


def plain() -> bytes:
    return _encoded(Image.new("RGB", (400, 400), "grey"))


def file_image(title: str, encoded: bytes, *, alt: str = "") -> ShopImage:
    image = ShopImage(title=title, description=alt, file=ImageFile(io.BytesIO(encoded), name=f"{title}.webp"))
    image.save()
    return image


def render_sizes(images: Iterable[ShopImage], *, at: datetime) -> Iterator[None]:
    """Make the renditions ahead of the first visitor, one image at a time as they get done.

    Encoding lets go of the interpreter lock, so threads help.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        yield from threads.map(partial(_render, at=at), images)


def hero() -> bytes:
    return _encoded(draw_hero())


def _drawn(spec: PictureSpec) -> bytes:
    return _encoded(draw(spec))


def _encoded(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=92, method=2)
    return buffer.getvalue()


def _render(image: ShopImage, *, at: datetime) -> None:
    try:
        render(image, at=at)
    finally:
        connection.close()
