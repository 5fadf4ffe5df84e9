from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from commerce.accounts.models import User
from commerce.credit import codes
from commerce.kit.currencies import EXPONENTS
from commerce.kit.ledgers import InsertOnly
from commerce.kit.money import Money

LARGEST_MINOR = 10**12
"""No balance grows beyond this many minor units: more is a slip of the hand."""


class CreditAccount(models.Model):
    """What the shop owes to whoever holds the card or, for store credit, to one user in one currency.

    `held_minor` is the part of the balance that open holds have promised to checkouts.
    """

    class Kind(models.TextChoices):
        GIFT_CARD = "gift_card", "Gift card"
        STORE_CREDIT = "store_credit", "Store credit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    code_seal = models.CharField(max_length=25, blank=True, editable=False)
    last_four = models.CharField(max_length=4, blank=True, editable=False)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in sorted(EXPONENTS)])
    balance_minor = models.PositiveBigIntegerField(default=0)
    held_minor = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField("not blocked", default=True)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="credit_accounts")
    email = models.EmailField("sent to", blank=True)
    bought_reference = models.CharField(max_length=100, blank=True)
    bought_line = models.CharField(max_length=100, blank=True)
    bought_unit = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(held_minor__lte=F("balance_minor")), name="credit_held_within_balance"),
            models.CheckConstraint(
                condition=Q(kind="gift_card", code_digest__isnull=False)
                | Q(kind="store_credit", code_digest__isnull=True, owner__isnull=False),
                name="credit_card_has_a_code_and_store_credit_an_owner",
            ),
            models.UniqueConstraint(
                fields=["owner", "currency"],
                condition=Q(kind="store_credit"),
                name="credit_one_store_credit_per_owner_and_currency",
            ),
            models.UniqueConstraint(
                fields=["bought_reference", "bought_line", "bought_unit"],
                condition=~Q(bought_reference=""),
                name="credit_bought_unit_issued_once",
            ),
        ]
        indexes = [
            # The clock's question: what has run out and still has a balance?
            models.Index(fields=["expires_at"], name="credit_expiry", condition=Q(balance_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"•••• {self.last_four}" if self.last_four else f"{self.get_kind_display()} {self.currency}"

    @property
    def code(self) -> str:
        """The code in full, as people read it; "" for store credit. For the one it belongs to, never for a list."""
        if self.code_digest is None:
            return ""
        return codes.grouped(codes.opened(self.code_seal, card=self.pk, digest=self.code_digest))

    @property
    def balance(self) -> Money:
        return Money(self.balance_minor, self.currency)

    @property
    def available(self) -> Money:
        return Money(self.balance_minor - self.held_minor, self.currency)

    def has_expired(self, *, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


class CreditEntry(InsertOnly):
    """Why a balance changed, and what it was afterwards. The entries of an account add up to its balance."""

    class Kind(models.TextChoices):
        ISSUE = "issue", "Issued"
        REDEEM = "redeem", "Redeemed"
        REFUND = "refund", "Given back"
        EXPIRE = "expire", "Expired"
        ADJUST = "adjust", "Adjusted"

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_minor = models.BigIntegerField()
    balance_minor = models.PositiveBigIntegerField("balance afterwards")
    holder = models.UUIDField(null=True, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="credit_entry_changes_something"),
            models.CheckConstraint(
                condition=Q(kind__in=["redeem", "expire"], amount_minor__lt=0)
                | Q(kind__in=["issue", "refund"], amount_minor__gt=0)
                | Q(kind="adjust"),
                name="credit_entry_goes_the_way_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["account", "holder"], condition=Q(kind="redeem"), name="credit_redeemed_once_per_holder"
            ),
            models.UniqueConstraint(
                fields=["account", "holder", "reference"],
                condition=Q(kind="refund"),
                name="credit_given_back_once_per_reference",
            ),
            models.UniqueConstraint(
                fields=["account", "reference"],
                condition=Q(kind="issue") & ~Q(reference=""),
                name="credit_issued_once_per_reference",
            ),
        ]
        indexes = [models.Index(fields=["holder"], name="credit_entry_holder", condition=Q(holder__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor:+} {self.reference}".strip()


class CreditHold(models.Model):
    """A part of a balance promised to a holder. Credit does not know what a holder is."""

    class State(models.TextChoices):
        HELD = "held", "Held"
        REDEEMED = "redeemed", "Redeemed"
        RELEASED = "released", "Released"

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="holds")
    holder = models.UUIDField(db_index=True)
    amount_minor = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_hold_holds"),
            models.UniqueConstraint(
                fields=["holder", "account"],
                condition=~Q(state="released"),
                name="credit_one_hold_per_holder_and_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} for {self.holder} ({self.state})"
