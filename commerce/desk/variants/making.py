"""Choosing what to make variants of: ticked values of options, and how their SKUs begin."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify

from cms.catalogue.models import Option, Variant


class MakingForm(forms.Form):
    stem = forms.CharField(
        label="SKUs begin with", max_length=40, help_text="The values follow: LAMP becomes LAMP-MOSS-M."
    )

    def __init__(
        self, *args: Any, vocabulary: Sequence[Option], variants: Sequence[Variant], title: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.vocabulary = [option for option in vocabulary if option.values.all()]
        self.fields["stem"].initial = _stem(variants, title)
        for option in self.vocabulary:
            used = {each.options[option.name] for each in variants if option.name in each.options}
            self.fields[_name(option)] = forms.MultipleChoiceField(
                label=option.name,
                required=False,
                choices=[(value.name, value.name) for value in option.values.all()],
                initial=sorted(used),
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def options(self) -> list[Any]:
        """Each option's field."""
        return [self[_name(option)] for option in self.vocabulary]

    @property
    def values(self) -> dict[str, list[str]]:
        """What is ticked, in the order of the vocabulary."""
        return {option.name: self.cleaned_data[_name(option)] for option in self.vocabulary}


def _name(option: Option) -> str:
    return f"option_{option.pk.hex}"


def _stem(variants: Sequence[Variant], title: str) -> str:
    """What the SKUs there have in common, else the title."""
    columns = zip(*(each.sku for each in variants if each.options), strict=False)
    shared = "".join(signs[0] for signs in itertools.takewhile(lambda signs: len(set(signs)) == 1, columns))
    return (shared.rstrip("-_. ") if len(variants) > 1 and len(shared) > 2 else slugify(title).upper())[:40].rstrip("-")
