"""What a plain row says in the shop's other languages.

Pages and products are translated as wholes. A brand, an option or an attribute has one row for all languages; its own
columns hold the words of the default language, and one column those of the others: {"de": {"name": "Farbe"}}.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import models


def other_languages() -> list[tuple[str, str]]:
    """The languages of the content but its default one, as (code, name)."""
    return [(code, str(name)) for code, name in settings.WAGTAIL_CONTENT_LANGUAGES if code != settings.LANGUAGE_CODE]


def said(row: Any, name: str, *, language: str) -> str:
    """The row's `name` in this language, else in the default one."""
    return row.words.get(language, {}).get(name) or getattr(row, name)


class WordsField(models.JSONField):
    """The words of the columns `of` in the other languages, {language: {column: text}}, without those left empty."""

    def __init__(self, *, of: tuple[str, ...] = ("name",), **options: Any) -> None:
        self.of = tuple(of)
        super().__init__(**{"default": dict, "blank": True, "verbose_name": "in other languages", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def formfield(self, **options: Any) -> Any:
        return WordsFormField(
            labels=[(column, _label(self.model, column)) for column in self.of],
            long=frozenset(name for name in self.of if isinstance(self.model._meta.get_field(name), models.TextField)),
            required=False,
            label=options.get("label", str(self.verbose_name).capitalize()),
            help_text=options.get("help_text", self.help_text),
        )


def _label(model: Any, column: str) -> str:
    return str(model._meta.get_field(column).verbose_name).capitalize()


class WordsWidget(forms.MultiWidget):
    template_name = "catalogue/words.html"

    def __init__(self, labels: list[tuple[str, str]], long: frozenset[str] = frozenset(), attrs: Any = None) -> None:
        self.places = [(code, column) for code, _ in other_languages() for column, _ in labels]
        self.captions = [
            f"{language}: {label}" if len(labels) > 1 else language
            for _, language in other_languages()
            for _, label in labels
        ]
        entries: dict[str, forms.Widget | type[forms.Widget]] = {
            f"{code}_{column}": forms.Textarea({"rows": 3}) if column in long else forms.TextInput()
            for code, column in self.places
        }
        super().__init__(entries, attrs)

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, {}).get(column, "") for code, column in self.places]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for caption, place, each in zip(self.captions, self.places, context["widget"]["subwidgets"], strict=True):
            each["caption"] = caption
            each["attrs"]["lang"] = place[0]
        return context


class WordsFormField(forms.MultiValueField):
    def __init__(self, *, labels: list[tuple[str, str]], long: frozenset[str] = frozenset(), **options: Any) -> None:
        widget = WordsWidget(labels, long)
        self.places = widget.places
        fields = [forms.CharField(required=False, max_length=2000) for _ in self.places]
        super().__init__(fields, widget=widget, require_all_fields=False, **options)

    def compress(self, values: list[str]) -> dict[str, dict[str, str]]:
        words: dict[str, dict[str, str]] = {}
        for (code, column), value in zip(self.places, values, strict=False):
            if value:
                words.setdefault(code, {})[column] = value
        return words
