"""Making a product's variants: every combination of the ticked values that it does not have yet."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from cms.catalogue.identity import Product, Variant

MOST_AT_ONCE = 200
MOST_VARIANTS = 500
"""Of one product; what the page of its variants shows."""
_LONGEST_STEM = 58
"""Leaves room for a number in a SKU of 64."""


class CannotMake(ValueError):
    """Says in its text why."""


@dataclass(frozen=True, slots=True)
class Made:
    variants: Sequence[Variant]
    already_there: int
    archived: int
    """Combinations whose variant is archived; it can be restored."""
    without: Sequence[str]
    """SKUs of variants that were there and lack one of the options; nobody can choose them."""


def make_variants(*, product: Product, values: Mapping[str, Sequence[str]], stem: str) -> Made:
    """Make what is missing of the combinations, and leave alone what is there. SKUs are the stem with the values.

    `values` are those ticked by option, both in the order of the vocabulary. Lock: the product, so that two who do
    this at once do not make the same.

    Raises:
        CannotMake: nothing is ticked, or it would be too many.
    """
    ticked = {name: list(dict.fromkeys(some)) for name, some in values.items() if some}
    if not ticked:
        raise CannotMake("Tick the values to make variants of.")
    count = math.prod(map(len, ticked.values()))
    if count > MOST_AT_ONCE:
        raise CannotMake(f"These are {count} combinations; at most {MOST_AT_ONCE} are made at once. Tick fewer values.")
    with transaction.atomic():
        lock_variants_of(product)
        known = list(product.variants.all())
        standing = {_key(each.options): each.archived_at is not None for each in known}
        combinations = [dict(zip(ticked, each, strict=True)) for each in itertools.product(*ticked.values())]
        missing = [each for each in combinations if _key(each) not in standing]
        if len(known) + len(missing) > MOST_VARIANTS:
            raise CannotMake(
                f"A product has at most {MOST_VARIANTS} variants; this would make {len(known) + len(missing)}."
            )
        last = product.variants.aggregate(last=Max("position"))["last"]
        skus = suggested_skus(stem, [list(each.values()) for each in missing])
        made = Variant.objects.bulk_create(
            Variant(product=product, sku=sku, options=options, position=place)
            for place, (sku, options) in enumerate(
                zip(skus, missing, strict=True), start=0 if last is None else last + 1
            )
        )
    archived = sum(standing.get(_key(each), False) for each in combinations)
    without = [each.sku for each in known if each.archived_at is None and not ticked.keys() <= each.options.keys()]
    return Made(made, len(combinations) - len(missing) - archived, archived, without)


def lock_variants_of(product: Product) -> None:
    """Until the transaction ends nobody else changes which variants the product has."""
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)


def suggested_skus(stem: str, combinations: Sequence[Sequence[str]]) -> list[str]:
    """One for each combination, none of which any variant has."""
    wanted = ["-".join(filter(None, (stem.strip(), *map(_code, values))))[:_LONGEST_STEM] for values in combinations]
    taken = set(Variant.objects.filter(sku__in=wanted).values_list("sku", flat=True))
    found: list[str] = []
    for sku in wanted:
        found.append(_numbered(sku, taken) if not sku or sku in taken else sku)
        taken.add(found[-1])
    return found


def same_options(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return _key(one) == _key(other)


def _key(options: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(options.items())


def _code(value: str) -> str:
    """ "Dark moss" as DARK-MOSS; what has no letters or digits of ASCII says nothing."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().upper()
    return "-".join("".join(sign if sign.isalnum() else " " for sign in plain).split())


def _numbered(sku: str, taken: Collection[str]) -> str:
    numbers = (f"{sku or 'SKU'}-{number}" for number in itertools.count(2))
    return next(each for each in numbers if each not in taken and not Variant.objects.filter(sku=each).exists())
