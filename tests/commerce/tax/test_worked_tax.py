"""Tax worked out by hand, for a shop owner to read: what is bought, where it goes, what tax it bears.

Amounts are written as on a receipt. "Included" rows are prices with tax in them: tax = price × rate / (100 + rate).
The others are prices without: tax = price × rate / 100. Each line is rounded half up by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from commerce.kit.money import Money
from commerce.tax.computing import TaxableLine, TaxAnswer, TaxRequest, compute
from commerce.tax.rate_tables import Rate, choose
from commerce.tax.treatment import TAXED, Treatment, TreatmentKind, decide
from commerce.tax.vat_ids import InvalidVatId, VatId, vat_id_written

LAST_CENTURY = datetime(1999, 1, 1, tzinfo=UTC)
TODAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

# country, region, standard, reduced. EU: European Commission, Taxes in Europe database, November 2026.
RATES = [
    ("AT", "", "20", "10"),
    # § 10 (4) UStG 1994: the customs enclaves.
    ("AT", "Jungholz", "19", None),
    # Canada: GST 5 % and QST 9.975 % on the same base (Act respecting the Québec sales tax, section 16).
    ("CA", "QC", "14.975", None),
    # Art. 25 MWSTG, from 1 January 2024.
    ("CH", "", "8.1", "2.6"),
    ("DE", "", "19", "7"),
    ("ES", "", "21", "10"),
    # Ley 20/1991, art. 51 with Ley 4/2012 (Canarias): IGIC instead of VAT.
    ("ES", "Las Palmas", "7", "3"),
    ("FI", "", "25.5", "10"),
    ("FR", "", "20", "5.5"),
    ("GB", "", "20", "5"),
    ("HU", "", "27", "5"),
    ("IE", "", "23", "9"),
    # Lög nr. 50/1988, 14. gr.
    ("IS", "", "24", "11"),
    # Consumption Tax Act of Japan: 10 %, and 8 % for food, from 1 October 2019.
    ("JP", "", "10", "8"),
    # Article 25 of the Unified VAT Agreement of the Gulf states; Kuwait has yet to bring it in.
    ("KW", "", "5", None),
    ("LU", "", "17", "8"),
    ("NO", "", "25", "15"),
    # Artigo 18.º CIVA, with the regions' own rates.
    ("PT", "", "23", "6"),
    ("PT", "Açores", "16", "4"),
    ("PT", "Madeira", "22", "4"),
    # New York City: 4 % state, 4.5 % city, 0.375 % MCTD (Tax Law §§ 1105, 1107, 1109).
    ("US", "NY", "8.875", None),
]


def dated(country: str, region: str, tax_class: str, percent: str) -> Rate:
    return Rate(country, tax_class, Decimal(percent), LAST_CENTURY, region=region)


TABLE = [
    dated(country, region, tax_class, percent)
    for country, region, standard, reduced in RATES
    for tax_class, percent in (("standard", standard), ("reduced", reduced))
    if percent is not None
]
EXEMPT = Treatment(TreatmentKind.EXEMPT, "Article 151 of Directive 2006/112/EC")
REVERSE_CHARGE = Treatment(TreatmentKind.REVERSE_CHARGE, "intra_community_supply", "FR40303265045")


@dataclass(frozen=True)
class Bill:
    """What is bought; `to` is a country or "country/region", goods are "119.00" or "10.70 reduced"."""

    to: str
    goods: str
    included: bool = True
    currency: str = "EUR"
    shipping: str = "0"
    shipping_tax: str = "standard"
    treatment: Treatment = TAXED

    def answer(self) -> TaxAnswer:
        country, _, region = self.to.partition("/")
        return compute(
            TaxRequest(
                currency=self.currency,
                included=self.included,
                country=country,
                region=region,
                lines=tuple(self._line(number, text) for number, text in enumerate(self.goods.split(" + "))),
                shipping=Money.from_decimal(self.shipping, self.currency),
                shipping_tax=self.shipping_tax,
                treatment=self.treatment,
            ),
            choose(TABLE, country=country, region=region, at=TODAY),
        )

    def _line(self, number: int, text: str) -> TaxableLine:
        amount, _, tax_class = text.partition(" ")
        return TaxableLine(f"line-{number}", Money.from_decimal(amount, self.currency), tax_class or "standard")


@pytest.mark.parametrize(
    ("bill", "taxes"),
    [
        # Prices that include tax.
        pytest.param(Bill("DE", "119.00"), "19.00", id="Germany, 19 % of 100.00"),
        pytest.param(Bill("DE", "19.99"), "3.19", id="19.99 × 19 / 119 = 3.1916"),
        pytest.param(Bill("DE", "10.70 reduced"), "0.70", id="a German book at 7 %"),
        pytest.param(Bill("DE", "9.99 reduced"), "0.65", id="9.99 × 7 / 107 = 0.6535"),
        pytest.param(Bill("FR", "120.00"), "20.00", id="France, 20 %"),
        pytest.param(Bill("FR", "21.10 reduced"), "1.10", id="a French book at 5.5 %"),
        pytest.param(Bill("FI", "125.50"), "25.50", id="Finland, 25.5 %"),
        pytest.param(Bill("HU", "1270.00", currency="HUF"), "270.00", id="Hungary, 27 %, the Union's highest"),
        pytest.param(Bill("LU", "117.00"), "17.00", id="Luxembourg, 17 %, the Union's lowest"),
        pytest.param(Bill("IE", "12.30"), "2.30", id="Ireland, 23 %"),
        pytest.param(Bill("NO", "125.00", currency="NOK"), "25.00", id="Norway, outside the Union, 25 %"),
        pytest.param(Bill("GB", "0.06", currency="GBP"), "0.01", id="sixpence holds exactly one penny of tax"),
        pytest.param(Bill("DE", "0.01"), "0.00", id="one cent holds no whole cent of tax"),
        pytest.param(Bill("AT", "0.03"), "0.01", id="3 × 20 / 120 is half a cent, which is rounded up"),
        pytest.param(Bill("DE", "5.00 zero"), "0.00", id="the zero class bears no tax"),
        pytest.param(Bill("DE", "119.00 + 10.70 reduced"), "19.00 + 0.70", id="two rates on one receipt"),
        # Prices without tax.
        pytest.param(Bill("DE", "100.00", included=False), "19.00", id="19 % on top of 100.00"),
        pytest.param(Bill("DE", "33.33", included=False), "6.33", id="33.33 × 19 % = 6.3327"),
        pytest.param(Bill("DE", "0.50", included=False), "0.10", id="9.5 cents are rounded up to 10"),
        pytest.param(Bill("HU", "0.10 reduced", included=False), "0.01", id="half a cent is rounded up to 1"),
        pytest.param(Bill("HU", "0.09 reduced", included=False), "0.00", id="0.45 of a cent is rounded down to 0"),
        pytest.param(
            Bill("DE", "0.13 + 0.13 + 0.13", included=False),
            "0.02 + 0.02 + 0.02",
            id="three lines of 2.47 cents are 6 cents, though 19 % of 0.39 would be 7: rounded per line",
        ),
        pytest.param(Bill("US/NY", "100.00", included=False, currency="USD"), "8.88", id="New York, 8.875 %"),
        pytest.param(Bill("CA/QC", "100.00", included=False, currency="CAD"), "14.98", id="Québec, 14.975 %"),
        # A region beats its country.
        pytest.param(Bill("PT", "123.00"), "23.00", id="mainland Portugal, 23 %"),
        pytest.param(Bill("PT/Madeira", "122.00"), "22.00", id="Madeira, 22 %"),
        pytest.param(Bill("PT/madeira ", "122.00"), "22.00", id="Madeira, however it is written"),
        pytest.param(Bill("PT/Açores", "116.00"), "16.00", id="the Azores, 16 %"),
        pytest.param(Bill("PT/Açores", "10.40 reduced"), "0.40", id="the Azores, reduced, 4 %"),
        pytest.param(Bill("ES/Las Palmas", "107.00"), "7.00", id="Canary Islands, 7 % IGIC"),
        pytest.param(Bill("ES/Madrid", "121.00"), "21.00", id="a region without rates of its own has the country's"),
        pytest.param(Bill("AT/Jungholz", "119.00"), "19.00", id="Jungholz, 19 %"),
        pytest.param(Bill("AT/Jungholz", "110.00 reduced"), "10.00", id="Jungholz, reduced: Austria's 10 %"),
        # Currencies with other decimals.
        pytest.param(Bill("JP", "1100", currency="JPY"), "100", id="Japan, 10 % of 1000 yen"),
        pytest.param(Bill("JP", "1080 reduced", currency="JPY"), "80", id="Japanese food, 8 %"),
        pytest.param(Bill("JP", "999", currency="JPY"), "91", id="999 × 10 / 110 = 90.8 yen; there is no sen"),
        pytest.param(Bill("KW", "1.250", currency="KWD", included=False), "0.063", id="5 % of 1.250 dinar: 62.5 fils"),
        pytest.param(Bill("KW", "1.050", currency="KWD"), "0.050", id="50 fils within 1.050 dinar"),
        pytest.param(Bill("IS", "1240", currency="ISK"), "240", id="Iceland, 24 %, no aurar"),
        pytest.param(Bill("IS", "999", currency="ISK"), "193", id="999 × 24 / 124 = 193.35 krónur"),
        pytest.param(Bill("CH", "108.10", currency="CHF"), "8.10", id="Switzerland, 8.1 %"),
        pytest.param(Bill("CH", "10.26 reduced", currency="CHF"), "0.26", id="a Swiss book at 2.6 %"),
        pytest.param(
            Bill("CH", "19.95", currency="CHF"), "1.49", id="19.95 × 8.1 / 108.1 = 1.4949; tax knows centimes"
        ),
    ],
)
def test_the_tax_on_each_line(bill: Bill, taxes: str) -> None:
    answer = bill.answer()
    assert [line.tax.amount for line in answer.lines.values()] == taxes.split(" + ")
    assert answer.tax == Money.total((line.tax for line in answer.lines.values()), currency=bill.currency)


@pytest.mark.parametrize(
    ("bill", "parts"),
    [
        pytest.param(
            Bill("DE", "10.70 reduced", shipping="4.90"),
            {"standard": ("4.90", "0.78")},
            id="by the standard rate, though only books are sent: 4.90 × 19 / 119 = 0.7824",
        ),
        pytest.param(
            Bill("DE", "119.00", shipping="5.35", shipping_tax="reduced"),
            {"reduced": ("5.35", "0.35")},
            id="by the reduced rate",
        ),
        pytest.param(
            Bill("DE", "119.00", shipping="5.00", shipping_tax="zero"), {"zero": ("5.00", "0.00")}, id="not taxed"
        ),
        pytest.param(
            Bill("DE", "75.00 + 25.00 reduced", shipping="10.00", shipping_tax="share"),
            {"reduced": ("2.50", "0.16"), "standard": ("7.50", "1.20")},
            id="three quarters at 19 %, one at 7 %, as the goods",
        ),
        pytest.param(
            Bill("DE", "10.00 + 10.00 reduced + 10.00 zero", shipping="10.00", shipping_tax="share"),
            {"reduced": ("3.34", "0.22"), "standard": ("3.33", "0.53"), "zero": ("3.33", "0.00")},
            id="ten in three parts: the odd cent goes to the first, and nothing is lost",
        ),
        pytest.param(
            Bill("DE", "8.00 reduced + 2.70 reduced", shipping="5.35", shipping_tax="share"),
            {"reduced": ("5.35", "0.35")},
            id="books only, so the shipping is taxed as books are",
        ),
        pytest.param(
            Bill("DE", "0.00 reduced", shipping="4.90", shipping_tax="share"),
            {"standard": ("4.90", "0.78")},
            id="goods that are worth nothing have no share: the standard rate",
        ),
        pytest.param(
            Bill("DE", "60.00 + 40.00 reduced", included=False, shipping="10.00", shipping_tax="share"),
            {"reduced": ("4.00", "0.28"), "standard": ("6.00", "1.14")},
            id="by share, on top",
        ),
        pytest.param(
            Bill("PT/Madeira", "122.00", shipping="6.10"), {"standard": ("6.10", "1.10")}, id="at the region's rate"
        ),
    ],
)
def test_the_tax_on_shipping(bill: Bill, parts: dict[str, tuple[str, str]]) -> None:
    shipping = bill.answer().shipping
    assert {part.derivation["class"]: (part.amount.amount, part.tax.amount) for part in shipping.parts} == parts


@pytest.mark.parametrize(
    ("bill", "pays", "removed"),
    [
        pytest.param(
            Bill("DE", "119.00", treatment=EXEMPT), "100.00", "19.00", id="an embassy pays 119.00 without its 19.00"
        ),
        pytest.param(
            Bill("DE", "100.00", included=False, treatment=EXEMPT), "100.00", "0.00", id="and nothing on top of 100.00"
        ),
        pytest.param(Bill("FR", "120.00", treatment=REVERSE_CHARGE), "100.00", "20.00", id="a French business"),
        pytest.param(
            Bill("FR", "19.99", treatment=REVERSE_CHARGE),
            "16.66",
            "3.33",
            id="19.99 × 20 / 120 = 3.3317 is left out",
        ),
        pytest.param(
            Bill("FR", "19.99", included=False, treatment=REVERSE_CHARGE), "19.99", "0.00", id="a net price stays"
        ),
        pytest.param(Bill("DE", "5.00 zero", treatment=EXEMPT), "5.00", "0.00", id="there is none to remove"),
    ],
)
def test_a_buyer_who_is_not_charged_tax_pays_the_price_without_it(bill: Bill, pays: str, removed: str) -> None:
    answer = bill.answer()
    (line,) = answer.lines.values()
    assert (line.amount.amount, line.tax.amount, line.percent) == (pays, "0.00", 0)
    assert line.derivation["removed"]["amount"] == removed
    assert not answer.tax


def test_shipping_too_is_freed_of_its_tax_part_by_part() -> None:
    bill = Bill("DE", "75.00 + 25.00 reduced", shipping="10.00", shipping_tax="share", treatment=EXEMPT)
    # 7.50 − 1.20 and 2.50 − 0.16, from the table above.
    assert bill.answer().shipping.amount.amount == "8.64"


def test_the_summary_of_an_invoice_shows_each_rate_with_its_net_and_tax() -> None:
    """Directive 2006/112/EC article 226, points 8 to 10."""
    answer = Bill("DE", "119.00 + 23.80 + 10.70 reduced", shipping="4.76").answer()
    rows = [(row.percent, row.country, row.net.amount, row.tax.amount) for row in answer.summary]
    assert rows == [(19, "DE", "124.00", "23.56"), (7, "DE", "10.00", "0.70")]


def test_free_shipping_adds_no_row_to_the_summary() -> None:
    assert [row.percent for row in Bill("DE", "10.70 reduced").answer().summary] == [7]


def test_an_untaxed_invoice_shows_what_was_sold_at_nothing() -> None:
    (row,) = Bill("FR", "120.00 + 21.10 reduced", treatment=REVERSE_CHARGE).answer().summary
    assert (row.percent, row.net.amount, row.tax.amount) == (0, "120.00", "0.00")


def german(percent: str, start: str, end: str | None = None) -> Rate:
    until = datetime.fromisoformat(end) if end else None
    return Rate("DE", "standard", Decimal(percent), datetime.fromisoformat(start), until)


# § 28 (1) UStG: 16 % from 1 July to 31 December 2020, by the clock in Berlin.
PANDEMIC = [
    german("19", "2007-01-01T00:00:00+01:00", "2020-07-01T00:00:00+02:00"),
    german("16", "2020-07-01T00:00:00+02:00", "2021-01-01T00:00:00+01:00"),
    german("19", "2021-01-01T00:00:00+01:00"),
]


@pytest.mark.parametrize(
    ("moment", "tax"),
    [
        pytest.param("2020-06-30T23:59:59+02:00", "19.00", id="the last second of June: 119.00 × 19 / 119"),
        pytest.param("2020-07-01T00:00:00+02:00", "16.41", id="the first of July: 119.00 × 16 / 116"),
        pytest.param("2020-06-30T22:00:00+00:00", "16.41", id="the same second on a clock in London"),
        pytest.param("2020-12-31T23:59:59+01:00", "16.41", id="the last second of the year"),
        pytest.param("2021-01-01T00:00:00+01:00", "19.00", id="the first of the next"),
    ],
)
def test_a_rate_changes_at_its_second(moment: str, tax: str) -> None:
    table = choose(PANDEMIC, country="DE", region="", at=datetime.fromisoformat(moment))
    line = TaxableLine("coat", Money(11900, "EUR"), "standard")
    request = TaxRequest("EUR", True, "DE", "", (line,), Money(0, "EUR"))
    assert compute(request, table).tax.amount == tax


@pytest.mark.parametrize(
    ("origin", "country", "typed", "kind", "reason"),
    [
        pytest.param("DE", "FR", "FR40303265045", "reverse_charge", "intra_community_supply", id="Germany to France"),
        pytest.param("DE", "GR", "EL 094259216", "reverse_charge", "intra_community_supply", id="Greece writes EL"),
        pytest.param(
            "DE", "FR", "ATU13585627", "reverse_charge", "intra_community_supply",
            id="an Austrian business has it sent to France: article 138 asks for a number other than the origin's",
        ),
        pytest.param("DE", "FR", "XI980780684", "reverse_charge", "intra_community_supply", id="Northern Ireland's"),
        pytest.param("DE", "MC", "FR40303265045", "reverse_charge", "intra_community_supply",
                     id="Monaco counts as France: article 7"),
        pytest.param("DE", "FR", "DE136695976", "taxed", "vat_id_of_origin", id="the number of the shop's own country"),
        pytest.param("DE", "DE", "FR40303265045", "taxed", "domestic", id="within one country"),
        pytest.param("DE", "CH", "FR40303265045", "taxed", "destination_outside_eu", id="to Switzerland"),
        pytest.param("DE", "GB", "XI980780684", "taxed", "destination_outside_eu", id="to the United Kingdom"),
        pytest.param("CH", "FR", "FR40303265045", "taxed", "origin_outside_eu", id="from Switzerland"),
        pytest.param("DE", "FR", "CHE107787577MWST", "taxed", "vat_id_outside_eu", id="a Swiss number"),
        pytest.param("DE", "FR", "GB980780684", "taxed", "vat_id_outside_eu", id="a British number"),
        pytest.param("", "FR", "FR40303265045", "taxed", "origin_unknown", id="a market that names no origin"),
    ],
)  # fmt: skip
def test_who_accounts_for_the_tax(origin: str, country: str, typed: str, kind: str, reason: str) -> None:
    vat_id = vat_id_written(typed)
    found = decide(origin=origin, country=country, vat_id=vat_id, exemption=None)
    assert (found.kind, found.reason, found.vat_id) == (kind, reason, vat_id.number)


def test_a_consumer_is_taxed_and_an_exemption_beats_the_reverse_charge() -> None:
    assert decide(origin="DE", country="FR", vat_id=None, exemption=None) == TAXED
    found = decide(origin="DE", country="FR", vat_id=vat_id_written("FR40303265045"), exemption="Article 151")
    assert found == Treatment(TreatmentKind.EXEMPT, "Article 151", "FR40303265045")


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("de 136 695 976", "DE", "DE136695976"),
        ("EL 094259216", "GR", "EL094259216"),
        ("GR094259216", "GR", "EL094259216"),
        ("BE 0697.449.992", "BE", "BE0697449992"),
        ("NL 4495445B01", "NL", "NL004495445B01"),
        ("CHE-107.787.577 MWST", "CH", "CHE107787577MWST"),
        ("NO 995 525 828 MVA", "NO", "NO995525828MVA"),
    ],
)
def test_a_vat_id_is_read_as_people_write_it(typed: str, country: str, number: str) -> None:
    assert vat_id_written(typed) == VatId(country, number)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("DE136695977", id="a wrong check digit"),
        pytest.param("136695976", id="no country"),
        pytest.param("DE", id="no number"),
        pytest.param("US123456789", id="a country that gives none"),
        pytest.param("EU372022452", id="a number of the one-stop shop is no business's in a country"),
        pytest.param("FR40303265046", id="a French number that does not add up"),
        pytest.param("D\u0395136695976", id="a Greek letter that looks Latin"),
        pytest.param("DE" + "1" * 1000, id="far too long"),
        pytest.param("", id="nothing"),
        pytest.param("DE136695976\x00", id="a control character"),
    ],
)
def test_what_is_no_vat_id_is_refused(typed: str) -> None:
    with pytest.raises(InvalidVatId) as refusal:
        vat_id_written(typed)
    assert (refusal.value.code, refusal.value.kind.value) == ("invalid_vat_id", "invalid")
