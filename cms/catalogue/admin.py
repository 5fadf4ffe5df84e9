"""Products in the Wagtail admin: one form for both halves. The list is the desk's, which knows prices and stock."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BooleanColumn, LiveStatusTagColumn
from wagtail.admin.views.generic import CopyViewMixin
from wagtail.models import Locale
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, EditView, PreviewOnCreateView, SnippetViewSet

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


class _NotArchived:
    def get_object_list(self) -> Any:
        return super().get_object_list().filter(product__archived_at=None)  # type: ignore[misc]

    @property
    def columns(self) -> list[Any]:
        """Wagtail's tag for the status asks the database for each row."""
        columns = super().columns  # type: ignore[misc]
        kept = [each for each in columns if not isinstance(each, LiveStatusTagColumn)]
        return [*kept, BooleanColumn("live", label="Published")]


class _Choose(_NotArchived, ChooseView):
    pass


class _ChooseResults(_NotArchived, ChooseResultsView):
    pass


class ProductChooserViewSet(SnippetChooserViewSet):
    icon = "tag"
    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults


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
    list_per_page = 50
    ordering = "title"
    copy_view_enabled = True
