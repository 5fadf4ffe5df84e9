from __future__ import annotations

import uuid
from typing import Any

from django.core.files.storage import Storage, storages
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from commerce.kit.ledgers import InsertOnly
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.orders.models import Order

NUMBER_DIGITS = 5


class InvoiceLogo(InsertOnly):
    """A picture by the digest of its bytes, so that an invoice keeps the one that it was issued with."""

    digest = models.CharField(primary_key=True, max_length=64)
    png = models.BinaryField()

    def __str__(self) -> str:
        return self.digest[:12]


class InvoiceSettings(models.Model):
    """The seller as the invoices of a market name him (Directive 2006/112/EC article 226, points 3 and 5)."""

    market = models.OneToOneField(Market, on_delete=models.PROTECT, related_name="invoice_settings")
    name = models.CharField("name of the seller", max_length=200)
    address = models.TextField(max_length=500, help_text="As on an envelope, without the name.")
    vat_id = models.CharField("VAT identification number", max_length=30, blank=True)
    registration = models.CharField(
        max_length=200, blank=True, help_text="The company register and number, such as HRB 12345, Berlin."
    )
    contact = models.TextField(max_length=300, blank=True, help_text="E-mail, telephone, site: one a line.")
    bank = models.TextField("bank account", max_length=300, blank=True, help_text="Bank, IBAN and BIC: one a line.")
    footer = models.TextField(max_length=500, blank=True, help_text="Below every invoice, such as a word of thanks.")
    logo = models.ForeignKey(InvoiceLogo, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number_prefix = models.CharField(
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"\A[A-Z0-9][A-Z0-9-]*\Z", "Capital letters, digits and hyphens.")],
        help_text="Numbers are made of it, the year and a running number: with EU- the first of 2026 is EU-2026-00001.",
    )
    time_zone = models.CharField(
        max_length=50,
        default="UTC",
        help_text="Where the day and the year of an invoice begin.",
    )

    class Meta:
        verbose_name = "seller"
        ordering = ["market__code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.market.name})"


class InvoiceCounter(models.Model):
    """The last number taken of a market's year. Its row is locked by whoever takes the next."""

    market = models.CharField(max_length=50)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "year"], name="invoice_counter_one_per_year")]

    def __str__(self) -> str:
        return f"{self.market} {self.year}: {self.last}"


class Invoice(InsertOnly):
    """An invoice or a credit note as it was issued; amounts of credit notes are positive too.

    `document` holds everything that is printed. `edition` says how often the order had been edited when its invoice
    was issued; a credit note has that of the invoice that it corrects. A credit note without a `refund` takes back
    all that is left of its invoice.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        CREDIT_NOTE = "credit_note", "Credit note"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    market = models.CharField(max_length=50)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    edition = models.PositiveIntegerField(default=0)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_notes")
    refund = models.UUIDField(null=True, blank=True, unique=True)
    issued_at = models.DateTimeField(db_index=True)
    currency = models.CharField(max_length=3)
    net_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField()
    rounding_minor = models.BigIntegerField(default=0)
    total_minor = models.PositiveBigIntegerField()
    document = models.JSONField()

    class Meta:
        ordering = ["-issued_at", "-year", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["market", "year", "sequence"], name="invoice_sequence_once"),
            models.UniqueConstraint(
                fields=["order", "edition"], condition=Q(kind="invoice"), name="invoice_once_per_order_and_edition"
            ),
            models.UniqueConstraint(fields=["corrects"], condition=Q(refund=None), name="invoice_taken_back_once"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="invoice_sequence_begins_at_one"),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("tax_minor") + F("rounding_minor")),
                name="invoice_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None, refund=None) | Q(kind="credit_note", corrects__isnull=False),
                name="invoice_credit_note_corrects_one",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE


def private_storage() -> Storage:
    """Where nothing has an address of its own: what lies here is only served by views that ask who wants it."""
    return storages["private"]


class InvoicePdf(InsertOnly):
    """The printed invoice: made once, after the invoice was committed."""

    invoice = models.OneToOneField(Invoice, primary_key=True, on_delete=models.PROTECT, related_name="pdf")
    file: Any = models.FileField(storage=private_storage, max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file.name)
