from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F

from commerce.credit.booking import announce, book
from commerce.credit.models import CreditAccount, CreditEntry
from commerce.kit.locks import locked

logger = logging.getLogger(__name__)


def expire_due(*, at: datetime, limit: int = 200) -> int:
    """Write off what is left on accounts that have run out by `at`. Returns how many.

    What is held stays on the account until it is redeemed or released; the next round takes what came free. A late
    round does no harm: whoever reads a balance asks for its expiry too.
    """
    due = CreditAccount.objects.filter(expires_at__lte=at, balance_minor__gt=F("held_minor"))
    ended = 0
    for pk in list(due.order_by("expires_at").values_list("pk", flat=True)[:limit]):
        try:
            with transaction.atomic():
                for account in locked(due.filter(pk=pk)):
                    _write_off(account, at=at)
                    ended += 1
        except Exception:  # one that cannot end must not keep the others from it
            logger.exception("credit account %s could not expire", pk)
    return ended


def _write_off(account: CreditAccount, *, at: datetime) -> None:
    left = account.available
    book(account, CreditEntry.Kind.EXPIRE, -left.minor, actor="clock", reason="Expired", at=at)
    announce("expired", {account.pk: left}, at=at)
