"""Rounding of prices that were computed rather than entered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from commerce.kit.currencies import exponent
from commerce.kit.money import Money, round_half_up


@dataclass(frozen=True, slots=True)
class Rounding:
    """Steps of so many minor units, each price with the same ending: step 100 and ending 99 is "ends in .99"."""

    step_minor: int = 1
    ending_minor: int = 0
    mode: str = "nearest"

    def rounded(self, exact: Fraction) -> int:
        """Minor units. Nothing stays nothing, and a price above nothing never becomes nothing or less."""
        if exact <= 0:
            return 0
        steps = (exact - self.ending_minor) / self.step_minor
        match self.mode:
            case "up":
                whole = -(-steps // 1)
            case "down":
                whole = steps // 1
            case _:
                whole = round_half_up(steps)
        lowest = self.ending_minor or self.step_minor
        return max(whole * self.step_minor + self.ending_minor, lowest)

    def document(self) -> dict[str, Any]:
        return {"step_minor": self.step_minor, "ending_minor": self.ending_minor, "mode": self.mode}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Rounding:
        return cls(document["step_minor"], document["ending_minor"], document["mode"])


def converted(amount: Money, *, currency: str, factor: Decimal, rate: Decimal, rounding: Rounding) -> Money:
    """The amount times rate times factor in another currency (or the same), rounded once, at the end."""
    exact = Fraction(amount.minor) * Fraction(rate) * Fraction(factor)
    exact *= Fraction(10) ** (exponent(currency) - exponent(amount.currency))
    return Money(rounding.rounded(exact), currency)


def cash_rounded(amount: Money, *, step_minor: int) -> Money:
    """To the smallest coin, halves away from zero: 5 in Switzerland, where nothing smaller than 5 rappen is left."""
    return Money(round_half_up(Fraction(amount.minor, step_minor)) * step_minor, amount.currency)
