"""Makes the sizes of pictures, ahead of the first visitor and outside of every request.

An image that was uploaded, changed, or newly put where it fills the screen waits (`rendered_at` is None) until the
worker comes to it. Until then `image_set` shows what is there.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image, ImageOps
from wagtail.fields import StreamField
from wagtail.images.models import Filter

from cms.images.models import ShopImage, ShopRendition
from cms.images.sets import FORMATS, WIDE, WIDTHS, spec

logger = logging.getLogger(__name__)

# Measured on pictures of 1200 pixels: AVIF at speed 8 takes a third of the time of 6 for files a tenth larger.
_ENCODINGS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 80, "method": 2},
}


def render_due(*, at: datetime, seconds: float) -> int:
    """Make the sizes of what waits, the longest waiting first, and begin none after so many seconds.

    Returns how many images were done.
    """
    began, done = monotonic(), 0
    while monotonic() - began < seconds:
        image = ShopImage.objects.filter(rendered_at=None).order_by("pk").first()
        if image is None:
            break
        render(image, at=at)
        done += 1
    return done


def render(image: ShopImage, *, at: datetime) -> None:
    """Make the sizes that the image lacks, and forget those of another focal point.

    A file that cannot be read is logged and left; so are sizes of a file that was replaced meanwhile.
    """
    there = _kept(image)
    missing = [width for width in _widths(image) if any(spec(width, format) not in there for format in FORMATS)]
    made: list[ShopRendition] = []
    try:
        for width, format, encoded in _encoded(image, missing):
            if spec(width, format) not in there:
                made += _keep(image, width, format, encoded)
    except (OSError, SyntaxError, ValueError):
        logger.exception("the file of image %s cannot be read", image.pk)
    of_this_file = ShopImage.objects.filter(pk=image.pk, file=image.file.name)
    if of_this_file.update(rendered_at=at):
        image.rendered_at = at
    else:
        for rendition in made:
            rendition.delete()


def mark_filling_screen(content: Any) -> None:
    """Have the pictures of this page or snippet that fill the screen made in the large sizes too.

    A block says so by `picture_widths = WIDE`; a page names its own fields in `wide_pictures`.
    """
    images = set(_filling_screen(content))
    if images:
        ShopImage.objects.filter(pk__in=images, fills_screen=False).update(fills_screen=True, rendered_at=None)


def _filling_screen(content: Any) -> Iterator[int]:
    for name in getattr(content, "wide_pictures", ()):
        if key := getattr(content, f"{name}_id"):
            yield key
    for field in content._meta.get_fields():
        if not isinstance(field, StreamField):
            continue
        for model, key, path, _ in field.stream_block.extract_references(getattr(content, field.name)):
            if model is ShopImage and _fills_screen(field.stream_block, path):
                yield int(key)


def _fills_screen(block: Any, path: str) -> bool:
    for name in path.split("."):
        block = block.child_block if name == "item" else block.child_blocks.get(name)
        if block is None:
            return False
        if getattr(block, "picture_widths", WIDTHS) == WIDE:
            return True
    return False


def _widths(image: ShopImage) -> list[int]:
    """The sizes of this image: none beyond its own, which is made in the first size that holds it."""
    every = sorted({*WIDTHS, *(WIDE if image.fills_screen else ())})
    smaller = [width for width in every if width < image.width]
    return every[: len(smaller) + 1]


def _kept(image: ShopImage) -> set[str]:
    """What is there, without the sizes that were cut for a focal point that has moved."""
    kept: set[str] = set()
    for rendition in image.renditions.all():
        if Filter(rendition.filter_spec).get_cache_key(image) == rendition.focal_point_key:
            kept.add(rendition.filter_spec)
        else:
            rendition.delete()
    return kept


def _encoded(image: ShopImage, widths: list[int]) -> Iterator[tuple[int, str, bytes]]:
    """Decoded once, scaled once for each width, encoded once for each format."""
    if not widths:
        return
    with image.open_file() as file, Image.open(file) as opened:
        picture = ImageOps.exif_transpose(opened)
        if picture.mode not in {"RGB", "RGBA"}:
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.info.clear()
    for width in widths:
        shown = picture
        if width < picture.width:
            height = max(1, round(picture.height * width / picture.width))
            shown = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
        for format in FORMATS:
            buffer = io.BytesIO()
            shown.save(buffer, **_ENCODINGS[format])
            yield width, format, buffer.getvalue()


def _keep(image: ShopImage, width: int, format: str, encoded: bytes) -> list[ShopRendition]:
    """The new size. None where another worker was here first, whose size stays."""
    file = ContentFile(encoded, name=f"{_stem(image)}.width-{width}.{format}")
    rendition = ShopRendition(image=image, filter_spec=spec(width, format), file=file)
    try:
        with transaction.atomic():
            rendition.save()
    except IntegrityError:
        rendition.file.storage.delete(rendition.file.name)
        return []
    return [rendition]


def _stem(image: ShopImage) -> str:
    return os.path.splitext(os.path.basename(image.file.name))[0][:40]
