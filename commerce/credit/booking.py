"""The one place where an account changes: in the caller's transaction, under the caller's lock, with its ledger row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from commerce.credit.models import LARGEST_MINOR, CreditAccount, CreditEntry
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money


class CreditAmountRefused(DomainError):
    """Zero, negative where it must not be, or absurdly large."""

    code = "credit_amount_refused"
    title = "This is not an amount that a gift card or store credit can have"
    kind = ErrorKind.INVALID


class CreditUnknown(DomainError):
    code = "credit_unknown"
    title = "There is no such gift card"
    kind = ErrorKind.MISSING


class CreditWrongCurrency(DomainError):
    """`facts["currency"]` is the card's own."""

    code = "credit_wrong_currency"
    title = "This gift card is in another currency"
    kind = ErrorKind.REFUSED


def book(
    account: CreditAccount,
    kind: CreditEntry.Kind,
    minor: int,
    *,
    held: int = 0,
    reference: str = "",
    holder: uuid.UUID | None = None,
    actor: str,
    reason: str = "",
    at: datetime,
) -> None:
    """Add `minor` to the balance and `held` to what is held. The account is locked and is brought up to date.

    Raises:
        CreditAmountRefused: the balance would grow beyond what any account may have.
    """
    if account.balance_minor + minor > LARGEST_MINOR:
        raise CreditAmountRefused("No balance may grow that large.")
    move(account, balance=minor, held=held)
    CreditEntry.objects.create(
        account=account,
        kind=kind,
        amount_minor=minor,
        balance_minor=account.balance_minor,
        holder=holder,
        reference=reference,
        actor=actor,
        reason=reason,
        at=at,
    )


def move(account: CreditAccount, *, balance: int = 0, held: int = 0) -> None:
    """Without a ledger row: what is held comes and goes, only a balance is booked.

    The database adds, so that its constraint judges the true sum even if somebody forgot the lock.
    """
    CreditAccount.objects.filter(pk=account.pk).update(
        balance_minor=F("balance_minor") + balance, held_minor=F("held_minor") + held
    )
    account.balance_minor += balance
    account.held_minor += held


def announce(what: str, amounts: Mapping[uuid.UUID, Money], *, at: datetime, **facts: str) -> None:
    """`credit.<what>` with the amount by account; a code is never part of it."""
    if amounts:
        accounts = {str(account): amount.document() for account, amount in amounts.items()}
        outbox.record(f"credit.{what}", {"accounts": accounts, **facts}, at=at)
