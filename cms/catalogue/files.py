"""Files that buyers of digital products download, in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_delete
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.catalogue.choosing import ProductChooser
from cms.catalogue.identity import DigitalFile, Product
from cms.catalogue.queries import product_title


class DigitalFileForm(WagtailAdminModelForm):
    file = forms.FileField(
        # Django's other widget would link to the file, which has no address.
        widget=forms.FileInput,
        help_text="Buyers get it as it is. Another file takes the place of this one for earlier buyers too.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # It has a key before it has a row.
        self.kept = "" if self.instance._state.adding else self.instance.file.name
        if self.kept:
            self.fields["file"].required = False
            self.fields["product"].disabled = True

    def clean_product(self) -> Product:
        product: Product = self.cleaned_data["product"]
        if product.kind != Product.Kind.DIGITAL:
            raise ValidationError("This product is not digital: nobody would get the file.")
        return product

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > settings.DOWNLOAD_MAX_BYTES:
            raise ValidationError(f"A file may have {filesizeformat(settings.DOWNLOAD_MAX_BYTES)} at most.")
        return file

    def save(self, commit: bool = True) -> Any:
        self.instance.bytes = self.instance.file.size
        saved = super().save(commit)
        if self.kept and self.kept != saved.file.name:
            delete_file(saved.file.storage, self.kept)
        return saved


def delete_file(storage: Any, name: str) -> None:
    """Once it is certain that no row names it any more."""
    transaction.on_commit(lambda: storage.delete(name))


def forget_files_of_deleted_rows() -> None:
    """Called once, when the app is ready."""
    post_delete.connect(_forget, sender=DigitalFile, dispatch_uid="cms.catalogue.files")


def _forget(*, instance: DigitalFile, **sent: Any) -> None:
    delete_file(instance.file.storage, str(instance.file.name))


class DigitalFileViewSet(SnippetViewSet):
    model = DigitalFile
    icon = "download"
    menu_label = "Downloads"
    menu_name = "downloads"
    edit_handler = ObjectList(
        [FieldPanel("product", widget=ProductChooser), FieldPanel("name"), FieldPanel("file")],
        base_form_class=DigitalFileForm,
    )
    list_display = [
        "name",
        Column("product_title", label="Product"),
        Column("bytes", label="Size", accessor=lambda file: filesizeformat(file.bytes), sort_key="bytes"),
    ]
    search_fields = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        return DigitalFile.objects.annotate(product_title=product_title("product"))
