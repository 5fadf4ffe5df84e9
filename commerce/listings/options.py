"""The options of a product as shoppers read them: in their language, in the vocabulary's order, with swatches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cms.catalogue.models import OptionValue, Variant
from cms.catalogue.wording import said
from cms.images.sets import image_set, with_renditions
from commerce.listings.documents import OptionDocument, OptionValueDocument


@dataclass(frozen=True, slots=True)
class Wording:
    """What the vocabulary says of the options of some variants. A name that it does not know is its own label."""

    values: Mapping[tuple[str, str], OptionValue]
    labels: Mapping[str, str]
    language: str

    @classmethod
    def of(cls, variants: Sequence[Variant], *, language: str) -> Wording:
        """One query, and two more where values have pictures; none for variants without options."""
        names = {name for variant in variants for name in variant.options}
        found = (
            OptionValue.objects.filter(option__name__in=names)
            .select_related("option", "image")
            .prefetch_related(with_renditions("image"))
            .order_by("option__position", "option__name", "position", "pk")
            if names
            else ()
        )
        values = {(value.option.name, value.name): value for value in found}
        labels = {name: said(value.option, "name", language=language) for (name, _), value in values.items()}
        return cls(values, labels, language)

    def name(self, variant: Variant) -> str:
        """ "Moos / M"."""
        return " / ".join(self.label(name, value) for name, value in variant.options.items())

    def label(self, option: str, value: str) -> str:
        known = self.values.get((option, value))
        return said(known, "name", language=self.language) if known else value

    def documents(self, variants: Sequence[Variant]) -> list[OptionDocument]:
        """Only values that a variant has; those that the vocabulary does not know come last."""
        used: dict[str, dict[str, None]] = {}
        for variant in variants:
            for name, value in variant.options.items():
                used.setdefault(name, {})[value] = None
        return [
            {
                "name": name,
                "label": self.labels.get(name, name),
                "values": [self._value(name, value) for value in self._in_order(used[name], name)],
            }
            for name in sorted(used, key=lambda name: _place(name, list(self.labels)))
        ]

    def _in_order(self, used: Mapping[str, None], option: str) -> list[str]:
        order = [value for name, value in self.values if name == option]
        return sorted(used, key=lambda value: _place(value, order))

    def _value(self, option: str, value: str) -> OptionValueDocument:
        known, label = self.values.get((option, value)), self.label(option, value)
        return {
            "value": value,
            "label": label,
            "swatch": known.swatch or None if known else None,
            "image": image_set(known.image, alt=label) if known and known.image else None,
        }


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)
