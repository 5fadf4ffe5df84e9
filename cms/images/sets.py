"""Pictures as a frontend wants them: one source, a srcset, and the size to keep room for."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import TypedDict

from django.db.models import Prefetch, QuerySet
from wagtail.images.models import Filter, SourceImageIOError

from cms.images.models import ShopImage, ShopRendition
from cms.prepared import prepared

logger = logging.getLogger(__name__)

WIDTHS = (400, 800, 1200)
WIDE = (800, 1600, 2400)
"""For pictures that fill the screen from side to side."""


def specs(widths: tuple[int, ...]) -> list[str]:
    return [f"width-{width}|format-webp" for width in widths]


class ImageSet(TypedDict):
    alt: str
    width: int
    height: int
    src: str
    srcset: str


def image_set(image: ShopImage, *, alt: str = "", widths: tuple[int, ...] = WIDTHS) -> ImageSet | None:
    """The renditions of one image. Those that exist and were prefetched cost no query; a missing one is made.

    None when its file cannot be read: one lost picture must not take a whole list with it.
    """
    try:
        made_now = image.get_renditions(*map(Filter, specs(widths)))
    except SourceImageIOError:
        logger.exception("the file of image %s cannot be read", image.pk)
        return None
    renditions = sorted(made_now.values(), key=lambda made: made.width)
    by_width = {made.width: made for made in renditions}
    largest = renditions[-1]
    return {
        "alt": alt or image.default_alt_text,
        "width": largest.width,
        "height": largest.height,
        "src": largest.full_url,
        "srcset": ", ".join(f"{made.full_url} {width}w" for width, made in by_width.items()),
    }


def attach_renditions(images: Sequence[ShopImage]) -> None:
    """What `with_renditions` prefetches, for images that are there already. One query."""
    found: dict[int, list[ShopRendition]] = defaultdict(list)
    if images:
        for rendition in _renditions(images=[image.pk for image in images], specs=specs(WIDTHS)):
            found[rendition.image_id].append(rendition)
    for image in images:
        image.prefetched_renditions = found[image.pk]


@prepared
def _renditions(*, images: list[int], specs: list[str]) -> QuerySet[ShopRendition]:
    return ShopRendition.objects.filter(image__pk__among=images, filter_spec__among=specs)


def with_renditions(lookup: str) -> Prefetch:
    """Prefetch the renditions of `image_set` along a lookup that ends at images, e.g. "gallery__image"."""
    wanted = ShopRendition.objects.filter(filter_spec__in=specs(WIDTHS))
    return Prefetch(f"{lookup}__renditions", queryset=wanted, to_attr="prefetched_renditions")
