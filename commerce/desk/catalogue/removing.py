"""Wagtail's pages to unpublish and to delete, which tell where the product is shown; and what is kept from deletion."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.models import Locale
from wagtail.snippets.views.snippets import DeleteView, UnpublishView

from cms.catalogue import withdrawing
from cms.catalogue.models import Product, ProductContent
from commerce.desk.catalogue.deleting import reasons_to_keep
from commerce.desk.catalogue.shown import where_shown


class _TellsWhere:
    object: ProductContent

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        product = self.object.product_id
        return super().get_context_data(  # type: ignore[misc]
            **context,
            shown=where_shown([product]),
            shown_url=reverse("desk_product_shown", args=[product]),
            deleted=_what_goes(self.object),
        )


class ProductUnpublishView(_TellsWhere, UnpublishView):
    template_name = "desk/catalogue/confirm_unpublish.html"

    def get_usage_url(self) -> None:
        """Wagtail's count knows pages alone."""


class ProductDeleteView(_TellsWhere, DeleteView):
    template_name = "desk/catalogue/confirm_delete.html"


def _goes_whole(content: ProductContent) -> bool:
    """With its content in the shop's own language, or with the last there is, the product itself goes."""
    others = ProductContent.objects.filter(product=content.product_id).exclude(pk=content.pk)
    return content.locale_id == Locale.get_default().pk or not others.exists()


def _what_goes(content: ProductContent) -> str:
    if _goes_whole(content):
        return f"“{content.title}” with its variants, in every language"
    return f"the words and pictures of “{content.title}” in this language; the product stays"


def keep_what_was_sold(request: HttpRequest, objects: Sequence[Any]) -> HttpResponse | None:
    """Send whoever would delete products that commerce knows to the page that archives them, with the reason."""
    contents = [each for each in objects if isinstance(each, ProductContent)]
    whole = {each.product_id: each for each in contents if _goes_whole(each)}
    kept = reasons_to_keep(whole)
    for key, reasons in kept.items():
        words = f"“{whole[key].title}” cannot be deleted: {_listed(reasons)} refer to it. Archive it instead."
        messages.error(request, words, buttons=[messages.button(_archive_url(key), "Archive")])
    if not kept:
        request.products_to_delete = list(whole)  # type: ignore[attr-defined]
        return None
    return redirect(_archive_url(next(iter(kept)))) if len(contents) == 1 else redirect(_list_url())


def delete_whole(request: HttpRequest, objects: Sequence[Any]) -> None:
    """Nobody would find a product without a word about it."""
    for product in Product.objects.filter(pk__in=getattr(request, "products_to_delete", ())):
        withdrawing.delete(product)


def _listed(reasons: list[str]) -> str:
    return reasons[0] if len(reasons) == 1 else f"{', '.join(reasons[:-1])} and {reasons[-1]}"


def _archive_url(product: uuid.UUID) -> str:
    return reverse("desk_product_archive", args=[product])


def _list_url() -> str:
    return reverse("wagtailsnippets_catalogue_productcontent:list")
