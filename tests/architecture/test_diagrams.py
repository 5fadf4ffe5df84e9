"""The diagrams of the guide are the transition tables, printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from commerce.kit.states import Transitions
from commerce.orders import states

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
