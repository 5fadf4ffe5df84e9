from __future__ import annotations

from enum import StrEnum

from commerce.kit.states import Transitions


class OrderStatus(StrEnum):
    CONFIRMED = "confirmed"


ORDER_TRANSITIONS: Transitions = {
    "": frozenset({OrderStatus.CONFIRMED}),
    OrderStatus.CONFIRMED: frozenset(),
}
