"""Pictures: what the shop takes, what it keeps of it, and the sizes that it makes ahead of the first visitor."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageCms

from cms.images.models import ShopImage
from cms.images.rendering import render, render_due
from cms.images.sets import WIDE, image_set
from cms.pages.models import HomePage
from commerce.desk.tasks import render_pictures
from commerce.kit.clock import now
from tests.factories import Shop, picture

pytestmark = pytest.mark.django_db


def _encoded(format: str, size: tuple[int, int] = (64, 48), *, mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, format, **options)
    return buffer.getvalue()


def _uploaded(content: bytes, name: str) -> ShopImage:
    return ShopImage.objects.create(title="Picture", file=ContentFile(content, name=name))


def _replace(image: ShopImage, file: ContentFile[bytes]) -> None:
    image.file = file
    image.save()


def _kept(image: ShopImage) -> Image.Image:
    with image.open_file() as file:
        opened = Image.open(io.BytesIO(file.read()))
    opened.load()
    return opened


def _bomb() -> bytes:
    """A PNG of 15 kilobytes that says it has 90 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 10_000, 9_000, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(15_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _animation() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = [
    (_bomb, "many.png", "10000 × 9000 pixels, 90 million"),
    (lambda: SVG, "drawing.svg", "SVG drawings are not accepted"),
    (lambda: SVG, "drawing.png", "SVG drawings are not accepted"),
    (_animation, "moving.gif", "This picture moves"),
    (lambda: b"no picture", "words.jpg", "no picture that the shop can show"),
    (lambda: _encoded("PNG")[:60], "half.png", "damaged"),
    (lambda: b"\xff" * (15 * 1024 * 1024 + 1), "heavy.jpg", "up to 15"),
]


@pytest.mark.parametrize(("content", "name", "message"), REFUSED)
def test_what_the_shop_cannot_show_is_refused_whoever_hands_it_in(content: Any, name: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        _uploaded(content(), name)
    image = picture()
    name_before = image.file.name
    with pytest.raises(ValidationError, match=message):
        _replace(image, ContentFile(content(), name=name))
    assert ShopImage.objects.get().file.name == name_before


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*args: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(ValidationError, match="90 million"):
        _uploaded(_bomb(), "many.png")


@pytest.mark.parametrize("address", ["wagtailimages:add", "wagtailimages:add_multiple"])
@pytest.mark.parametrize(("content", "name", "message"), REFUSED[:-1])
def test_the_admin_says_why_it_refuses(admin: Client, address: str, content: Any, name: str, message: str) -> None:
    field = "files[]" if address.endswith("multiple") else "file"
    sent = {field: SimpleUploadedFile(name, content()), "title": "Picture", "collection": 1}
    answer = admin.post(reverse(address), sent, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 200
    assert not ShopImage.objects.exists()
    said = answer.content.decode()
    assert message in (said if field == "file" else answer.json()["error_message"])


def test_an_original_is_kept_upright_in_srgb_and_without_the_place_it_was_taken() -> None:
    taken = Image.Exif()
    taken[0x0112] = 6  # lies on its side
    taken.get_ifd(0x8825)[1] = "N"
    taken.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = _kept(_uploaded(_encoded("JPEG", (60, 40), exif=taken, icc_profile=profile, comment=b"me"), "place.jpg"))
    assert (kept.format, kept.size) == ("JPEG", (40, 60))
    assert not kept.getexif()
    assert not kept.info.keys() & {"exif", "icc_profile", "comment", "xmp"}


@pytest.mark.parametrize(
    ("format", "name", "mode", "kept_as"),
    [
        ("JPEG", "print.jpg", "CMYK", "JPEG"),
        ("GIF", "still.gif", "P", "PNG"),
        ("PNG", "deep.png", "I;16", "PNG"),
        ("PNG", "clear.png", "RGBA", "PNG"),
        ("WEBP", "wrong.png", "RGB", "WEBP"),
        ("AVIF", "new.avif", "RGB", "AVIF"),
    ],
)
def test_every_kind_of_picture_is_kept_and_gets_its_sizes(format: str, name: str, mode: str, kept_as: str) -> None:
    image = _uploaded(_encoded(format, mode=mode), name)
    assert _kept(image).format == kept_as
    assert image.file_size == image.file.size
    render(image, at=timezone.now())
    assert sorted(made.filter_spec for made in image.renditions.all()) == [
        "width-400|format-avif",
        "width-400|format-webp",
    ]


def test_a_picture_larger_than_any_screen_is_scaled_down(settings: Any) -> None:
    settings.IMAGE_LONGEST_SIDE = 300
    image = _uploaded(_encoded("JPEG", (900, 600)), "large.jpg")
    assert (image.width, image.height) == (300, 200) == _kept(image).size
    image.refresh_from_db()
    assert (image.width, image.height) == (300, 200)


def test_what_needs_no_change_is_kept_byte_for_byte() -> None:
    content = _encoded("WEBP", (900, 600), quality=92)
    with _uploaded(content, "good.webp").open_file() as file:
        assert file.read() == content


def test_no_request_makes_a_size_and_until_there_are_some_the_original_is_shown() -> None:
    image = picture(size=(900, 600))
    with CaptureQueriesContext(connection) as asked:
        shown = image_set(image, alt="A lamp")
    assert shown
    assert (shown["src"].endswith(image.file.url), shown["srcset"], shown["sources"]) == (True, "", [])
    assert (shown["width"], shown["height"], shown["alt"]) == (900, 600, "A lamp")
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]
    assert not image.renditions.exists()


def test_the_worker_makes_all_sizes_up_to_the_pictures_own_in_both_formats() -> None:
    image = picture(size=(900, 600))
    render_pictures(at=timezone.now())
    image = ShopImage.objects.get()
    shown = image_set(image)
    assert shown
    assert [source["type"] for source in shown["sources"]] == ["image/avif", "image/webp"]
    for source in shown["sources"]:
        assert [each.split(" ")[1] for each in source["srcset"].split(", ")] == ["400w", "800w", "900w"]
    assert shown["srcset"] == shown["sources"][1]["srcset"]
    assert (shown["width"], shown["height"], shown["focus"]) == (900, 600, None)
    with CaptureQueriesContext(connection) as asked:
        assert render_due(at=now(), seconds=60) == 0
    assert len(asked) == 1


def test_a_new_file_or_focal_point_forgets_the_sizes_of_the_old_one() -> None:
    image = picture(size=(64, 48))
    render(image, at=timezone.now())
    old = image.get_rendition("fill-32x32")
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 16, 36, 4, 4
    image.save()
    assert ShopImage.objects.get().rendered_at is None
    render_due(at=now(), seconds=60)
    assert not image.renditions.filter(pk=old.pk).exists()
    assert image.renditions.count() == 2
    shown = image_set(ShopImage.objects.get())
    assert shown
    assert shown["focus"] == {"x": 25, "y": 75}
    image.file = ContentFile(_encoded("PNG", (500, 300)), name="other.png")
    image.save()
    assert not image.renditions.exists()
    render_due(at=now(), seconds=60)
    assert sorted({made.width for made in image.renditions.all()}) == [400, 500]


def test_the_sizes_of_a_file_that_was_replaced_meanwhile_are_dropped() -> None:
    image = picture()
    seen = ShopImage.objects.get()
    image.file = ContentFile(_encoded("PNG", (80, 60)), name="other.png")
    image.save()
    render(seen, at=timezone.now())
    assert not image.renditions.exists()
    assert ShopImage.objects.get().rendered_at is None


def test_a_picture_that_comes_to_fill_the_screen_gets_the_large_sizes_when_that_is_published(shop: Shop) -> None:
    image = picture(size=(1700, 300))
    home = HomePage.objects.get(pk=shop.home.pk)
    home.body = [("hero", {"title": "Lamps", "text": "", "image": image, "button": {"label": "", "href": ""}})]
    draft = home.save_revision()
    render_due(at=now(), seconds=60)
    assert max(made.width for made in image.renditions.all()) == 1200
    draft.publish()
    render_due(at=now(), seconds=60)
    shown = image_set(ShopImage.objects.get(), widths=WIDE)
    assert shown
    assert [each.split(" ")[1] for each in shown["srcset"].split(", ")] == ["800w", "1200w", "1600w", "1700w"]


def test_a_picture_whose_file_is_lost_is_left_and_holds_up_no_other() -> None:
    lost, other = picture(), picture()
    lost.file.storage.delete(lost.file.name)
    assert render_due(at=now(), seconds=60) == 2
    assert image_set(ShopImage.objects.get(pk=lost.pk)) is None
    assert image_set(ShopImage.objects.get(pk=other.pk))


def test_the_pictures_of_before_get_their_sizes_by_command() -> None:
    image = picture()
    call_command("make_renditions", stdout=io.StringIO())
    first = set(image.renditions.values_list("pk", flat=True))
    call_command("make_renditions", "--again", stdout=io.StringIO())
    assert len(first) == image.renditions.count() == 2
    assert first.isdisjoint(image.renditions.values_list("pk", flat=True))


def test_an_empty_alt_text_stays_empty_and_a_file_name_is_never_read_out() -> None:
    image = picture("IMG_1234")
    assert [image_set(image)["alt"], image_set(image, alt="")["alt"]] == ["", ""]  # type: ignore[index]
    image.description = "A lamp"
    assert [image_set(image)["alt"], image_set(image, alt="")["alt"]] == ["A lamp", ""]  # type: ignore[index]
