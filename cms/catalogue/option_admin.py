"""Options in the Wagtail admin: in what variants differ, with the values there are to choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.catalogue.naming import Renaming, rename, uses
from cms.catalogue.vocabulary import Option

_SHOWN_IN_LIST = 12


class SwatchInput(forms.TextInput):
    """A colour to choose beside the same colour to write."""

    template_name = "catalogue/swatch.html"

    class Media:
        js = ["catalogue/swatch.js"]
        css = {"all": ["catalogue/swatch.css"]}


class OptionForm(WagtailAdminModelForm):
    """Variants carry the names, so a name that changes does so at them, and one that they have cannot go."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = self.instance if self.instance.pk and not self.instance._state.adding else None
        self.name_before = kept.name if kept else ""
        self.values_before: dict[Any, str] = dict(kept.values.values_list("pk", "name")) if kept else {}

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        self._check_values()
        return not self.errors

    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            option = super().save(commit=commit)
            if self.name_before:
                rename(Renaming(self.name_before, option.name, self._renamed()))
        return option

    def _check_values(self) -> None:
        if not self.name_before:
            return
        rows = self.formsets["values"].deleted_forms
        gone = [self.values_before[form.instance.pk] for form in rows if form.instance.pk in self.values_before]
        counts = uses(self.name_before) if gone else {}
        for name in gone:
            if counts.get(name):
                self.add_error(None, f"{name} cannot be deleted: {_variants(counts[name])} it. Change them first.")
        renamed = self._renamed()
        for new in renamed.values():
            if new in self.values_before.values():
                self.add_error(
                    None, f"Another value has been called {new} until now. Give that one its new name first."
                )

    def _renamed(self) -> dict[str, str]:
        rows = self.formsets["values"].forms
        now = {form.instance.pk: form.cleaned_data.get("name", "") for form in rows if form.instance.pk}
        deleted = {form.instance.pk for form in self.formsets["values"].deleted_forms}
        return {
            name: now[key]
            for key, name in self.values_before.items()
            if key not in deleted and now.get(key) and now[key] != name
        }


class ValuesColumn(Column):
    """The first values."""

    def get_value(self, option: Option) -> str:
        names = [each.name for each in option.values.all()]
        return ", ".join(names[:_SHOWN_IN_LIST]) + (" …" if len(names) > _SHOWN_IN_LIST else "")


class OptionViewSet(SnippetViewSet):
    model = Option
    icon = "resubmit"
    menu_label = "Options"
    menu_name = "options"
    edit_handler = ObjectList(
        [
            FieldPanel("name", help_text="Such as Colour. Renaming it renames it at every variant."),
            FieldPanel("words"),
            InlinePanel(
                "values",
                panels=[
                    FieldPanel("name"),
                    FieldPanel("words"),
                    FieldPanel("swatch", widget=SwatchInput),
                    FieldPanel("image", heading="Picture", help_text="Shown in place of the colour, such as a cloth."),
                ],
                heading="Values",
                label="Value",
                help_text="In the order in which shoppers see them.",
            ),
            FieldPanel("position", help_text="Options with lower numbers come first."),
        ],
        base_form_class=OptionForm,
    )
    list_display = ["name", ValuesColumn("first_values", label="Values")]
    search_fields = ["name"]
    ordering = ["position", "name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Option]:
        return Option.objects.prefetch_related("values")


def _variants(count: int) -> str:
    return "1 variant has" if count == 1 else f"{count} variants have"
