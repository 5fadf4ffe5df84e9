"""The books against the gateway's own record, payment by payment: invariant I1 with both sides of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from commerce.payments.gateways import Intent, IntentStatus, RefundStatus, payment_gateway
from commerce.payments.models import LedgerEntry, Payment
from commerce.payments.states import DisputeState
from commerce.payments.strangers import WAITS

_SETTLES_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Balance:
    """In minor units of one currency."""

    captured: int
    refunded: int
    lost: int
    currency: str


def discrepancies(*, since: datetime, at: datetime) -> Iterator[str]:
    """Payments opened since then whose ledger is not what the gateway says; outside any transaction.

    One call for every hundred intents, and two more for each that took money. Raises `GatewayUnavailable`.
    """
    after = ""
    while True:
        page = payment_gateway().list_intents(since=since, after=after)
        yield from _compare([intent for intent in page.items if intent.shop == settings.SHOP_ID], at=at)
        after = page.more_after
        if not after:
            return


def _compare(intents: list[Intent], *, at: datetime) -> Iterator[str]:
    payments = {
        payment.gateway_id: payment
        for payment in Payment.objects.filter(gateway_id__in=[intent.gateway_id for intent in intents])
    }
    booked = _booked(list(payments.values()))
    for intent in intents:
        payment = payments.get(intent.gateway_id)
        is_young = at < intent.created_at + max(WAITS, _SETTLES_WITHIN)
        if payment is None:
            if intent.status == IntentStatus.SUCCEEDED and not is_young:
                yield f"I1 intent {intent.gateway_id}: {intent.captured} captured for a payment that nobody knows"
            continue
        theirs = _at_gateway(intent)
        ours = booked[payment.pk]
        if theirs is not None and ours != theirs and not is_young:
            yield f"I1 payment {payment.pk}: the ledger says {ours}, the gateway {theirs}"
        if theirs is None and ours is not None:
            yield f"I1 payment {payment.pk}: the ledger says {ours}, the gateway took nothing"


def _booked(payments: list[Payment]) -> dict[object, Balance | None]:
    sums: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    currencies: dict[object, str] = {}
    for entry in LedgerEntry.objects.filter(payment__in=payments, is_at_gateway=True):
        sums[entry.payment_id][entry.kind] += entry.amount_minor
        currencies[entry.payment_id] = entry.currency
    kinds = LedgerEntry.Kind
    found: dict[object, Balance | None] = dict.fromkeys((payment.pk for payment in payments), None)
    for key, by_kind in sums.items():
        found[key] = Balance(
            captured=by_kind[kinds.CAPTURE],
            refunded=-(by_kind[kinds.REFUND] + by_kind[kinds.REFUND_FAILED]),
            lost=-by_kind[kinds.DISPUTE],
            currency=currencies[key],
        )
    return found


def _at_gateway(intent: Intent) -> Balance | None:
    if intent.status != IntentStatus.SUCCEEDED:
        return None
    refunds = payment_gateway().list_refunds(gateway_id=intent.gateway_id)
    disputes = payment_gateway().list_disputes(gateway_id=intent.gateway_id)
    return Balance(
        captured=intent.captured.minor,
        refunded=sum(refund.amount.minor for refund in refunds if refund.status == RefundStatus.SUCCEEDED),
        lost=sum(dispute.amount.minor for dispute in disputes if dispute.status == DisputeState.LOST),
        currency=intent.captured.currency,
    )
