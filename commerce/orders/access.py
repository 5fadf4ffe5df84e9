"""Who may see an order: a guest by its signed link, a signed-in customer because it is theirs.

Its id alone opens nothing. Whoever holds the id of the checkout, which is as unguessable, is given the signature.
"""

from __future__ import annotations

import uuid

from django.core.signing import BadSignature, Signer

from commerce.accounts.models import User
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


def order_for(*, order_id: uuid.UUID, access: str, customer: User | None) -> Order:
    """By the signature or as its owner. Raises `OrderNotFound` when neither holds, or there is no such order."""
    order = Order.objects.filter(pk=order_id).prefetch_related("lines").first()
    if order is None or not (_is_signed(order_id, access) or _owns(customer, order)):
        raise OrderNotFound()
    return order


def order_for_guest(*, order_id: uuid.UUID, access: str) -> Order:
    """By the signature alone. Raises `OrderNotFound`."""
    return order_for(order_id=order_id, access=access, customer=None)


def _is_signed(order_id: uuid.UUID, access: str) -> bool:
    try:
        _signer.unsign(f"{order_id}:{access}")
    except BadSignature:
        return False
    return True


def _owns(customer: User | None, order: Order) -> bool:
    return customer is not None and order.customer_id == customer.pk
