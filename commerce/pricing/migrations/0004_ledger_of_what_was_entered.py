"""The ledger begins with what the prices entered so far say."""

from __future__ import annotations

from itertools import groupby

from django.db import migrations
from django.utils import timezone


def write_ledger(apps, schema_editor):
    prices = apps.get_model("pricing", "Price").objects.order_by("price_list_id", "variant_id", "valid_from")
    change = apps.get_model("pricing", "PriceChange")
    recorded_at = timezone.now()
    rows = []
    for (price_list, variant), group in groupby(prices.iterator(), key=lambda row: (row.price_list_id, row.variant_id)):
        for instant, regular, current, currency in _timeline(list(group)):
            rows.append(
                change(
                    price_list_id=price_list,
                    variant_id=variant,
                    effective_at=instant,
                    recorded_at=recorded_at,
                    regular_minor=regular,
                    current_minor=current,
                    currency=currency,
                    reason="before the ledger",
                )
            )
        if len(rows) >= 1000:
            change.objects.bulk_create(rows)
            rows.clear()
    change.objects.bulk_create(rows)


def _timeline(prices):
    before = (None, None)
    ends = {price.valid_until for price in prices if price.valid_until}
    for instant in sorted({price.valid_from for price in prices} | ends):
        now = _price(prices, instant)
        if now != before:
            yield (instant, *now, prices[0].currency)
        before = now


def _price(prices, at):
    holding = {
        price.kind: price.amount_minor
        for price in prices
        if price.valid_from <= at and (price.valid_until is None or at < price.valid_until)
    }
    regular = holding.get("regular")
    if regular is None:
        return (None, None)
    return (regular, min(regular, holding.get("sale", regular)))


class Migration(migrations.Migration):
    dependencies = [("pricing", "0003_lists_tiers_and_ledger")]

    operations = [migrations.RunPython(write_ledger, migrations.RunPython.noop, elidable=True)]
