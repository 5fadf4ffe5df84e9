"""What staff do to a card by hand: correct its balance, block it, let it work again."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from commerce.credit.booking import CreditAmountRefused, CreditUnknown, CreditWrongCurrency, announce, book
from commerce.credit.models import CreditAccount, CreditEntry
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.money import Money


class CreditIsHeld(DomainError):
    """`facts["available"]` is how much may be taken."""

    code = "credit_is_held"
    title = "More would be taken than is free; the rest is held for purchases on their way"
    kind = ErrorKind.CONFLICT


def adjust(*, account_id: uuid.UUID, change: Money, actor: str, reason: str, at: datetime) -> CreditAccount:
    """Add to a balance, or take from it (a negative change), and write down why.

    Raises:
        CreditUnknown, CreditWrongCurrency: there is no such account, or not in this currency.
        CreditAmountRefused: the change is zero, or the balance would grow absurdly large.
        CreditIsHeld: the balance would fall below what is held, or below zero.
    """
    with transaction.atomic():
        account = _locked(account_id)
        if account.currency != change.currency:
            raise CreditWrongCurrency(currency=account.currency)
        if not change:
            raise CreditAmountRefused("A change of nothing changes nothing.")
        if account.available + change < Money.zero(change.currency):
            raise CreditIsHeld(available=account.available.document())
        book(account, CreditEntry.Kind.ADJUST, change.minor, actor=actor, reason=reason, at=at)
        announce("adjusted", {account.pk: change}, at=at)
    return account


def block(*, account_id: uuid.UUID, actor: str, reason: str, at: datetime) -> CreditAccount:
    """Nothing new can be held; what is held already is still paid out or released. Blocked before: nothing happens.

    Raises:
        CreditUnknown: there is no such account.
    """
    return _set_active(account_id, False, actor=actor, reason=reason, at=at)


def unblock(*, account_id: uuid.UUID, actor: str, reason: str, at: datetime) -> CreditAccount:
    """Let a blocked account be used again.

    Raises:
        CreditUnknown: there is no such account.
    """
    return _set_active(account_id, True, actor=actor, reason=reason, at=at)


def _set_active(account_id: uuid.UUID, active: bool, *, actor: str, reason: str, at: datetime) -> CreditAccount:
    with transaction.atomic():
        account = _locked(account_id)
        if account.is_active != active:
            account.is_active = active
            account.save(update_fields=["is_active"])
            event = "credit.unblocked" if active else "credit.blocked"
            outbox.record(event, {"account": str(account.pk), "actor": actor, "reason": reason}, at=at)
    return account


def _locked(account_id: uuid.UUID) -> CreditAccount:
    try:
        return locked_row(CreditAccount, account_id)
    except CreditAccount.DoesNotExist:
        raise CreditUnknown() from None
