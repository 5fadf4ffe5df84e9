"""The options of the demo shop's goods, in both languages, with a swatch for each colour."""

from __future__ import annotations

from typing import Any

from cms.catalogue.models import Option, OptionValue
from demo import catalogue, german


def open_vocabulary() -> None:
    """Only what the catalogue uses, in the order of the German words."""
    used: dict[str, set[str]] = {}
    for product in catalogue.PRODUCTS:
        for each in product.options:
            used.setdefault(each.name, set()).update(each.values)
    for position, (name, words) in enumerate(german.OPTIONS.items()):
        option = Option.objects.create(name=name, words=_in_german(words), position=position)
        values = [each for each in german.VALUES[name] if each in used[name]]
        OptionValue.objects.bulk_create(
            OptionValue(
                option=option,
                name=value,
                words=_in_german(german.VALUES[name][value]),
                swatch=catalogue.INKS[value] if name == "Colour" else "",
                position=place,
            )
            for place, value in enumerate(values)
        )


def _in_german(name: str) -> dict[str, Any]:
    return {"de": {"name": name}}
