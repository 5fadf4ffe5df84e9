"""What a browser sends from the promotion pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from commerce.promotions.models import Promotion
from tests.factories import UserFactory

NEW = "/admin/promotions/new/"


def browser_with(*codenames: str) -> Client:
    """Somebody who may enter the admin and do just this."""
    user = UserFactory.create()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    browser = Client()
    browser.force_login(user)
    return browser


def filled(*targets: dict[str, Any], lines: tuple[tuple[str, int], ...] = (), **fields: Any) -> dict[str, Any]:
    """The form: ten percent off everything unless something else is said."""
    data = {"name": "Ten percent off", "kind": "percentage", "percent": "10", "level": "line", "is_active": "on"}
    data |= {"targets-TOTAL_FORMS": len(targets), "targets-INITIAL_FORMS": 0}
    for place, target in enumerate(targets):
        row = {"role": "discounted", "kind": "product", "quantity": "1", **target}
        data |= {f"targets-{place}-{name}": value for name, value in row.items()}
    data |= {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    for place, (goods, quantity) in enumerate(lines):
        data |= {f"lines-{place}-goods": goods, f"lines-{place}-quantity": quantity}
    return {name: value for name, value in (data | fields).items() if value is not None}


def page_of(promotion: Promotion) -> str:
    return f"/admin/promotions/{promotion.pk}/"


def opened(browser: Client, promotion: Promotion) -> dict[str, Any]:
    """What the promotion's page holds when it is opened, ready to be sent back."""
    page = browser.get(page_of(promotion))
    form, rows = page.context["form"], page.context["rows"]
    held = {name: form[name].value() for name in form.fields}
    data = {name: "on" if value is True else value for name, value in held.items() if value not in (None, False)}
    if rows is not None:
        data |= {"targets-TOTAL_FORMS": len(rows.forms), "targets-INITIAL_FORMS": rows.initial_form_count()}
        for row in rows.forms:
            data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return data
