from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from taggit.forms import TagField
from taggit.models import Tag
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.admin.widgets.tags import AdminTagWidget

from cms.catalogue.attributing import AttributesForm
from cms.catalogue.brands import Brand, Vendor
from cms.catalogue.categories import CategoryPage
from cms.catalogue.identity import Placement, Product
from cms.catalogue.locales import default_locale
from cms.catalogue.relating import RelatedProductsField, relate, related_to

# Fields of the form that are the product's own, not its content's: columns of it, and rows beside it.
_PLAIN = ("kind", "brand", "vendor", "is_featured", "tax_class", "shipping_class", "available_from", "available_until")
_BESIDE = ("categories", "tags", "related_products")

NOT_SHIPPED = Product.ShippingClass.NONE


class ProductForm(WagtailAdminModelForm):
    """One form for both halves of a product: its content, and the plain fields of its identity.

    The content goes into a revision. `save_identity` writes the rest; only the views that save call it,
    so that a preview writes nothing.
    """

    categories = forms.ModelMultipleChoiceField(
        queryset=CategoryPage.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        label="Type",
        choices=Product.Kind.choices,
        help_text="Chosen once: a product stays what it was made as.",
    )
    brand = forms.ModelChoiceField(queryset=Brand.objects.all(), required=False, empty_label="No brand")
    vendor = forms.ModelChoiceField(
        queryset=Vendor.objects.all(), required=False, empty_label="No vendor", help_text="Who supplies it."
    )
    is_featured = forms.BooleanField(
        label="Featured", required=False, help_text="Shown where the shop presents its best, such as the home page."
    )
    tags = TagField(
        required=False,
        widget=AdminTagWidget(tag_model=Tag),
        help_text="Words of your own, to find products again and for rules of collections. Shoppers do not see them.",
    )
    related_products = RelatedProductsField(
        label="Shown beside it",
        required=False,
        help_text="In this order. With none chosen, the shop shows others of the same category.",
    )
    tax_class = forms.ChoiceField(choices=Product.TaxClass.choices)
    shipping_class = forms.ChoiceField(
        choices=Product.ShippingClass.choices,
        help_text="Decides who may carry it and at what price. Not shipped: nothing to carry, as with a gift card.",
    )
    available_from = forms.DateTimeField(required=False, widget=AdminDateTimeInput)
    available_until = forms.DateTimeField(required=False, widget=AdminDateTimeInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        categories: Any = self.fields["categories"]
        categories.queryset = CategoryPage.objects.filter(locale=self.instance.locale).order_by("path")
        categories.label_from_instance = _indented
        self.of_attributes = AttributesForm(
            self.data if self.is_bound else None,
            product=self.instance.product if self.instance.product_id else None,
            language=self.instance.locale.language_code,
            default_language=default_locale().language_code,
        )
        if self.for_user and not self.for_user.has_perm("catalogue.publish_productcontent"):
            # These take effect at once: who may only draft may only look at them.
            for name in (*_PLAIN, *_BESIDE):
                self.fields[name].disabled = True
            self.of_attributes.disable()
        if self.instance.product_id:
            self._show(self.instance.product)
            self.fields["kind"].disabled = True
        else:
            ordinary = Product()
            for name in ("kind", "tax_class", "shipping_class"):
                self.initial.setdefault(name, getattr(ordinary, name))

    def _show(self, product: Product) -> None:
        keys = product.placements.values_list("category_key", flat=True)
        self.initial |= {
            "categories": list(
                CategoryPage.objects.filter(translation_key__in=keys, locale=self.instance.locale).values_list(
                    "pk", flat=True
                )
            ),
            "tags": list(product.tags.all()),
            "related_products": related_to(product),
            **{name: getattr(product, name) for name in _PLAIN},
        }

    def ask_for_kind(self) -> None:
        """For a copy: it shows an existing product, but will be a new one. Whose word counts for tax counts here."""
        self.fields["kind"].disabled = self.fields["tax_class"].disabled

    @property
    def media(self) -> Any:
        return super().media + self.of_attributes.media

    def is_valid(self) -> bool:
        # Both are asked, so that all that is wrong is shown at once.
        return all([super().is_valid(), self.of_attributes.is_valid() or not self.of_attributes.is_bound])

    def has_changed(self) -> bool:
        return bool(super().has_changed()) or self.of_attributes.has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        opens, closes = cleaned.get("available_from"), cleaned.get("available_until")
        if opens and closes and closes <= opens:
            raise ValidationError({"available_until": "This must be later than the start."})
        if cleaned.get("kind") == Product.Kind.GIFT_CARD:
            self._check_gift_card(cleaned)
        if cleaned.get("kind") == Product.Kind.DIGITAL and cleaned.get("shipping_class") not in (None, NOT_SHIPPED):
            raise ValidationError({"shipping_class": "No parcel carries a file: choose Not shipped."})
        return cleaned

    def _check_gift_card(self, cleaned: dict[str, Any]) -> None:
        """A gift card buys goods of any rate in any country: tax is due when it is spent, not when it is sold.

        Source: Directive 2006/112/EC, articles 30a and 30b(2), multi-purpose vouchers.
        """
        if cleaned.get("tax_class") not in (None, Product.TaxClass.ZERO):
            raise ValidationError({"tax_class": "A gift card is taxed when it is spent: choose Zero."})

    def clean_related_products(self) -> list[Product]:
        related: list[Product] = self.cleaned_data["related_products"]
        if any(each.pk == self.instance.product_id for each in related):
            raise ValidationError("A product is not shown beside itself.")
        return related

    def save_identity(self, product: Product) -> None:
        """Write the plain fields and the rows beside the product as the form says."""
        for name in _PLAIN:
            written = self.cleaned_data[name]
            setattr(product, name, None if written == "" else written)
        product.save()
        product.tags.set(self.cleaned_data["tags"])
        relate(product=product, related=self.cleaned_data["related_products"])
        self._save_placements(product)

    def _save_placements(self, product: Product) -> None:
        wanted = {category.translation_key for category in self.cleaned_data["categories"]}
        in_locale = CategoryPage.objects.filter(locale=self.instance.locale).values("translation_key")
        current = product.placements.filter(category_key__in=in_locale)
        current.exclude(category_key__in=wanted).delete()
        kept = set(current.values_list("category_key", flat=True))
        for key in wanted - kept:
            last = Placement.objects.filter(category_key=key).order_by("-position").values_list("position", flat=True)
            Placement.objects.create(product=product, category_key=key, position=(last.first() or 0) + 1)
        self.of_attributes.save(product)


def _indented(category: CategoryPage) -> str:
    return f"{'— ' * (category.depth - 3)}{category.title}"
