"""Setup intents: a card is made ready for later payments, and no money moves.

Source: docs.stripe.com/payments/setupintents/lifecycle.
"""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import charging, customer_objects, errors, events, lists, methods, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

UNDONE = ("requires_payment_method", "requires_confirmation", "requires_action")
_CANCELLATION_REASONS = ("abandoned", "requested_by_customer", "duplicate")


def create(call: Call) -> Document:
    owner = methods.customer(call, call.text("customer"), param="customer")["id"] if "customer" in call.params else None
    usage = call.choice("usage", objects.USAGES, "off_session")
    setup = customer_objects.setup_intent(call, customer=owner, usage=usage)
    record = methods.given(call, setup)
    if record is not None:
        setup |= {"payment_method": record["id"], "status": "requires_confirmation"}
    call.records.save("setup_intent", setup)
    events.record(call, "setup_intent.created", setup)
    return _confirm(call, setup, record) if call.flag("confirm") else setup


def show(call: Call, setup_id: str) -> Document:
    return _as_seen(call, _found(call, setup_id))


def list_newest(call: Call) -> Document:
    method = call.text("payment_method", "")
    return lists.newest(
        call,
        "setup_intent",
        url="/v1/setup_intents",
        owner=call.text("customer", ""),
        wanted=lambda setup: method in ("", setup["payment_method"]),
    )


def confirm(call: Call, setup_id: str) -> Document:
    """Make the card ready, or ask for its holder first.

    Raises:
        ApiError: 402 when the bank declines the card (the setup then waits for another), 400 in another state.
    """
    setup = _found(call, setup_id)
    _require_undone(call, setup, "confirm")
    return _confirm(call, setup, methods.given(call, setup))


def authenticate(call: Call, setup_id: str) -> Document:
    """The holder's answer to 3-D Secure: the parameter `outcome` is "succeeded" or "failed"."""
    setup = _found(call, setup_id)
    outcome = call.choice("outcome", ("succeeded", "failed"), "failed")
    if setup["status"] != "requires_action":
        message = f"This SetupIntent has a status of {setup['status']} and waits for no authentication."
        raise errors.unexpected_state(message, _as_seen(call, setup))
    record = call.records.find("payment_method", setup["payment_method"])
    assert record is not None, "a setup intent names only payment methods that were remembered with it"
    if outcome == "succeeded":
        _succeed(call, setup, record)
    else:
        _fail(call, setup, record, objects.authentication_failure(setup))
    return _as_seen(call, setup)


def cancel(call: Call, setup_id: str) -> Document:
    setup = _found(call, setup_id)
    reason = call.choice("cancellation_reason", _CANCELLATION_REASONS, "") or None
    _require_undone(call, setup, "cancel")
    setup |= {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    call.records.save("setup_intent", setup)
    events.record(call, "setup_intent.canceled", setup)
    return setup


def _confirm(call: Call, setup: Document, record: Document | None) -> Document:
    if record is None:
        raise errors.unexpected_state(
            "You cannot confirm this SetupIntent because it's missing a payment method.", _as_seen(call, setup)
        )
    card = methods.card_of(record)
    if charging.needs_authentication(record, off_session=False):
        next_action = objects.three_d_secure(call, setup)
        setup |= {"status": "requires_action", "payment_method": record["id"], "next_action": next_action}
        call.records.save("setup_intent", setup)
        events.record(call, "setup_intent.requires_action", setup)
    elif card.decline is not None and not card.may_be_saved:
        _fail(call, setup, record, objects.decline(card.decline))
        raise errors.card_error(
            card.decline.message,
            code=card.decline.code,
            decline_code=card.decline.decline_code,
            setup_intent=_as_seen(call, setup),
            payment_method=record["shown"],
        )
    else:
        _succeed(call, setup, record)
    return _as_seen(call, setup)


def _succeed(call: Call, setup: Document, record: Document) -> None:
    record["is_set_up"] = True
    call.records.save("payment_method", record)
    if setup["customer"]:
        methods.attach_to(call, record, setup["customer"])
    setup |= {
        "status": "succeeded",
        "payment_method": record["id"],
        "last_setup_error": None,
        "next_action": None,
    }
    call.records.save("setup_intent", setup)
    events.record(call, "setup_intent.succeeded", setup)


def _fail(call: Call, setup: Document, record: Document, error: dict[str, Any]) -> None:
    setup |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_setup_error": error | {"payment_method": record["shown"]},
        "next_action": None,
    }
    call.records.save("setup_intent", setup)
    events.record(call, "setup_intent.setup_failed", setup)


def _require_undone(call: Call, setup: Document, what: str) -> None:
    if setup["status"] not in UNDONE:
        message = f"You cannot {what} this SetupIntent because it has a status of {setup['status']}."
        raise errors.unexpected_state(message, _as_seen(call, setup))


def _found(call: Call, setup_id: str) -> Document:
    setup = call.records.find("setup_intent", setup_id)
    if setup is None:
        raise errors.missing("setupintent", setup_id, param="intent")
    call.require_holder(setup)
    return setup


def _as_seen(call: Call, setup: Document) -> Document:
    return customer_objects.setup_shown_to_shopper(setup) if call.by_shopper else setup
