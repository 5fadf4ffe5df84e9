"""Quantity tiers as one writes them in a cell: "10: 17.00; 50: 15.00". Pure but for the form's error."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from commerce.desk.pricing.amounts import read_amount
from commerce.kit.money import Money
from commerce.pricing.setting import is_plausible

MOST_TIERS = 20
MOST_PIECES = 1_000_000


def written_tiers(tiers: Mapping[int, Money]) -> str:
    return "; ".join(f"{quantity}: {price.amount}" for quantity, price in sorted(tiers.items()))


def read_tiers(written: str, currency: str) -> dict[int, Money]:
    """
    Raises:
        ValidationError: a part is no quantity with an amount, or a quantity is there twice.
    """
    tiers: dict[int, Money] = {}
    for part in filter(str.strip, written.split(";")):
        quantity, _, amount = (piece.strip() for piece in part.partition(":"))
        try:
            price = read_amount(amount, currency)
            pieces = int(quantity) if quantity.isascii() and quantity.isdigit() and len(quantity) < 9 else 0
        except ValueError:
            pieces, price = 0, Money.zero(currency)
        if not 2 <= pieces <= MOST_PIECES or pieces in tiers or not is_plausible(price):
            raise forms.ValidationError("Write tiers as “10: 17.00; 50: 15.00”: from 2 pieces on, each once.")
        tiers[pieces] = price
    if len(tiers) > MOST_TIERS:
        raise forms.ValidationError(f"At most {MOST_TIERS} tiers.")
    return tiers


def changed_tiers(before: Mapping[int, Money], after: Mapping[int, Money]) -> tuple[tuple[int, Money | None], ...]:
    """What is new or otherwise, and None for what is gone."""
    return tuple(
        (quantity, after.get(quantity))
        for quantity in sorted({*before, *after})
        if before.get(quantity) != after.get(quantity)
    )
