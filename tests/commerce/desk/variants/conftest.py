from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import UserFactory


@pytest.fixture
def merchandiser(client: Client) -> Client:
    user = UserFactory.create(is_staff=True)
    granted = ["access_admin", "change_variant", "change_price", "change_variantcost"]
    user.user_permissions.set(Permission.objects.filter(codename__in=granted))
    client.force_login(user)
    return client
