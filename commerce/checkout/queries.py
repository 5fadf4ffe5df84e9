from __future__ import annotations

import uuid

from commerce.checkout.models import Checkout
from commerce.kit.errors import DomainError, ErrorKind


class CheckoutNotFound(DomainError):
    code = "checkout_not_found"
    title = "There is no such checkout"
    kind = ErrorKind.MISSING


def checkout_with(checkout_id: uuid.UUID) -> Checkout:
    """Raises `CheckoutNotFound`."""
    checkout = Checkout.objects.select_related("payment", "order").filter(pk=checkout_id).first()
    if checkout is None:
        raise CheckoutNotFound()
    return checkout
