from __future__ import annotations

from datetime import datetime

import pytest

from cms.catalogue.models import Variant
from commerce.orders.models import Order
from tests.factories import Shop
from tests.factories.orders import Bought, buy


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    return shop.sell(price=1999, stock=10)


@pytest.fixture
def mug(shop: Shop) -> Variant:
    return shop.sell(price=1000, stock=10)


@pytest.fixture
def order(lamp: Variant, mug: Variant, at: datetime) -> Order:
    """Two lamps and three mugs that cost ten euros together, paid by card: 39.98 + 10.00 + 4.90 = 54.88."""
    return buy(Bought(lamp, 2), Bought(mug, 3, price=1000, total=1000), at=at)
