"""What the product form sends, and where it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.blocks.story import TEXT_FEATURES
from cms.catalogue.models import Brand, CategoryPage, ProductContent
from cms.images.models import ShopImage

PUBLISH = {"action-publish": "Publish"}


def product_url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_catalogue_productcontent:{name}", args=args)


def story(paragraph: str = "<p>Blown by <b>hand</b>.</p>", *, picture: ShopImage | None = None) -> dict[str, Any]:
    blocks: list[tuple[str, Any]] = [("heading", "Glass"), ("paragraph", rich_text(paragraph, features=TEXT_FEATURES))]
    if picture is not None:
        blocks.append(
            (
                "image",
                {"image": {"image": picture.pk, "decorative": "", "alt_text": "A furnace"}, "caption": "The works"},
            )
        )
    return streamfield(blocks)


def product_form(
    *,
    title: str = "Moss Lamp",
    slug: str = "moss-lamp",
    pictures: list[ShopImage] | None = None,
    content: ProductContent | None = None,
    categories: list[CategoryPage] | None = None,
    available_from: datetime | None = None,
    available_until: datetime | None = None,
    go_live_at: datetime | None = None,
    tax_class: str = "standard",
    shipping_class: str = "standard",
    kind: str = "goods",
    brand: Brand | None = None,
    related_products: list[str] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The form as a browser sends it. With `content`, the pictures it has are kept."""
    kept = content.pictures if content else []
    gallery = [{"id": row.pk, "image": row.image_id, "alt_text": row.alt_text} for row in kept]
    gallery += [{"id": "", "image": image.pk, "alt_text": f"Seen: {image.title}"} for image in pictures or []]
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "summary": "Light for a desk",
            "seo_title": "",
            "seo_description": "",
            "story": story(),
            "gallery": inline_formset(gallery, initial=len(kept)),
            "documents": inline_formset([]),
            "kind": kind,
            "brand": str(brand.pk) if brand else "",
            "tax_class": tax_class,
            "shipping_class": shipping_class,
            "available_from": _written(available_from),
            "available_until": _written(available_until),
            "go_live_at": _written(go_live_at),
            "expire_at": "",
            **fields,
        }
    ) | {
        "categories": [str(category.pk) for category in categories or []],
        "related_products": related_products or [],
    }


def add_product(browser: Client, *, publish: bool = False, **form: Any) -> ProductContent:
    answer = browser.post(product_url("add"), product_form(**form) | (PUBLISH if publish else {}))
    assert answer.status_code == 302, errors_of(answer)
    return ProductContent.objects.get(slug=form.get("slug", "moss-lamp"))


def edit_product(browser: Client, content: ProductContent, *, publish: bool = False, **form: Any) -> ProductContent:
    """Save a draft of this content, or publish it; what is not said is as `product_form` has it."""
    draft = content.get_latest_revision_as_object()
    data = product_form(content=draft, **form) | (PUBLISH if publish else {})
    answer = browser.post(product_url("edit", content.pk), data)
    assert answer.status_code == 302, errors_of(answer)
    return ProductContent.objects.get(pk=content.pk)


def errors_of(answer: HttpResponse) -> dict[str, Any]:
    """The errors of the form that was shown again."""
    form = answer.context["form"]  # type: ignore[attr-defined]
    return dict(form.errors) | {name: each.errors for name, each in form.formsets.items() if each.is_bound}


def _written(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""
