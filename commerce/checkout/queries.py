from __future__ import annotations

import uuid

from django.db.models import F, QuerySet

from cms.prepared import prepared
from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.kit.errors import DomainError, ErrorKind
from commerce.payments.states import PaymentStatus


class CheckoutNotFound(DomainError):
    code = "checkout_not_found"
    title = "There is no such checkout"
    kind = ErrorKind.MISSING


def checkout_with(checkout_id: uuid.UUID) -> Checkout:
    """Raises `CheckoutNotFound`."""
    found: list[Checkout] = _with_payment_and_order(checkout=checkout_id)
    if not found:
        raise CheckoutNotFound()
    return found[0]


@prepared
def _with_payment_and_order(*, checkout: uuid.UUID) -> QuerySet[Checkout]:
    return Checkout.objects.select_related("payment", "order").filter(pk=checkout)


def paid_and_not_ended(*, limit: int = 100) -> list[uuid.UUID]:
    """Checkouts whose money is taken or promised by a bank and that are neither order nor refused yet, those that
    nobody tried to complete for longest first."""
    waiting = Checkout.objects.filter(
        payment__status__in=[PaymentStatus.SUCCEEDED, PaymentStatus.AUTHORISED],
        status__in=[CheckoutStatus.OPEN, CheckoutStatus.EXPIRED],
    )
    longest_first = waiting.order_by(F("checked_at").asc(nulls_first=True), "created_at")
    return list(longest_first.values_list("pk", flat=True)[:limit])
