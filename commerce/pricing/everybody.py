"""What single pieces cost when nobody in particular asks: for sorting and sifting a whole catalogue."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime

from commerce.markets.models import Market
from commerce.pricing.audience import Audience
from commerce.pricing.models import Price, PriceList
from commerce.pricing.timelines import Entered, Quoted, quoted


def prices_for_everybody(*, market: Market, at: datetime) -> dict[uuid.UUID, Quoted]:
    """The price of one piece of every variant in the market's lists that are for everybody, without promotions.

    Of the lists the first that prices a variant counts, as everywhere. Three queries, however many variants.
    """
    lists = list(
        PriceList.objects.for_audience(Audience(market=market), at=at)
        .select_related("market", "base")
        .prefetch_related("former_terms")
        .order_by("-priority", "code")
    )
    keys = {each.pk for each in lists} | {each.base_id for each in lists if each.base_id}
    rows: dict[uuid.UUID, dict[int | None, list[Entered]]] = defaultdict(lambda: defaultdict(list))
    for price in Price.objects.holding(at=at).filter(price_list__in=keys, min_quantity=1).order_by():
        rows[price.variant_id][price.price_list_id].append(price.entered)
    found: dict[uuid.UUID, Quoted] = {}
    for facts in [each.facts for each in lists]:
        for variant, entered in rows.items():
            if variant not in found:
                own, base = entered.get(facts.pk, []), entered.get(facts.base_pk, []) if facts.base_pk else []
                if price_now := quoted(facts, own, base, quantity=1, at=at):
                    found[variant] = price_now
    return found
