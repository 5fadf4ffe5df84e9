"""The page of a product's variants as a browser knows it."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from cms.catalogue.models import Variant
from commerce.desk.variants.rows import Row
from commerce.desk.variants.sheet import Sheet

Sent = dict[str, Any]


def address(variant: Variant, **query: str) -> str:
    found = reverse("desk_selling", args=[variant.product_id])
    return f"{found}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else found


def opened(browser: Client, variant: Variant, **query: str) -> Sheet:
    """What the page shows now."""
    sheet: Sheet = browser.get(address(variant, **query)).context["sheet"]
    return sheet


def row(browser: Client, variant: Variant, *, query: dict[str, str] | None = None, **typed: str) -> Sent:
    """The row of a variant as the page shows it now, with what the merchandiser types; `Colour` names an option."""
    sheet = opened(browser, variant, **(query or {}))
    shown = Row("", sheet, variant.pk)
    names = {each.option: each.name for each in sheet.options}
    words = {names.get(name, name): value for name, value in typed.items()}
    return {"id": str(variant.pk), "shown": shown.carried, **json.loads(shown.carried), **words}


def new_row(browser: Client, beside: Variant, **typed: str) -> Sent:
    names = {each.option: each.name for each in opened(browser, beside).options}
    return {"is_active": "on", **{names.get(name, name): value for name, value in typed.items()}}


def rows(*sent: Sent) -> Sent:
    data: Sent = {"form-TOTAL_FORMS": len(sent)}
    for place, each in enumerate(sent):
        data |= {f"form-{place}-{name}": value for name, value in each.items()}
    return data
