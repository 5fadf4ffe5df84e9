"""Going on with a cart on another device, by a signed link that expires."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing

from commerce.cart.locking import CartClosed, CartNotFound
from commerce.cart.models import Cart
from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.kit.errors import DomainError, ErrorKind

RESUMABLE_FOR = timedelta(days=3)

_SALT = "checkout.resuming"


class ResumeLinkWrong(DomainError):
    code = "resume_link_wrong"
    title = "This is no link to a cart"
    kind = ErrorKind.MISSING


class ResumeLinkExpired(DomainError):
    code = "resume_link_expired"
    title = "The link to the cart is too old"
    kind = ErrorKind.GONE


@dataclass(frozen=True, slots=True)
class ResumeLink:
    token: str
    expires_at: datetime

    @property
    def url(self) -> str:
        """In the storefront. The token stands behind the #, which no browser sends to any server."""
        return f"{settings.STOREFRONT_URL}/resume#{self.token}"


@dataclass(frozen=True, slots=True)
class Resumed:
    """`checkout` is the open checkout of the cart, if there is one."""

    cart: uuid.UUID
    checkout: uuid.UUID | None


def resume_link(*, cart_id: uuid.UUID, at: datetime) -> ResumeLink:
    """Whoever has the link may use the cart, as whoever knows its id.

    Raises `CartNotFound`, `CartClosed`.
    """
    _require_open(cart_id)
    expires_at = at + RESUMABLE_FOR
    token = signing.dumps({"cart": str(cart_id), "until": int(expires_at.timestamp())}, salt=_SALT)
    return ResumeLink(token=token, expires_at=expires_at)


def resume(*, token: str, at: datetime) -> Resumed:
    """What the link leads to.

    Raises:
        ResumeLinkWrong, ResumeLinkExpired
        CartNotFound, CartClosed: it is gone, or has become an order.
    """
    try:
        signed = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise ResumeLinkWrong() from None
    if signed["until"] <= at.timestamp():
        raise ResumeLinkExpired()
    cart_id = uuid.UUID(signed["cart"])
    _require_open(cart_id)
    checkouts = Checkout.objects.filter(cart=cart_id, status=CheckoutStatus.OPEN, expires_at__gt=at)
    return Resumed(cart=cart_id, checkout=checkouts.values_list("pk", flat=True).first())


def _require_open(cart_id: uuid.UUID) -> None:
    found = Cart.objects.filter(pk=cart_id).values_list("closed_at").first()
    if found is None:
        raise CartNotFound()
    if found[0] is not None:
        raise CartClosed()
