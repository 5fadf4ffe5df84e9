"""Files of digital goods: who has paid for them gets links, each good for a while and for one file.

A link is a signature, not a row. Whoever holds one is asked again when they use it: goods that were given back
meanwhile are not handed out.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from cms.catalogue.models import BundlePart, DigitalFile, Product
from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.disputes import is_disputed
from commerce.orders.models import Order, OrderLine
from commerce.orders.states import OrderStatus, PaymentState

_signer = Signer(salt="orders.downloads")

# Money is there, and not all of it went back.
_PAID = frozenset({PaymentState.PAID, PaymentState.PARTIALLY_REFUNDED})
_CALLED_OFF = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})


class DownloadNotFound(DomainError):
    """Forged, for a file that was withdrawn, or for goods that were given back: the answer is the same."""

    code = "download_not_found"
    title = "There is no such file for you"
    kind = ErrorKind.MISSING


class DownloadExpired(DomainError):
    code = "download_expired"
    title = "This link is over; the page of your order has a new one"
    kind = ErrorKind.GONE


@dataclass(frozen=True, slots=True)
class Download:
    line: OrderLine
    file: DigitalFile
    token: str
    expires_at: datetime


def downloads_of(order: Order, *, at: datetime) -> list[Download]:
    """A link to each file that the order has paid for, by the order's lines. A fixed number of queries."""
    lines = [line for line in order.lines.all() if line.quantity > line.cancelled + line.refunded]
    if order.payment_state not in _PAID or order.status in _CALLED_OFF or not lines:
        return []
    products = _digital_products(lines)
    keys = {key for each in products.values() for key in each}
    if not keys or is_disputed(order):
        return []
    files: dict[uuid.UUID, list[DigitalFile]] = defaultdict(list)
    for file in DigitalFile.objects.filter(product__in=keys):
        files[file.product_id].append(file)
    # To the whole second: the signature says no more.
    until = (at + timedelta(hours=settings.DOWNLOAD_LINK_HOURS)).replace(microsecond=0)
    return [
        Download(line, file, _sign(order, file, until), until)
        for line in lines
        for product in products[line.variant_id]
        for file in files[product]
    ]


def open_download(token: str, *, at: datetime) -> DigitalFile:
    """The file that a link names.

    Raises:
        DownloadExpired: the link is ours and its time is over.
        DownloadNotFound: see there.
    """
    try:
        order_id, file_id, until = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        raise DownloadNotFound() from None
    if datetime.fromtimestamp(int(until), tz=UTC) <= at:
        raise DownloadExpired()
    order = Order.objects.filter(pk=order_id).first()
    paid = downloads_of(order, at=at) if order else []
    file = next((each.file for each in paid if str(each.file.pk) == file_id), None)
    if file is None:
        raise DownloadNotFound()
    return file


def _sign(order: Order, file: DigitalFile, until: datetime) -> str:
    return _signer.sign(f"{order.pk}.{file.pk}.{int(until.timestamp())}")


def _digital_products(lines: list[OrderLine]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By variant that was bought, the digital products in it: its own, or those of its parts where it is a bundle."""
    variants = [line.variant_id for line in lines]
    found: dict[uuid.UUID, list[uuid.UUID]] = {key: [] for key in variants}
    digital = Product.objects.filter(kind=Product.Kind.DIGITAL)
    for variant, product in digital.filter(variants__in=variants).values_list("variants", "pk"):
        if variant in found:
            found[variant].append(product)
    parts = BundlePart.objects.filter(bundle__in=variants, part__product__kind=Product.Kind.DIGITAL)
    for bundle, product in parts.values_list("bundle", "part__product"):
        if product not in found[bundle]:
            found[bundle].append(product)
    return found
