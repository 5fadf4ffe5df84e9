"""What becomes of disputes, which begin and end at the shoppers' banks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commerce.kit.states import advance
from commerce.payments.announcing import announce
from commerce.payments.gateways import GatewayDispute
from commerce.payments.models import Dispute, LedgerEntry, Payment
from commerce.payments.states import DISPUTE_TRANSITIONS, DisputeState

_ENDED = frozenset({DisputeState.WON, DisputeState.LOST})


def adopt(fetched: GatewayDispute, *, actor: str, at: datetime) -> Dispute | None:
    """Write down how the dispute stands at the gateway; what is known changes nothing. A lost one is money gone.

    None if it is about nobody's payment here. Lock order: payment, dispute.
    """
    with transaction.atomic():
        payment = _payment_of(fetched)
        if payment is None:
            return None
        dispute, is_new = Dispute.objects.get_or_create(
            gateway_id=fetched.gateway_id,
            defaults={
                "payment": payment,
                "amount_minor": fetched.amount.minor,
                "currency": fetched.amount.currency,
                "reason": fetched.reason[:100],
                "opened_at": fetched.opened_at,
            },
        )
        if dispute.status not in _ENDED:
            facts = {
                "amount_minor": fetched.amount.minor,
                "holds_money": fetched.holds_money,
                "due_by": fetched.due_by,
            }
            Dispute.objects.filter(pk=dispute.pk).update(**facts)
        if fetched.status in DISPUTE_TRANSITIONS[dispute.status]:
            _move(dispute, fetched, actor=actor, at=at)
        if is_new:
            announce("disputed", payment, at=at, dispute=str(dispute.pk))
        return dispute


def _payment_of(fetched: GatewayDispute) -> Payment | None:
    if not fetched.intent_id:
        return None
    return Payment.objects.select_for_update(of=("self",)).filter(gateway_id=fetched.intent_id).first()


def _move(dispute: Dispute, fetched: GatewayDispute, *, actor: str, at: datetime) -> None:
    advance(dispute, fetched.status, actor=actor, reason=f"{fetched.amount} disputed: {fetched.reason}"[:255], at=at)
    if fetched.status == DisputeState.LOST:
        LedgerEntry.objects.create(
            payment_id=dispute.payment_id,
            kind=LedgerEntry.Kind.DISPUTE,
            amount_minor=-fetched.amount.minor,
            currency=fetched.amount.currency,
            gateway_reference=fetched.gateway_id,
            at=at,
        )
    if fetched.status in _ENDED:
        announce("dispute_closed", dispute.payment, at=at, dispute=str(dispute.pk))
