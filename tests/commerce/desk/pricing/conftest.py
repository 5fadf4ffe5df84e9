from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from commerce.desk.pricing.entering import seen
from commerce.desk.pricing.forms import CELLS, PriceRowForm
from commerce.kit.clock import now
from commerce.pricing.models import PriceList
from tests.factories import UserFactory

Browser = Callable[..., Client]


@pytest.fixture
def staff(db: None) -> Browser:
    """The browser of somebody who may enter the admin and do what is named."""

    def browser(*permissions: str) -> Client:
        user = UserFactory.create(is_staff=True)
        wanted = Permission.objects.filter(codename__in=["access_admin", *permissions])
        user.user_permissions.set(wanted)
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def pricer(staff: Browser) -> Client:
    """The browser of somebody who may change prices and costs."""
    return staff("change_price", "change_variantcost")


def grid_rows(price_list: PriceList, *changes: tuple[Any, dict[str, str]], **others: str) -> dict[str, str]:
    """The rows as the grid shows them now, each with what somebody types into it."""
    data = {"form-TOTAL_FORMS": str(len(changes)), "form-INITIAL_FORMS": str(len(changes)), "action": "save", **others}
    for place, (variant, typed) in enumerate(changes):
        shown = PriceRowForm.shown(seen([variant], price_list=price_list, at=now())[variant.pk])
        for name, value in {**shown, **typed}.items():
            data[f"form-{place}-{name}"] = str(value)
        data |= {f"initial-form-{place}-{name}": str(shown[name]) for name in CELLS}
    return data
