"""Webhook endpoints: further addresses beside the shop's own, each with a secret of its own.

Source: docs.stripe.com/api/webhook_endpoints.
"""

from __future__ import annotations

import stripe

from commerce.payments.stripe.sandbox import errors, lists, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document


def create(call: Call) -> Document:
    """The only answer that shows the endpoint's secret."""
    endpoint = {
        "id": call.new_id("we"),
        "object": "webhook_endpoint",
        "api_version": call.text("api_version", stripe.api_version),
        "application": None,
        "created": call.timestamp,
        "description": call.text("description", "") or None,
        "enabled_events": _enabled_events(call),
        "livemode": False,
        "metadata": call.metadata(),
        "secret": call.new_id("whsec"),
        "status": "enabled",
        "url": _url(call),
    }
    call.records.save("webhook_endpoint", endpoint)
    return endpoint


def show(call: Call, endpoint_id: str) -> Document:
    return _shown(_found(call, endpoint_id))


def update(call: Call, endpoint_id: str) -> Document:
    endpoint = _found(call, endpoint_id)
    if "url" in call.params:
        endpoint["url"] = _url(call)
    if "enabled_events" in call.params:
        endpoint["enabled_events"] = _enabled_events(call)
    if "description" in call.params:
        endpoint["description"] = call.text("description", "") or None
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if call.flag("disabled") else "enabled"
    endpoint["metadata"] = objects.metadata(call, endpoint["metadata"])
    call.records.save("webhook_endpoint", endpoint)
    return _shown(endpoint)


def delete(call: Call, endpoint_id: str) -> Document:
    _found(call, endpoint_id)
    call.records.discard("webhook_endpoint", endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}


def list_newest(call: Call) -> Document:
    page = lists.newest(call, "webhook_endpoint", url="/v1/webhook_endpoints")
    return page | {"data": [_shown(endpoint) for endpoint in page["data"]]}


def wanting(call: Call, type: str) -> list[str]:
    """The ids of the endpoints that want events of this type."""
    return [
        endpoint["id"]
        for endpoint in call.records.oldest("webhook_endpoint")
        if endpoint["status"] == "enabled" and {"*", type} & set(endpoint["enabled_events"])
    ]


def _enabled_events(call: Call) -> list[str]:
    types = call.texts("enabled_events")
    if not types:
        raise errors.parameter_missing("enabled_events")
    return types


def _url(call: Call) -> str:
    url = call.text("url")
    if not url.startswith(("http://", "https://")):
        raise errors.parameter_invalid("url", f"Invalid URL: {url}", code="url_invalid")
    return url


def _found(call: Call, endpoint_id: str) -> Document:
    endpoint = call.records.find("webhook_endpoint", endpoint_id)
    if endpoint is None:
        raise errors.missing("webhook endpoint", endpoint_id, param="webhook_endpoint")
    return endpoint


def _shown(endpoint: Document) -> Document:
    return {name: value for name, value in endpoint.items() if name != "secret"}
