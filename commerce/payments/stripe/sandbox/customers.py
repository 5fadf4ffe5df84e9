"""Customers. Source: docs.stripe.com/api/customers."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import customer_objects, errors, events, lists, methods, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

_TEXTS = ("description", "email", "name", "phone")


def create(call: Call) -> Document:
    made = _with_given(call, customer_objects.customer(call))
    if "payment_method" in call.params:
        methods.attach_to(call, methods.found_by_merchant(call, call.text("payment_method")), made["id"])
    call.records.save("customer", made)
    events.record(call, "customer.created", made)
    return made


def show(call: Call, customer_id: str) -> Document:
    """A deleted customer is shown as that: its id, and that it is deleted."""
    found = call.records.find("customer", customer_id)
    if found is None:
        raise errors.missing("customer", customer_id, param="id")
    return found


def update(call: Call, customer_id: str) -> Document:
    changed = _with_given(call, methods.customer(call, customer_id, param="id"))
    call.records.save("customer", changed)
    events.record(call, "customer.updated", changed)
    return changed


def delete(call: Call, customer_id: str) -> Document:
    """For ever. Its payment methods are detached and can be used by nobody any more."""
    customer = methods.customer(call, customer_id, param="id")
    for record in list(call.records.newest("payment_method", owner=customer_id)):
        methods.detach_from_customer(call, record)
    deleted = {"id": customer_id, "object": "customer", "deleted": True}
    call.records.save("customer", deleted)
    events.record(call, "customer.deleted", customer)
    return deleted


def list_newest(call: Call) -> Document:
    email = call.text("email", "")
    return lists.newest(
        call,
        "customer",
        url="/v1/customers",
        wanted=lambda customer: "deleted" not in customer and email in ("", customer["email"]),
    )


def _with_given(call: Call, customer: Document) -> Document:
    changed = customer | {name: call.text(name, "") or None for name in _TEXTS if name in call.params}
    if "@" not in (changed["email"] or "@"):
        message = f"Invalid email address: {changed['email']}"
        raise errors.parameter_invalid("email", message, code="email_invalid")
    for name in ("address", "shipping"):
        if name in call.params:
            changed[name] = _group(call, name)
    if "preferred_locales" in call.params:
        changed["preferred_locales"] = call.texts("preferred_locales")
    if "invoice_settings" in call.params:
        changed["invoice_settings"] = changed["invoice_settings"] | call.group("invoice_settings")
    return changed | {"metadata": objects.metadata(call, customer["metadata"])}


def _group(call: Call, name: str) -> dict[str, Any] | None:
    given = call.group(name)
    if name == "address" and given:
        return dict.fromkeys(objects.ADDRESS_FIELDS) | given
    return given or None
