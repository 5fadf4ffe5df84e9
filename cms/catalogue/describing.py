"""Attributes in the Wagtail admin: what products of a category are compared by."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.slug import SlugInput
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.catalogue.counting import ProductCountColumn
from cms.catalogue.keeping import counted, products_with
from cms.catalogue.vocabulary import Attribute, AttributeChoice, AttributeValue

_WITH_CHOICES = (Attribute.Type.CHOICE, Attribute.Type.CHOICES)


class AttributeForm(WagtailAdminModelForm):
    """Keeps what products have: neither the type nor a choice changes under them."""

    def clean_type(self) -> str:
        wanted: str = self.cleaned_data["type"]
        if self.instance.pk and wanted != self.initial.get("type", wanted):
            many = products_with(self.instance)
            if many:
                have = counted(many, "product has", "products have")
                raise ValidationError(f"{have} a value of this type: it can no longer change. Make another attribute.")
        return wanted

    def is_valid(self) -> bool:
        valid: bool = super().is_valid()
        return self._choices_are_valid() and valid

    def _choices_are_valid(self) -> bool:
        rows = [form for form in self.formsets["choices"].forms if hasattr(form, "cleaned_data")]
        gone = [form for form in rows if form.cleaned_data.get("DELETE")]
        kept = [form for form in rows if (form not in gone and form.has_changed()) or form.instance.pk]
        for form in gone:
            if form.instance.pk and (many := _products_with_choice(form.instance)):
                have = counted(many, "product has", "products have")
                self.add_error(None, f"“{form.instance}” cannot be taken away: {have} it. Change them first.")
        if self.cleaned_data.get("type") not in _WITH_CHOICES and any(form not in gone for form in kept):
            self.add_error("type", "Only “One choice” and “Several choices” have choices: take the choices away first.")
        return not self.errors

    def save(self, commit: bool = True) -> Any:
        """A choice is coded after its first name and keeps that code, for addresses hold it."""
        formset = self.formsets["choices"]
        taken = {form.instance.code for form in formset.forms}
        for form in formset.forms:
            choice: AttributeChoice = form.instance
            if not choice.code and choice.name:
                choice.code = _free(slugify(choice.name) or "choice", taken)
                taken.add(choice.code)
        return super().save(commit=commit)


def _products_with_choice(choice: AttributeChoice) -> int:
    return AttributeValue.objects.filter(choice=choice).values("product").distinct().count()


def _free(code: str, taken: set[str]) -> str:
    code = code[:45]
    return next(each for each in (code, *(f"{code}-{number}" for number in range(2, 10_000))) if each not in taken)


class AttributeViewSet(SnippetViewSet):
    model = Attribute
    icon = "list-ul"
    menu_label = "Attributes"
    menu_name = "attributes"
    edit_handler = ObjectList(
        [
            TitleFieldPanel("name", targets=["code"]),
            FieldPanel("code", widget=SlugInput),
            FieldPanel("type", help_text="Fixed as soon as a product has a value."),
            FieldPanel("unit"),
            InlinePanel(
                "choices",
                panels=[FieldPanel("name"), FieldPanel("words", heading="In other languages")],
                heading="Choices",
                label="Choice",
                help_text="For “One choice” and “Several choices”, in the order in which forms and filters show them.",
            ),
            FieldPanel("words", heading="In other languages"),
            FieldPanel("is_facet"),
            FieldPanel("position", help_text="The lowest is shown first."),
        ],
        base_form_class=AttributeForm,
    )
    list_display = ["name", "code", Column("type", accessor="get_type_display"), "unit", ProductCountColumn()]
    list_filter = ["type", "is_facet"]
    search_fields = ["name", "code"]
    ordering = ["position", "name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Attribute.objects.annotate(product_count=Count("product_values__product", distinct=True))
