"""What the price screens let one type."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from commerce.desk.pricing.amounts import read_amount
from commerce.desk.pricing.entering import RowEdit, SaleEdit
from commerce.desk.pricing.standing import Standing, by_market
from commerce.kit.money import Money
from commerce.pricing.models import PriceList
from commerce.pricing.repricing import Row
from commerce.pricing.setting import is_plausible

MOST_ROWS_ON_A_PAGE = 200
LONGEST_PASTE = 600_000
CELLS = ("regular", "sale", "sale_from", "sale_until", "cost")


def minute(instant: datetime | None) -> str:
    """As a date and time field writes it, in UTC."""
    return instant.strftime("%Y-%m-%dT%H:%M") if instant else ""


def moment_field(label: str, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget, validators=[_of_our_time], **options)


def _of_our_time(moment: datetime) -> None:
    if not 2000 <= moment.year <= 2100:
        raise forms.ValidationError("Name a day between 2000 and 2100.")


def clean_amount(written: str, currency: str) -> Money | None:
    if not written.strip():
        return None
    try:
        amount = read_amount(written, currency)
    except ValueError:
        raise forms.ValidationError(f"Write an amount in {currency} such as {Money(1999, currency).amount}.") from None
    if not is_plausible(amount):
        raise forms.ValidationError("An amount is not negative and not that high.")
    return amount


class TimingForm(forms.Form):
    effective_at = moment_field("Regular prices take effect (UTC)", help_text="Empty: at once.")
    reason = forms.CharField(label="Why", required=False, max_length=255, help_text="Kept in the price's history.")

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at

    def clean_effective_at(self) -> datetime | None:
        wanted: datetime | None = self.cleaned_data["effective_at"]
        if wanted is not None and wanted <= self.at:
            raise forms.ValidationError("This is over. Leave it empty for a change at once.")
        return wanted


class PasteForm(TimingForm):
    list = forms.ModelChoiceField(
        by_market(PriceList.objects.all()), label="Price list", to_field_name="code", empty_label=None
    )
    text = forms.CharField(
        label="Rows",
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "placeholder": "SKU\tPrice\nMUG-MOSS\t19.99"}),
        help_text="SKU, price and perhaps currency, with or without a header; decimals after a comma or a point.",
    )

    field_order = ["list", "text", "effective_at", "reason"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("There is nothing to enter.")
        return text


class SaleAndCostFields(forms.Form):
    """Sale price with its window, and cost, as a row has them. What differs from what stands is what changes."""

    sale = forms.CharField(label="Sale price", required=False, max_length=30)
    sale_from = moment_field("Sale from")
    sale_until = moment_field("Sale until")
    cost = forms.CharField(label="Cost", required=False, max_length=30)

    currency: str
    at: datetime
    standing: Standing | None

    def clean_sale(self) -> Money | None:
        return clean_amount(self.cleaned_data["sale"] or "", self.currency)

    def clean_cost(self) -> Money | None:
        return clean_amount(self.cleaned_data["cost"] or "", self.currency)

    def check_sale(self, regular: Money | None) -> None:
        """`regular` is the price that will stand beside it."""
        present = shown_prices(self.standing)
        if self.standing and self.standing.cost is not None and self.cleaned_data.get("cost", "") is None:
            self.add_error("cost", "A cost is replaced, not removed.")
        if not self.changes_sale or {"sale", "sale_from", "sale_until"} & set(self.errors):
            return
        amount, begins, ends = (self.cleaned_data.get(name) for name in ("sale", "sale_from", "sale_until"))
        if amount is None:
            if not present["sale"]:
                self.add_error("sale", "Write the sale price.")
            return
        if regular is None:
            self.add_error("sale", "There is no regular price to be lower than.")
        elif not amount < regular:
            self.add_error("sale", "A sale price is lower than the regular one.")
        is_new = minute(begins) != present["sale_from"]
        if begins and is_new and begins < self.at.replace(second=0, microsecond=0):
            self.add_error("sale_from", "A sale begins now or later.")
        if ends and ends <= max(begins or self.at, self.at):
            self.add_error("sale_until", "A sale ends after it begins, and later than now.")

    @property
    def changes_sale(self) -> bool:
        present, said = shown_prices(self.standing), self.cleaned_data
        amount = said["sale"].amount if said.get("sale") is not None else ""
        posted = (amount, minute(said.get("sale_from")), minute(said.get("sale_until")))
        return posted != (present["sale"], present["sale_from"], present["sale_until"])

    @property
    def sale_edit(self) -> SaleEdit | None:
        if not self.changes_sale:
            return None
        said = self.cleaned_data
        return SaleEdit(said["sale"], *(said["sale_from"], said["sale_until"]) if said["sale"] is not None else ())

    @property
    def new_cost(self) -> Money | None:
        cost: Money | None = self.cleaned_data.get("cost")
        return cost if self.standing is None or cost != self.standing.cost else None


def shown_prices(standing: Standing | None) -> dict[str, str]:
    """What the fields of a row show."""
    own, sale = (standing.own, standing.sale) if standing else (None, None)
    cost = standing.cost if standing else None
    return {
        "regular": own.amount.amount if own else "",
        "sale": sale.amount.amount if sale else "",
        "sale_from": minute(sale.valid_from) if sale else "",
        "sale_until": minute(sale.valid_until) if sale else "",
        "cost": cost.amount if cost is not None else "",
    }


class PriceRowForm(SaleAndCostFields):
    """One row of the grid. What was shown goes with it, so that only what was changed is sent on."""

    variant = forms.UUIDField(widget=forms.HiddenInput)
    mark = forms.CharField(widget=forms.HiddenInput, max_length=64)
    regular = forms.CharField(label="Regular price", required=False, max_length=30)

    def __init__(
        self,
        *args: Any,
        standing: Standing | None,
        currency: str,
        at: datetime,
        may_change: bool,
        may_change_costs: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.standing, self.currency, self.at = standing, currency, at
        sku = standing.variant.sku if standing else ""
        for name in CELLS:
            field = self.fields[name]
            field.show_hidden_initial = True
            field.disabled = not (may_change_costs if name == "cost" else may_change)
            field.widget.attrs["aria-label"] = f"{field.label} of {sku}"
        for name in ("regular", "sale", "cost"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "data-cell": name}
        if standing and standing.is_derived and standing.regular is not None:
            self.fields["regular"].widget.attrs["placeholder"] = standing.regular.amount

    @staticmethod
    def shown(standing: Standing) -> dict[str, Any]:
        return {"variant": standing.variant.pk, "mark": standing.mark, **shown_prices(standing)}

    @property
    def is_changed(self) -> bool:
        return bool(set(CELLS) & set(self.changed_data))

    def clean_regular(self) -> Money | None:
        amount = clean_amount(self.cleaned_data["regular"] or "", self.currency)
        if amount is None and "regular" in self.changed_data:
            raise forms.ValidationError("To end a price, open its history.")
        return amount

    def clean(self) -> None:
        if self.standing is None:
            raise forms.ValidationError("This variant is gone. Open the page again.")
        regular: Money | None = self.cleaned_data.get("regular")
        self.check_sale(regular if regular is not None else self.standing.regular)

    @property
    def planned_row(self) -> Row | None:
        amount: Money | None = self.cleaned_data.get("regular")
        if "regular" not in self.changed_data or amount is None or self.standing is None:
            return None
        return Row(self.standing.variant.sku, amount.amount)

    @property
    def edit(self) -> RowEdit:
        assert self.standing is not None, "clean() refuses rows of variants that are gone"
        variant = self.standing.variant
        return RowEdit(variant.pk, variant.sku, self.cleaned_data["mark"], self.sale_edit, self.new_cost)


class PriceRows(forms.BaseFormSet[PriceRowForm]):
    """The rows of a page, each with what stands at its place."""

    def __init__(self, *args: Any, standings: Sequence[Standing | None], **options: Any) -> None:
        self.standings = standings
        super().__init__(*args, **options)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        inside = index is not None and index < len(self.standings)
        return super().get_form_kwargs(index) | {"standing": self.standings[index] if inside else None}  # type: ignore[index]

    @property
    def changed(self) -> list[PriceRowForm]:
        return [form for form in self.forms if form.is_changed]


PriceRowFormSet = forms.formset_factory(
    PriceRowForm,
    formset=PriceRows,
    extra=0,
    max_num=MOST_ROWS_ON_A_PAGE,
    absolute_max=MOST_ROWS_ON_A_PAGE,
    validate_max=True,
)


def posted_variants(data: Any) -> list[uuid.UUID | None]:
    """The variant of each row that was sent; None where no id can be read."""
    written = str(data.get("form-TOTAL_FORMS", ""))
    total = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0
    return [_id(data.get(f"form-{place}-variant", "")) for place in range(min(total, MOST_ROWS_ON_A_PAGE))]


def _id(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written)
    except ValueError:
        return None
