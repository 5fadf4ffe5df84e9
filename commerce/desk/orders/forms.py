"""What staff enter at an order. Every form of units has a field for each line, and further fields below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from cms.catalogue.models import Variant
from commerce.desk.pricing import amounts
from commerce.desk.templatetags.money import money
from commerce.kit.money import Money
from commerce.orders.models import Condition, ReturnReason

_UNITS = "units-"


class AmountField(forms.CharField):
    def __init__(self, *, currency: str, **options: Any) -> None:
        self.currency = currency
        widget = forms.TextInput({"inputmode": "decimal", "size": "10"})
        super().__init__(max_length=30, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            return amounts.read_amount(written, self.currency)
        except ValueError:
            example = Money(1250, self.currency).amount
            raise forms.ValidationError(f"Write an amount in {self.currency} such as {example}.") from None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A line for which units are entered: at most so many, and so many to begin with."""

    key: str
    label: str
    most: int
    initial: int = 0


class UnitsForm(forms.Form):
    def __init__(self, *args: Any, rows: Iterable[UnitRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"{_UNITS}{row.key}"] = forms.IntegerField(
                label=row.label,
                required=False,
                min_value=0,
                max_value=row.most,
                initial=row.initial,
                widget=forms.NumberInput({"min": 0, "max": row.most, "inputmode": "numeric"}),
            )
        self.order_fields([*(f"{_UNITS}{row.key}" for row in self.rows), *self.base_fields])

    @property
    def unit_fields(self) -> list[tuple[UnitRow, BoundField]]:
        return [(row, self[f"{_UNITS}{row.key}"]) for row in self.rows]

    @property
    def other_fields(self) -> list[BoundField]:
        return [field for field in self if not field.name.startswith(_UNITS) and not field.is_hidden]

    def units(self) -> dict[str, int]:
        return {row.key: self.cleaned_data[f"{_UNITS}{row.key}"] or 0 for row in self.rows}


class SendingForm(forms.Form):
    """What is disputed, or not paid in full, is sent when somebody says so for this parcel."""

    although_disputed = forms.BooleanField(label="Send it although the payment is disputed", required=False)
    although_unpaid = forms.BooleanField(required=False)

    def __init__(self, *args: Any, is_disputed: bool, unpaid: Money, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["although_unpaid"].label = f"Send it although {money(unpaid)} is not paid"
        for name, is_asked in (("although_disputed", is_disputed), ("although_unpaid", bool(unpaid))):
            if not is_asked:
                del self.fields[name]


class PackForm(SendingForm, UnitsForm):
    tracking_number = forms.CharField(required=False, max_length=100, help_text="Of the parcel, if it has one already.")


class ShipForm(SendingForm):
    tracking_number = forms.CharField(required=False, max_length=100)
    method = forms.CharField(label="Sent with", required=False, max_length=100, help_text="Blank: as ordered.")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=200)


class NothingForm(forms.Form):
    """A button."""


class RefundForm(UnitsForm):
    """`known` is what had been given back when the page was opened, so that sending it twice gives back once."""

    known = forms.IntegerField(widget=forms.HiddenInput)
    restock = forms.BooleanField(
        label="Put the units back into stock", required=False, initial=True, help_text="Not if they are lost or broken."
    )
    reason = forms.CharField(label="Why", max_length=200)

    def __init__(self, *args: Any, currency: str, shipping: Money, **options: Any) -> None:
        super().__init__(*args, **options)
        if shipping:
            words = f"Up to {shipping}."
            self.fields["shipping"] = AmountField(currency=currency, required=False, label="Shipping", help_text=words)
        self.fields["other"] = AmountField(
            currency=currency, required=False, label="Another amount", help_text="For goodwill, without any goods."
        )
        last = ["restock", "reason", "known"]
        self.order_fields([name for name in self.fields if name not in last] + last)


class AmountForm(forms.Form):
    def __init__(self, *args: Any, currency: str, label: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"] = AmountField(currency=currency, label=label)
        self.order_fields(["amount", *self.base_fields])

    def clean_amount(self) -> Money:
        amount: Money = self.cleaned_data["amount"]
        if amount.minor <= 0:
            raise forms.ValidationError("Enter an amount above zero.")
        return amount


class ReceiptForm(AmountForm):
    reference = forms.CharField(max_length=255, help_text="What the statement or the receipt says.")


class NoteForm(forms.Form):
    text = forms.CharField(label="Note", max_length=2000, widget=forms.Textarea({"rows": 3}))
    is_visible = forms.BooleanField(label="The shopper may read it", required=False)


class ReturnForm(UnitsForm):
    reason = forms.ChoiceField(label="Why", choices=ReturnReason.choices)
    words = forms.CharField(label="In the shopper's words", required=False, max_length=1000)


class ReceiveForm(UnitsForm):
    condition = forms.ChoiceField(label="The goods go", choices=Condition.choices)

    def __init__(self, *args: Any, currency: str, shipping: Money, **options: Any) -> None:
        super().__init__(*args, **options)
        if shipping:
            words = f"Up to {shipping}; blank: none of it."
            self.fields["shipping"] = AmountField(
                currency=currency, required=False, label="Shipping to give back as well", help_text=words
            )


class ExchangeForm(forms.Form):
    def __init__(self, *args: Any, lines: Mapping[str, str], variants: Iterable[Variant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["line"] = forms.ChoiceField(label="Instead of", choices=list(lines.items()))
        names = [(str(each.pk), f"{each.sku} {each.name}".strip()) for each in variants]
        self.fields["variant"] = forms.ChoiceField(label="Send", choices=names)
        self.fields["quantity"] = forms.IntegerField(min_value=1, initial=1)


class EditForm(UnitsForm):
    """Units are what is to be in the order afterwards. `known` is the edit that the page was opened at."""

    sku = forms.CharField(label="Add the SKU", required=False, max_length=64)
    quantity = forms.IntegerField(label="How many of it", required=False, min_value=1, max_value=999)
    reason = forms.CharField(label="Why", max_length=200)
    known = forms.IntegerField(widget=forms.HiddenInput)
