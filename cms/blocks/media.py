"""Blocks of pictures and videos."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from cms.blocks.text import OptionalButtonBlock
from cms.images.sets import WIDE, image_set

GROUP = "Pictures"

_VIDEOS = (
    (
        "youtube",
        re.compile(
            r"https?://(?:(?:www|m)\.)?(?:youtube\.com/(?:watch\?(?:\S*&)?v=|embed/|shorts/)|youtu\.be/)([\w-]{11})(?:[?&#]\S*)?$"
        ),
        "https://www.youtube-nocookie.com/embed/{}",
    ),
    (
        "vimeo",
        re.compile(r"https?://(?:(?:www|player)\.)?vimeo\.com/(?:video/)?(\d{5,12})(?:[?#]\S*)?$"),
        "https://player.vimeo.com/video/{}?dnt=1",
    ),
)


def video_at(address: str) -> dict[str, str] | None:
    """The provider, its id and the address to embed, read from an address alone: nobody is asked over the network."""
    for provider, pattern, embedded in _VIDEOS:
        if found := pattern.match(address):
            return {"provider": provider, "id": found[1], "embed_url": embedded.format(found[1])}
    return None


class HeroBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(required=False)
    image = ImageBlock(required=False)
    button = OptionalButtonBlock(required=False)

    picture_widths = WIDE

    class Meta:
        icon = "pick"
        label = "Opening"
        group = GROUP
        description = "A large title with a picture that fills the screen, for the top of a page."
        preview_template = "blocks/previews/hero.html"
        preview_value = {"title": "Light for long evenings", "text": "Lamps and candles, made slowly."}

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        image, button = value["image"], value["button"]
        written = self.child_blocks["button"].get_api_representation
        return {
            "title": value["title"],
            "text": value["text"] or "",
            "image": image_set(image, alt=image.contextual_alt_text or "", widths=WIDE) if image else None,
            "button": written(button) if button and button["label"] else None,
        }


class PictureBlock(blocks.StructBlock):
    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        label = "Picture"
        group = GROUP
        description = "One picture with a line below it."
        preview_template = "blocks/previews/image.html"
        preview_value = {"caption": "The workshop in Mayo, before the day begins"}

    def told(self, parts: dict[str, Any]) -> dict[str, Any] | None:
        return {**parts["image"], "caption": parts["caption"]} if parts["image"] else None

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        image = value["image"]
        shown = image_set(image, alt=image.contextual_alt_text or "") if image else None
        return {**shown, "caption": value["caption"]} if shown else {"caption": value["caption"]}


class GalleryBlock(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=80)
    pictures = blocks.ListBlock(PictureBlock(), min_num=2, max_num=12)

    class Meta:
        icon = "image"
        label = "Gallery"
        group = GROUP
        description = "Two to twelve pictures side by side."
        preview_template = "blocks/previews/gallery.html"
        preview_value = {"title": "From the workshop"}


class VideoBlock(blocks.StructBlock):
    address = blocks.URLBlock(max_length=255, help_text="The page of a video at YouTube or Vimeo.")
    title = blocks.CharBlock(max_length=120, help_text="What it shows; read out to those who cannot see it.")
    poster = ImageBlock(required=False, label="Picture", help_text="Shown until somebody plays it.")

    picture_widths = WIDE

    class Meta:
        icon = "media"
        label = "Video"
        group = GROUP
        description = "A video that loads, and tells its provider of the visitor, only when somebody plays it."
        preview_template = "blocks/previews/video.html"
        preview_value = {"title": "How a lampshade is blown"}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if (address := cleaned.get("address")) and video_at(address) is None:
            said = "Only videos at YouTube and Vimeo can be shown. Copy the address from the video's own page."
            raise StructBlockValidationError(block_errors={"address": ValidationError(said)})
        return cleaned

    def told(self, parts: dict[str, Any]) -> dict[str, Any] | None:
        video = video_at(parts["address"])
        return {**parts, **video} if video else None
