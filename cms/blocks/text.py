"""Blocks of words."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]
GROUP = "Words"

_LEADS_SOMEWHERE = r"^(/(?!/)|https?://[^/]|mailto:|tel:)"
ADDRESS_HELP = "A path in the shop such as /c/lamps, or a full address."
ADDRESS = RegexValidator(
    _LEADS_SOMEWHERE, "Begin with / for a path in the shop, or with https://, mailto: or tel:", flags=re.IGNORECASE
)


def is_address(text: str) -> bool:
    """Whether a link may lead there: a path in the shop, or an address of the web, of mail or of a telephone."""
    return bool(re.match(_LEADS_SOMEWHERE, text, re.IGNORECASE))


class RichText(blocks.RichTextBlock):
    def deconstruct(self) -> Any:
        """Migrations need not know that this is not Wagtail's own."""
        _, args, kwargs = super().deconstruct()
        return "wagtail.blocks.RichTextBlock", args, kwargs

    class Meta:
        icon = "pilcrow"
        label = "Text"
        group = GROUP
        description = "Paragraphs, headings, lists and links."
        preview_template = "blocks/previews/rich_text.html"


class ButtonBlock(blocks.StructBlock):
    label = blocks.CharBlock(max_length=40)
    page = blocks.PageChooserBlock(required=False, help_text="Follows the page when its address changes.")
    href = blocks.CharBlock(
        required=False, max_length=255, label="or an address", help_text=ADDRESS_HELP, validators=[ADDRESS]
    )

    class Meta:
        icon = "link"
        group = GROUP
        description = "One button that leads somewhere."
        preview_template = "blocks/previews/button.html"
        preview_value = {"label": "See all lamps", "href": "/c/lamps"}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        leads, label = cleaned.get("page") or cleaned.get("href"), cleaned.get("label")
        if label and not leads:
            raise _wrong("href", "Choose a page or write an address.")
        if leads and not label:
            raise _wrong("label", "Write what the button says.")
        return cleaned

    def told(self, parts: dict[str, Any]) -> dict[str, Any] | None:
        href = parts["page"]["path"] if parts["page"] else parts["href"]
        return {"label": parts["label"], "href": href} if parts["label"] and is_address(href) else None

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        page = value["page"]
        href = page.specific_deferred.storefront_path if page else value["href"]
        return {"label": value["label"], "href": href or ""}


class OptionalButtonBlock(ButtonBlock):
    label = blocks.CharBlock(required=False, max_length=40)


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    attribution = blocks.CharBlock(required=False, max_length=100)

    class Meta:
        icon = "openquote"
        group = GROUP
        description = "A sentence that somebody said, set large."
        preview_template = "blocks/previews/quote.html"
        preview_value = {
            "text": "I bought one for the hall and now there are five of them.",
            "attribution": "A customer from Cork",
        }


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200)
    answer = blocks.RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "help"


class QuestionsBlock(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=80)
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=40)

    class Meta:
        icon = "help"
        label = "Questions and answers"
        group = GROUP
        description = "Questions that open to their answers, such as on delivery and returns."
        preview_template = "blocks/previews/faq.html"
        preview_value = {"title": "Good to know"}


class NewsletterBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(required=False, max_length=300, help_text="What they get, and how often.")

    class Meta:
        icon = "mail"
        label = "Newsletter"
        group = GROUP
        description = "A field for an e-mail address. Whoever enters one confirms it by mail before anything is sent."
        preview_template = "blocks/previews/newsletter.html"
        preview_value = {"title": "News from the nest", "text": "Once a month: what is new and what is nearly gone."}


def _wrong(field: str, message: str) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(message)})
