"""Where a shopper follows a parcel: the carrier's address with the tracking number put in."""

from __future__ import annotations

from string import Formatter
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError

PLACE = "{number}"


def validate_tracking_template(template: str) -> None:
    """An https address with one `{number}` after the host name, and no other braces.

    Raises:
        ValidationError
    """
    try:
        address = urlsplit(template)
        fields = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError:
        raise ValidationError("This is not an address.", code="tracking_address") from None
    if address.scheme != "https" or not address.hostname or "@" in address.netloc:
        raise ValidationError("The address must begin with https:// and name a host.", code="tracking_https")
    if fields != ["number"] or template.count(PLACE) != 1 or template.count("{") != 1 or template.count("}") != 1:
        raise ValidationError("The address must contain {number} once and no other braces.", code="tracking_number")
    if PLACE in address.netloc:
        raise ValidationError("{number} cannot stand in the host name.", code="tracking_host")
    if any(character.isspace() for character in template):
        raise ValidationError("The address must not contain spaces.", code="tracking_space")


def filled(template: str, *, number: str) -> str:
    """The address with the number in it, percent-encoded whole so that it cannot change where the address leads."""
    return template.replace(PLACE, quote(number.strip(), safe=""))
