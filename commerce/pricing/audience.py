"""For whom a price is asked: the same variant may cost another amount for another audience."""

from __future__ import annotations

from dataclasses import dataclass

from commerce.markets.models import Market


@dataclass(frozen=True, slots=True)
class Audience:
    """A market, the codes of the customer groups the shopper is in, and the code of the channel ("" for none)."""

    market: Market
    groups: frozenset[str] = frozenset()
    channel: str = ""
