"""Guests reach their order by a signed link: the order's id alone opens nothing.

Whoever holds the id of the checkout, which is as unguessable, is given the signature.
"""

from __future__ import annotations

import uuid

from django.core.signing import BadSignature, Signer

from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.models import Order

_signer = Signer(salt="orders.access")


class OrderNotFound(DomainError):
    """No such order, or no right to see it: the answer is the same, so that nobody learns which."""

    code = "order_not_found"
    title = "There is no such order for you"
    kind = ErrorKind.MISSING


def access_signature(order_id: uuid.UUID) -> str:
    return _signer.signature(str(order_id))


def order_for_guest(*, order_id: uuid.UUID, access: str) -> Order:
    """Raises `OrderNotFound` when the order is missing or the signature is not its own."""
    try:
        _signer.unsign(f"{order_id}:{access}")
    except BadSignature:
        raise OrderNotFound() from None
    order = Order.objects.filter(pk=order_id).prefetch_related("lines").first()
    if order is None:
        raise OrderNotFound()
    return order
