from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from demo.staff import ADMIN, MERCHANDISER, WRITER, hire
from tests.factories import Shop


@pytest.fixture
def staff(shop: Shop) -> None:
    """An administrator and a member of the merchandisers, as the demo hires them."""
    hire(home=shop.home)


@pytest.fixture
def editor(staff: None) -> Client:
    """The merchandiser's browser."""
    return _browser_of(MERCHANDISER)


@pytest.fixture
def writer(staff: None) -> Client:
    """The browser of somebody who may draft and no more."""
    return _browser_of(WRITER)


@pytest.fixture
def admin(staff: None) -> Client:
    """The administrator's browser."""
    return _browser_of(ADMIN)


def _browser_of(email: str) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(email=email))
    return browser
