"""Putting gift cards and store credit into the world, given by staff or bought."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from commerce.accounts.models import User
from commerce.credit import codes
from commerce.credit.booking import CreditAmountRefused, announce, book
from commerce.credit.models import CreditAccount, CreditEntry
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.money import Money

_WISHES = uuid.UUID("6d3b2d0e-0b7c-5a86-9f0e-7f6a3f1c2b94")
"""Fixed for ever: the keys of cards that were wished for once are made within it."""


class CreditExpiryRefused(DomainError):
    code = "credit_expiry_refused"
    title = "A gift card cannot expire before it is issued"
    kind = ErrorKind.INVALID


class IssuedOtherwise(DomainError):
    """A line that is the same purchase again must ask for the same cards."""

    code = "credit_issued_otherwise"
    title = "Other gift cards were issued for this purchase already"
    kind = ErrorKind.CONFLICT


@dataclass(frozen=True, slots=True)
class BoughtCards:
    """A line of a purchase: so many cards, each worth `amount`, whatever discount was on their price."""

    key: str
    amount: Money
    quantity: int
    email: str = ""
    expires_at: datetime | None = None


def issue_gift_card(
    *,
    amount: Money,
    actor: str,
    reason: str,
    at: datetime,
    expires_at: datetime | None = None,
    email: str = "",
    owner: User | None = None,
    reference: str = "",
    once: uuid.UUID | None = None,
) -> CreditAccount:
    """A card with a new code, which `account.code` writes out. `email` is where it is to be sent.

    `once` names the wish: the same again changes nothing and gives the card that it led to, also when all come at the
    same moment.

    Raises:
        CreditAmountRefused: not above zero, or absurdly large.
        CreditExpiryRefused: it would have expired already.
    """
    pk = uuid.uuid5(_WISHES, str(once)) if once else uuid.uuid4()
    card = _new_card(amount, pk=pk, expires_at=expires_at, email=email, owner=owner, at=at)
    try:
        with transaction.atomic():
            _open(card, amount, reference=reference, actor=actor, reason=reason, at=at)
    except IntegrityError:
        # The primary key decides, so that nobody has to look first: the same wish was granted before.
        granted = CreditAccount.objects.filter(pk=pk).first()
        if granted is None:
            raise
        return granted
    return card


def give_store_credit(
    *, owner: User, amount: Money, actor: str, reason: str, at: datetime, reference: str = ""
) -> CreditAccount:
    """Add to what a user has in this currency. With a reference, the same one again changes nothing.

    Raises:
        CreditAmountRefused: not above zero, or the balance would grow absurdly large.
    """
    _require_amount(amount)
    with transaction.atomic():
        mine, _ = CreditAccount.objects.get_or_create(
            owner=owner,
            kind=CreditAccount.Kind.STORE_CREDIT,
            currency=amount.currency,
            defaults={"created_at": at},
        )
        account = locked_row(CreditAccount, mine.pk)
        if not (reference and account.entries.filter(kind=CreditEntry.Kind.ISSUE, reference=reference).exists()):
            _open(account, amount, reference=reference, actor=actor, reason=reason, at=at)
    return account


def issue_for_purchase(
    *, reference: str, lines: Sequence[BoughtCards], actor: str, at: datetime
) -> list[CreditAccount]:
    """The cards that were bought: one for each unit of each line, in that order.

    Once more for the same reference and line changes nothing and gives the same cards, also when both calls come at
    the same moment.

    Raises:
        CreditAmountRefused, CreditExpiryRefused: as for any card; no card of any line was issued.
        IssuedOtherwise: a line was issued before with other amounts or another quantity.
    """
    for line in lines:
        if line.quantity < 1:
            raise CreditAmountRefused("At least one card is bought.")
        _require_amount(line.amount)
    try:
        with transaction.atomic():
            return _issue_lines(reference, lines, actor=actor, at=at)
    except IntegrityError:
        # Another call issued the very same units and has committed: its cards are the answer.
        with transaction.atomic():
            return _issue_lines(reference, lines, actor=actor, at=at)


def _issue_lines(reference: str, lines: Sequence[BoughtCards], *, actor: str, at: datetime) -> list[CreditAccount]:
    issued = {line.key: _issue_line(reference, line, actor=actor, at=at) for line in sorted(lines, key=_by_key)}
    return [card for line in lines for card in issued[line.key]]


def _by_key(line: BoughtCards) -> str:
    return line.key


def _issue_line(reference: str, line: BoughtCards, *, actor: str, at: datetime) -> list[CreditAccount]:
    of_line = CreditAccount.objects.filter(bought_reference=reference, bought_line=line.key).order_by("bought_unit")
    before = list(of_line)
    if before:
        worth = CreditEntry.objects.filter(account__in=before, kind=CreditEntry.Kind.ISSUE)
        same = {(line.amount.minor, line.amount.currency)}
        if len(before) != line.quantity or set(worth.values_list("amount_minor", "account__currency")) != same:
            raise IssuedOtherwise()
        return before
    cards = []
    for unit in range(1, line.quantity + 1):
        card = _new_card(line.amount, pk=uuid.uuid4(), expires_at=line.expires_at, email=line.email, owner=None, at=at)
        card.bought_reference, card.bought_line, card.bought_unit = reference, line.key, unit
        _open(card, line.amount, reference=reference, actor=actor, reason=f"Bought in {reference}", at=at)
        cards.append(card)
    return cards


def _new_card(
    amount: Money, *, pk: uuid.UUID, expires_at: datetime | None, email: str, owner: User | None, at: datetime
) -> CreditAccount:
    _require_amount(amount)
    if expires_at is not None and expires_at <= at:
        raise CreditExpiryRefused()
    code = codes.new_code()
    return CreditAccount(
        pk=pk,
        kind=CreditAccount.Kind.GIFT_CARD,
        code_digest=codes.digest(code),
        code_seal=codes.sealed(code, card=pk),
        last_four=code[-4:],
        currency=amount.currency,
        expires_at=expires_at,
        email=email,
        owner=owner,
        created_at=at,
    )


def _open(account: CreditAccount, amount: Money, *, reference: str, actor: str, reason: str, at: datetime) -> None:
    if account._state.adding:
        account.save(force_insert=True)
    book(account, CreditEntry.Kind.ISSUE, amount.minor, reference=reference, actor=actor, reason=reason, at=at)
    announce("issued", {account.pk: amount}, reference=reference, at=at)


def _require_amount(amount: Money) -> None:
    if amount.minor <= 0:
        raise CreditAmountRefused()
