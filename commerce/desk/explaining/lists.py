"""Every price list of the market and what became of it for one variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce.desk.explaining.words import moment
from commerce.pricing.audience import Audience
from commerce.pricing.models import PriceList
from commerce.pricing.resolving import ResolvedPrice

TAKEN, PASSED_OVER, LATER, NOT_ASKED = "taken", "passed_over", "later", "not_asked"
_ORDER = (PASSED_OVER, TAKEN, LATER, NOT_ASKED)


@dataclass(frozen=True, slots=True)
class ListRow:
    name: str
    code: str
    became: str
    words: str


def considered(
    price_lists: Sequence[PriceList], *, audience: Audience, price: ResolvedPrice | None, at: datetime
) -> list[ListRow]:
    """In the order in which they were asked; lists that were not asked come last."""
    passed = price.derivation["chosen"]["passed_over"] if price else []
    rows = [_row(each, audience, price, at) for each in price_lists]
    place = {code: index for index, code in enumerate(passed)}
    return sorted(rows, key=lambda row: (_ORDER.index(row.became), place.get(row.code, 0)))


def _row(each: PriceList, audience: Audience, price: ResolvedPrice | None, at: datetime) -> ListRow:
    became, words = _became(each, audience, price, at)
    base = f", derived from {each.base.name}" if each.base else ""
    return ListRow(f"{each.name}{base}", each.code, became, words)


def _became(each: PriceList, audience: Audience, price: ResolvedPrice | None, at: datetime) -> tuple[str, str]:
    if each.customer_group and each.customer_group.code not in audience.groups:
        return NOT_ASKED, f"is for customers in {each.customer_group} only"
    if each.channel and each.channel.code != audience.channel:
        return NOT_ASKED, f"is for the channel {each.channel} only"
    if each.valid_from and at < each.valid_from:
        return NOT_ASKED, f"holds from {moment(each.valid_from)} on"
    if each.valid_until and each.valid_until <= at:
        return NOT_ASKED, f"has held until {moment(each.valid_until)}"
    chosen = price.derivation["price_list"] if price else None
    if each.code == chosen:
        return TAKEN, "was taken"
    if price is None or each.code in price.derivation["chosen"]["passed_over"]:
        return PASSED_OVER, "was asked and has no price for it"
    return LATER, "comes after the one that was taken"
