"""What an uploaded picture must be, and what the shop makes of it before it is kept.

A file is judged by its header, before anything of it is decoded: a few kilobytes of PNG can hold a hundred million
pixels. What is kept is a still picture, upright, in sRGB, no larger than the shop can use, and nothing beside its
pixels: no place where it was taken, no camera, no comment.
"""

from __future__ import annotations

import io
import os
import warnings
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

_EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif", "GIF": ".png"}
"""What is accepted, and under which ending it is kept: a still GIF becomes a PNG."""

_ENCODINGS: dict[str, dict[str, Any]] = {
    ".jpg": {"format": "JPEG", "quality": 92, "optimize": True},
    ".png": {"format": "PNG"},
    ".webp": {"format": "WEBP", "quality": 92},
    ".avif": {"format": "AVIF", "quality": 88},
}
_BESIDE_PIXELS = {"exif", "icc_profile", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "Raw profile type exif"}
_PLAIN_SEGMENTS = {"APP0", "APP14"}
"""Of a JPEG: how its pixels are to be read."""
DAMAGED = "This picture is damaged: it cannot be shown."


def check(file: Any) -> None:
    """Raises `ValidationError`, in words for whoever uploads, unless the shop can keep this file as a picture."""
    if file.size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        most, has = filesizeformat(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE), filesizeformat(file.size)
        raise _refused(f"This file has {has}; a picture may have up to {most}. Save it smaller and try again.")
    with _opened(file) as picture:
        pixels, most_pixels = picture.width * picture.height, settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        if pixels > most_pixels:
            raise _refused(
                f"This picture has {picture.width} × {picture.height} pixels, {pixels // 10**6} million; up to "
                f"{most_pixels // 10**6} million can be kept. Scale it down and try again."
            )
        if _moves(picture):
            raise _refused("This picture moves. Upload a still one, or embed a video in the story.")


def prepared(file: Any) -> ContentFile[bytes] | None:
    """The picture as it is kept; None where the file is that already. Raises `ValidationError`."""
    check(file)
    ending = os.path.splitext(file.name)[1].lower()
    with _opened(file) as opened:
        kept_ending = _EXTENSIONS[str(opened.format)]
        is_renamed = ending != kept_ending and (ending, kept_ending) != (".jpeg", ".jpg")
        is_too_long = max(opened.size) > settings.IMAGE_LONGEST_SIDE
        try:
            opened.load()
        except Exception as error:  # each format has its own ways to be broken
            raise _refused(DAMAGED) from error
        if not (is_renamed or is_too_long or _carries_more_than_pixels(opened)):
            return None
        upright = ImageOps.exif_transpose(opened)
        picture = _in_srgb(upright)
    picture.thumbnail((settings.IMAGE_LONGEST_SIDE, settings.IMAGE_LONGEST_SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    buffer = io.BytesIO()
    picture.save(buffer, **_ENCODINGS[kept_ending])
    stem = os.path.splitext(os.path.basename(file.name))[0]
    return ContentFile(buffer.getvalue(), name=stem + kept_ending)


class _OriginalFile(WagtailImageFieldFile):
    def get_image_dimensions(self) -> tuple[int, int]:
        """From the header; Wagtail's own way decodes the whole picture."""
        with _opened(self) as picture:
            return picture.size


class OriginalField(WagtailImageField):
    """Looks at a new file as soon as it is put here, whoever puts it: a form, an import, a shell."""

    attr_class = _OriginalFile

    def update_dimension_fields(self, instance: Any, force: bool = False, *args: Any, **options: Any) -> None:
        file = instance.__dict__.get(self.attname)
        if is_new(file):
            check(file)
        super().update_dimension_fields(instance, force, *args, **options)


def is_new(file: Any) -> bool:
    """Whether this file was handed in and is not kept yet."""
    return isinstance(file, File) and bool(file) and not getattr(file, "_committed", False)


def _opened(file: Any) -> Image.Image:
    """The picture, of which no more than the header was read. Raises `ValidationError`."""
    content = io.BytesIO(_bytes_of(file))
    try:
        with warnings.catch_warnings():
            # Of a picture between Pillow's bounds the size is told, and judged by the shop's own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(content, formats=list(_EXTENSIONS))
    except Image.DecompressionBombError as error:
        most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 10**6
        message = f"This picture has far too many pixels; up to {most} million can be kept. Scale it down first."
        raise _refused(message) from error
    except UnidentifiedImageError as error:
        if b"<svg" in content.getvalue()[:4096].lower():
            message = "SVG drawings are not accepted, as they may carry programs. Export it as PNG or WebP."
        else:
            message = "This file is no picture that the shop can show. Upload JPEG, PNG, WebP, AVIF or a still GIF."
        raise _refused(message) from error
    except Exception as error:  # each format has its own ways to be broken
        raise _refused(DAMAGED) from error


def _moves(picture: Image.Image) -> bool:
    try:
        return bool(getattr(picture, "is_animated", False))
    except Exception as error:  # a GIF looks for its second picture
        raise _refused(DAMAGED) from error


def _bytes_of(file: Any) -> bytes:
    was_closed = file.closed
    file.open()
    file.seek(0)
    content: bytes = file.read()
    if was_closed:
        file.close()
    else:
        file.seek(0)
    return content


def _carries_more_than_pixels(picture: Image.Image) -> bool:
    if picture.info.keys() & _BESIDE_PIXELS or getattr(picture, "text", None) or picture.mode == "CMYK":
        return True
    segments = {name for name, _ in getattr(picture, "applist", ())}
    return bool(segments - _PLAIN_SEGMENTS)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """In the colours of the web. A profile that cannot be read is passed over: better pale than refused."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
            return converted or picture
        except (ImageCms.PyCMSError, OSError):
            pass
    return picture.convert(wanted) if picture.mode == "CMYK" else picture.copy()


def _refused(message: str) -> ValidationError:
    return ValidationError(message, code="picture_refused")
