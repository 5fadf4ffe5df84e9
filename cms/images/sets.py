"""Pictures as a frontend wants them: one source, a srcset for each format, and the size to keep room for.

Nothing is made here: a request shows the sizes that are there (see `rendering`), and leaves out the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TypedDict

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from cms.images.models import ShopImage, ShopRendition
from cms.prepared import prepared

FORMATS = ("avif", "webp")
"""Smallest files first: a browser takes the first that it knows."""
WIDTHS = (400, 800, 1200)
WIDE = (800, 1200, 1600, 2400)
"""For pictures that fill the screen from side to side."""


def spec(width: int, format: str) -> str:
    return f"width-{width}|format-{format}"


def specs(widths: tuple[int, ...]) -> list[str]:
    return [spec(width, format) for width in widths for format in FORMATS]


class SourceSet(TypedDict):
    type: str
    srcset: str


class FocalPoint(TypedDict):
    x: int
    y: int


class ImageSet(TypedDict):
    alt: str
    width: int
    height: int
    src: str
    srcset: str
    sources: list[SourceSet]
    focus: FocalPoint | None


def image_set(image: ShopImage, *, alt: str | None = None, widths: tuple[int, ...] = WIDTHS) -> ImageSet | None:
    """The sizes of one image that are there; those that were prefetched cost no query, others one.

    While none is, the original stands in for them. Without `alt` the image's description is taken; an empty one marks
    decoration. None when its file could not be read, as of a picture that was lost.
    """
    if not hasattr(image, "prefetched_renditions"):
        attach_renditions([image], widths=widths)
    wanted = set(specs(widths))
    found = [made for made in image.prefetched_renditions if made.filter_spec in wanted]
    if not found and image.rendered_at is not None:
        return None
    by_format = {format: _by_width(found, format) for format in FORMATS}
    sources = [SourceSet(type=f"image/{format}", srcset=_srcset(made)) for format, made in by_format.items() if made]
    shown = by_format["webp"][-1] if by_format["webp"] else None
    return {
        "alt": image.default_alt_text if alt is None else alt,
        "width": shown.width if shown else image.width,
        "height": shown.height if shown else image.height,
        "src": shown.full_url if shown else original_url(image),
        "srcset": _srcset(by_format["webp"]),
        "sources": sources,
        "focus": _focus(image),
    }


def _by_width(made: list[ShopRendition], format: str) -> list[ShopRendition]:
    of_format = [each for each in made if each.filter_spec.endswith(f"-{format}")]
    return sorted({each.width: each for each in of_format}.values(), key=lambda each: each.width)


def _srcset(made: list[ShopRendition]) -> str:
    return ", ".join(f"{each.full_url} {each.width}w" for each in made)


def original_url(image: ShopImage) -> str:
    """The whole address of its file."""
    url: str = image.file.url
    return f"{settings.WAGTAILADMIN_BASE_URL}{url}" if url.startswith("/") else url


def _focus(image: ShopImage) -> FocalPoint | None:
    """Where the middle of the focal point is, in percent of the picture."""
    if image.focal_point_x is None or image.focal_point_y is None:
        return None
    return {
        "x": round(100 * image.focal_point_x / max(image.width, 1)),
        "y": round(100 * image.focal_point_y / max(image.height, 1)),
    }


def attach_renditions(images: Sequence[ShopImage], *, widths: tuple[int, ...] = WIDTHS) -> None:
    """What `with_renditions` prefetches, for images that are there already. One query."""
    found: dict[int, list[ShopRendition]] = defaultdict(list)
    if images:
        for rendition in _renditions(images=[image.pk for image in images], specs=specs(widths)):
            found[rendition.image_id].append(rendition)
    for image in images:
        image.prefetched_renditions = found[image.pk]


@prepared
def _renditions(*, images: list[int], specs: list[str]) -> QuerySet[ShopRendition]:
    return ShopRendition.objects.filter(image__pk__among=images, filter_spec__among=specs)


def with_renditions(lookup: str, *, widths: tuple[int, ...] = WIDTHS) -> Prefetch:
    """Prefetch the renditions of `image_set` along a lookup that ends at images, e.g. "gallery__image"."""
    wanted = ShopRendition.objects.filter(filter_spec__in=specs(widths))
    return Prefetch(f"{lookup}__renditions", queryset=wanted, to_attr="prefetched_renditions")
