"""What was paid for can be downloaded by whoever holds the order, for a while, and by nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cms.catalogue.models import BundlePart, DigitalFile, Product, Variant
from commerce.kit.clock import now
from commerce.notifications.models import Mail
from commerce.notifications.tasks import tell_where_the_files_are
from commerce.orders import downloads
from commerce.orders.access import access_signature
from commerce.orders.downloads import DownloadExpired, DownloadNotFound, downloads_of, open_download
from commerce.orders.models import Order
from commerce.orders.refunding import refund
from commerce.orders.states import PaymentState
from tests.factories import ProductFactory, Shop, add_file, digital_variant
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def pattern(shop: Shop) -> Variant:
    return digital_variant(files=0)


@pytest.fixture
def file(pattern: Variant) -> DigitalFile:
    return add_file(pattern.product)


def bought(variant: Variant, at: datetime, **fields: Any) -> Order:
    return buy(Bought(variant, 1, price=900, shipping_class="none"), at=at, **fields)


def _told(api: APIClient, order: Order) -> list[dict[str, Any]]:
    answer = api.get(f"/api/v1/orders/{order.pk}/?access={access_signature(order.pk)}")
    return answer.json()["downloads"]


def _body(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def test_a_paid_order_has_a_link_that_hands_out_the_file(api: APIClient, pattern: Variant, file: DigitalFile) -> None:
    [told] = _told(api, bought(pattern, now()))
    assert (told["name"], told["bytes"]) == ("Apron pattern", 14)
    answer = api.get(told["url"])
    assert answer["Content-Disposition"] == 'attachment; filename="Apron pattern.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert _body(answer) == b"%PDF-1.7 apron"


@pytest.mark.parametrize("state", [PaymentState.PENDING, PaymentState.AUTHORISED])
def test_what_is_not_paid_is_not_handed_out(
    api: APIClient, pattern: Variant, file: DigitalFile, state: PaymentState
) -> None:
    assert _told(api, bought(pattern, now(), state=state)) == []


def test_a_link_is_over_after_its_time(api: APIClient, pattern: Variant, file: DigitalFile, at: datetime) -> None:
    [download] = downloads_of(bought(pattern, at), at=at)
    assert open_download(download.token, at=download.expires_at - timedelta(seconds=1)) == file
    with pytest.raises(DownloadExpired):
        open_download(download.token, at=download.expires_at)
    # The shop's own clock is far beyond it.
    assert download.expires_at - at == timedelta(hours=24)


def test_a_link_of_goods_that_were_paid_back_hands_out_nothing(
    pattern: Variant, file: DigitalFile, at: datetime
) -> None:
    order = bought(pattern, at)
    [download] = downloads_of(order, at=at)
    units = {order.lines.get(): 1}
    refund(order=order, lines=units, reason="Sorry", restock=False, actor="clerk", at=at)
    with pytest.raises(DownloadNotFound):
        open_download(download.token, at=at)


def test_a_withdrawn_file_and_a_forged_link_are_the_same_to_who_asks(
    api: APIClient, pattern: Variant, file: DigitalFile
) -> None:
    [told] = _told(api, bought(pattern, now()))
    file.delete()
    answers = [api.get(told["url"]), api.get("/api/v1/downloads/forged/"), api.get("/api/v1/downloads/a.b.1:c/")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert {answer.json()["code"] for answer in answers} == {"download_not_found"}


def test_a_bundle_hands_out_the_files_of_its_parts(shop: Shop, pattern: Variant, file: DigitalFile) -> None:
    kit = shop.sell(price=2900, product=ProductFactory.create(kind=Product.Kind.BUNDLE))
    BundlePart.objects.create(bundle=kit, part=pattern)
    order = buy(Bought(kit, 1, price=2900), at=now())
    assert [each.file for each in downloads_of(order, at=now())] == [file]


def test_nobody_is_handed_the_file_of_what_they_did_not_buy(shop: Shop, file: DigitalFile) -> None:
    other = digital_variant(files=0)
    order = bought(other, now())
    assert downloads_of(order, at=now()) == []
    forged = downloads._sign(order, file, now() + timedelta(hours=1))
    with pytest.raises(DownloadNotFound):
        open_download(forged, at=now())


def test_the_number_of_files_does_not_change_the_number_of_queries(
    shop: Shop, pattern: Variant, file: DigitalFile, at: datetime
) -> None:
    order = bought(pattern, at)
    costs = []
    for more in (0, 5):
        for number in range(more):
            add_file(pattern.product, f"Sheet {number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(downloads_of(Order.objects.get(pk=order.pk), at=at)) == 1 + more
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_mail_leads_to_the_downloads_once(pattern: Variant, file: DigitalFile, at: datetime) -> None:
    order = bought(pattern, at)
    for _ in range(2):
        tell_where_the_files_are(payload={"order": str(order.pk)}, at=at)
    assert [mail.kind for mail in Mail.objects.filter(order=order.pk)] == ["downloads_ready"]


def test_no_mail_tells_of_downloads_where_there_are_none(shop: Shop, at: datetime) -> None:
    order = buy(Bought(shop.sell(price=900, stock=1), 1, price=900), at=at)
    tell_where_the_files_are(payload={"order": str(order.pk)}, at=at)
    assert not Mail.objects.filter(kind="downloads_ready").exists()
