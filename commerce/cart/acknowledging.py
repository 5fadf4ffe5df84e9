from __future__ import annotations

import uuid
from datetime import datetime

from wagtail.models import Locale

from commerce.cart.locking import changing
from commerce.cart.models import CartLine
from commerce.cart.viewing import CartView, view_cart


def acknowledge(*, cart_id: uuid.UUID, locale: Locale, at: datetime) -> CartView:
    """The shopper has seen the cart as it stands: what changed until now is no news any more.

    Raises `CartNotFound`, `CartClosed`.
    """
    with changing(cart_id, at=at):
        view = view_cart(cart_id=cart_id, locale=locale, at=at)
        lines = [each.line for each in (*view.lines, *view.saved)]
        for each in (*view.lines, *view.saved):
            each.line.seen = each.sight.document()
        CartLine.objects.bulk_update(lines, ["seen"])
    return view
