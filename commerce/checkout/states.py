from __future__ import annotations

from enum import StrEnum

from commerce.kit.states import Transitions


class CheckoutStatus(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    COMPLETED = "completed"
    REFUSED = "refused"


CHECKOUT_TRANSITIONS: Transitions = {
    "": frozenset({CheckoutStatus.OPEN}),
    CheckoutStatus.OPEN: frozenset({CheckoutStatus.COMPLETED, CheckoutStatus.EXPIRED, CheckoutStatus.REFUSED}),
    # Money may arrive after the time is over: it becomes an order if the stock is still there, else it goes back.
    CheckoutStatus.EXPIRED: frozenset({CheckoutStatus.COMPLETED, CheckoutStatus.REFUSED}),
    CheckoutStatus.COMPLETED: frozenset(),
    CheckoutStatus.REFUSED: frozenset(),
}
