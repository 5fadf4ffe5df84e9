"""Gift cards and store credit that are to pay for the cart, as far as they go."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from commerce.cart.locking import changing
from commerce.cart.models import Cart, CartCredit
from commerce.credit.redeeming import Balance, CreditEmpty, usable
from commerce.kit.errors import DomainError, ErrorKind

MAX_CREDITS = 10


class TooManyCredits(DomainError):
    code = "too_many_credits"
    title = f"A cart takes up to {MAX_CREDITS} gift cards"
    kind = ErrorKind.CONFLICT


def enter(*, cart_id: uuid.UUID, code: str, at: datetime) -> Cart:
    """Pay with the card of this code; the code itself is not kept. Entered twice it is there once.

    Raises:
        CartNotFound, CartClosed, TooManyCredits
        CreditUnknown, CreditWrongCurrency, CreditExpired, CreditBlocked, CreditEmpty
    """
    with changing(cart_id, at=at) as cart:
        found = usable(codes=[code], currency=cart.market.currency, holder=cart.held_as, at=at)
        if code in found.problems:
            raise found.problems[code]
        _pay_with(cart, found.balances, at=at)
    return cart


def enter_store_credit(*, cart_id: uuid.UUID, at: datetime) -> Cart:
    """Pay with what the cart's own customer has in its currency.

    Raises:
        CartNotFound, CartClosed, TooManyCredits
        CreditEmpty: nobody is signed in, or there is nothing to spend.
    """
    with changing(cart_id, at=at) as cart:
        found = usable(
            codes=[], currency=cart.market.currency, owner=cart.customer, holder=cart.held_as, at=at
        ).balances
        if not found:
            raise CreditEmpty("There is no store credit to spend.")
        _pay_with(cart, found, at=at)
    return cart


def remove(*, cart_id: uuid.UUID, account: uuid.UUID, at: datetime) -> Cart:
    """One that is not there is fine."""
    with changing(cart_id, at=at) as cart:
        cart.credits.filter(account=account).delete()
    return cart


def _pay_with(cart: Cart, balances: Iterable[Balance], *, at: datetime) -> None:
    for balance in balances:
        if not cart.credits.filter(account=balance.account).exists():
            if cart.credits.count() >= MAX_CREDITS:
                raise TooManyCredits()
            CartCredit.objects.create(cart=cart, account_id=balance.account, added_at=at)
