from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from commerce.invoicing import attaching
from commerce.invoicing.issuing import issue_what_is_owed
from commerce.invoicing.queries import orders_owed_documents
from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every

_LOOKS_BACK = timedelta(days=14)

logger = logging.getLogger(__name__)


@subscribe("orders.paid")
@subscribe("orders.fulfilled")
@subscribe("orders.edited")
@subscribe("orders.refunded")
def issue(*, payload: Payload, at: datetime) -> None:
    issue_what_is_owed(order_id=uuid.UUID(payload["order"]), at=at)


@subscribe("invoicing.issued")
def print_invoice(*, payload: Payload, at: datetime) -> None:
    attaching.attach(invoice_id=uuid.UUID(payload["invoice"]), at=at)


@subscribe("invoicing.seller_changed")
def issue_what_waited_for_the_seller(*, payload: Payload, at: datetime) -> None:
    _issue_all(since=None, market=payload["market"], at=at)


@every(seconds=600)
def issue_what_no_message_asked_for(*, at: datetime) -> None:
    """However often a delivery has failed: an order that is paid gets its invoice."""
    _issue_all(since=at - _LOOKS_BACK, market="", at=at)


@every(seconds=300)
def print_what_is_missing(*, at: datetime) -> None:
    attaching.attach_what_is_missing(at=at)


def _issue_all(*, since: datetime | None, market: str, at: datetime) -> None:
    for order_id in orders_owed_documents(since=since, market=market):
        try:
            issue_what_is_owed(order_id=order_id, at=at)
        except Exception:  # one order that cannot be invoiced must not hold up the others
            logger.exception("order %s could not be invoiced", order_id)
