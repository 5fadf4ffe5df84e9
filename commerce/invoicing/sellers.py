"""Who sells in a market, as its invoices say it. Changing it never changes an invoice that was issued."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from zoneinfo import available_timezones

from django.db import transaction
from PIL import Image

from commerce.invoicing.attaching import printed
from commerce.invoicing.models import Invoice, InvoiceLogo, InvoiceSettings
from commerce.invoicing.sampling import sample
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Market
from commerce.tax.vat_ids import InvalidVatId, vat_id_written

_LOGO_PIXELS = (1400, 600)
_MOST_PIXELS = 40_000_000
_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
_WORDS = ("name", "address", "vat_id", "registration", "contact", "bank", "footer", "number_prefix", "time_zone")


class WrongSeller(DomainError):
    """`facts["field"]` says which part is wrong."""

    code = "wrong_seller"
    title = "The seller cannot be like that"
    kind = ErrorKind.INVALID


def change_seller(
    *, market: Market, words: Mapping[str, str], logo: bytes | None = None, keeps_logo: bool = True, at: datetime
) -> InvoiceSettings:
    """Enter who sells in the market, or change it; from now on invoices say so. What was paid before anybody had
    entered it gets its invoice now: announced as "invoicing.seller_changed".

    `logo` is a new picture; without one the old stays, if `keeps_logo`. It must be possible to print all of it.

    Raises:
        WrongSeller
    """
    seller = InvoiceSettings.objects.filter(market=market).first() or InvoiceSettings(market=market)
    for name in _WORDS:
        if name in words:
            setattr(seller, name, words[name].replace("\r\n", "\n").strip())
    _check(seller)
    picture = _picture(logo) if logo is not None else None
    with transaction.atomic():
        if picture is not None:
            seller.logo, _ = InvoiceLogo.objects.get_or_create(
                digest=sha256(picture).hexdigest(), defaults={"png": picture}
            )
        elif not keeps_logo:
            seller.logo = None
        _check_print(seller, at=at)
        seller.save()
        outbox.record("invoicing.seller_changed", {"market": market.code}, at=at)
    return seller


def _check(seller: InvoiceSettings) -> None:
    for name in ("name", "address", "number_prefix"):
        if not getattr(seller, name):
            raise WrongSeller("This is needed.", field=name)
    if seller.time_zone not in available_timezones():
        raise WrongSeller("There is no such time zone.", field="time_zone")
    if seller.vat_id:
        try:
            seller.vat_id = vat_id_written(seller.vat_id).number
        except InvalidVatId as error:
            raise WrongSeller(f"{error.title}.", field="vat_id") from None
    if not _PREFIX.fullmatch(seller.number_prefix):
        raise WrongSeller("Capital letters, digits and hyphens.", field="number_prefix")
    taken = InvoiceSettings.objects.filter(number_prefix=seller.number_prefix).exclude(market=seller.market)
    used = Invoice.objects.filter(number__startswith=seller.number_prefix).exclude(market=seller.market.code)
    if taken.exists() or used.exists():
        raise WrongSeller("Another market numbers its invoices so, or did.", field="number_prefix")


def _check_print(seller: InvoiceSettings, *, at: datetime) -> None:
    try:
        printed(sample(seller, at=at))
    except DomainError as error:
        raise WrongSeller(error.detail, field="name", **error.facts) from None


def _picture(logo: bytes) -> bytes:
    """As PNG, no larger than paper needs it. Raises `WrongSeller`."""
    try:
        with Image.open(io.BytesIO(logo), formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise WrongSeller("The picture is too large.", field="logo")
            image.thumbnail(_LOGO_PIXELS)
            made = io.BytesIO()
            image.convert("RGBA").save(made, "PNG", optimize=True)
            return made.getvalue()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise WrongSeller("This is no picture that can be read: PNG, JPEG, WebP or GIF.", field="logo") from None
