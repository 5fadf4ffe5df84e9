"""Products in the Wagtail admin: one list and one form for both halves."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.admin.views.generic import CopyViewMixin
from wagtail.models import Locale
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, EditView, PreviewOnCreateView, SnippetViewSet

from cms.catalogue.brands import Brand
from cms.catalogue.choosing import brand_name
from cms.catalogue.collections import Collection
from cms.catalogue.identity import Product
from cms.catalogue.models import ProductContent
from cms.preview.sharing import share_button


class _SavesIdentity:
    """Writes the plain rows in the transaction that saves the content.

    Autosave is off: what is not part of the draft must change when the editor says so, not while they type.
    Reverting to an old revision takes another path and never comes here.
    """

    form: Any

    def setup(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().setup(request, *args, **options)  # type: ignore[misc]
        self.autosave_enabled = False

    def save_instance(self) -> Any:
        content = super().save_instance()  # type: ignore[misc]
        self.form.save_identity(content.product)
        return content


class ProductCreateView(_SavesIdentity, CreateView):
    def save_instance(self) -> Any:
        self.form.instance.product = Product.objects.create()
        return super().save_instance()

    def get_preview_url(self) -> str:
        return f"{super().get_preview_url()}?locale={self.locale.language_code}"


class ProductCopyView(CopyViewMixin, ProductCreateView):
    """Shows the form filled in; it is sent to the create view. Sent here it would overwrite the original."""

    http_method_names = ["get", "head", "options"]

    def get_form(self, *args: Any, **options: Any) -> Any:
        form = super().get_form(*args, **options)
        form.ask_for_kind()
        return form


class ProductEditView(_SavesIdentity, EditView):
    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, share_button(self.object)]


class ProductPreviewOnCreateView(PreviewOnCreateView):
    """Wagtail would preview a new snippet without a language; the form needs one for its categories."""

    def get_object(self) -> ProductContent:
        locale = Locale.objects.filter(language_code=self.request.GET.get("locale", "")).first()
        return ProductContent(locale=locale or Locale.get_default())


class PictureColumn(Column):
    """The first picture, small."""

    def get_value(self, content: ProductContent) -> Any:
        pictures = content.pictures
        if not pictures:
            return ""
        rendition = pictures[0].image.get_rendition("fill-80x80|format-webp")
        return format_html('<img src="{}" width="48" height="48" alt="" style="border-radius:4px">', rendition.url)


class ProductFilterSet(WagtailFilterSet):
    brand = django_filters.ModelChoiceFilter(field_name="product__brand", queryset=Brand.objects.all())
    collection = django_filters.ModelChoiceFilter(
        field_name="product__collection_items__collection", queryset=Collection.objects.all()
    )
    kind = django_filters.ChoiceFilter(field_name="product__kind", choices=Product.Kind.choices)

    class Meta:
        model = ProductContent
        fields = ["live"]


class ProductChooserViewSet(SnippetChooserViewSet):
    icon = "tag"


class ProductViewSet(SnippetViewSet):
    model = ProductContent
    icon = "tag"
    menu_label = "Products"
    menu_name = "products"
    menu_order = 150
    add_to_admin_menu = True
    add_view_class = ProductCreateView
    copy_view_class = ProductCopyView
    edit_view_class = ProductEditView
    preview_on_add_view_class = ProductPreviewOnCreateView
    chooser_viewset_class = ProductChooserViewSet
    list_display = [
        "title",
        PictureColumn("picture", label="Picture"),
        Column("brand", label="Brand", accessor=brand_name, sort_key="product__brand__name"),
        BooleanColumn("live", label="Published"),
        UpdatedAtColumn(),
    ]
    filterset_class = ProductFilterSet
    list_per_page = 50
    ordering = ["title"]
    copy_view_enabled = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return ProductContent.objects.select_related("locale", "latest_revision", "product__brand").prefetch_related(
            "gallery__image__renditions"
        )
