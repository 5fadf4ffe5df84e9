"""The form of a category: its page, and beside it the attributes that its products are asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.models import Page

from cms.catalogue.vocabulary import Attribute, CategoryAttribute


class CategoryForm(WagtailAdminPageForm):
    """A category's page and its attribute set. The set is no part of the draft: see `save_attribute_set`."""

    attributes = forms.ModelMultipleChoiceField(
        queryset=Attribute.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["attributes"]
        above = self.instance if self.instance.pk else self.parent_page
        from_above = inherited(above, inclusive=not self.instance.pk) if above else {}
        if from_above:
            told = ", ".join(f"{attribute} (from {category})" for attribute, category in from_above.items())
            field.help_text = f"Products of this category also have: {told}."
        own = set(
            CategoryAttribute.objects.filter(category_key=self.instance.translation_key).values_list(
                "attribute", flat=True
            )
        )
        field.queryset = Attribute.objects.exclude(pk__in={each.pk for each in from_above} - own)
        field.disabled = not self._may_publish()
        self.initial["attributes"] = list(own)

    def _may_publish(self) -> bool:
        """What takes effect at once is for who may publish; others look at it."""
        if self.for_user is None or (self.instance.pk is None and self.parent_page is None):
            return True
        if self.instance.pk:
            return bool(self.instance.permissions_for_user(self.for_user).can_publish())
        return bool(self.parent_page.permissions_for_user(self.for_user).can_publish_subpage())

    def save(self, commit: bool = True) -> Any:
        page = super().save(commit=commit)
        page.chosen_attributes = None if self.fields["attributes"].disabled else self.cleaned_data["attributes"]
        return page


def save_attribute_set(page: Any) -> None:
    """Write the set that the form of this page was sent with, for all languages of the category."""
    chosen = getattr(page, "chosen_attributes", None)
    if chosen is None:
        return
    wanted = {attribute.pk for attribute in chosen}
    own = CategoryAttribute.objects.filter(category_key=page.translation_key)
    own.exclude(attribute__in=wanted).delete()
    kept = set(own.values_list("attribute", flat=True))
    CategoryAttribute.objects.bulk_create(
        [CategoryAttribute(category_key=page.translation_key, attribute_id=key) for key in wanted - kept],
        ignore_conflicts=True,
    )


def inherited(page: Page, *, inclusive: bool) -> dict[Attribute, str]:
    """What the categories above this page ask for, each with the title of one that does; with its own if inclusive."""
    above = Page.objects.ancestor_of(page, inclusive=inclusive)
    titles = dict(above.values_list("translation_key", "title"))
    rows = CategoryAttribute.objects.filter(category_key__in=titles).select_related("attribute")
    return {row.attribute: titles[row.category_key] for row in rows}
