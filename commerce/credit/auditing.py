from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from commerce.credit.models import CreditAccount, CreditEntry, CreditHold


def problems() -> Iterator[str]:
    """Accounts out of bounds or unlike their entries and open holds, and ledgers that contradict themselves.

    Always true: 0 ≤ held ≤ balance; the sum of entries is the balance; the sum of open holds is what is held; each
    entry's balance is the one before it plus its amount; what was redeemed is in a redeemed hold of the same holder;
    no holder is given back more than it paid.
    """
    yield from _balances()
    yield from _ledgers()
    yield from _holders()


def _balances() -> Iterator[str]:
    booked = CreditEntry.objects.filter(account=OuterRef("pk")).order_by().values("account")
    held = CreditHold.objects.filter(account=OuterRef("pk"), state=CreditHold.State.HELD).order_by().values("account")
    accounts = CreditAccount.objects.annotate(
        booked=Coalesce(Subquery(booked.annotate(sum=Sum("amount_minor")).values("sum")), 0),
        held=Coalesce(Subquery(held.annotate(sum=Sum("amount_minor")).values("sum")), 0),
    ).order_by("pk")
    for account in accounts.filter(Q(held_minor__gt=F("balance_minor")) | Q(held_minor__lt=0)):
        yield f"credit account {account.pk}: {account.held_minor} held of {account.balance_minor}"
    for account in accounts.exclude(balance_minor=F("booked"), held_minor=F("held")):
        yield (
            f"credit account {account.pk}: balance {account.balance_minor} and {account.booked} booked, "
            f"{account.held_minor} held and {account.held} in open holds"
        )


def _ledgers() -> Iterator[str]:
    running = CreditEntry.objects.annotate(
        running=Window(Sum("amount_minor"), partition_by="account_id", order_by="id")
    )
    for entry in running.exclude(balance_minor=F("running")).order_by("pk"):
        yield f"credit entry {entry.pk}: balance {entry.balance_minor} written, {entry.running} booked until then"


def _holders() -> Iterator[str]:
    redeemed = (
        CreditHold.objects.filter(
            account=OuterRef("account"), holder=OuterRef("holder"), state=CreditHold.State.REDEEMED
        )
        .order_by()
        .values("account")
    )
    sums = (
        CreditEntry.objects.filter(holder__isnull=False)
        .order_by()
        .values("account_id", "holder")
        .annotate(
            paid=Coalesce(-Sum("amount_minor", filter=Q(kind=CreditEntry.Kind.REDEEM)), 0),
            back=Coalesce(Sum("amount_minor", filter=Q(kind=CreditEntry.Kind.REFUND)), 0),
        )
    )
    promised = Coalesce(Subquery(redeemed.annotate(sum=Sum("amount_minor")).values("sum")), 0)
    entries = CreditEntry.objects.filter(kind=CreditEntry.Kind.REDEEM).annotate(promised=promised)
    for entry in entries.exclude(amount_minor=-F("promised")).order_by("pk"):
        yield f"credit entry {entry.pk}: {-entry.amount_minor} redeemed, {entry.promised} in the holder's hold"
    for each in sums.filter(back__gt=F("paid")):
        yield f"credit account {each['account_id']}: {each['back']} given back of {each['paid']} to {each['holder']}"
