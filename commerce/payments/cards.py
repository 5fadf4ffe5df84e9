"""Cards that the gateway keeps for a customer. No card number ever comes here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from commerce.accounts.models import User
from commerce.kit.errors import DomainError, ErrorKind
from commerce.payments.gateways import GatewayFailed, GatewayRefused, SavedCard, payment_gateway
from commerce.payments.models import GatewayCustomer


class CardNotFound(DomainError):
    code = "card_not_found"
    title = "There is no such card"
    kind = ErrorKind.MISSING


def customer_for(user: User, *, at: datetime) -> str:
    """The gateway's id of this customer, who is made known to it first if need be; outside any transaction.

    Raises `GatewayUnavailable` or `GatewayRefused`; safe to repeat.
    """
    customer, _ = GatewayCustomer.objects.get_or_create(user=user, defaults={"created_at": at})
    if customer.gateway_id:
        return customer.gateway_id
    try:
        gateway_id = payment_gateway().create_customer(
            email=user.email, reference=customer.pk, idempotency_key=customer.idempotency_key
        )
    except GatewayFailed:
        _raise_attempt(customer)
        raise
    GatewayCustomer.objects.filter(pk=customer.pk, attempt=customer.attempt).update(gateway_id=gateway_id)
    return gateway_id


def forget_customer(user: User) -> None:
    """The gateway knows them no longer; the next payment makes them known anew."""
    GatewayCustomer.objects.filter(user=user).update(gateway_id="", attempt=F("attempt") + 1)


def saved_cards(user: User) -> Sequence[SavedCard]:
    """The customer's cards, as the gateway keeps them; outside any transaction. Raises `GatewayUnavailable`."""
    customer = _known(user)
    if customer is None:
        return []
    try:
        return list(payment_gateway().list_cards(customer=customer.gateway_id))
    except GatewayRefused:
        forget_customer(user)
        return []


def forget(user: User, card: str) -> None:
    """Have the gateway forget one of this customer's own cards; outside any transaction.

    Raises:
        CardNotFound: this customer has no such card, whoever else may have it.
        GatewayUnavailable
    """
    if card not in {saved.gateway_id for saved in saved_cards(user)}:
        raise CardNotFound()
    payment_gateway().forget_card(card_id=card)


def _known(user: User) -> GatewayCustomer | None:
    return GatewayCustomer.objects.filter(user=user).exclude(gateway_id="").first()


def _raise_attempt(customer: GatewayCustomer) -> None:
    GatewayCustomer.objects.filter(pk=customer.pk, attempt=customer.attempt).update(attempt=F("attempt") + 1)
