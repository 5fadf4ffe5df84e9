"""Collections in the Wagtail admin. They have no drafts: changes take effect when they are saved.

How products are put in is chosen once: what was put in by hand would be lost to rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.telepath import register as register_telepath_adapter
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.slug import SlugInput
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from cms.catalogue.choosing import ProductChooser, contents_to_choose
from cms.catalogue.collections import Collection
from cms.catalogue.counting import ProductCountColumn
from cms.catalogue.ruling import RulesPanel, Vocabulary

SHOWN_OF_WHAT_IT_FINDS = 12


class FindingsPanel(Panel):
    """What the rules have found, as shoppers see it now."""

    @register_telepath_adapter
    class BoundPanel(Panel.BoundPanel):
        template_name = "catalogue/what_it_finds.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            keys = list(self.instance.items.values_list("product", flat=True))
            shown = keys[:SHOWN_OF_WHAT_IT_FINDS]
            titles = dict(contents_to_choose().filter(product__in=shown).values_list("product", "title"))
            return context | {
                "count": len(keys),
                "more": len(keys) - len(shown),
                "titles": [titles[key] for key in shown if key in titles],
                "collection": self.instance,
            }


class CollectionForm(WagtailAdminModelForm):
    formsets: dict[str, Any]

    class Media:
        js = ["catalogue/ruling.js"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "method" in self.fields:
            self.fields["method"].widget = forms.RadioSelect(choices=Collection.Method.choices)
        for name in ("match", "order"):
            if name in self.fields:
                # Hidden, and of no meaning, where products are put in by hand.
                self.fields[name].required = False
        if "rules" in self.formsets:
            self.formsets["rules"].form_kwargs["vocabulary"] = Vocabulary.load()

    def clean_match(self) -> str:
        return self.cleaned_data["match"] or Collection.Match.ALL

    def clean_order(self) -> str:
        return self.cleaned_data["order"] or Collection.Order.NEWEST

    def is_valid(self) -> bool:
        """Only what the chosen method asks for is looked at: the other half of a new collection's form is hidden."""
        with self._of_the_method():
            return bool(super().is_valid())

    def save(self, commit: bool = True) -> Any:
        with self._of_the_method():
            return super().save(commit=commit)

    @contextmanager
    def _of_the_method(self) -> Iterator[None]:
        everything: dict[str, Any] = dict(self.formsets)
        if self.is_bound and "method" in self.fields:
            by_rules = self.data.get("method") == Collection.Method.RULES
            for name in ("items",) if by_rules else ("rules", "pins"):
                self.formsets.pop(name, None)
        try:
            yield
        finally:
            self.formsets = everything


_WORDS = ObjectList(
    [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("introduction", help_text="Shown above the products."),
        FieldPanel("image"),
        FieldPanel("words", heading="In other languages"),
    ],
    heading="Content",
)
_ADDRESS = ObjectList(
    [
        FieldPanel("slug", widget=SlugInput, help_text="The collection's address in the shop: /collections/slug"),
        FieldPanel("seo_title"),
        FieldPanel("seo_description"),
    ],
    heading="Address & search",
)


def _by_hand() -> Any:
    return MultipleChooserPanel(
        "items",
        chooser_field_name="product",
        panels=[FieldPanel("product", widget=ProductChooser)],
        heading="Products",
        label="Product",
        help_text="In the order in which the shop shows them. Changes take effect when you save.",
        attrs={"data-method": Collection.Method.MANUAL.value},
    )


def _by_rules() -> Any:
    return MultiFieldPanel(
        [
            FieldPanel("match"),
            RulesPanel("rules", label="Rule", heading="Rules"),
            FieldPanel("order"),
            InlinePanel(
                "pins",
                panels=[FieldPanel("product", widget=ProductChooser), FieldPanel("place")],
                label="Product",
                heading="First and last",
                help_text="Products with a place of their own, whatever the order says.",
            ),
        ],
        heading="Found by rules",
        help_text="Worked out when you save, and every minute. Archived products are never found.",
        attrs={"data-method": Collection.Method.RULES.value},
    )


def _form(*of_products: Any) -> TabbedInterface:
    products = ObjectList(list(of_products), heading="Products")
    return TabbedInterface([_WORDS, products, _ADDRESS], base_form_class=CollectionForm)


_METHOD = FieldPanel("method", help_text="Chosen once: a collection stays what it was made as.")
_NEW = _form(_METHOD, _by_hand(), _by_rules())
_MANUAL = _form(_by_hand()).bind_to_model(Collection)
_RULES = _form(FindingsPanel(), _by_rules()).bind_to_model(Collection)


class CollectionEditView(EditView):
    def get_panel(self) -> Any:
        """What rules find is not in the form: it may change while somebody has the form open."""
        return _RULES if self.object.method == Collection.Method.RULES else _MANUAL


class CollectionViewSet(SnippetViewSet):
    model = Collection
    icon = "list-ul"
    menu_label = "Collections"
    menu_name = "collections"
    edit_handler = _NEW
    edit_view_class = CollectionEditView
    list_display = ["name", "slug", Column("method", accessor="get_method_display"), ProductCountColumn("collection")]
    list_filter = ["method"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Collection.objects.annotate(product_count=Count("items"))
