from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commerce.kit.ledgers import LedgerIsInsertOnly
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.orders import placing
from commerce.orders.access import OrderNotFound, access_signature, order_for_guest
from commerce.orders.models import Order, OrderLine
from commerce.orders.numbering import new_number
from commerce.orders.snapshots import QuoteSnapshot
from commerce.payments.models import Payment
from commerce.payments.opening import prepare_payment
from tests.factories import GERMAN_ADDRESS, Shop

pytestmark = pytest.mark.django_db


def _quote(shop: Shop) -> QuoteSnapshot:
    variant = shop.sell()

    def euro(minor: int) -> Any:
        return Money(minor, "EUR").document()

    nothing = euro(0)
    return QuoteSnapshot(
        at="2026-11-21T09:00:00+00:00",
        market="eu",
        currency="EUR",
        tax_inclusive=True,
        treatment={"kind": "taxed", "reason": "consumer", "vat_id": ""},
        lines=[
            {
                "variant": str(variant.pk),
                "product": str(variant.product_id),
                "sku": variant.sku,
                "title": "Bowl",
                "name": "Blue",
                "quantity": 2,
                "gift": False,
                "given_by": "",
                "unit_price": euro(1999),
                "subtotal": euro(3998),
                "discounts": [],
                "discount": nothing,
                "relief": nothing,
                "total": euro(3998),
                "tax": euro(638),
                "derivation": {},
            }
        ],
        subtotal=euro(3998),
        discount_total=nothing,
        relief_total=nothing,
        shipping={
            "method": "parcel",
            "name": "Parcel",
            "pickup_point": None,
            "earliest": None,
            "latest": None,
            "price": euro(490),
            "discount": nothing,
            "relief": nothing,
            "total": euro(490),
            "tax": euro(78),
            "derivation": {},
        },
        tax=[{"rate": "19", "country": "DE", "net": euro(3772), "total": euro(716), "included": True}],
        tax_total=euro(716),
        rounding=nothing,
        total=euro(4488),
        credits=[],
        credit_total=nothing,
        due=euro(4488),
        promotions=[],
        facts={},
    )


def _payment(at: datetime) -> Payment:
    with transaction.atomic():
        return prepare_payment(reference=uuid.uuid4(), amount=Money(4488, "EUR"), actor="test", at=at)


def _place(shop: Shop, at: datetime, **fields: Any) -> Order:
    keys = {"checkout_id": uuid.uuid4(), "payment_id": None, "quote": None} | fields
    quote = keys.pop("quote") or _quote(shop)
    keys["payment_id"] = keys["payment_id"] or _payment(at).pk
    with transaction.atomic():
        return placing.place(
            **keys, quote=quote, email="customer@example.com", shipping_address=GERMAN_ADDRESS.document(),
            actor="test", at=at,
        )  # fmt: skip


@pytest.fixture
def order(shop: Shop, at: datetime) -> Order:
    return _place(shop, at)


def test_an_order_holds_what_the_quote_froze(order: Order, at: datetime) -> None:
    order.refresh_from_db()
    assert (order.subtotal, order.shipping) == (Money(3998, "EUR"), Money(490, "EUR"))
    assert (order.tax, order.total) == (Money(716, "EUR"), Money(4488, "EUR"))
    assert (order.status, order.placed_at) == ("confirmed", at)
    line = order.lines.get()
    assert (line.title, line.name, line.quantity) == ("Bowl", "Blue", 2)
    assert (line.unit_price, line.total) == (Money(1999, "EUR"), Money(3998, "EUR"))
    assert order.events.get(field="status").reason == "Paid 44.88 EUR"
    assert OutboxEvent.objects.filter(name="orders.placed").count() == 1


@pytest.mark.parametrize("twice", ["checkout_id", "payment_id"])
def test_a_second_order_for_one_checkout_or_payment_is_refused_by_the_database(
    shop: Shop, at: datetime, twice: str
) -> None:
    key = _payment(at).pk if twice == "payment_id" else uuid.uuid4()
    _place(shop, at, **{twice: key})
    quote = _quote(shop)
    with pytest.raises(IntegrityError):
        _place(shop, at, quote=quote, **{twice: key})
    assert Order.objects.count() == OrderLine.objects.count() == 1
    assert OutboxEvent.objects.filter(name="orders.placed").count() == 1


@pytest.mark.parametrize("field", ["subtotal_minor", "shipping_minor", "total_minor"])
def test_a_total_that_does_not_add_up_is_refused_by_the_database(order: Order, field: str) -> None:
    changed = {field: getattr(order, field) + 1}
    with pytest.raises(IntegrityError, match=r"order_total_adds_up"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**changed)


def test_tax_that_is_not_included_is_part_of_the_sum(order: Order) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(tax_inclusive=False)
    Order.objects.filter(pk=order.pk).update(tax_inclusive=False, total_minor=3998 + 490 + 716)


@pytest.mark.parametrize(
    "wrong", [{"total_minor": 3997}, {"quantity": 3}, {"unit_price_minor": 2000}, {"quantity": 0, "total_minor": 0}]
)
def test_a_line_that_does_not_add_up_is_refused_by_the_database(order: Order, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(order=order).update(**wrong)


def test_an_order_cannot_be_deleted_while_it_has_lines_and_a_history(order: Order) -> None:
    with pytest.raises(ProtectedError):
        order.delete()
    with pytest.raises(LedgerIsInsertOnly):
        order.events.all().delete()


def test_a_variant_that_was_sold_cannot_be_deleted(order: Order) -> None:
    with pytest.raises(ProtectedError):
        order.lines.get().variant.delete()


def test_a_number_can_be_read_out_and_has_no_confusable_letters() -> None:
    numbers = [new_number() for _ in range(300)]
    form = re.compile(r"M-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
    assert [number for number in numbers if not form.fullmatch(number)] == []
    assert len(set(numbers)) == len(numbers)
    assert len(set("".join(numbers)) - {"-"}) == 32


def test_a_number_that_is_taken_is_drawn_again(
    shop: Shop, order: Order, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([order.number, order.number, "M-0000-0001"])
    monkeypatch.setattr(placing, "new_number", lambda: next(drawn))
    assert _place(shop, at).number == "M-0000-0001"


def test_the_signature_of_an_order_opens_it(order: Order) -> None:
    assert order_for_guest(order_id=order.pk, access=access_signature(order.pk)) == order


def test_the_signature_of_another_order_does_not(shop: Shop, order: Order, at: datetime) -> None:
    other = _place(shop, at)
    with pytest.raises(OrderNotFound):
        order_for_guest(order_id=order.pk, access=access_signature(other.pk))


def test_a_tampered_signature_does_not(order: Order) -> None:
    good = access_signature(order.pk)
    tampered = ("A" if good[0] != "A" else "B") + good[1:]
    for access in (tampered, good[:-1], good + "x", good.swapcase(), f"x:{good}", f"{order.pk}:{good}"):
        with pytest.raises(OrderNotFound):
            order_for_guest(order_id=order.pk, access=access)


@pytest.mark.parametrize("access", ["", ":", " ", "ü", "\x00", "null", "a" * 10_000])
def test_what_is_no_signature_opens_nothing(order: Order, access: str) -> None:
    with pytest.raises(OrderNotFound):
        order_for_guest(order_id=order.pk, access=access)


def test_a_good_signature_for_an_order_that_does_not_exist_gives_the_same_answer(order: Order) -> None:
    missing = uuid.uuid4()
    with pytest.raises(OrderNotFound) as absent:
        order_for_guest(order_id=missing, access=access_signature(missing))
    with pytest.raises(OrderNotFound) as forbidden:
        order_for_guest(order_id=order.pk, access="")
    assert (absent.value.detail, absent.value.facts) == (forbidden.value.detail, forbidden.value.facts)


def test_a_signature_made_with_another_secret_opens_nothing(order: Order) -> None:
    forged = Signer(key="another secret", salt="orders.access").signature(str(order.pk))
    with pytest.raises(OrderNotFound):
        order_for_guest(order_id=order.pk, access=forged)
