"""The products beside a product, in the order in which a merchandiser put them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.staticfiles import versioned_static

from cms.catalogue.identity import Product, RelatedProduct

MOST_RELATED = 12


def related_to(product: Product) -> list[uuid.UUID]:
    """The keys, in order."""
    return list(product.related_products.values_list("related", flat=True))


def relate(*, product: Product, related: Sequence[Product]) -> None:
    """Set what is beside the product. What stays keeps its row."""
    RelatedProduct.objects.filter(product=product).exclude(related__in=related).delete()
    for position, each in enumerate(related):
        RelatedProduct.objects.update_or_create(product=product, related=each, defaults={"position": position})


def _chooser() -> Any:
    """The chooser is of contents, whose form has this field: it can be had only once both are there."""
    from cms.catalogue.choosing import ProductChooser

    return ProductChooser()


class ProductsWidget(forms.Widget):
    """Wagtail's product chooser as often as wanted, under one name: the order on the page is the order that is sent."""

    template_name = "catalogue/products_widget.html"
    is_required = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [key for key in data.getlist(name) if key] if hasattr(data, "getlist") else list(data.get(name) or [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = list(value or [])
        places = [*chosen, *[None] * (0 if self._is_disabled(attrs) else MOST_RELATED - len(chosen))]
        first = (attrs or {}).get("id", f"id_{name}")
        context["places"] = [
            {"chooser": _chooser().render(name, key, {"id": f"{first}_{place}"}), "is_chosen": key is not None}
            for place, key in enumerate(places)
        ]
        context["is_disabled"] = self._is_disabled(attrs)
        return context

    def _is_disabled(self, attrs: Any) -> bool:
        return bool((attrs or {}).get("disabled"))

    @property
    def media(self) -> forms.Media:
        media: forms.Media = _chooser().media
        return media + forms.Media(
            css={"all": [versioned_static("catalogue/products_widget.css")]},
            js=[versioned_static("catalogue/products_widget.js")],
        )


class RelatedProductsField(forms.Field):
    """Its value is the products, in order and each once."""

    widget = ProductsWidget

    def to_python(self, value: Any) -> list[Product]:
        keys: dict[uuid.UUID, None] = {}
        for written in value or []:
            try:
                keys[uuid.UUID(str(written))] = None
            except ValueError:
                raise ValidationError("One of these is no product.") from None
        if len(keys) > MOST_RELATED:
            raise ValidationError(f"At most {MOST_RELATED} products.")
        found = Product.objects.in_bulk(list(keys))
        if len(found) < len(keys):
            raise ValidationError("One of these products is gone. Choose it again.")
        return [found[key] for key in keys]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and [str(each) for each in initial or []] != [str(each) for each in data or []]
