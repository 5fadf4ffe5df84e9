"""Merchandisers put files to digital products, replace them and take them away."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cms.catalogue.models import DigitalFile, Product
from tests.factories import ProductContentFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pattern(db: None) -> Product:
    product = ProductFactory.create(kind=Product.Kind.DIGITAL, shipping_class="none")
    ProductContentFactory.create(product=product, title="Apron pattern")
    return product


def _url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_catalogue_digitalfile:{name}", args=args)


def _upload(content: bytes = b"sheet", name: str = "sheet.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_file_is_put_to_a_product_replaced_and_taken_away(
    admin_client: Client, pattern: Product, django_capture_on_commit_callbacks: Any
) -> None:
    kept = storages["private"]
    form = {"product": str(pattern.pk), "name": "Sheet", "file": _upload()}
    answer = admin_client.post(_url("add"), form)
    assert answer.status_code == 302, answer.context["form"].errors
    file = DigitalFile.objects.get()
    assert file.bytes == 5
    first = file.file.name
    assert b"Apron pattern" in admin_client.get(_url("list")).content
    assert admin_client.get(_url("edit", file.pk)).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(_url("edit", file.pk), {"name": "Sheet 2"})
    file.refresh_from_db()
    assert (file.name, file.file.name) == ("Sheet 2", first)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(_url("edit", file.pk), {"name": "Sheet 2", "file": _upload(b"a newer sheet")})
    file.refresh_from_db()
    assert file.bytes == 13
    assert not kept.exists(first)
    second = file.file.name
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(_url("delete", file.pk))
    assert not DigitalFile.objects.exists()
    assert not kept.exists(second)


def test_goods_have_no_files(admin_client: Client) -> None:
    lamp = ProductFactory.create()
    ProductContentFactory.create(product=lamp)
    form = {"product": str(lamp.pk), "name": "Sheet", "file": _upload()}
    answer = admin_client.post(_url("add"), form)
    assert "nobody would get the file" in answer.content.decode()


def test_a_file_beyond_the_limit_is_refused(admin_client: Client, pattern: Product, settings: Any) -> None:
    settings.DOWNLOAD_MAX_BYTES = 4
    form = {"product": str(pattern.pk), "name": "Sheet", "file": _upload()}
    assert "at most" in admin_client.post(_url("add"), form).content.decode()
    assert not DigitalFile.objects.exists()


def test_no_parcel_carries_a_file(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductFactory.create(kind=Product.Kind.DIGITAL, shipping_class="standard")
