"""Money: integer minor units with their ISO 4217 currency. There is no default currency and no float."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from commerce.kit.currencies import exponent

_MOST_DIGITS = 50


class CurrencyMismatch(TypeError):
    """Amounts of two currencies were added, subtracted or compared."""


class MoneyDocument(TypedDict):
    """Money as the API and frozen documents write it: `{"amount": "19.99", "minor": 1999, "currency": "EUR"}`."""

    amount: str
    minor: int
    currency: str


def round_half_up(value: Fraction) -> int:
    """The one place where a fraction of a minor unit becomes a whole one; halves go away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {self.minor!r}")
        exponent(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, amount: Decimal | str, currency: str) -> Money:
        """From a written amount such as "19.99".

        Raises:
            ValueError: it is not a finite number, or has more decimals than the currency.
        """
        if not isinstance(amount, str | Decimal):
            raise TypeError(f"an amount is written as text or Decimal, not {amount!r}")
        try:
            written = Decimal(amount)
            if abs(written.adjusted()) > _MOST_DIGITS:
                raise ValueError("no sum of money is that large or that small")
            # Not `scaleb` alone: the decimal context would round an amount of more than 28 digits in silence.
            minor = Fraction(written) * 10 ** exponent(currency)
        except (ArithmeticError, ValueError) as error:
            raise ValueError(f"not an amount: {amount!r}") from error
        if minor.denominator != 1:
            raise ValueError(f"{currency} has {exponent(currency)} decimals: {amount}")
        return cls(minor.numerator, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], *, currency: str) -> Money:
        return sum(amounts, start=cls.zero(currency))

    @property
    def amount(self) -> str:
        """The decimal amount with the currency's own number of decimals: "19.99", "500" (JPY), "1.250" (KWD)."""
        return str(Decimal(self.minor).scaleb(-exponent(self.currency)))

    def document(self) -> MoneyDocument:
        return {"amount": self.amount, "minor": self.minor, "currency": self.currency}

    @classmethod
    def from_document(cls, document: MoneyDocument) -> Money:
        return cls(document["minor"], document["currency"])

    def __add__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.minor * quantity, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        self._require_same_currency(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        return self == other or self < other

    def scaled(self, factor: Fraction) -> Money:
        """The amount times a factor, rounded half up to whole minor units."""
        return Money(round_half_up(self.minor * factor), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split by weight so that the parts add up to the cent: largest remainder, earlier parts first on a tie.

        Raises:
            ValueError: no weights, a negative one, or all are zero.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must be non-negative and not all zero")
        sign = -1 if self.minor < 0 else 1
        exact = [Fraction(abs(self.minor) * weight, whole) for weight in weights]
        parts = [int(share) for share in exact]
        left_over = abs(self.minor) - sum(parts)
        by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
        for index in by_remainder[:left_over]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
