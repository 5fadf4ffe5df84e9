"""The names of options and their values, which variants carry with them: who uses them, and renaming them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.dispatch import Signal

from cms.catalogue.identity import Variant

_AT_ONCE = 500

option_renamed = Signal()
"""Sent with `renaming` in the transaction of the change, to whoever else keeps these names."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """An option's name before and after, and its values that are called otherwise now, old name to new."""

    before: str
    after: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_needed(self) -> bool:
        return self.before != self.after or bool(self.values)

    def of(self, options: Mapping[str, str]) -> dict[str, str]:
        """A variant's options by their new names, in the same order."""
        return {
            self.after if name == self.before else name: self.values.get(value, value) if name == self.before else value
            for name, value in options.items()
        }


def uses(option: str) -> Counter[str]:
    """How many variants have each value of the option, archived ones among them.

    All variants are looked at: a database cannot look into the pairs alike on both engines, and names change rarely.
    """
    return Counter(options[option] for _, options in _with_option(option))


def rename(renaming: Renaming) -> int:
    """Let every variant say the new names. Returns how many did. Lock order: variants, by primary key."""
    if not renaming.is_needed:
        return 0
    count = 0
    with transaction.atomic():
        keys = sorted(key for key, options in _with_option(renaming.before) if renaming.of(options) != options)
        for start in range(0, len(keys), _AT_ONCE):
            rows = Variant.objects.filter(pk__in=keys[start : start + _AT_ONCE])
            variants = list(rows.select_for_update(no_key=True).order_by("pk"))
            for variant in variants:
                variant.options = renaming.of(variant.options)
            Variant.objects.bulk_update(variants, ["options"])
            count += len(variants)
        option_renamed.send(Variant, renaming=renaming)
    return count


def _with_option(option: str) -> Iterator[tuple[uuid.UUID, dict[str, str]]]:
    for key, options in Variant.objects.order_by().values_list("pk", "options").iterator():
        if option in options:
            yield key, options
