"""An order in the notebook: what it costs, what came of that and what went back, however often it was edited."""

from __future__ import annotations

from dataclasses import dataclass, field

SHIPPING, FREE_FROM = 490, 10000
AWAITED, AUTHORISED, TAKEN, ENDED = "awaited", "authorised", "taken", "ended"

Lines = dict[int, int]
"""Units by the place of the variant in the world."""
Prices = dict[int, int]
"""Minor units for one, by the place of the variant in the world."""


def cost(lines: Lines, prices: Prices) -> int:
    goods = sum(prices[which] * quantity for which, quantity in lines.items())
    return goods + (0 if goods >= FREE_FROM else SHIPPING)


@dataclass
class Charge:
    """What the shopper is asked for: all that was bought, or the difference that an edit made."""

    asked: int
    status: str = AWAITED
    taken: int = 0
    being_captured: int = 0
    """What the gateway is to take of what is authorised."""
    is_called_off: bool = False

    @property
    def open(self) -> int:
        """What may still come of it."""
        return 0 if self.is_called_off or self.status in (TAKEN, ENDED) else self.asked

    @property
    def held(self) -> int:
        """What will come of it without the shopper doing anything."""
        return (self.being_captured or self.open) if self.status == AUTHORISED else 0

    @property
    def is_being_captured(self) -> bool:
        return self.status == AUTHORISED and self.being_captured > 0


@dataclass
class Sale:
    lines: Lines
    prices: Prices
    """What stays costs what it cost when it was bought or added."""
    charges: list[Charge]
    granted: int = 0
    """What of the total was given back, whether it had been paid or not."""
    back: int = 0
    """What has gone back of what came, or is on its way."""
    returned: Lines = field(default_factory=dict)
    is_sent: bool = False
    is_cancelled: bool = False
    is_refunded: bool = False
    """All that came is back with the shopper."""

    @property
    def total(self) -> int:
        return cost(self.lines, self.prices)

    @property
    def left(self) -> int:
        """What it costs when all is done."""
        return self.total - self.granted

    @property
    def came(self) -> int:
        return sum(each.taken for each in self.charges)

    @property
    def kept(self) -> int:
        return self.came - self.back

    @property
    def owed(self) -> int:
        return max(0, self.left - self.kept)

    @property
    def surplus(self) -> int:
        return max(0, self.kept - self.left)

    @property
    def unsecured(self) -> int:
        """What neither has come nor will come by itself."""
        return max(0, self.owed - sum(each.held for each in self.charges))

    @property
    def awaited(self) -> Charge | None:
        return next((each for each in self.charges if each.open and each.status == AWAITED), None)

    @property
    def is_being_captured(self) -> bool:
        return any(each.is_being_captured for each in self.charges)

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.is_refunded

    @property
    def payment_states(self) -> set[str]:
        """Which of the shop's names for it are true when nothing is on its way any more; none where something may
        still come, for then it hangs on what came first."""
        if any(each.open for each in self.charges):
            return set()
        if not self.came:
            return {"voided"}
        if not self.kept:
            return {"refunded"}
        return {"partially_paid"} if self.owed else {"paid", "partially_refunded"}

    def why_not_edit(self, which: int, quantity: int) -> str:
        """Which of the reasons that stock and catalogue have no say in."""
        if self.is_over or self.is_sent or self.granted:
            return "order_not_editable"
        if which not in self.lines:
            return "" if quantity else "variant_not_in_order"
        if self.lines[which] == quantity:
            return "nothing_changed"
        return "" if quantity or len(self.lines) > 1 else "order_would_be_empty"

    def edit(self, which: int, quantity: int, *, price: int) -> None:
        """What was asked for and nobody has paid is called off, and what is missing then is asked for in one."""
        if which not in self.lines:
            self.prices[which] = price
        self.lines[which] = quantity
        if not quantity:
            del self.lines[which]
        self._ask_for(self.unsecured)
        self.back += self.surplus

    def give_back(self, minor: int) -> None:
        """From what came; the rest is never to be paid. What nobody will pay any more is the first to go."""
        never_paid = 0 if any(each.open for each in self.charges) else min(minor, self.owed)
        came = min(minor - never_paid, self.kept)
        self.granted += minor
        self.back += came
        if came < minor:
            self._ask_for(min(self.unsecured, self.awaited.asked if self.awaited else 0))

    def _ask_for(self, minor: int) -> None:
        """Of what was asked for and nobody has paid nothing stays, unless it is just that. What is being captured comes
        all the same, and goes back then."""
        if minor != (self.awaited.asked if self.awaited else 0):
            for each in self.charges:
                each.is_called_off |= each.status == AWAITED
            self.charges += [Charge(minor)] if minor else []
        if not self.owed:
            self.call_off_what_is_open()

    def call_off_what_is_open(self) -> None:
        for each in self.charges:
            each.is_called_off |= bool(each.open) and not each.is_being_captured

    def why_not_capture(self, charge: Charge) -> str:
        return "" if charge.status == AUTHORISED and charge.open and self.to_capture(charge) else "capture_refused"

    def to_capture(self, charge: Charge) -> int:
        """Never more than is owed, together with what is being captured of the others, and each once."""
        if charge.is_being_captured:
            return 0
        elsewhere = sum(each.being_captured for each in self.charges if each.is_being_captured)
        return min(charge.asked, max(0, self.owed - elsewhere))

    def units_with_the_shopper(self, which: int) -> int:
        return self.lines[which] - self.returned.get(which, 0)

    def send_back(self, which: int, quantity: int) -> None:
        self.returned[which] = self.returned.get(which, 0) + quantity
        is_last = all(self.units_with_the_shopper(each) == 0 for each in self.lines)
        is_shipped_free = self.total == sum(self.prices[each] * units for each, units in self.lines.items())
        self.give_back(self.left if is_last and is_shipped_free else min(self.prices[which] * quantity, self.left))
