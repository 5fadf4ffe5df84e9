"""Who sells in the demo shop's markets, so that what is bought in it is invoiced."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image, ImageDraw

from commerce.invoicing.sellers import change_seller
from commerce.markets.models import Market
from demo.catalogue import SHOP_NAME

_INK, _PAPER = "#2f5d50", "#f3ede2"
_SIDE = 480


def enter_sellers(*, at: datetime) -> None:
    for market in Market.objects.order_by("code"):
        zone = {"ch": "Europe/Zurich"}.get(market.code, "Europe/Berlin")
        change_seller(
            market=market,
            words={
                "name": SHOP_NAME,
                "address": "Hauptstraße 1\n10115 Berlin",
                "vat_id": "DE136695976",
                "registration": "A shop to try out: nothing is really sold",
                "contact": "shop@example.com\nexample.com",
                "footer": "Thank you for trying Magpie out.",
                "number_prefix": f"{market.code.upper()}-",
                "time_zone": zone,
            },
            logo=_logo(),
            at=at,
        )


def _logo() -> bytes:
    picture = Image.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, _SIDE - 1, _SIDE - 1), radius=96, fill=_INK)
    pen.ellipse((120, 120, 360, 360), fill=_PAPER)
    pen.pieslice((120, 120, 360, 360), start=90, end=200, fill=_INK)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
