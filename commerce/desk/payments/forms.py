from __future__ import annotations

from typing import Any

from django import forms

from commerce.desk.editing import AmountField, MarkedForm, minor_units
from commerce.kit.money import Money
from commerce.payments.methods import keep_cards
from commerce.payments.models import Method, PaymentMethodOffer


class OfferForm(MarkedForm):
    least_minor = AmountField(label="From a total of", help_text="Blank: from any.")
    most_minor = AmountField(label="Up to a total of", help_text="Blank: up to any.")
    keep_cards = forms.BooleanField(
        label="Go on taking cards",
        required=False,
        initial=True,
        help_text="A market takes cards by itself until its first method is entered, and from then on what is entered "
        "alone. Ticked, cards are entered with that first method. Where methods are entered already this does nothing.",
    )

    AMOUNTS = ("least_minor", "most_minor")

    class Meta:
        model = PaymentMethodOffer
        fields = ["market", "method", "name", "instructions", "least_minor", "most_minor", "days_to_pay", "position"]
        widgets = {"instructions": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_new:
            return
        del self.fields["keep_cards"]
        currency = self.instance.market.currency
        self.fix("market", because="Amounts are in this market's currency.")
        self.fix("method", because="Orders refer to it.")
        for name in self.AMOUNTS:
            minor = getattr(self.instance, name)
            self.initial[name] = "" if minor is None else Money(minor, currency).amount
            self.fields[name].label = f"{self.fields[name].label} ({currency})"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        market = cleaned.get("market")
        for name in self.AMOUNTS:
            self._read(cleaned, name, market.currency if market else "")
        least, most = cleaned.get("least_minor"), cleaned.get("most_minor")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            self.add_error("most_minor", "This is less than the amount from which it is offered.")
        method = cleaned.get("method") or self.instance.method
        if method == Method.BANK_TRANSFER and not cleaned.get("instructions", "").strip():
            self.add_error("instructions", "Shoppers need to know where to transfer the money to.")
        if cleaned.get("days_to_pay") == 0:
            self.add_error("days_to_pay", "Give at least one day, or leave it empty for as long as it takes.")
        return cleaned

    def save(self, commit: bool = True) -> PaymentMethodOffer:
        if self.is_new and self.cleaned_data["keep_cards"] and self.instance.method != Method.STRIPE:
            keep_cards(self.instance.market)
        offer: PaymentMethodOffer = super().save(commit=commit)
        return offer

    def _read(self, cleaned: dict[str, Any], name: str, currency: str) -> None:
        written = cleaned.get(name)
        try:
            cleaned[name] = minor_units(str(written), currency) if written and currency else None
        except forms.ValidationError as error:
            self.add_error(name, error)
