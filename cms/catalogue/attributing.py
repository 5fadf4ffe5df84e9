"""The attributes on the form of a product: one typed field for each that the product's categories ask for.

A value whose attribute no category of the product asks for any more is kept: the form tells of it, shoppers do not see
it, and it is there again when the product comes back to such a category.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from wagtail.admin.panels import Panel
from wagtail.admin.telepath import register as register_telepath_adapter
from wagtail.admin.widgets import AdminDateInput

from cms.catalogue.attribute_sets import attributes_within
from cms.catalogue.identity import Product
from cms.catalogue.vocabulary import Attribute, AttributeValue

SHOWN = "attributes_shown"
"""Names the attributes that a form was shown with: what it did not show, it does not empty."""

_COLUMNS: dict[str, str] = {
    Attribute.Type.TEXT: "text",
    Attribute.Type.NUMBER: "number",
    Attribute.Type.BOOLEAN: "boolean",
    Attribute.Type.DATE: "date",
}
_WITH_CHOICES = (Attribute.Type.CHOICE, Attribute.Type.CHOICES)


class AttributesForm(forms.Form):
    """The attributes of one product. Sent together with its other form.

    In another language than the default one a text attribute is that language's text, which needs the text of the
    default language to stand in for; all the other types are the same in every language.
    """

    def __init__(
        self, *args: Any, product: Product | None, language: str, default_language: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.language = "" if language == default_language else language
        self.values: dict[uuid.UUID, list[AttributeValue]] = defaultdict(list)
        self.attributes: list[Attribute] = []
        self.left_over: list[str] = []
        if product is not None:
            self._load(product)

    def _load(self, product: Product) -> None:
        for value in product.attribute_values.select_related("attribute", "choice"):
            self.values[value.attribute_id].append(value)
        asked = list(attributes_within(product.placements.values_list("category_key", flat=True)))
        self.left_over = [
            f"{values[0].attribute}: {', '.join(map(in_words, values))}"
            for key, values in self.values.items()
            if key not in {attribute.pk for attribute in asked}
        ]
        if self.is_bound:
            sent: Any = self.data
            shown = set(sent.getlist(SHOWN))
            asked = [attribute for attribute in asked if str(attribute.pk) in shown]
        self.attributes = asked
        for attribute in asked:
            self.fields[_name(attribute)] = self._field(attribute)
            self.initial[_name(attribute)] = self._initial(attribute)

    def shown(self) -> list[Any]:
        return [self[_name(attribute)] for attribute in self.attributes]

    def disable(self) -> None:
        for attribute in self.attributes:
            self.fields[_name(attribute)].disabled = True

    def _field(self, attribute: Attribute) -> forms.Field:
        label = f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name
        options: dict[str, Any] = {"label": label, "required": False}
        choices = [(str(choice.pk), choice.name) for choice in attribute.choices.all()]
        match attribute.type:
            case Attribute.Type.NUMBER:
                return forms.DecimalField(max_digits=14, decimal_places=4, **options)
            case Attribute.Type.CHOICE:
                return forms.ChoiceField(choices=[("", "—"), *choices], **options)
            case Attribute.Type.CHOICES:
                return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)
            case Attribute.Type.BOOLEAN:
                return forms.NullBooleanField(**options)
            case Attribute.Type.DATE:
                return forms.DateField(widget=AdminDateInput, **options)
        field = forms.CharField(max_length=500, **options)
        if self.language:
            base = next(iter(self.values[attribute.pk]), None)
            field.disabled = base is None
            field.help_text = (
                f"In the default language: {base.text}" if base else "Write it in the default language first."
            )
        return field

    def _initial(self, attribute: Attribute) -> Any:
        values = self.values[attribute.pk]
        if attribute.type == Attribute.Type.CHOICES:
            return [str(value.choice_id) for value in values]
        if not values:
            return None
        [value, *_] = values
        if attribute.type == Attribute.Type.CHOICE:
            return str(value.choice_id)
        if attribute.type == Attribute.Type.TEXT and self.language:
            return value.words.get(self.language, {}).get("text", "")
        written = getattr(value, _COLUMNS[attribute.type])
        return plain(written) if isinstance(written, Decimal) else written

    def save(self, product: Product) -> None:
        """Write what the form says of the attributes that it showed; only what differs is written."""
        for attribute in self.attributes:
            if self.fields[_name(attribute)].disabled:
                continue
            wanted = self.cleaned_data[_name(attribute)]
            if attribute.type in _WITH_CHOICES:
                self._save_choices(product, attribute, [wanted] if isinstance(wanted, str) else wanted)
            elif attribute.type == Attribute.Type.TEXT and self.language:
                self._save_words(attribute, wanted)
            else:
                self._save_value(product, attribute, wanted)

    def _save_choices(self, product: Product, attribute: Attribute, wanted: list[str]) -> None:
        rows = AttributeValue.objects.filter(product=product, attribute=attribute)
        chosen = {int(key) for key in wanted if key}
        rows.exclude(choice__in=chosen).delete()
        for key in sorted(chosen.difference(rows.values_list("choice", flat=True))):
            AttributeValue.objects.get_or_create(product=product, attribute=attribute, choice_id=key)

    def _save_value(self, product: Product, attribute: Attribute, wanted: Any) -> None:
        column = _COLUMNS[attribute.type]
        if wanted is None or wanted == "":
            AttributeValue.objects.filter(product=product, attribute=attribute).delete()
        elif all(getattr(value, column) != wanted for value in self.values[attribute.pk]):
            AttributeValue.objects.update_or_create(
                product=product, attribute=attribute, choice=None, defaults={column: wanted}
            )

    def _save_words(self, attribute: Attribute, wanted: str) -> None:
        for value in self.values[attribute.pk]:
            words = {code: said for code, said in value.words.items() if code != self.language}
            value.words = {**words, self.language: {"text": wanted}} if wanted else words
            value.save(update_fields=["words"])


def in_words(value: AttributeValue) -> str:
    """A value as staff read it, in the default language."""
    if value.choice:
        return value.choice.name
    if value.boolean is not None:
        return "Yes" if value.boolean else "No"
    if value.date is not None:
        return date_format(value.date)
    if value.number is not None:
        return f"{plain(value.number)} {value.attribute.unit}".strip()
    return value.text


def plain(number: Decimal) -> Decimal:
    """12.5 for 12.5000, and 1200 rather than 1.2E+3."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _name(attribute: Attribute) -> str:
    return f"attribute_{attribute.pk.hex}"


class AttributesPanel(Panel):
    """Shows whatever attributes the form has by now; which those are, the product's categories say."""

    @register_telepath_adapter
    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/attributes_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            fields: AttributesForm = self.form.of_attributes
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {
                "fields": fields.shown(),
                "shown": [str(attribute.pk) for attribute in fields.attributes],
                "shown_name": SHOWN,
                "left_over": fields.left_over,
                "is_new": not self.instance.product_id,
            }
