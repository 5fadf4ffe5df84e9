from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import Shop, UserFactory


@pytest.fixture
def reader(shop: Shop) -> Client:
    """The browser of somebody who may look at stock."""
    user = UserFactory.create()
    names = ["access_admin", "view_stocklevel", "view_stockmovement"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    browser = Client()
    browser.force_login(user)
    return browser
