"""Invoices follow their orders: once each, in the market's own year, and never changed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commerce.invoicing import attaching, auditing, tasks
from commerce.invoicing.attaching import attach, attach_what_is_missing, content_of, printed
from commerce.invoicing.issuing import issue_what_is_owed
from commerce.invoicing.models import Invoice, InvoiceCounter, InvoicePdf, InvoiceSettings
from commerce.invoicing.queries import orders_owed_documents
from commerce.kit import outbox
from commerce.kit.ledgers import LedgerIsInsertOnly
from commerce.kit.models import OutboxDelivery, OutboxEvent
from commerce.kit.states import advance
from commerce.orders.models import Order, OrderLine, OrderRefund, OrderRefundLine
from commerce.orders.paying import follow_payments
from commerce.orders.states import OrderStatus, PaymentState
from commerce.payments.models import Payment
from commerce.payments.receiving import record_receipt
from tests.factories import Shop
from tests.factories.invoicing import placed, seller_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop: Shop, at: datetime) -> Order:
    return placed(shop, (shop.sell(price=1999), 2), at=at)


@pytest.fixture
def seller(shop: Shop) -> InvoiceSettings:
    return seller_of(shop)


def _issue(order: Order, at: datetime) -> list[str]:
    return [invoice.number for invoice in issue_what_is_owed(order_id=order.pk, at=at)]


def _refund(order: Order, at: datetime, *, units: int = 0, other: int = 0, **fields: Any) -> OrderRefund:
    """As the orders write it; of the first line."""
    line = order.lines.get(position=0)
    amount, tax = line.total_minor * units // line.quantity, line.tax_minor * units // line.quantity
    refund = OrderRefund.objects.create(
        order=order,
        total_minor=amount + other,
        other_minor=other,
        currency=order.currency,
        actor="test",
        reason="Broken",
        at=at,
        **({"purpose": OrderRefund.Purpose.REFUND} | fields),
    )
    if units:
        OrderRefundLine.objects.create(refund=refund, line=line, quantity=units, amount_minor=amount, tax_minor=tax)
    if refund.purpose != OrderRefund.Purpose.SURPLUS:
        Order.objects.filter(pk=order.pk).update(refunded_minor=order.refunded_minor + refund.total_minor)
        order.refresh_from_db()
    return refund


def test_a_paid_order_gets_one_invoice_however_often_it_is_told(
    order: Order, seller: InvoiceSettings, at: datetime
) -> None:
    for _ in range(3):
        tasks.issue(payload={"order": str(order.pk)}, at=at)
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.kind, invoice.order) == ("EU-2026-00001", "invoice", order)
    assert (invoice.total_minor, invoice.currency) == (order.total_minor, "EUR")
    assert invoice.document["order"] == order.number
    assert invoice.document["paid_on"] == "2026-11-21"
    assert OutboxEvent.objects.filter(name="invoicing.issued").count() == 1


def test_what_the_orders_announce_reaches_the_printed_invoice(
    order: Order, seller: InvoiceSettings, at: datetime
) -> None:
    while outbox.deliver_due(at=at):
        pass
    assert not OutboxDelivery.objects.waiting().filter(subscriber__contains="invoicing").exists()
    kept = InvoicePdf.objects.get(invoice__order=order)
    assert content_of(kept.invoice, at=at) == printed(kept.invoice)


def test_an_order_that_is_not_paid_gets_none(shop: Shop, seller: InvoiceSettings, at: datetime) -> None:
    unpaid = placed(shop, (shop.sell(), 1), at=at, payment_state=PaymentState.PENDING)
    assert _issue(unpaid, at) == []
    assert not InvoiceCounter.objects.exists()


def test_a_cancelled_order_that_had_no_invoice_gets_none(order: Order, seller: InvoiceSettings, at: datetime) -> None:
    advance(order, OrderStatus.CANCELLED, actor="test", reason="Changed my mind", at=at)
    assert _issue(order, at) == []


def test_without_a_seller_nothing_is_issued_until_one_is_entered(shop: Shop, order: Order, at: datetime) -> None:
    assert _issue(order, at) == []
    assert list(orders_owed_documents()) == []
    seller_of(shop)
    assert list(orders_owed_documents()) == [order.pk]
    tasks.issue_what_waited_for_the_seller(payload={"market": shop.market.code}, at=at)
    assert Invoice.objects.get().order == order
    assert list(orders_owed_documents()) == []


def test_what_no_message_asked_for_is_issued_by_the_clock(
    shop: Shop, order: Order, seller: InvoiceSettings, at: datetime
) -> None:
    old = placed(shop, (shop.sell(), 1), at=at - timedelta(days=30))
    tasks.issue_what_no_message_asked_for(at=at)
    assert [invoice.order_id for invoice in Invoice.objects.all()] == [order.pk]
    _refund(order, at, units=1)
    tasks.issue_what_no_message_asked_for(at=at)
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert old.pk in list(orders_owed_documents())


def test_numbers_count_up_without_gaps_by_market_and_year(shop: Shop, seller: InvoiceSettings, at: datetime) -> None:
    variant = shop.sell()
    orders = [placed(shop, (variant, 1), at=at) for _ in range(3)]
    assert [_issue(order, at) for order in orders] == [["EU-2026-00001"], ["EU-2026-00002"], ["EU-2026-00003"]]
    later = placed(shop, (variant, 1), at=at)
    assert _issue(later, at + timedelta(days=60)) == ["EU-2027-00001"]
    assert list(auditing.discrepancies(at=at)) == []


@pytest.mark.parametrize(
    ("zone", "number", "day"),
    [
        ("Europe/Berlin", "EU-2027-00001", "2027-01-01"),
        ("UTC", "EU-2026-00001", "2026-12-31"),
        ("America/New_York", "EU-2026-00001", "2026-12-31"),
        ("Pacific/Auckland", "EU-2027-00001", "2027-01-01"),
    ],
)
def test_the_year_changes_at_the_markets_own_midnight(
    shop: Shop, order: Order, zone: str, number: str, day: str
) -> None:
    seller_of(shop, time_zone=zone)
    assert _issue(order, datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == [number]
    assert Invoice.objects.get().document["issued_on"] == day


def test_an_invoice_never_changes(order: Order, seller: InvoiceSettings, at: datetime) -> None:
    _issue(order, at)
    invoice = Invoice.objects.get()
    before = printed(invoice)
    invoice.total_minor = 1
    for change in (
        invoice.save,
        invoice.delete,
        lambda: Invoice.objects.update(total_minor=1),
        lambda: Invoice.objects.all().delete(),
        lambda: Invoice.objects.bulk_update([invoice], ["total_minor"]),
    ):
        with pytest.raises(LedgerIsInsertOnly):
            change()
    with pytest.raises(ProtectedError):
        order.delete()
    InvoiceSettings.objects.update(name="Somebody Else", logo=None)
    OrderLine.objects.update(title="Something else")
    assert printed(Invoice.objects.get()) == before


def test_a_refund_has_its_credit_note_once(order: Order, seller: InvoiceSettings, at: datetime) -> None:
    _issue(order, at)
    refund = _refund(order, at, units=1)
    for _ in range(3):
        tasks.issue(payload={"order": str(order.pk), "refund": str(refund.pk)}, at=at)
    note = Invoice.objects.get(kind="credit_note")
    assert (note.number, note.refund, note.total_minor, note.tax_minor) == ("EU-2026-00002", refund.pk, 1999, 319)
    assert note.corrects == Invoice.objects.get(kind="invoice")
    assert list(auditing.discrepancies(at=at + timedelta(days=1))) == []


def test_a_refund_that_is_heard_of_before_the_payment_comes_after_the_invoice(
    order: Order, seller: InvoiceSettings, at: datetime
) -> None:
    _refund(order, at, units=2)
    assert _issue(order, at) == ["EU-2026-00001", "EU-2026-00002"]
    assert [invoice.kind for invoice in Invoice.objects.order_by("sequence")] == ["invoice", "credit_note"]


def test_a_surplus_that_goes_back_was_never_invoiced(order: Order, seller: InvoiceSettings, at: datetime) -> None:
    _issue(order, at)
    _refund(order, at, other=100, purpose=OrderRefund.Purpose.SURPLUS)
    assert _issue(order, at) == []


def test_an_edited_order_has_its_invoice_taken_back_and_gets_a_new_one(
    order: Order, seller: InvoiceSettings, at: datetime
) -> None:
    _issue(order, at)
    Order.objects.filter(pk=order.pk).update(edited=1)
    refund = _refund(order, at, units=1)
    for _ in range(2):
        tasks.issue(payload={"order": str(order.pk)}, at=at)
    papers = list(Invoice.objects.order_by("sequence").values_list("kind", "edition", "total_minor", "refund"))
    total = order.total_minor
    assert papers == [
        ("invoice", 0, total, None),
        ("credit_note", 0, total, None),
        ("invoice", 1, total, None),
        ("credit_note", 1, 1999, refund.pk),
    ]
    assert list(auditing.discrepancies(at=at + timedelta(days=1))) == []


def test_the_database_refuses_a_number_twice_and_a_sum_that_is_none(
    order: Order, seller: InvoiceSettings, at: datetime
) -> None:
    _issue(order, at)
    invoice = Invoice.objects.get()
    fields = {field.attname: getattr(invoice, field.attname) for field in Invoice._meta.concrete_fields}
    for change in ({"edition": 1, "number": "X"}, {"edition": 1, "sequence": 2}, {"sequence": 2, "number": "X"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.create(**(fields | {"id": uuid.uuid4()} | change))
    for change in ({"total_minor": 1}, {"sequence": 0}, {"kind": "credit_note"}):
        fresh = {"id": uuid.uuid4(), "edition": 1, "sequence": 2, "number": "X"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.create(**(fields | fresh | change))


def test_the_pdf_is_kept_once_and_away_from_the_public(order: Order, seller: InvoiceSettings, at: datetime) -> None:
    _issue(order, at)
    invoice = Invoice.objects.get()
    kept = attach(invoice_id=invoice.pk, at=at)
    assert attach(invoice_id=invoice.pk, at=at) == kept
    assert kept.file.storage is storages["private"]
    assert kept.file.name.startswith("invoices/eu/2026/EU-2026-00001")
    with pytest.raises(ValueError, match="no address of its own"):
        kept.file.url  # noqa: B018
    with pytest.raises(LedgerIsInsertOnly):
        kept.save()


def test_of_two_that_print_the_same_invoice_one_file_stays(
    order: Order, seller: InvoiceSettings, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _issue(order, at)
    invoice = Invoice.objects.get()
    made: list[InvoicePdf] = []

    def printed_twice(each: Invoice) -> bytes:
        monkeypatch.setattr(attaching, "printed", printed)
        made.append(attach(invoice_id=each.pk, at=at))
        return printed(each)

    monkeypatch.setattr(attaching, "printed", printed_twice)
    assert attach(invoice_id=invoice.pk, at=at) == made[0]
    folder = "invoices/eu/2026"
    names = [f"{folder}/{name}" for name in storages["private"].listdir(folder)[1] if "EU-2026-00001" in name]
    assert made[0].file.name in names


def test_what_could_not_be_printed_waits_for_its_font_and_holds_up_nobody(
    shop: Shop, order: Order, seller: InvoiceSettings, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    odd = shop.sell(price=500)
    content = shop.content(odd)
    content.title = "鉄瓶"
    content.save()
    strange = placed(shop, (odd, 1), at=at)
    _issue(strange, at)
    _issue(order, at)
    assert attach_what_is_missing(at=at) == 1
    assert InvoicePdf.objects.get().invoice.order == order
    assert "no font has ['鉄', '瓶']" in caplog.text


def test_the_audit_names_gaps_and_sums_that_are_wrong(order: Order, seller: InvoiceSettings, at: datetime) -> None:
    _issue(order, at)
    InvoiceCounter.objects.update(last=3)
    Order.objects.filter(pk=order.pk).update(refunded_minor=100)
    told = list(auditing.discrepancies(at=at))
    assert told == [
        "invoices of eu 2026: counted to 3, 1 issued, the highest is 1",
        f"order {order.number}: invoices less credit notes make 4488, 4488 less 100 refunded is right",
    ]


def test_the_audit_asks_as_often_for_many_invoices_as_for_one(
    shop: Shop, seller: InvoiceSettings, at: datetime, django_assert_num_queries: Any
) -> None:
    variant = shop.sell()
    for _ in range(5):
        _issue(placed(shop, (variant, 1), at=at), at)
    with django_assert_num_queries(3):
        assert list(auditing.discrepancies(at=at)) == []


def test_a_payment_state_that_came_later_is_the_day_that_is_printed(
    shop: Shop, seller: InvoiceSettings, at: datetime
) -> None:
    order = placed(shop, (shop.sell(), 1), at=at, payment_state=PaymentState.PENDING)
    paid_at = at + timedelta(days=3)
    payment = Payment.objects.get(pk=order.payment_id)
    record_receipt(payment=payment, amount=order.due, reference="Transfer", actor="test", at=paid_at)
    follow_payments(order_id=order.pk, actor="test", reason="Transfer", at=paid_at)
    _issue(order, at + timedelta(days=4))
    document = Invoice.objects.get().document
    assert (document["placed_on"], document["paid_on"]) == ("2026-11-21", "2026-11-24")
    assert document["issued_on"] == "2026-11-25"
