"""The rules of a collection on its form: each subject with the input that suits it, kept as the rule's `value`.

| Subject | `value` |
|---|---|
| category, brand, vendor | `{"key": uuid}` |
| tag | `{"tag": name}` |
| attribute | `{"key": uuid}` for any value, and of its type: `"choices": [id]`, `"from"` and `"to"` (a number or a day), `"is": bool`, `"text"` |
| price | `{"amount": "30.00"}`, in the default market's currency |
| new | `{"days": 30}` |
| in stock, on sale, featured | `{}` |
"""  # noqa: E501

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from taggit.models import Tag
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

from cms.catalogue.brands import Brand, Vendor
from cms.catalogue.categories import CategoryPage
from cms.catalogue.collections import CollectionRule
from cms.catalogue.locales import default_locale
from cms.catalogue.vocabulary import Attribute

Choices = list[tuple[str, str]]
Subject = CollectionRule.Subject
GONE = "Gone: choose another"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that a rule may name, read once for a form, however many rules it has."""

    categories: Choices
    brands: Choices
    vendors: Choices
    tags: Choices
    attributes: dict[str, Attribute]

    @classmethod
    def load(cls) -> Vocabulary:
        """Six queries."""
        pages = CategoryPage.objects.filter(locale=default_locale()).order_by("path")
        tags = Tag.objects.filter(product_tags__isnull=False).distinct().order_by("name")
        return cls(
            categories=[(str(page.translation_key), f"{'— ' * (page.depth - 3)}{page.title}") for page in pages],
            brands=[(str(brand.pk), brand.name) for brand in Brand.objects.all()],
            vendors=[(str(vendor.pk), vendor.name) for vendor in Vendor.objects.all()],
            tags=[(tag.name, tag.name) for tag in tags],
            attributes={str(each.pk): each for each in Attribute.objects.prefetch_related("choices")},
        )

    def of(self, subject: str) -> Choices:
        if subject == Subject.ATTRIBUTE:
            return [(key, attribute.name) for key, attribute in self.attributes.items()]
        return {
            Subject.CATEGORY.value: self.categories,
            Subject.BRAND.value: self.brands,
            Subject.VENDOR.value: self.vendors,
            Subject.TAG.value: self.tags,
        }[subject]

    @property
    def attribute_choices(self) -> list[tuple[str, Choices]]:
        """By attribute."""
        return [
            (each.name, [(str(choice.pk), choice.name) for choice in each.choices.all()])
            for each in self.attributes.values()
            if each.type in (Attribute.Type.CHOICE, Attribute.Type.CHOICES)
        ]


_CHOSEN = (Subject.CATEGORY, Subject.BRAND, Subject.VENDOR, Subject.TAG, Subject.ATTRIBUTE)
_NEEDED = "Choose what is compared."


class RuleForm(WagtailAdminModelForm):
    """One rule. Only the fields of the chosen subject count; a file of ours hides the others."""

    category = forms.ChoiceField(required=False)
    brand = forms.ChoiceField(required=False)
    vendor = forms.ChoiceField(required=False)
    tag = forms.ChoiceField(required=False)
    attribute = forms.ChoiceField(required=False)
    choices = forms.MultipleChoiceField(
        required=False, label="Has one of", help_text="Any value if none is chosen. Several with Ctrl or ⌘."
    )
    least = forms.CharField(required=False, label="From", max_length=20, help_text="A number, or a day as 2026-12-31.")
    most = forms.CharField(required=False, label="To", max_length=20)
    answer = forms.ChoiceField(
        required=False, label="Is", choices=[("", "Yes or no, if it is known"), ("yes", "Yes"), ("no", "No")]
    )
    text = forms.CharField(required=False, label="Says", max_length=500, help_text="Any text if left empty.")
    amount = forms.DecimalField(
        required=False,
        max_digits=12,
        decimal_places=3,
        min_value=Decimal(0),
        label="Amount",
        help_text="The regular price in the default market's currency, such as 30.00.",
    )
    days = forms.IntegerField(required=False, min_value=1, max_value=3650, label="Days since it was entered")

    def __init__(self, *args: Any, vocabulary: Vocabulary, **options: Any) -> None:
        super().__init__(*args, **options)
        self.vocabulary = vocabulary
        value: dict[str, Any] = self.instance.value if isinstance(self.instance.value, dict) else {}
        kept = {
            self.instance.subject: value.get("tag") or value.get("key", ""),
            "choices": [str(each) for each in value.get("choices", [])],
            "least": value.get("from", ""),
            "most": value.get("to", ""),
            "answer": "" if value.get("is") is None else "yes" if value["is"] else "no",
            "text": value.get("text", ""),
            "amount": value.get("amount"),
            "days": value.get("days"),
        }
        self.initial |= kept
        for subject in _CHOSEN:
            field: Any = self.fields[subject.value]
            choices = vocabulary.of(subject)
            field.choices = [("", "—"), *choices, *_gone([kept.get(subject.value)], choices)]
        several: Any = self.fields["choices"]
        groups = vocabulary.attribute_choices
        gone = _gone(kept["choices"], [choice for _, group in groups for choice in group])
        several.choices = [*groups, *([("Gone", gone)] if gone else [])]
        self.fields["attribute"].widget.attrs["data-types"] = ",".join(
            f"{key}:{attribute.type}" for key, attribute in vocabulary.attributes.items()
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if subject := cleaned.get("subject"):
            self.instance.value = self._value(subject, cleaned)
        return cleaned

    def _value(self, subject: str, cleaned: dict[str, Any]) -> dict[str, Any]:
        match subject:
            case Subject.CATEGORY | Subject.BRAND | Subject.VENDOR:
                return {"key": self._needed(subject, cleaned)}
            case Subject.TAG:
                return {"tag": self._needed(subject, cleaned)}
            case Subject.ATTRIBUTE:
                key = self._needed(subject, cleaned)
                attribute = self.vocabulary.attributes.get(key)
                return {"key": key, **(self._of_type(attribute, cleaned) if attribute else {})}
            case Subject.PRICE_BELOW | Subject.PRICE_ABOVE:
                return {"amount": str(self._needed("amount", cleaned))}
            case Subject.NEW_FOR_DAYS:
                return {"days": self._needed("days", cleaned)}
        return {}

    def _needed(self, name: str, cleaned: dict[str, Any]) -> Any:
        if cleaned.get(name) in (None, "") and name not in self.errors:
            self.add_error(name, _NEEDED)
        return cleaned.get(name, "")

    def _of_type(self, attribute: Attribute, cleaned: dict[str, Any]) -> dict[str, Any]:
        match attribute.type:
            case Attribute.Type.CHOICE | Attribute.Type.CHOICES:
                own = {str(choice.pk) for choice in attribute.choices.all()}
                chosen = cleaned.get("choices") or []
                if strange := [key for key in chosen if key not in own]:
                    kept = self.instance.value.get("choices", [])
                    if any(key not in kept for key in strange):
                        self.add_error("choices", f"Choose among those of {attribute.name}.")
                return {"choices": chosen} if chosen else {}
            case Attribute.Type.NUMBER | Attribute.Type.DATE:
                return self._range(attribute, cleaned)
            case Attribute.Type.BOOLEAN:
                answer = cleaned.get("answer")
                return {"is": answer == "yes"} if answer else {}
        text = (cleaned.get("text") or "").strip()
        return {"text": text} if text else {}

    def _range(self, attribute: Attribute, cleaned: dict[str, Any]) -> dict[str, Any]:
        is_number = attribute.type == Attribute.Type.NUMBER
        ends: dict[str, Any] = {}
        for name, key in (("least", "from"), ("most", "to")):
            written = (cleaned.get(name) or "").strip()
            if not written:
                continue
            try:
                ends[key] = read_number(written) if is_number else date.fromisoformat(written)
            except ValueError:
                self.add_error(name, "Write a number, such as 12.5." if is_number else "Write a day as 2026-12-31.")
        if "from" in ends and "to" in ends and ends["to"] < ends["from"]:
            self.add_error("most", "This must not be less than the start.")
        return {key: str(end) for key, end in ends.items()}


def read_number(written: str) -> Decimal:
    """Raises `ValueError` for what is none."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise ValueError(written) from None
    if not number.is_finite():
        raise ValueError(written)
    return number


def _gone(keys: list[Any], there: Choices) -> Choices:
    known = {key for key, _ in there}
    return [(str(key), GONE) for key in keys if key and str(key) not in known]


def key_of(value: Any) -> uuid.UUID | None:
    """The key that a rule names, if it names one."""
    try:
        return uuid.UUID(str(value.get("key", "")))
    except (AttributeError, ValueError):
        return None


class RulesPanel(InlinePanel):
    """Rules with their own form. Wagtail takes the form of an inline panel from its model alone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        fields = ("category", "brand", "vendor", "tag", "attribute", "choices", "least", "most", "answer", "text")
        panels = [
            FieldRowPanel(
                [FieldPanel("subject", heading="Look at"), FieldPanel("is_not", heading="Everything but these")]
            ),
            *(FieldPanel(name) for name in (*fields, "amount", "days")),
        ]
        super().__init__(*args, **{"panels": panels, **options})

    def get_form_options(self) -> Any:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = RuleForm
        return options
