"""Staff enter who sells, find invoices by number, order and address, and open what was printed."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from commerce.invoicing.attaching import printed
from commerce.invoicing.issuing import issue_what_is_owed
from commerce.invoicing.models import Invoice, InvoiceSettings
from commerce.orders.models import Order
from tests.factories import Shop
from tests.factories.invoicing import SELLER, placed, seller_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(shop: Shop, at: datetime) -> list[Order]:
    seller_of(shop)
    variant = shop.sell(price=1999)
    orders = [placed(shop, (variant, many), at=at, email=f"buyer-{many}@example.com") for many in (1, 2)]
    for order in orders:
        issue_what_is_owed(order_id=order.pk, at=at)
    return orders


def _found(browser: Client, **query: str) -> list[str]:
    answer = browser.get(reverse("invoices:index"), query)
    assert answer.status_code == 200
    return [invoice.number for invoice in answer.context["object_list"]]


def _entered(browser: Client, shop: Shop, **changes: Any) -> Any:
    data = {**SELLER, "market": str(shop.market.pk), **changes}
    return browser.post(reverse("sellers:add"), data)


def _logo() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "#2f5d50").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")


def test_an_invoice_is_found_by_number_order_and_address(editor: Client, orders: list[Order]) -> None:
    assert _found(editor) == ["EU-2026-00002", "EU-2026-00001"]
    assert _found(editor, q="00002") == ["EU-2026-00002"]
    assert _found(editor, q=orders[0].number) == ["EU-2026-00001"]
    assert _found(editor, q="buyer-2@example.com") == ["EU-2026-00002"]
    assert _found(editor, q="nothing") == []
    assert _found(editor, issued_at_from="2026-11-22") == []
    assert len(_found(editor, issued_at_from="2026-11-21", issued_at_to="2026-11-21")) == 2
    assert _found(editor, kind="credit_note") == []


def test_the_list_asks_as_often_for_many_invoices_as_for_one(
    editor: Client, orders: list[Order], shop: Shop, at: datetime, django_assert_max_num_queries: Any
) -> None:
    _found(editor)
    for _ in range(3):
        issue_what_is_owed(order_id=placed(shop, (shop.sell(), 1), at=at).pk, at=at)
    with django_assert_max_num_queries(14):
        assert len(_found(editor)) == 5


def test_staff_open_the_pdf(editor: Client, orders: list[Order]) -> None:
    invoice = Invoice.objects.get(number="EU-2026-00001")
    listed = editor.get(reverse("invoices:index")).content.decode()
    address = reverse("invoices:pdf", args=[invoice.pk])
    assert address in listed
    answer = editor.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == printed(invoice)


def test_whoever_may_not_see_invoices_sees_none(writer: Client, orders: list[Order]) -> None:
    for name, args in (("invoices:index", []), ("invoices:pdf", [Invoice.objects.first().pk]), ("sellers:index", [])):
        answer = writer.get(reverse(name, args=args))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("wagtailadmin_home")


def test_nobody_adds_changes_or_deletes_an_invoice(admin: Client, orders: list[Order]) -> None:
    shown = admin.get(reverse("invoices:index")).content.decode()
    for word in ("/invoices/new", "/invoices/edit", "/invoices/delete"):
        assert word not in shown


def test_a_seller_is_entered_changed_and_looked_at(admin: Client, shop: Shop) -> None:
    assert _entered(admin, shop, new_logo=_logo()).status_code == 302
    seller = InvoiceSettings.objects.get()
    assert seller.logo_id is not None
    edit = reverse("sellers:edit", args=[seller.pk])
    page = admin.get(edit)
    assert reverse("sellers:sample", args=[seller.pk]) in page.content.decode()
    shown = page.context["form"].initial["shown"]
    changed = admin.post(edit, {**SELLER, "name": "New Name Ltd", "shown": shown})
    assert changed.status_code == 302, changed.context["form"].errors
    seller.refresh_from_db()
    assert (seller.name, seller.logo_id is not None) == ("New Name Ltd", True)
    sample = admin.get(reverse("sellers:sample", args=[seller.pk]))
    assert sample.content.startswith(b"%PDF")
    assert not Invoice.objects.exists()


def test_what_is_refused_is_said_at_its_field(admin: Client, shop: Shop) -> None:
    for field, wrong in {"vat_id": "DE123", "number_prefix": "eu", "name": "鉄瓶"}.items():
        answer = _entered(admin, shop, **{field: wrong})
        assert answer.status_code == 200
        assert answer.context["form"].errors[field], field
    answer = _entered(admin, shop, new_logo=SimpleUploadedFile("logo.png", b"no picture", "image/png"))
    assert answer.context["form"].errors["new_logo"]
    assert not InvoiceSettings.objects.exists()


def test_a_save_upon_what_a_colleague_has_changed_is_refused(admin: Client, shop: Shop) -> None:
    seller = seller_of(shop)
    edit = reverse("sellers:edit", args=[seller.pk])
    shown = admin.get(edit).context["form"].initial["shown"]
    InvoiceSettings.objects.update(name="A colleague's")
    answer = admin.post(edit, {**SELLER, "shown": shown})
    assert answer.status_code == 200
    assert InvoiceSettings.objects.get().name == "A colleague's"


def test_a_seller_is_not_taken_away(admin: Client, shop: Shop) -> None:
    seller = seller_of(shop)
    admin.post(reverse("sellers:delete", args=[seller.pk]))
    assert InvoiceSettings.objects.exists()
