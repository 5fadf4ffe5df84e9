from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateTimeInput

from commerce.accounts.models import User
from commerce.credit.models import CreditAccount
from commerce.desk.pricing import amounts
from commerce.kit.money import Money
from commerce.markets.models import Market


def read_amount(form: forms.Form, *, currency: str) -> Money | None:
    """The written amount; None with a message at the field."""
    try:
        return amounts.read_amount(form.cleaned_data["amount"].strip().removeprefix("+"), currency)
    except ValueError:
        form.add_error("amount", f"Write an amount in {currency} such as {Money(2500, currency).amount}.")
        return None


class IssueForm(forms.Form):
    """`token` names the page that was opened, so that sending it twice issues once."""

    kind = forms.ChoiceField(label="What", choices=CreditAccount.Kind.choices)
    amount = forms.CharField(max_length=30, widget=forms.TextInput({"inputmode": "decimal"}), help_text="Such as 25.")
    currency = forms.ChoiceField(error_messages={"invalid_choice": "No market sells in %(value)s."})
    customer = forms.EmailField(
        label="Customer's e-mail address",
        required=False,
        help_text="Store credit is given to a customer who has an account. For a gift card: where it is to be sent.",
    )
    expires_at = forms.DateTimeField(
        label="Expires",
        required=False,
        widget=AdminDateTimeInput,
        help_text="In UTC. Gift cards only; left blank, it never does.",
    )
    reason = forms.CharField(max_length=255, help_text="Why it is issued; the ledger keeps it.")
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["currency"]
        assert isinstance(chosen, forms.ChoiceField)
        by_default = Market.objects.order_by("-is_default", "code").values_list("currency", flat=True)
        chosen.choices = [(each, each) for each in dict.fromkeys(by_default)]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"amount", "currency"} <= cleaned.keys():
            cleaned["money"] = read_amount(self, currency=cleaned["currency"])
        if cleaned.get("kind") == CreditAccount.Kind.STORE_CREDIT and "customer" in cleaned:
            cleaned["owner"] = User.objects.filter(email__iexact=cleaned["customer"]).first()
            if cleaned["owner"] is None:
                self.add_error("customer", "No customer has an account under this address.")
            if cleaned.get("expires_at"):
                self.add_error("expires_at", "Store credit does not expire.")
        return cleaned


class AdjustForm(forms.Form):
    amount = forms.CharField(
        label="Change by",
        max_length=30,
        widget=forms.TextInput({"inputmode": "text"}),
        help_text="10 adds, -10 takes away.",
    )
    reason = forms.CharField(label="Why", max_length=255, help_text="The ledger keeps it.")

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        self.currency = currency
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        if "amount" in self.cleaned_data:
            self.cleaned_data["money"] = read_amount(self, currency=self.currency)
        return self.cleaned_data


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=255)
