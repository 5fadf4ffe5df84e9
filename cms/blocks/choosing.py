"""Choosing products, collections and brands in a block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.snippets.blocks import SnippetChooserBlock


class SnippetChoice(SnippetChooserBlock):
    """Wagtail's own looks rows up by the key as it is stored. Where that is a UUID, it is stored as text and would not
    be found among the rows, and the next save of the form would lose what was chosen."""

    def bulk_to_python(self, values: Iterable[Any]) -> Any:
        key = self.model_class._meta.pk
        return super().bulk_to_python([key.to_python(value) for value in values])

    def deconstruct(self) -> Any:
        """Migrations need not know that this is not Wagtail's own."""
        _, args, kwargs = super().deconstruct()
        return "wagtail.snippets.blocks.SnippetChooserBlock", args, kwargs
