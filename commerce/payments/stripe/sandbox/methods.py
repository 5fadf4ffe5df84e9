"""Payment methods: cards that are typed in, come from the test kit, or were saved for a customer.

Source: docs.stripe.com/api/payment_methods. A card that was used without being saved, or that was detached, is used up.
"""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import cards, customer_objects, errors, events, lists, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.cards import Card
from commerce.payments.stripe.sandbox.store import Document

REDISPLAY = ("always", "limited", "unspecified")
_UPDATED_CARD_FIELDS = frozenset({"exp_month", "exp_year"})


def create(call: Call) -> Document:
    return _shown(_remember(call, _require_card(call.params, "type"), ""))


def show(call: Call, method_id: str) -> Document:
    return _shown(_found(call, method_id, param="payment_method"))


def update(call: Call, method_id: str) -> Document:
    record = _found(call, method_id, param="payment_method")
    if record["customer"] is None:
        raise errors.parameter_invalid("payment_method", "You must save this PaymentMethod to a customer first.")
    method = record["shown"]
    card = call.group("card")
    unknown = set(card) - _UPDATED_CARD_FIELDS
    if unknown:
        raise errors.parameter_unknown(f"card[{min(unknown)}]")
    method |= {
        "allow_redisplay": call.choice("allow_redisplay", REDISPLAY, method["allow_redisplay"]),
        "billing_details": method["billing_details"] | call.group("billing_details"),
        "card": method["card"] | {name: errors.whole_number(f"card[{name}]", card[name]) for name in card},
        "metadata": objects.metadata(call, method["metadata"]),
    }
    call.records.save("payment_method", record)
    events.record(call, "payment_method.updated", method)
    return _shown(record)


def attach(call: Call, method_id: str) -> Document:
    """Save it for a customer.

    Raises:
        ApiError: 402 when the bank declines the card, 400 when it is used up or another customer's.
    """
    owner = customer(call, call.text("customer"), param="customer")
    record = found_by_merchant(call, method_id)
    require_usable(record, owner["id"])
    require_savable(record)
    attach_to(call, record, owner["id"])
    return _shown(record)


def detach(call: Call, method_id: str) -> Document:
    record = _found(call, method_id, param="payment_method")
    if record["customer"] is None:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise errors.parameter_invalid("payment_method", message)
    detach_from_customer(call, record)
    return _shown(record)


def list_newest(call: Call) -> Document:
    return _listed(call, customer(call, call.text("customer"), param="customer")["id"], "/v1/payment_methods")


def list_of_customer(call: Call, customer_id: str) -> Document:
    owner = customer(call, customer_id, param="customer")["id"]
    return _listed(call, owner, f"/v1/customers/{owner}/payment_methods")


def show_of_customer(call: Call, customer_id: str, method_id: str) -> Document:
    record = _found(call, method_id, param="payment_method")
    if record["customer"] != customer(call, customer_id, param="customer")["id"]:
        raise errors.missing("PaymentMethod", method_id, param="payment_method")
    return _shown(record)


def given(call: Call, intent: Document) -> Document | None:
    """The record of the payment method that the call brings, else of the one that the intent has.

    Raises:
        ApiError: the card's fields cannot be right, it does not exist, is used up, or is another customer's.
    """
    if "payment_method_data" in call.params:
        data = call.group("payment_method_data")
        return _remember(call, _require_card(data, "payment_method_data[type]"), "payment_method_data")
    if "payment_method" not in call.params:
        found = intent["payment_method"]
        return call.records.find("payment_method", found) if found else None
    name = call.text("payment_method")
    record = _found(call, name, param="payment_method") if call.by_shopper else found_by_merchant(call, name)
    require_usable(record, intent["customer"])
    return record


def found_by_merchant(call: Call, name: str) -> Document:
    """A remembered one, or a new one of the test kit such as pm_card_visa."""
    if name in cards.NUMBER_BY_PAYMENT_METHOD:
        number = cards.NUMBER_BY_PAYMENT_METHOD[name]
        fields = {"number": number, "exp_month": str(call.at.month), "exp_year": str(call.at.year + 1)}
        return _remember(call, {"card": fields}, "")
    return _found(call, name, param="payment_method")


def card_of(record: Document) -> Card:
    return cards.card_for(record["number"])


def require_usable(record: Document, customer_id: str | None) -> None:
    if record["is_used_up"]:
        raise errors.parameter_invalid(
            "payment_method",
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was "
            "detached from a Customer. It may not be used again.",
        )
    if record["customer"] not in (None, customer_id):
        raise errors.parameter_invalid(
            "payment_method",
            f"The PaymentMethod {record['id']} belongs to the Customer {record['customer']}. Please include the "
            "Customer in the `customer` parameter.",
        )


def require_savable(record: Document) -> None:
    card = card_of(record)
    if card.decline is not None and not card.may_be_saved:
        decline = card.decline
        raise errors.card_error(decline.message, code=decline.code, decline_code=decline.decline_code)


def attach_to(call: Call, record: Document, customer_id: str) -> None:
    """Nothing, when it is the customer's already."""
    if record["customer"] == customer_id:
        return
    record["customer"] = record["shown"]["customer"] = customer_id
    call.records.save("payment_method", record)
    events.record(call, "payment_method.attached", record["shown"])


def detach_from_customer(call: Call, record: Document) -> None:
    record |= {"customer": None, "is_used_up": True}
    record["shown"]["customer"] = None
    call.records.save("payment_method", record)
    events.record(call, "payment_method.detached", record["shown"])


def customer(call: Call, customer_id: str, *, param: str) -> Document:
    """A customer that is there and not deleted."""
    found = call.records.find("customer", customer_id)
    if found is None or "deleted" in found:
        raise errors.missing("customer", customer_id, param=param)
    return found


def _listed(call: Call, customer_id: str, url: str) -> Document:
    kind, redisplay = call.text("type", "card"), call.choice("allow_redisplay", REDISPLAY, "")
    page = lists.newest(
        call,
        "payment_method",
        url=url,
        owner=customer_id,
        wanted=lambda record: kind == "card" and redisplay in ("", record["shown"]["allow_redisplay"]),
    )
    return page | {"data": [_shown(record) for record in page["data"]]}


def _found(call: Call, method_id: str, *, param: str) -> Document:
    record = call.records.find("payment_method", method_id)
    if record is None:
        raise errors.missing("PaymentMethod", method_id, param=param)
    return record


def _shown(record: Document) -> Document:
    method: Document = record["shown"]
    return method


def _require_card(data: dict[str, Any], param: str) -> dict[str, Any]:
    if data.get("type") != "card" or not isinstance(data.get("card"), dict):
        raise errors.parameter_invalid(param, "The sandbox takes cards only.")
    return data


def _remember(call: Call, data: dict[str, Any], prefix: str) -> Document:
    """A number is kept only when it is a published test card: somebody might type in a real one."""
    card, billing = data["card"], data.get("billing_details") or {}
    redisplay = data.get("allow_redisplay") or "unspecified"
    if not isinstance(billing, dict):
        raise errors.parameter_invalid("billing_details", "Invalid object")
    if redisplay not in REDISPLAY:
        raise errors.parameter_invalid("allow_redisplay", f"Invalid allow_redisplay: {redisplay}")
    cards.require_well_formed(card, at=call.at, prefix=prefix)
    number, year = cards.digits_of(card["number"]), int(card["exp_year"])
    shown = cards.payment_method_card(
        number, exp_month=int(card["exp_month"]), exp_year=year + 2000 if year < 100 else year
    )
    method = customer_objects.payment_method(call, card=shown, billing=billing, allow_redisplay=redisplay)
    record = {
        "id": method["id"],
        "created": method["created"],
        "customer": None,
        "is_set_up": False,
        "is_used_up": False,
        "number": number if number in cards.BY_NUMBER else "",
        "shown": method,
    }
    call.records.save("payment_method", record)
    return record
