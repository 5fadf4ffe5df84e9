"""Credit notes: whatever is given back, and in whatever portions, no rate is credited beyond what was charged at it.

Once all is given back, nothing is left at any rate."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.checkout.quoting.computing import compute
from commerce.checkout.quoting.inventing import invent
from commerce.invoicing import crediting
from commerce.invoicing.crediting import Part, credit_document
from commerce.invoicing.documents import InvoiceDocument, seller_block
from commerce.invoicing.models import InvoiceSettings
from commerce.kit.money import Money
from commerce.orders.refund_sums import GivenBack, OrderRefundTooLarge, PaidFor, refund_sums
from commerce.orders.snapshots import QuoteSnapshot
from tests.commerce.checkout.quoting.receipts import Market, Sale, flat
from tests.commerce.invoicing.papers import invoice_for, order_from
from tests.factories.invoicing import SELLER

always = settings(deadline=None, max_examples=150)
seeds = st.integers(0, 2**40)

DE = Market("DE", "EUR", "19", "7")
QUOTE = compute(Sale(DE, "2 mug 12.50, 1 book 20.00 reduced, 1 stamp 5.00 zero", ship=flat("4.90")).facts)
MUG, BOOK, STAMP = range(3)


class Refunds:
    """The refunds of one order as the orders' own sums make them, and the credit note for each."""

    def __init__(self, quote: QuoteSnapshot) -> None:
        self.order = order_from(quote)
        self.invoice = invoice_for(quote)
        self.notes: list[InvoiceDocument] = []
        self._units: dict[int, int] = dict.fromkeys(range(len(quote["lines"])), 0)
        self._shipping = self._total = Money.zero(quote["currency"])
        self.paid = self._paid(quote)

    @property
    def left(self) -> Money:
        return self.paid.total - self._total

    def unit_left(self, line: int) -> int:
        return self.paid.lines[line][1] - self._units[line]

    @property
    def shipping_left(self) -> Money:
        return self.paid.shipping - self._shipping

    def give_back(
        self, units: dict[int, int], *, shipping: Money | None = None, other: Money | None = None
    ) -> InvoiceDocument:
        given = GivenBack(units=self._units, shipping=self._shipping, total=self._total)
        sums = refund_sums(paid=self.paid, given=given, units=units, shipping=shipping, other=other)
        for line, many in units.items():
            self._units[line] += many
        self._shipping += sums.shipping
        self._total += sums.total
        note = self._credit(
            crediting.GivenBack(
                total=sums.total.minor,
                lines={
                    line: Part(each.quantity, each.amount.minor, each.tax.minor) for line, each in sums.lines.items()
                },
                shipping=Part(1, sums.shipping.minor, sums.shipping_tax.minor),
            )
        )
        self.notes.append(note)
        return note

    def take_back(self) -> InvoiceDocument:
        note = self._credit(None)
        self.notes.append(note)
        return note

    def credited(self) -> dict[str, tuple[int, int, int]]:
        sums = {row["percent"]: (0, 0, 0) for row in self.invoice["taxes"]}
        for note in self.notes:
            for row in note["taxes"]:
                net, tax, gross = sums[row["percent"]]
                sums[row["percent"]] = (net + row["net"], tax + row["tax"], gross + row["gross"])
        return sums

    def _credit(self, given: crediting.GivenBack | None) -> InvoiceDocument:
        return credit_document(
            invoice=self.invoice,
            before=self.notes,
            given=given,
            number="EU-2026-00002",
            issued_on="2026-11-22",
            seller=seller_block(InvoiceSettings(**SELLER)),
        )

    def _paid(self, quote: QuoteSnapshot) -> PaidFor:
        currency, on_top = quote["currency"], not quote["tax_inclusive"]

        def paid(amount: int, tax: int) -> Money:
            return Money(amount + tax if on_top else amount, currency)

        lines = enumerate(quote["lines"])
        shipping_tax = self.order.shipping_tax_minor
        return PaidFor(
            lines={at: (paid(line["total"]["minor"], line["tax"]["minor"]), line["quantity"]) for at, line in lines},
            taxes={at: Money.from_document(line["tax"]) for at, line in enumerate(quote["lines"])},
            shipping=paid(self.order.shipping_minor, shipping_tax),
            shipping_tax=Money(shipping_tax, currency),
            total=self.order.total,
        )


def _charged(invoice: InvoiceDocument) -> dict[str, tuple[int, int, int]]:
    return {row["percent"]: (row["net"], row["tax"], row["gross"]) for row in invoice["taxes"]}


@given(seeds)
@always
def test_in_whatever_portions_invoice_and_credit_notes_cancel_out_at_every_rate(seed: int) -> None:
    chance = Random(seed)
    refunds = Refunds(compute(invent(chance)))
    charged = {percent: gross for percent, (_, _, gross) in _charged(refunds.invoice).items()}
    for _ in range(3):
        units = {line: chance.randint(0, refunds.unit_left(line)) for line in refunds.paid.lines}
        shipping = Money(chance.randint(0, refunds.shipping_left.minor), refunds.order.currency)
        other = Money(chance.choice([0, 0, 1, 99, refunds.left.minor // 3]), refunds.order.currency)
        try:
            note = refunds.give_back(units, shipping=shipping, other=other)
        except OrderRefundTooLarge:
            continue
        assert note["net"] + note["tax"] + note["rounding"] == note["total"]
        for percent, (_, _, gross) in refunds.credited().items():
            assert gross <= charged[percent]
    rest = {line: refunds.unit_left(line) for line in refunds.paid.lines}
    refunds.give_back(rest, shipping=refunds.shipping_left)
    assert refunds.credited() == _charged(refunds.invoice)
    assert sum(note["total"] for note in refunds.notes) == refunds.invoice["total"]
    assert sum(note["rounding"] for note in refunds.notes) == refunds.invoice["rounding"]


@given(seeds)
@always
def test_what_is_taken_back_is_what_the_credit_notes_have_left(seed: int) -> None:
    chance = Random(seed)
    refunds = Refunds(compute(invent(chance)))
    units = {line: chance.randint(0, refunds.unit_left(line)) for line in refunds.paid.lines}
    refunds.give_back(units)
    refunds.take_back()
    assert refunds.credited() == _charged(refunds.invoice)


def test_one_unit_given_back_credits_its_share_and_its_tax() -> None:
    note = Refunds(QUOTE).give_back({MUG: 1})
    [row] = note["rows"]
    assert (row["title"], row["quantity"], row["gross"], row["tax"], row["percent"]) == ("mug", 1, 1250, 200, "19")
    assert (note["kind"], note["total"]) == ("credit_note", 1250)
    assert note["corrects"] == {"number": "EU-2026-00001", "issued_on": "2026-11-21", "reason": ""}


def test_everything_given_back_shows_every_line_and_the_zero_rate() -> None:
    refunds = Refunds(QUOTE)
    note = refunds.give_back({MUG: 2, BOOK: 1, STAMP: 1}, shipping=refunds.shipping_left)
    assert [row["title"] for row in note["rows"]] == ["mug", "book", "stamp", "Shipping"]
    assert _charged(note) == _charged(refunds.invoice)


def test_a_reduction_without_a_line_is_spread_over_the_rates_of_what_is_left() -> None:
    note = Refunds(QUOTE).give_back({}, other=Money(549, "EUR"))
    assert {row["percent"]: row["gross"] for row in note["rows"]} == {"19": 299, "7": 200, "0": 50}
    assert {row["title"] for row in note["rows"]} == {"Price reduction"}
    assert note["total"] == 549


def test_a_line_given_back_after_a_reduction_never_credits_its_rate_beyond_what_was_charged() -> None:
    refunds = Refunds(QUOTE)
    refunds.give_back({}, other=Money(1000, "EUR"))
    note = refunds.give_back({BOOK: 1})
    assert note["total"] == 2000
    assert refunds.credited()["7"][2] == 2000


def test_after_a_credit_note_the_rest_is_taken_back_and_says_why() -> None:
    refunds = Refunds(QUOTE)
    refunds.give_back({MUG: 1})
    note = refunds.take_back()
    assert note["total"] == 5490 - 1250
    assert [(row["title"], row["gross"]) for row in note["rows"]][-1] == ("Credited before", -1250)
    assert note["corrects"] is not None
    assert "takes back the invoice in full" in note["corrects"]["reason"]


def test_more_than_is_left_is_a_defect_and_no_credit_note() -> None:
    refunds = Refunds(QUOTE)
    with pytest.raises(ValueError, match="5491 would be credited and 5490 is left"):
        refunds._credit(crediting.GivenBack(total=5491))


def test_a_line_that_the_invoice_does_not_have_is_credited_without_one() -> None:
    refunds = Refunds(QUOTE)
    note = refunds._credit(crediting.GivenBack(total=100, lines={7: Part(1, 100, 16)}))
    assert {row["kind"] for row in note["rows"]} == {"other"}
    assert note["total"] == 100
