"""What guides print of tables in the code is what the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from commerce.kit.states import Transitions
from commerce.orders import states
from commerce.payments.stripe.events import NEWS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "orders.md"
TABLES = {
    "Order": states.ORDER_TRANSITIONS,
    "Payment": states.PAYMENT_STATE_TRANSITIONS,
    "Goods": states.FULFILMENT_STATE_TRANSITIONS,
    "Parcel": states.FULFILMENT_TRANSITIONS,
    "Return": states.RETURN_TRANSITIONS,
}


def diagram(table: Transitions) -> str:
    steps = [f"    {before or '[*]'} --> {after}" for before in table for after in sorted(table[before])]
    ends = [f"    {state} --> [*]" for state in table if not table[state]]
    return "\n".join(["```mermaid", "stateDiagram-v2", *steps, *ends, "```"])


@pytest.mark.parametrize("name", TABLES)
def test_the_guide_shows_the_table_as_it_is(name: str) -> None:
    expected = diagram(TABLES[name])
    assert expected in GUIDE.read_text(), f"{name} should read:\n{expected}"


def test_the_guide_names_the_events_that_an_endpoint_is_to_be_sent() -> None:
    guide = GUIDE.with_name("payments.md").read_text()
    (said,) = [line for line in guide.splitlines() if "/api/v1/webhooks/stripe/" in line and "be sent" in line]
    assert ", ".join(f"`{type}`" for type in NEWS) in said
