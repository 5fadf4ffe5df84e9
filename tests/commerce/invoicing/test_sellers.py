"""Who sells is entered so that it can be printed, and what was issued keeps saying what it said."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from PIL import Image

from commerce.invoicing.attaching import printed
from commerce.invoicing.issuing import issue_what_is_owed
from commerce.invoicing.models import Invoice, InvoiceLogo, InvoiceSettings
from commerce.invoicing.sellers import WrongSeller, change_seller
from commerce.kit.models import OutboxEvent
from tests.factories import MarketFactory, Shop
from tests.factories.invoicing import SELLER, placed

pytestmark = pytest.mark.django_db


def _picture(form: str = "PNG", size: tuple[int, int] = (40, 20), colour: str = "#2f5d50") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    return file.getvalue()


def test_a_seller_is_entered_with_a_logo_and_announced(shop: Shop, at: datetime) -> None:
    seller = change_seller(market=shop.market, words=SELLER | {"vat_id": "de 136 695 976"}, logo=_picture(), at=at)
    assert (seller.name, seller.vat_id, seller.number_prefix) == (SELLER["name"], "DE136695976", "EU-")
    assert seller.logo is not None
    assert bytes(seller.logo.png).startswith(b"\x89PNG")
    assert OutboxEvent.objects.get(name="invoicing.seller_changed").payload == {"market": "eu"}


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_of_any_usual_kind_is_kept_as_png_no_larger_than_paper_needs(
    shop: Shop, at: datetime, form: str
) -> None:
    seller = change_seller(market=shop.market, words=SELLER, logo=_picture(form, (3000, 300)), at=at)
    assert seller.logo is not None
    with Image.open(io.BytesIO(bytes(seller.logo.png))) as kept:
        assert (kept.format, kept.size) == ("PNG", (1400, 140))


def test_an_issued_invoice_keeps_its_seller_and_its_logo(shop: Shop, at: datetime) -> None:
    change_seller(market=shop.market, words=SELLER, logo=_picture(), at=at)
    issue_what_is_owed(order_id=placed(shop, (shop.sell(), 1), at=at).pk, at=at)
    before = printed(Invoice.objects.get())
    change_seller(market=shop.market, words={"name": "New Name Ltd"}, logo=_picture(colour="#aa0000"), at=at)
    change_seller(market=shop.market, words={}, keeps_logo=False, at=at)
    assert InvoiceSettings.objects.get().logo is None
    assert InvoiceLogo.objects.count() == 2
    assert printed(Invoice.objects.get()) == before
    assert Invoice.objects.get().document["seller"]["name"] == SELLER["name"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"address": ""}, "address"),
        ({"vat_id": "DE123"}, "vat_id"),
        ({"number_prefix": ""}, "number_prefix"),
        ({"number_prefix": "EU/"}, "number_prefix"),
        ({"number_prefix": "eu-"}, "number_prefix"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"name": "鉄瓶"}, "name"),
    ],
)
def test_a_seller_that_cannot_be_printed_or_is_incomplete_is_refused(
    shop: Shop, at: datetime, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(WrongSeller) as refused:
        change_seller(market=shop.market, words=SELLER | wrong, at=at)
    assert refused.value.facts["field"] == field
    assert not InvoiceSettings.objects.exists()


@pytest.mark.parametrize(
    "logo", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_refused(shop: Shop, at: datetime, logo: bytes) -> None:
    with pytest.raises(WrongSeller, match="no picture"):
        change_seller(market=shop.market, words=SELLER, logo=logo, at=at)


def test_no_two_markets_number_alike_not_even_after_one_has_changed(shop: Shop, at: datetime) -> None:
    other = MarketFactory.create(code="ch")
    change_seller(market=shop.market, words=SELLER, at=at)
    with pytest.raises(WrongSeller, match="Another market"):
        change_seller(market=other, words=SELLER, at=at)
    issue_what_is_owed(order_id=placed(shop, (shop.sell(), 1), at=at).pk, at=at)
    change_seller(market=shop.market, words={"number_prefix": "EUR-"}, at=at)
    with pytest.raises(WrongSeller, match="or did"):
        change_seller(market=other, words=SELLER, at=at)
    issue_what_is_owed(order_id=placed(shop, (shop.sell(), 1), at=at).pk, at=at)
    assert list(Invoice.objects.order_by("sequence").values_list("number", flat=True)) == [
        "EU-2026-00001",
        "EUR-2026-00002",
    ]
