"""What the shop says about itself on every page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms.catalogue.wording import WordsField
from cms.images.models import ShopImage

_NETWORKS = {
    "bsky.app": "Bluesky",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "linkedin.com": "LinkedIn",
    "pinterest.com": "Pinterest",
    "tiktok.com": "TikTok",
    "x.com": "X",
    "youtube.com": "YouTube",
}
_is_web_address = URLValidator(schemes=["https"])


@register_setting(icon="home", order=10)
class ShopSettings(BaseSiteSetting):
    """The shop's name, contact and picture for whoever shares a page. One row to a site."""

    name = models.CharField("shop name", max_length=80, blank=True, help_text="As visitors see it.")
    tagline = models.CharField(max_length=120, blank=True, help_text="A few words beside the name.")
    legal_name = models.CharField(max_length=120, blank=True, help_text="The company behind the shop.")
    logo = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    social_image = models.ForeignKey(
        ShopImage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown where somebody shares a page that has no picture of its own.",
    )
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True, max_length=300, help_text="As on an envelope.")
    opening_hours = models.TextField(blank=True, max_length=300)
    social = models.TextField(
        "social networks", blank=True, max_length=1000, help_text="The address of each profile on a line of its own."
    )
    footer_line = models.CharField(max_length=200, blank=True, help_text="The last line of every page.")
    words = WordsField(of=("tagline", "opening_hours", "footer_line"))

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("tagline"), FieldPanel("logo")], heading="The shop"),
        MultiFieldPanel(
            [FieldPanel("legal_name"), FieldPanel("email"), FieldPanel("phone"), FieldPanel("address")],
            heading="Contact",
        ),
        FieldPanel("opening_hours"),
        MultiFieldPanel([FieldPanel("social"), FieldPanel("social_image")], heading="Where the shop is shared"),
        FieldPanel("footer_line"),
        FieldPanel("words"),
    ]

    class Meta:
        verbose_name = "shop settings"

    def __str__(self) -> str:
        return self.name or "Shop settings"

    def clean(self) -> None:
        super().clean()
        for address in self.social_addresses:
            try:
                _is_web_address(address)
            except ValidationError:
                said = f"{address} is no address. Write one on each line, beginning with https://"
                raise ValidationError({"social": said}) from None

    @property
    def social_addresses(self) -> list[str]:
        return [line.strip() for line in self.social.splitlines() if line.strip()]


def network_of(address: str) -> str:
    """The network's name as people know it, else its host."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return _NETWORKS.get(host, host)
