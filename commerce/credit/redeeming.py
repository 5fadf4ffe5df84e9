"""Paying with gift cards and store credit: see what is there, hold it, redeem or release it, give it back.

A card is weighed when the hold is taken. What is held stays promised to its holder, although the card expires or is
blocked in between: a checkout that was shown a total can pay it.

Lock order: accounts by primary key, always before the holds that hang on them. A hold is read for change and changed
only under the lock of its account.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, Sum

from commerce.accounts.models import User
from commerce.credit import codes
from commerce.credit.booking import CreditAmountRefused, CreditUnknown, CreditWrongCurrency, announce, book, move
from commerce.credit.models import CreditAccount, CreditEntry, CreditHold
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked
from commerce.kit.money import Money

SPENDABLE_AFTER_REFUND = timedelta(days=365)
"""What is given back to a card that has expired can be spent for this long."""


class CreditExpired(DomainError):
    code = "credit_expired"
    title = "This gift card has expired"
    kind = ErrorKind.REFUSED


class CreditBlocked(DomainError):
    code = "credit_blocked"
    title = "This gift card is blocked"
    kind = ErrorKind.REFUSED


class CreditEmpty(DomainError):
    code = "credit_empty"
    title = "There is nothing left on this gift card"
    kind = ErrorKind.REFUSED


class CreditChanged(DomainError):
    """`facts["accounts"]` says for each account that falls short why, and what is available: quote again."""

    code = "credit_changed"
    title = "A gift card no longer covers what it was meant to pay"
    kind = ErrorKind.CONFLICT


class CreditHeldOtherwise(DomainError):
    """The holder holds other amounts, or has redeemed already."""

    code = "credit_held_otherwise"
    title = "Gift cards are already held for this purchase"
    kind = ErrorKind.CONFLICT


class NothingHeld(DomainError):
    code = "credit_not_held"
    title = "No gift card is held for this purchase any more"
    kind = ErrorKind.CONFLICT


class MoreThanWasRedeemed(DomainError):
    """`facts["refundable"]` is what is left to give back."""

    code = "credit_refund_exceeds_redeemed"
    title = "More would be given back than was paid with gift cards"
    kind = ErrorKind.CONFLICT


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has to spend at an instant, as a frozen quote writes it down."""

    account: uuid.UUID
    kind: str
    last_four: str
    available: Money
    expires_at: datetime | None = None

    @property
    def label(self) -> str:
        """As it is shown: the code is nobody's business."""
        return f"Gift card •••• {self.last_four}" if self.last_four else "Store credit"

    def document(self) -> dict[str, Any]:
        return {
            "account": str(self.account),
            "kind": self.kind,
            "last_four": self.last_four,
            "available": self.available.document(),
            "expires_at": self.expires_at and self.expires_at.isoformat(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Balance:
        expires_at = document["expires_at"]
        return cls(
            account=uuid.UUID(document["account"]),
            kind=document["kind"],
            last_four=document["last_four"],
            available=Money.from_document(document["available"]),
            expires_at=expires_at and datetime.fromisoformat(expires_at),
        )


@dataclass(frozen=True, slots=True)
class Usable:
    """Balances in the order in which they are spent, and for each code that cannot be used the reason why."""

    balances: tuple[Balance, ...]
    problems: dict[str, DomainError]


def usable(
    *,
    codes: Sequence[str],
    currency: str,
    at: datetime,
    owner: User | None = None,
    holder: uuid.UUID | None = None,
) -> Usable:
    """What these codes, as somebody typed them, and the owner's store credit have to spend.

    Cards come in the order in which they were entered, store credit last. What `holder` itself holds counts as
    available, so that a cart whose checkout is open is not told that its own card is empty. At most three queries.
    Problems: CreditUnknown, CreditWrongCurrency, CreditExpired, CreditBlocked, CreditEmpty.
    """
    cards = _cards_of(codes)
    accounts = [*cards.values(), *_store_credit(owner, currency)]
    own = _held_by(holder, accounts)
    balances: dict[uuid.UUID, Balance] = {}
    problems: dict[str, DomainError] = {}
    for code in dict.fromkeys(codes):
        problem = _problem(cards.get(code), own, currency=currency, at=at)
        if problem is not None:
            problems[code] = problem
        else:
            balances.setdefault(cards[code].pk, _balance(cards[code], own))
    for account in accounts[len(cards) :]:
        if _problem(account, own, currency=currency, at=at) is None:
            balances[account.pk] = _balance(account, own)
    return Usable(balances=tuple(balances.values()), problems=problems)


def balances(
    *, accounts: Sequence[uuid.UUID], currency: str, at: datetime, holder: uuid.UUID | None = None
) -> tuple[Balance, ...]:
    """What these accounts have to spend, in this order; one that cannot be used now is left out."""
    found = {account.pk: account for account in CreditAccount.objects.filter(pk__in=accounts)} if accounts else {}
    present = [found[pk] for pk in accounts if pk in found]
    own = _held_by(holder, present)
    return tuple(
        _balance(account, own) for account in present if _problem(account, own, currency=currency, at=at) is None
    )


def spread(*, due: Money, balances: Sequence[Balance]) -> dict[uuid.UUID, Money]:
    """How much of each balance pays for `due`: one after the other in their order, until it is paid or they are empty.

    Only amounts above zero are in the answer; what it leaves of `due` is to be paid otherwise.
    """
    amounts: dict[uuid.UUID, Money] = {}
    for balance in balances:
        part = min(due, balance.available)
        if part > Money.zero(due.currency):
            amounts[balance.account] = part
            due -= part
    return amounts


def hold(*, amounts: Mapping[uuid.UUID, Money], holder: uuid.UUID, at: datetime) -> None:
    """Promise exactly these amounts by account to the holder, all of them or none. The same again changes nothing.

    Raises:
        CreditAmountRefused: an amount is not above zero.
        CreditUnknown, CreditWrongCurrency: an account is not there, or not in this currency.
        CreditChanged: an account no longer has the amount, has expired or is blocked.
        CreditHeldOtherwise: the holder holds other amounts.
    """
    if any(amount.minor <= 0 for amount in amounts.values()):
        raise CreditAmountRefused()
    with transaction.atomic():
        accounts = {account.pk: account for account in lock_accounts(amounts)}
        before = CreditHold.objects.filter(holder=holder).exclude(state=CreditHold.State.RELEASED)
        standing = {each.account_id: (each.amount_minor, each.state) for each in before}
        if standing:
            if standing != {pk: (amount.minor, CreditHold.State.HELD) for pk, amount in amounts.items()}:
                raise CreditHeldOtherwise()
            return
        _require_cover(amounts, accounts, at=at)
        for pk, amount in amounts.items():
            move(accounts[pk], held=amount.minor)
        CreditHold.objects.bulk_create(
            CreditHold(account_id=pk, holder=holder, amount_minor=amount.minor, created_at=at)
            for pk, amount in amounts.items()
        )
        announce("held", amounts, holder=str(holder), at=at)


def release(*, holder: uuid.UUID, at: datetime) -> None:
    """Give up what the holder holds; nothing held is fine."""
    with transaction.atomic():
        holds = _locked_holds(holder, CreditHold.State.HELD)
        for each in holds:
            move(each.account, held=-each.amount_minor)
        _end(holds, CreditHold.State.RELEASED, at=at)
        announce("released", _amounts(holds), holder=str(holder), at=at)


def redeem(*, holder: uuid.UUID, reference: str, actor: str, at: datetime) -> dict[uuid.UUID, Money]:
    """Turn what the holder holds into payment for the reference; says how much came from each account.

    Once more for the same holder changes nothing and gives the same answer.

    Raises:
        NothingHeld: nothing was held, or it was released; nothing was changed.
    """
    with transaction.atomic():
        holds = _locked_holds(holder, CreditHold.State.HELD)
        if not holds:
            return _redeemed_before(holder)
        for each in holds:
            book(
                each.account, CreditEntry.Kind.REDEEM, -each.amount_minor, held=-each.amount_minor,
                holder=holder, reference=reference, actor=actor, reason=f"Paid for {reference}", at=at,
            )  # fmt: skip
        _end(holds, CreditHold.State.REDEEMED, at=at)
        announce("redeemed", _amounts(holds), holder=str(holder), reference=reference, at=at)
    return _amounts(holds)


def refundable(*, holder: uuid.UUID) -> dict[uuid.UUID, Money]:
    """What the holder has paid by account and was not given back. What paid first is given back first."""
    entries = CreditEntry.objects.filter(holder=holder, kind__in=["redeem", "refund"]).order_by()
    sums = entries.values_list("account_id", "account__currency").annotate(left=-Sum("amount_minor"), first=Min("id"))
    return {pk: Money(minor, currency) for pk, currency, minor, _ in sums.order_by("first") if minor > 0}


def payers_of(*, holder: uuid.UUID) -> set[uuid.UUID]:
    """The accounts that have paid for the holder, whatever was given back to them since."""
    paid = CreditEntry.objects.filter(holder=holder, kind=CreditEntry.Kind.REDEEM)
    return set(paid.order_by().values_list("account_id", flat=True))


def refund(
    *, holder: uuid.UUID, amount: Money, reference: str, actor: str, reason: str = "", at: datetime
) -> dict[uuid.UUID, Money]:
    """Give a part of what the holder paid with cards back to those cards; says how much went to each.

    `reference` names this refund: the same one again changes nothing and gives the same answer. A card that has
    expired can be spent for another year; one that is blocked stays so.

    Raises:
        CreditAmountRefused: the amount is not above zero.
        CreditWrongCurrency: it was paid in another currency.
        MoreThanWasRedeemed: less than this is left to give back.
    """
    if amount.minor <= 0:
        raise CreditAmountRefused()
    with transaction.atomic():
        accounts = {each.pk: each for each in lock_accounts(payers_of(holder=holder))}
        given = CreditEntry.objects.filter(holder=holder, kind=CreditEntry.Kind.REFUND, reference=reference)
        if given:
            return {each.account_id: Money(each.amount_minor, amount.currency) for each in given}
        parts = _parts_back(amount, refundable(holder=holder))
        for pk, part in parts.items():
            book(
                accounts[pk], CreditEntry.Kind.REFUND, part.minor,
                holder=holder, reference=reference, actor=actor, reason=reason, at=at,
            )  # fmt: skip
            _keep_spendable(accounts[pk], at=at)
        announce("refunded", parts, holder=str(holder), reference=reference, at=at)
    return parts


def _cards_of(written: Sequence[str]) -> dict[str, CreditAccount]:
    digests = {each: codes.digests(code) for each in written if (code := codes.read(each))}
    wanted = [digest for several in digests.values() for digest in several]
    found = {card.code_digest: card for card in CreditAccount.objects.filter(code_digest__in=wanted)} if wanted else {}
    return {each: found[digest] for each, several in digests.items() for digest in several if digest in found}


def _store_credit(owner: User | None, currency: str) -> list[CreditAccount]:
    if owner is None:
        return []
    return list(CreditAccount.objects.filter(owner=owner, kind=CreditAccount.Kind.STORE_CREDIT, currency=currency))


def _held_by(holder: uuid.UUID | None, accounts: Sequence[CreditAccount]) -> dict[uuid.UUID, int]:
    if holder is None or not accounts:
        return {}
    open_ = CreditHold.objects.filter(holder=holder, state=CreditHold.State.HELD)
    return dict(open_.values_list("account_id", "amount_minor"))


def _balance(account: CreditAccount, own: Mapping[uuid.UUID, int]) -> Balance:
    available = account.available + Money(own.get(account.pk, 0), account.currency)
    return Balance(account.pk, account.kind, account.last_four, available, account.expires_at)


def _problem(
    account: CreditAccount | None, own: Mapping[uuid.UUID, int], *, currency: str, at: datetime
) -> DomainError | None:
    if account is None:
        return CreditUnknown()
    if account.currency != currency:
        return CreditWrongCurrency(currency=account.currency)
    if not account.is_active:
        return CreditBlocked()
    if account.has_expired(at=at):
        return CreditExpired()
    return None if _balance(account, own).available else CreditEmpty()


def lock_accounts(ids: Iterable[uuid.UUID]) -> list[CreditAccount]:
    keys = list(ids)
    return locked(CreditAccount.objects.filter(pk__in=keys)) if keys else []


def _locked_holds(holder: uuid.UUID, state: CreditHold.State) -> list[CreditHold]:
    """The holder's holds in that state, read under the locks of their accounts, which hang on them up to date."""
    mine = CreditHold.objects.filter(holder=holder, state=state)
    accounts = {each.pk: each for each in lock_accounts(mine.values_list("account_id", flat=True))}
    holds = list(mine.filter(account__in=accounts).order_by("pk"))
    for each in holds:
        each.account = accounts[each.account_id]
    return holds


def _require_cover(
    amounts: Mapping[uuid.UUID, Money], accounts: Mapping[uuid.UUID, CreditAccount], *, at: datetime
) -> None:
    short = {}
    for pk, amount in amounts.items():
        account = accounts.get(pk)
        if account is None:
            raise CreditUnknown()
        problem = _problem(account, {}, currency=amount.currency, at=at)
        if isinstance(problem, CreditWrongCurrency):
            raise problem
        if problem is not None or account.available < amount:
            reason = problem.code if problem else CreditChanged.code
            short[str(pk)] = {"reason": reason, "available": account.available.document()}
    if short:
        raise CreditChanged(accounts=short)


def _end(holds: list[CreditHold], state: CreditHold.State, *, at: datetime) -> None:
    CreditHold.objects.filter(pk__in=[each.pk for each in holds]).update(state=state, ended_at=at)


def _amounts(holds: list[CreditHold]) -> dict[uuid.UUID, Money]:
    return {each.account_id: Money(each.amount_minor, each.account.currency) for each in holds}


def _redeemed_before(holder: uuid.UUID) -> dict[uuid.UUID, Money]:
    done = CreditHold.objects.filter(holder=holder, state=CreditHold.State.REDEEMED).select_related("account")
    if not done:
        raise NothingHeld()
    return _amounts(list(done.order_by("pk")))


def _parts_back(amount: Money, refundable: Mapping[uuid.UUID, Money]) -> dict[uuid.UUID, Money]:
    if any(each.currency != amount.currency for each in refundable.values()):
        raise CreditWrongCurrency(currency=next(iter(refundable.values())).currency)
    whole = Money.total(refundable.values(), currency=amount.currency)
    if whole < amount:
        raise MoreThanWasRedeemed(refundable=whole.document())
    parts = {}
    for pk, left in refundable.items():
        part = min(amount, left)
        if part:
            parts[pk] = part
            amount -= part
    return parts


def _keep_spendable(account: CreditAccount, *, at: datetime) -> None:
    if account.has_expired(at=at):
        account.expires_at = at + SPENDABLE_AFTER_REFUND
        account.save(update_fields=["expires_at"])
