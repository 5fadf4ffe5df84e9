"""Whole purchases worked out by hand: what goes into the basket, and what the till prints. For a shop owner to read.

How goods and receipts are written stands in `receipts.py` beside this file. The arithmetic, everywhere:

- Prices that include tax contain amount × rate / (100 + rate); on others amount × rate / 100 comes on top. Rounded half
  up, line by line (Directive 2006/112/EC, article 226, asks for the tax by rate and leaves the rounding to the states;
  Court of Justice, C-484/06 Koninklijke Ahold: rounding by line is one of the ways).
- Price reductions lower what is taxed (article 79 (b) of the same).
- A discount on the whole order is spread by value; cents that are left over go to the largest fractions, then to the
  line that is written first.
- Rates are those of the laws named beside the markets.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.commerce.checkout.quoting.receipts import (
    Market,
    Promised,
    Sale,
    by_table,
    by_value,
    by_weight,
    costs,
    flat,
    names_of,
    off,
    pickup,
    promo,
    receipt_of,
    surcharge,
    together,
    written,
)
from tests.factories.promotions import bundle_off, buy_get, free_shipping, gift, percent

# Germany, § 12 UStG; and from July to December 2020, § 28 (1) UStG.
DE = Market("DE", "EUR", "19", "7")
DE_2020 = Market("DE", "EUR", "16", "5")
# Austria, § 10 UStG 1994. France, articles 278 and 278-0 bis CGI. Ireland, section 46 VAT Consolidation Act 2010.
AT = Market("AT", "EUR", "20", "10")
FR = Market("FR", "EUR", "20", "5.5")
IE = Market("IE", "EUR", "23", "13.5")
# Finland, 84 § AVL from 1 September 2024; totals in cash to 5 cents, laki 890/2001.
FI = Market("FI", "EUR", "25.5", "10")
# Luxembourg, article 40 of the VAT law. Greece, article 21 of law 2859/2000.
LU = Market("LU", "EUR", "17", "8")
GR = Market("GR", "EUR", "24", "13")
# Hungary, 82 § of law CXXVII of 2007; 5 forints are the smallest coin, law III of 2008.
HU = Market("HU", "HUF", "27", "5")
# Sweden, 7 kap. 1 § ML 2023:200. Denmark, § 33 momsloven. Norway, Stortingets vedtak om merverdiavgift.
SE = Market("SE", "SEK", "25", "6")
DK = Market("DK", "DKK", "25")
NO = Market("NO", "NOK", "25", "15")
# United Kingdom, section 2 and schedule 7A VATA 1994.
GB = Market("GB", "GBP", "20", "5")
# Switzerland, article 25 MWSTG from 1 January 2024 and before; 5 rappen are the smallest coin, article 1 MünzV.
CH = Market("CH", "CHF", "8.1", "2.6", coin="0.05")
CH_2023 = Market("CH", "CHF", "7.7", "2.5", coin="0.05")
# Iceland, 14. gr. laga nr. 50/1988: the króna has no smaller unit.
IS = Market("IS", "ISK", "24", "11")
# Japan, articles 29 and 2 of the Consumption Tax Act: 10 %, food 8 %; the yen has no smaller unit.
JP = Market("JP", "JPY", "10", "8")
# Dinars and rials of 1000 parts: Bahrain 10 % (decree-law 33 of 2021), Oman 5 % (decree 121/2020), Kuwait none.
BH = Market("BH", "BHD", "10")
OM = Market("OM", "OMR", "5")
KW = Market("KW", "KWD", "0")
# Australia, section 9-70 GST Act 1999. New Zealand, section 8 GST Act 1985; 10 cents are the smallest coin.
AU = Market("AU", "AUD", "10")
NZ = Market("NZ", "NZD", "15", coin="0.10")

# Prices without tax.
DE_TRADE = DE.but(included=False)
AT_TRADE = AT.but(included=False)
JP_TRADE = JP.but(included=False)
IS_TRADE = IS.but(included=False)
BH_TRADE = BH.but(included=False)
# New York City 8.875 % (Tax Law §§ 1105, 1107, 1109), California 7.25 % (RTC § 6051 and following), Oregon none.
NEW_YORK = Market("US", "USD", "8.875", included=False, region="NY")
CALIFORNIA = Market("US", "USD", "7.25", included=False, region="CA")
OREGON = Market("US", "USD", "0", included=False, region="OR")
# Québec: 5 % GST and 9.975 % QST on the same base; pennies are no longer struck, so cash goes to 5 cents.
QUEBEC = Market("CA", "CAD", "14.975", included=False, region="QC")

PARCEL = flat("4.90")
TEN = promo("ten", percent("10"))
TEN_OFF_ALL = promo("ten-off-all", percent("10", "order"))
THREE_FOR_TWO = promo("three-for-two", buy_get(2, 1))


def sold(sentence: str, market: Market, goods: str, *promotions: Promised, receipt: str, **more: Any) -> Any:
    return pytest.param(Sale(market, goods, promotions, **more), receipt, id=sentence)


PRICES_WITH_TAX = [
    sold("a mug of 12.50 contains 2.00 tax", DE, "1 mug 12.50", receipt="mug 12.50, total 12.50, tax 19% 2.00"),
    sold("119.00 contain 19.00", DE, "1 mug 119.00", receipt="mug 119.00, total 119.00, tax 19% 19.00"),
    sold("two mugs are one line, taxed once", DE, "2 mug 12.50", receipt="mug 25.00, total 25.00, tax 19% 3.99"),
    sold("a book bears the reduced rate", DE, "1 book 10.70 reduced", receipt="book 10.70, total 10.70, tax 7% 0.70"),
    sold(
        "two rates are told apart",
        DE,
        "1 mug 119.00, 1 book 107.00 reduced",
        receipt="mug 119.00, book 107.00, total 226.00, tax 19% 19.00, tax 7% 7.00",
    ),
    sold(
        "three lines of 9.99 are rounded one by one: 3 × 1.60",
        DE,
        "1 mug 9.99, 1 plate 9.99, 1 bowl 9.99",
        receipt="mug 9.99, plate 9.99, bowl 9.99, total 29.97, tax 19% 4.80",
    ),
    sold("three pieces in one line are rounded once", DE, "3 mug 9.99", receipt="mug 29.97, total 29.97, tax 19% 4.79"),
    sold("a cent contains no whole cent of tax", DE, "1 bead 0.01", receipt="bead 0.01, total 0.01"),
    sold("four cents contain one", DE, "1 bead 0.04", receipt="bead 0.04, total 0.04, tax 19% 0.01"),
    sold("stamps at the zero rate bear none", DE, "1 stamp 8.00 zero", receipt="stamp 8.00, total 8.00"),
    sold(
        "16 % and 5 % in the second half of 2020",
        DE_2020,
        "1 mug 116.00, 1 book 105.00 reduced",
        receipt="mug 116.00, book 105.00, total 221.00, tax 16% 16.00, tax 5% 5.00",
    ),
    sold(
        "Austria: 20 % and 10 %",
        AT,
        "1 mug 12.00, 1 book 11.00 reduced",
        receipt="mug 12.00, book 11.00, total 23.00, tax 20% 2.00, tax 10% 1.00",
    ),
    sold("France: 20 %", FR, "1 mug 24.00", receipt="mug 24.00, total 24.00, tax 20% 4.00"),
    sold("France: books at 5.5 %", FR, "1 book 21.10 reduced", receipt="book 21.10, total 21.10, tax 5.5% 1.10"),
    sold(
        "Ireland: 23 % and 13.5 %",
        IE,
        "1 mug 12.30, 1 plant 22.70 reduced",
        receipt="mug 12.30, plant 22.70, total 35.00, tax 23% 2.30, tax 13.5% 2.70",
    ),
    sold("Finland: 25.5 %", FI, "1 lamp 125.50", receipt="lamp 125.50, total 125.50, tax 25.5% 25.50"),
    sold(
        "Luxembourg: 17 % and 8 %",
        LU,
        "1 mug 11.70, 1 plant 10.80 reduced",
        receipt="mug 11.70, plant 10.80, total 22.50, tax 17% 1.70, tax 8% 0.80",
    ),
    sold("Hungary: 27 %", HU, "1 mug 1270.00", receipt="mug 1270.00, total 1270.00, tax 27% 270.00"),
    sold("Sweden: 25 %", SE, "1 lamp 500.00", receipt="lamp 500.00, total 500.00, tax 25% 100.00"),
    sold("Denmark: 25 % on everything", DK, "1 mug 99.95", receipt="mug 99.95, total 99.95, tax 25% 19.99"),
    sold(
        "Norway: 25 %, food 15 %",
        NO,
        "1 mug 250.00, 1 cheese 115.00 reduced",
        receipt="mug 250.00, cheese 115.00, total 365.00, tax 25% 50.00, tax 15% 15.00",
    ),
    sold("United Kingdom: 20 %", GB, "1 mug 14.99", receipt="mug 14.99, total 14.99, tax 20% 2.50"),
    sold(
        "United Kingdom: child seats 5 %, books none",
        GB,
        "1 seat 105.00 reduced, 1 book 9.99 zero",
        receipt="seat 105.00, book 9.99, total 114.99, tax 5% 5.00",
    ),
    sold("Switzerland: 8.1 %", CH, "1 lamp 108.10", receipt="lamp 108.10, total 108.10, tax 8.1% 8.10"),
    sold("24.90 Swiss francs contain 1.87", CH, "1 mug 24.90", receipt="mug 24.90, total 24.90, tax 8.1% 1.87"),
    sold("Switzerland: food 2.6 %", CH, "1 tea 10.25 reduced", receipt="tea 10.25, total 10.25, tax 2.6% 0.26"),
    sold("Switzerland in 2023: 7.7 %", CH_2023, "1 lamp 107.70", receipt="lamp 107.70, total 107.70, tax 7.7% 7.70"),
    sold(
        "Iceland: 24 %, books 11 %, in whole krónur",
        IS,
        "1 lamp 5990, 1 book 1110 reduced",
        receipt="lamp 5990, book 1110, total 7100, tax 24% 1159, tax 11% 110",
    ),
    sold("Japan: 10 % in whole yen", JP, "1 mug 1100", receipt="mug 1100, total 1100, tax 10% 100"),
    sold(
        "Japan: rice balls at 8 %, 7.26 yen are 7", JP, "1 onigiri 98 reduced", receipt="onigiri 98, total 98, tax 8% 7"
    ),
    sold(
        "Japan: two rates on one receipt",
        JP,
        "2 mug 550, 3 tea 360 reduced",
        receipt="mug 1100, tea 1080, total 2180, tax 10% 100, tax 8% 80",
    ),
    sold("Bahrain: 10 % to the fils", BH, "1 mug 4.995", receipt="mug 4.995, total 4.995, tax 10% 0.454"),
    sold("Oman: 5 % to the baisa", OM, "1 mug 10.500", receipt="mug 10.500, total 10.500, tax 5% 0.500"),
    sold("Kuwait: no tax, three decimals", KW, "3 mug 3.755", receipt="mug 11.265, total 11.265"),
    sold("Australia: an eleventh is tax", AU, "1 mug 22.00", receipt="mug 22.00, total 22.00, tax 10% 2.00"),
    sold("New Zealand: 3/23 are tax", NZ, "1 mug 23.00", receipt="mug 23.00, total 23.00, tax 15% 3.00"),
]

PRICES_WITHOUT_TAX = [
    sold(
        "New York: 8.875 on 100.00 are 8.88",
        NEW_YORK,
        "1 lamp 100.00",
        receipt="lamp 100.00, total 108.88, tax 8.875% 8.88",
    ),
    sold("California: 7.25 % of 19.99", CALIFORNIA, "1 mug 19.99", receipt="mug 19.99, total 21.44, tax 7.25% 1.45"),
    sold("Oregon has no sales tax", OREGON, "1 lamp 50.00", receipt="lamp 50.00, total 50.00"),
    sold(
        "Québec: both taxes in one rate",
        QUEBEC,
        "1 lamp 100.00",
        receipt="lamp 100.00, total 114.98, tax 14.975% 14.98",
    ),
    sold("German trade prices", DE_TRADE, "1 lamp 100.00", receipt="lamp 100.00, total 119.00, tax 19% 19.00"),
    sold("one line of three is rounded once", DE_TRADE, "3 mug 9.99", receipt="mug 29.97, total 35.66, tax 19% 5.69"),
    sold(
        "three lines are rounded one by one: 3 × 1.90",
        DE_TRADE,
        "1 mug 9.99, 1 plate 9.99, 1 bowl 9.99",
        receipt="mug 9.99, plate 9.99, bowl 9.99, total 35.67, tax 19% 5.70",
    ),
    sold("half a cent goes up", DE_TRADE, "1 bead 0.50", receipt="bead 0.50, total 0.60, tax 19% 0.10"),
    sold(
        "Austrian trade prices at two rates",
        AT_TRADE,
        "1 mug 10.00, 1 book 10.00 reduced",
        receipt="mug 10.00, book 10.00, total 23.00, tax 20% 2.00, tax 10% 1.00",
    ),
    sold("79.92 yen are 80", JP_TRADE, "1 tea 999 reduced", receipt="tea 999, total 1079, tax 8% 80"),
    sold("239.76 krónur are 240", IS_TRADE, "1 mug 999", receipt="mug 999, total 1239, tax 24% 240"),
    sold("125.5 fils are 126", BH_TRADE, "1 mug 1.255", receipt="mug 1.255, total 1.381, tax 10% 0.126"),
    sold(
        "shipping is taxed on top as well",
        DE_TRADE,
        "1 mug 10.00",
        ship=PARCEL,
        receipt="mug 10.00, shipping 4.90, total 17.73, tax 19% 2.83",
    ),
    sold(
        "a discount comes off before the tax",
        NEW_YORK,
        "1 lamp 100.00",
        TEN,
        receipt="lamp 90.00, off 10.00, total 97.99, tax 8.875% 7.99",
    ),
]

SHIPPING = [
    sold(
        "a flat price contains its tax",
        DE,
        "2 mug 12.50",
        ship=PARCEL,
        receipt="mug 25.00, shipping 4.90, total 29.90, tax 19% 4.77",
    ),
    sold(
        "free from 50.00: 50.00 is free",
        DE,
        "2 mug 25.00",
        ship=flat("4.90", free_from="50.00"),
        receipt="mug 50.00, shipping 0.00, total 50.00, tax 19% 7.98",
    ),
    sold(
        "free from 50.00: 49.99 pays",
        DE,
        "1 vase 49.99",
        ship=flat("4.90", free_from="50.00"),
        receipt="vase 49.99, shipping 4.90, total 54.89, tax 19% 8.76",
    ),
    sold(
        "what is left after discounts counts: 55.00 less 10 % pays",
        DE,
        "1 vase 55.00",
        TEN,
        ship=flat("4.90", free_from="50.00"),
        receipt="vase 49.50, off 5.50, shipping 4.90, total 54.40, tax 19% 8.68",
    ),
    sold(
        "55.56 less 10 % is 50.00 and free",
        DE,
        "1 vase 55.56",
        TEN,
        ship=flat("4.90", free_from="50.00"),
        receipt="vase 50.00, off 5.56, shipping 0.00, total 50.00, tax 19% 7.98",
    ),
    sold(
        "a gift card in the basket counts towards free shipping",
        DE,
        "1 mug 20.00, 1 voucher 30.00 gift-card",
        ship=flat("4.90", free_from="50.00"),
        receipt="mug 20.00, voucher 30.00, shipping 0.00, total 50.00, tax 19% 3.19",
    ),
    sold(
        "a download is not shipped",
        DE,
        "1 pattern 5.95 unshipped",
        ship=PARCEL,
        receipt="pattern 5.95, shipping 0.00, total 5.95, tax 19% 0.95",
    ),
    sold(
        "by weight: 1140 g are two started kilograms, 3.00 + 2 × 1.20",
        DE,
        "3 mug 10.00 380g",
        ship=by_weight("3.00", each="1.20"),
        receipt="mug 30.00, shipping 5.40, total 35.40, tax 19% 5.65",
    ),
    sold(
        "a free catalogue weighs nothing",
        DE,
        "1 mug 10.00 900g, 1 catalogue 0.00 500g",
        ship=by_weight("3.00", each="1.20"),
        receipt="mug 10.00, catalogue 0.00, shipping 4.20, total 14.20, tax 19% 2.27",
    ),
    sold(
        "by value: 2.00 + 2.5 % of 33.00",
        DE,
        "1 vase 33.00",
        ship=by_value("2.00", "2.5"),
        receipt="vase 33.00, shipping 2.83, total 35.83, tax 19% 5.72",
    ),
    sold(
        "by value after discounts: 2.00 + 2.5 % of 29.70",
        DE,
        "1 vase 33.00",
        TEN,
        ship=by_value("2.00", "2.5"),
        receipt="vase 29.70, off 3.30, shipping 2.74, total 32.44, tax 19% 5.18",
    ),
    sold(
        "by a table of weights: 2.4 kg",
        DE,
        "4 mug 10.00 600g",
        ship=by_table("weight", {0: "4.90", 2000: "6.90", 10000: "12.90"}),
        receipt="mug 40.00, shipping 6.90, total 46.90, tax 19% 7.49",
    ),
    sold(
        "by a table of pieces: the sixth reaches the next row",
        DE,
        "6 mug 5.00",
        ship=by_table("units", {0: "3.00", 2: "5.00", 6: "9.00"}),
        receipt="mug 30.00, shipping 9.00, total 39.00, tax 19% 6.23",
    ),
    sold(
        "by a table of values: from 50.00 on it is cheaper",
        DE,
        "1 vase 50.00",
        ship=by_table("value", {0: "6.90", 5000: "3.90"}),
        receipt="vase 50.00, shipping 3.90, total 53.90, tax 19% 8.60",
    ),
    sold(
        "two bulky desks in one delivery: 4.90 + 15.00",
        DE,
        "2 desk 100.00 bulky",
        ship=flat("4.90", rules=(surcharge("15.00", of="bulky"),)),
        receipt="desk 200.00, shipping 19.90, total 219.90, tax 19% 35.11",
    ),
    sold(
        "two bulky desks, each by itself: 4.90 + 2 × 15.00",
        DE,
        "2 desk 100.00 bulky",
        ship=flat("4.90", rules=(surcharge("15.00", of="bulky", per="unit"),)),
        receipt="desk 200.00, shipping 34.90, total 234.90, tax 19% 37.50",
    ),
    sold(
        "free above waives the base price and no surcharge",
        DE,
        "2 desk 100.00 bulky",
        ship=flat("4.90", free_from="150.00", rules=(surcharge("15.00", of="bulky"),)),
        receipt="desk 200.00, shipping 15.00, total 215.00, tax 19% 34.32",
    ),
    sold(
        "collecting is free",
        DE,
        "1 mug 11.90",
        ship=pickup(),
        receipt="mug 11.90, shipping 0.00, total 11.90, tax 19% 1.90",
    ),
    sold(
        "collecting for a handling fee",
        DE,
        "1 mug 11.90",
        ship=pickup("1.19"),
        receipt="mug 11.90, shipping 1.19, total 13.09, tax 19% 2.09",
    ),
    sold(
        "by yen: free above 5000",
        JP,
        "2 vase 2750",
        ship=flat("880", free_from="5000"),
        receipt="vase 5500, shipping 0, total 5500, tax 10% 500",
    ),
    sold(
        "by yen: 4400 pays 880, of which 80 tax",
        JP,
        "2 vase 2200",
        ship=flat("880", free_from="5000"),
        receipt="vase 4400, shipping 880, total 5280, tax 10% 480",
    ),
    sold(
        "by fils",
        BH,
        "1 mug 11.000",
        ship=flat("1.100"),
        receipt="mug 11.000, shipping 1.100, total 12.100, tax 10% 1.100",
    ),
]

FREE_SHIPPING = [
    sold(
        "free shipping over 30.00",
        DE,
        "1 vase 35.00",
        promo("ship-free", free_shipping(), over="30.00"),
        ship=PARCEL,
        receipt="vase 35.00, shipping 0.00, total 35.00, tax 19% 5.59",
    ),
    sold(
        "29.99 is not yet 30.00",
        DE,
        "1 vase 29.99",
        promo("ship-free", free_shipping(), over="30.00"),
        ship=PARCEL,
        receipt="vase 29.99, shipping 4.90, total 34.89, tax 19% 5.57",
    ),
    sold(
        "free by express only, and it goes by parcel",
        DE,
        "1 vase 35.00",
        promo("ship-free", free_shipping("express")),
        ship=PARCEL,
        receipt="vase 35.00, shipping 4.90, total 39.90, tax 19% 6.37",
    ),
    sold(
        "free by express, and it goes by express",
        DE,
        "1 vase 35.00",
        promo("ship-free", free_shipping("express")),
        ship=flat("12.00", code="express"),
        receipt="vase 35.00, shipping 0.00, total 35.00, tax 19% 5.59",
    ),
    sold(
        "a promotion frees the surcharge too",
        DE,
        "1 desk 100.00 bulky",
        promo("ship-free", free_shipping()),
        ship=flat("4.90", rules=(surcharge("15.00", of="bulky"),)),
        receipt="desk 100.00, shipping 0.00, total 100.00, tax 19% 15.97",
    ),
    sold(
        "conditions look at the basket before discounts: 55.00 frees, although 49.50 is paid",
        DE,
        "1 vase 55.00",
        TEN,
        promo("ship-free", free_shipping(), over="50.00"),
        ship=PARCEL,
        receipt="vase 49.50, off 5.50, shipping 0.00, total 49.50, tax 19% 7.90",
    ),
    sold(
        "to Austria only, and it goes to Germany",
        DE,
        "1 vase 35.00",
        promo("ship-free", free_shipping(), countries=frozenset({"AT"})),
        ship=PARCEL,
        receipt="vase 35.00, shipping 4.90, total 39.90, tax 19% 6.37",
    ),
]

TAX_ON_SHIPPING = [
    sold(
        "at the reduced rate where the market says so",
        DE.but(shipping_tax="reduced"),
        "1 book 10.70 reduced",
        ship=flat("5.35"),
        receipt="book 10.70, shipping 5.35, total 16.05, tax 7% 1.05",
    ),
    sold(
        "at no rate where the market says so",
        DE.but(shipping_tax="zero"),
        "1 mug 11.90",
        ship=flat("5.00"),
        receipt="mug 11.90, shipping 5.00, total 16.90, tax 19% 1.90",
    ),
    sold(
        "at the standard rate although only a book is sent",
        DE,
        "1 book 10.70 reduced",
        ship=flat("11.90"),
        receipt="book 10.70, shipping 11.90, total 22.60, tax 19% 1.90, tax 7% 0.70",
    ),
    sold(
        "shared by value: 2.58 of 4.90 go with the mug, 2.32 with the book",
        DE.but(shipping_tax="share"),
        "1 mug 119.00, 1 book 107.00 reduced",
        ship=PARCEL,
        receipt="mug 119.00, book 107.00, shipping 4.90, total 230.90, tax 19% 19.41, tax 7% 7.15",
    ),
    sold(
        "shared by halves",
        DE.but(shipping_tax="share"),
        "1 mug 50.00, 1 book 50.00 reduced",
        ship=flat("5.00"),
        receipt="mug 50.00, book 50.00, shipping 5.00, total 105.00, tax 19% 8.38, tax 7% 3.43",
    ),
    sold(
        "the zero-rated goods' share bears nothing",
        DE.but(shipping_tax="share"),
        "1 mug 50.00, 1 stamp 50.00 zero",
        ship=flat("5.00"),
        receipt="mug 50.00, stamp 50.00, shipping 5.00, total 105.00, tax 19% 8.38",
    ),
    sold(
        "shared by three: 3.00, 2.00 and 1.00",
        DE.but(shipping_tax="share"),
        "1 mug 30.00, 1 book 20.00 reduced, 1 stamp 10.00 zero",
        ship=flat("6.00"),
        receipt="mug 30.00, book 20.00, stamp 10.00, shipping 6.00, total 66.00, tax 19% 5.27, tax 7% 1.44",
    ),
    sold(
        "shares follow the value after discounts: the mug is free, so all of it goes with the book",
        DE.but(shipping_tax="share"),
        "1 mug 50.00, 1 book 10.70 reduced",
        promo("mug-free", percent("100"), on="mug"),
        ship=flat("5.35"),
        receipt="mug 0.00, book 10.70, off 50.00, shipping 5.35, total 16.05, tax 7% 1.05",
    ),
    sold(
        "a free catalogue alone: nothing to share by, so the standard rate",
        DE.but(shipping_tax="share"),
        "1 catalogue 0.00 reduced",
        ship=PARCEL,
        receipt="catalogue 0.00, shipping 4.90, total 4.90, tax 19% 0.78",
    ),
    sold(
        "shared on top of trade prices: 1.00 at 20 %, 3.00 at 10 %",
        AT_TRADE.but(shipping_tax="share"),
        "1 mug 10.00, 1 book 30.00 reduced",
        ship=flat("4.00"),
        receipt="mug 10.00, book 30.00, shipping 4.00, total 49.50, tax 20% 2.20, tax 10% 3.30",
    ),
    sold(
        "shared in yen: 300 and 200 of 500",
        JP.but(shipping_tax="share"),
        "1 mug 3000, 1 tea 2000 reduced",
        ship=flat("500"),
        receipt="mug 3000, tea 2000, shipping 500, total 5500, tax 10% 300, tax 8% 163",
    ),
]

# Directive 2006/112/EC: articles 138 and 194 to 196 (reverse charge), 143 and 151 (exemptions), 7 (Monaco), 215 (EL).
FRENCH_ID, GERMAN_ID, GREEK_ID, NORTHERN_IRISH_ID = "FR40303265045", "DE136695976", "EL094259216", "XI980780684"
WHO_IS_TAXED = [
    sold(
        "a French business buys in Germany: 24.00 less the 4.00 that it accounts for itself",
        FR.but(origin="DE"),
        "1 mug 24.00",
        vat_id=FRENCH_ID,
        receipt="mug 20.00, relief 4.00, total 20.00",
    ),
    sold(
        "and its shipping of 6.00 costs 5.00",
        FR.but(origin="DE"),
        "1 mug 24.00",
        ship=flat("6.00"),
        vat_id=FRENCH_ID,
        receipt="mug 20.00, relief 4.00, shipping 5.00, total 25.00",
    ),
    sold(
        "on trade prices nothing comes on top",
        FR.but(origin="DE", included=False),
        "3 mug 9.99",
        ship=PARCEL,
        vat_id=FRENCH_ID,
        receipt="mug 29.97, shipping 4.90, total 34.87",
    ),
    sold(
        "at home a business pays the tax",
        DE,
        "1 mug 11.90",
        vat_id=GERMAN_ID,
        receipt="mug 11.90, total 11.90, tax 19% 1.90",
    ),
    sold(
        "a German id for goods from Germany to France: taxed, for it is the origin's own",
        FR.but(origin="DE"),
        "1 mug 24.00",
        vat_id=GERMAN_ID,
        receipt="mug 24.00, total 24.00, tax 20% 4.00",
    ),
    sold(
        "from Switzerland there is no supply within the Union",
        DE.but(origin="CH"),
        "1 mug 11.90",
        vat_id=GERMAN_ID,
        receipt="mug 11.90, total 11.90, tax 19% 1.90",
    ),
    sold(
        "nor is there one to Switzerland",
        CH.but(origin="DE"),
        "1 lamp 108.10",
        vat_id=FRENCH_ID,
        receipt="lamp 108.10, total 108.10, tax 8.1% 8.10",
    ),
    sold(
        "a Greek id begins with EL",
        GR.but(origin="DE"),
        "1 mug 12.40",
        vat_id=GREEK_ID,
        receipt="mug 10.00, relief 2.40, total 10.00",
    ),
    sold(
        "a Northern Irish id for goods to Ireland",
        IE.but(origin="DE"),
        "1 mug 12.30",
        vat_id=NORTHERN_IRISH_ID,
        receipt="mug 10.00, relief 2.30, total 10.00",
    ),
    sold(
        "what goes to Monaco goes to France",
        FR.but(origin="DE", country="MC"),
        "1 mug 12.00",
        vat_id=FRENCH_ID,
        receipt="mug 10.00, relief 2.00, total 10.00",
    ),
    sold(
        "a consumer in France pays French tax",
        FR.but(origin="DE"),
        "1 mug 24.00",
        receipt="mug 24.00, total 24.00, tax 20% 4.00",
    ),
    sold(
        "an embassy is exempt at both rates",
        DE,
        "1 mug 11.90, 1 book 10.70 reduced",
        exempt="Article 151 (1) (a) of Directive 2006/112/EC",
        receipt="mug 10.00, book 10.00, relief 2.60, total 20.00",
    ),
    sold(
        "an exempt buyer's discount comes first: 11.90 less 1.19 less the 1.71 in 10.71",
        DE,
        "1 mug 11.90",
        TEN,
        exempt="Article 151 (1) (a) of Directive 2006/112/EC",
        receipt="mug 9.00, off 1.19, relief 1.71, total 9.00",
    ),
    sold(
        "a reseller with a certificate pays no sales tax",
        NEW_YORK,
        "1 lamp 100.00",
        exempt="Resale certificate ST-120",
        receipt="lamp 100.00, total 100.00",
    ),
    sold(
        "an exempt buyer's total is rounded to 5 rappen: 24.90 less 1.87",
        CH,
        "1 mug 24.90",
        exempt="Article 107 (1) MWSTG",
        receipt="mug 23.03, relief 1.87, rounding 0.02, total 23.05",
    ),
    sold(
        "an exempt buyer in Japan: 1100 less 100",
        JP,
        "1 mug 1100",
        exempt="Article 8 of the Consumption Tax Act",
        receipt="mug 1000, relief 100, total 1000",
    ),
    sold(
        "an exempt buyer's shipping at shared rates: 2.50 less 0.40 and 2.50 less 0.16",
        DE.but(shipping_tax="share"),
        "1 mug 50.00, 1 book 50.00 reduced",
        ship=flat("5.00"),
        exempt="Article 151 (1) (a) of Directive 2006/112/EC",
        receipt="mug 42.02, book 46.73, relief 11.25, shipping 4.44, total 93.19",
    ),
]

DISCOUNTS_ON_LINES = [
    sold("10 % off 12.50", DE, "1 mug 12.50", TEN, receipt="mug 11.25, off 1.25, total 11.25, tax 19% 1.80"),
    sold("2.5 cents off are 3", DE, "1 bead 0.25", TEN, receipt="bead 0.22, off 0.03, total 0.22, tax 19% 0.04"),
    sold(
        "every line is rounded by itself: 2 × 1.00",
        DE,
        "1 mug 9.99, 1 plate 9.99",
        TEN,
        receipt="mug 8.99, plate 8.99, off 2.00, total 17.98, tax 19% 2.88",
    ),
    sold(
        "a third off 10.00 is 3.33",
        DE,
        "1 mug 10.00",
        promo("third", percent("33.33")),
        receipt="mug 6.67, off 3.33, total 6.67, tax 19% 1.06",
    ),
    sold(
        "12.5 % off 19.90 is 2.49",
        DE,
        "1 mug 19.90",
        promo("eighth", percent("12.5")),
        receipt="mug 17.41, off 2.49, total 17.41, tax 19% 2.78",
    ),
    sold(
        "100 % off leaves nothing and no tax",
        DE,
        "1 mug 12.50",
        promo("all", percent("100")),
        receipt="mug 0.00, off 12.50, total 0.00",
    ),
    sold(
        "15 % off tea leaves the mug alone",
        DE,
        "1 assam 8.00 reduced in:tea, 1 mug 10.00",
        promo("tea", percent("15"), on="in:tea"),
        receipt="assam 6.80, mug 10.00, off 1.20, total 16.80, tax 19% 1.60, tax 7% 0.44",
    ),
    sold(
        "20 % off the spring collection",
        DE,
        "1 vase 40.00 of:spring, 1 mug 10.00",
        promo("spring", percent("20"), on="of:spring"),
        receipt="vase 32.00, mug 10.00, off 8.00, total 42.00, tax 19% 6.71",
    ),
    sold(
        "25 % off a brand",
        DE,
        "1 mug 12.00 by:Kiln, 1 plate 8.00 by:Forge",
        promo("kiln", percent("25"), on="by:Kiln"),
        receipt="mug 9.00, plate 8.00, off 3.00, total 17.00, tax 19% 2.72",
    ),
    sold(
        "half off everything in moss",
        DE,
        "1 blanket 59.00 Colour=Moss, 1 lamp 59.00 Colour=Sand",
        promo("moss", percent("50"), on="Colour=Moss"),
        receipt="blanket 29.50, lamp 59.00, off 29.50, total 88.50, tax 19% 14.13",
    ),
    sold(
        "10 % off all but mugs",
        DE,
        "1 mug 10.00, 1 plate 20.00",
        promo("ten", percent("10"), never_on="mug"),
        receipt="mug 10.00, plate 18.00, off 2.00, total 28.00, tax 19% 4.47",
    ),
    sold(
        "2.00 off each of three mugs",
        DE,
        "3 mug 10.00",
        promo("two", off("2.00")),
        receipt="mug 24.00, off 6.00, total 24.00, tax 19% 3.83",
    ),
    sold(
        "15.00 off a mug of 10.00 is 10.00 off",
        DE,
        "1 mug 10.00",
        promo("fifteen", off("15.00")),
        receipt="mug 0.00, off 10.00, total 0.00",
    ),
    sold(
        "two mugs for 9.90 each instead of 12.50",
        DE,
        "2 mug 12.50",
        promo("fixed", costs("9.90")),
        receipt="mug 19.80, off 5.20, total 19.80, tax 19% 3.16",
    ),
    sold(
        "a fixed price above the price changes nothing",
        DE,
        "1 mug 8.00",
        promo("fixed", costs("9.90")),
        receipt="mug 8.00, total 8.00, tax 19% 1.28",
    ),
    sold("99.9 yen off are 100", JP, "1 mug 999", TEN, receipt="mug 899, off 100, total 899, tax 10% 82"),
    sold("125.5 fils off are 126", KW, "1 mug 1.255", TEN, receipt="mug 1.129, off 0.126, total 1.129"),
    sold(
        "898.5 krónur off are 899",
        IS,
        "1 lamp 5990",
        promo("fifteen", percent("15")),
        receipt="lamp 5091, off 899, total 5091, tax 24% 985",
    ),
    sold(
        "10 % off in francs, then to 5 rappen",
        CH,
        "1 mug 24.90",
        TEN,
        receipt="mug 22.41, off 2.49, rounding -0.01, total 22.40, tax 8.1% 1.68",
    ),
]

DISCOUNTS_ON_ORDERS = [
    sold(
        "10 % off each of three lines of 0.95 are 3 × 0.10",
        DE,
        "1 mug 0.95, 1 plate 0.95, 1 bowl 0.95",
        TEN,
        receipt="mug 0.85, plate 0.85, bowl 0.85, off 0.30, total 2.55, tax 19% 0.42",
    ),
    sold(
        "10 % off all of them together are 0.29: 0.10, 0.10 and 0.09",
        DE,
        "1 mug 0.95, 1 plate 0.95, 1 bowl 0.95",
        TEN_OFF_ALL,
        receipt="mug 0.85, plate 0.85, bowl 0.86, off 0.29, total 2.56, tax 19% 0.42",
    ),
    sold(
        "5.00 off 30.00 are spread 1.67 and 3.33",
        DE,
        "1 mug 10.00, 1 plate 20.00",
        promo("five", off("5.00", "order")),
        receipt="mug 8.33, plate 16.67, off 5.00, total 25.00, tax 19% 3.99",
    ),
    sold(
        "10.00 off three equal lines: the first bears the cent",
        DE,
        "1 mug 10.00, 1 plate 10.00, 1 bowl 10.00",
        promo("tenner", off("10.00", "order")),
        receipt="mug 6.66, plate 6.67, bowl 6.67, off 10.00, total 20.00, tax 19% 3.18",
    ),
    sold(
        "one cent off three lines falls on the first",
        DE,
        "1 mug 10.00, 1 plate 10.00, 1 bowl 10.00",
        promo("cent", off("0.01", "order")),
        receipt="mug 9.99, plate 10.00, bowl 10.00, off 0.01, total 29.99, tax 19% 4.80",
    ),
    sold(
        "50.00 off 30.00 leave nothing, and nothing below",
        DE,
        "1 mug 10.00, 1 plate 20.00",
        promo("fifty", off("50.00", "order")),
        receipt="mug 0.00, plate 0.00, off 30.00, total 0.00",
    ),
    sold(
        "10.00 off two rates lower both taxes by value: 7.50 and 2.50",
        DE,
        "1 mug 30.00, 1 book 10.00 reduced",
        promo("tenner", off("10.00", "order")),
        receipt="mug 22.50, book 7.50, off 10.00, total 30.00, tax 19% 3.59, tax 7% 0.49",
    ),
    sold(
        "5.00 off the tea in the order",
        DE,
        "1 assam 8.00 reduced in:tea, 1 sencha 12.00 reduced in:tea, 1 mug 10.00",
        promo("tea", off("5.00", "order"), on="in:tea"),
        receipt="assam 6.00, sencha 9.00, mug 10.00, off 5.00, total 25.00, tax 19% 1.60, tax 7% 0.98",
    ),
    sold(
        "100 yen off three lines: 34, 33 and 33",
        JP,
        "1 mug 500, 1 plate 500, 1 bowl 500",
        promo("hundred", off("100", "order")),
        receipt="mug 466, plate 467, bowl 467, off 100, total 1400, tax 10% 126",
    ),
    sold(
        "1.000 dinar off three lines: 0.334, 0.333 and 0.333",
        KW,
        "1 mug 2.000, 1 plate 2.000, 1 bowl 2.000",
        promo("dinar", off("1.000", "order")),
        receipt="mug 1.666, plate 1.667, bowl 1.667, off 1.000, total 5.000",
    ),
    sold(
        "a free catalogue bears no part of a discount",
        DE,
        "1 catalogue 0.00, 1 mug 20.00",
        promo("five", off("5.00", "order")),
        receipt="catalogue 0.00, mug 15.00, off 5.00, total 15.00, tax 19% 2.39",
    ),
    sold(
        "a gift card in the basket bears none either",
        DE,
        "1 voucher 50.00 gift-card, 1 mug 20.00",
        promo("five", off("5.00", "order")),
        receipt="voucher 50.00, mug 15.00, off 5.00, total 65.00, tax 19% 2.39",
    ),
    sold(
        "and 10 % off everything is not off a gift card",
        DE,
        "1 voucher 50.00 gift-card, 1 mug 20.00",
        TEN,
        receipt="voucher 50.00, mug 18.00, off 2.00, total 68.00, tax 19% 2.87",
    ),
]

BUY_AND_GET = [
    sold("three for two", DE, "3 mug 10.00", THREE_FOR_TWO, receipt="mug 20.00, off 10.00, total 20.00, tax 19% 3.19"),
    sold("two are two", DE, "2 mug 10.00", THREE_FOR_TWO, receipt="mug 20.00, total 20.00, tax 19% 3.19"),
    sold("six for four", DE, "6 mug 10.00", THREE_FOR_TWO, receipt="mug 40.00, off 20.00, total 40.00, tax 19% 6.39"),
    sold("five for four", DE, "5 mug 10.00", THREE_FOR_TWO, receipt="mug 40.00, off 10.00, total 40.00, tax 19% 6.39"),
    sold(
        "six for five where it counts once",
        DE,
        "6 mug 10.00",
        promo("three-for-two", buy_get(2, 1, at_most=1)),
        receipt="mug 50.00, off 10.00, total 50.00, tax 19% 7.98",
    ),
    sold(
        "the cheapest of three is free",
        DE,
        "1 mug 12.00, 1 bowl 8.00, 1 plate 10.00",
        THREE_FOR_TWO,
        receipt="mug 12.00, bowl 0.00, plate 10.00, off 8.00, total 22.00, tax 19% 3.52",
    ),
    sold(
        "the second at half price: half of 9.99 is 5.00",
        DE,
        "2 mug 9.99",
        promo("second-half", buy_get(1, 1, "50")),
        receipt="mug 14.98, off 5.00, total 14.98, tax 19% 2.39",
    ),
    sold(
        "two teas and the mug is free",
        DE,
        "2 tea 6.00 reduced, 1 mug 10.00",
        promo("tea-mug", buy_get(2, 1), on="mug", bought="tea"),
        receipt="tea 12.00, mug 0.00, off 10.00, total 12.00, tax 7% 0.79",
    ),
    sold(
        "one tea is not enough",
        DE,
        "1 tea 6.00 reduced, 1 mug 10.00",
        promo("tea-mug", buy_get(2, 1), on="mug", bought="tea"),
        receipt="tea 6.00, mug 10.00, total 16.00, tax 19% 1.60, tax 7% 0.39",
    ),
    sold(
        "who may have two and takes one has that one",
        DE,
        "2 tea 6.00 reduced, 1 mug 10.00",
        promo("tea-mug", buy_get(2, 2), on="mug", bought="tea"),
        receipt="tea 12.00, mug 0.00, off 10.00, total 12.00, tax 7% 0.79",
    ),
    sold("three for two in yen", JP, "3 mug 333", THREE_FOR_TWO, receipt="mug 666, off 333, total 666, tax 10% 61"),
    sold(
        "a free catalogue is no third piece",
        DE,
        "2 mug 10.00, 1 catalogue 0.00",
        THREE_FOR_TWO,
        receipt="mug 20.00, catalogue 0.00, total 20.00, tax 19% 3.19",
    ),
]

TEA_SET = promo("tea-set", together("15.00"), on="tea, mug")
BUNDLES = [
    sold(
        "tea and mug for 15.00 instead of 20.00: 2.00 and 3.00 off",
        DE,
        "1 tea 8.00 reduced, 1 mug 12.00",
        TEA_SET,
        receipt="tea 6.00, mug 9.00, off 5.00, total 15.00, tax 19% 1.44, tax 7% 0.39",
    ),
    sold(
        "two sets",
        DE,
        "2 tea 8.00 reduced, 2 mug 12.00",
        TEA_SET,
        receipt="tea 12.00, mug 18.00, off 10.00, total 30.00, tax 19% 2.87, tax 7% 0.79",
    ),
    sold(
        "two sets where it counts once",
        DE,
        "2 tea 8.00 reduced, 2 mug 12.00",
        promo("tea-set", together("15.00", at_most=1), on="tea, mug"),
        receipt="tea 14.00, mug 21.00, off 5.00, total 35.00, tax 19% 3.35, tax 7% 0.92",
    ),
    sold(
        "one set and two teas at the full price",
        DE,
        "3 tea 8.00 reduced, 1 mug 12.00",
        TEA_SET,
        receipt="tea 22.00, mug 9.00, off 5.00, total 31.00, tax 19% 1.44, tax 7% 1.44",
    ),
    sold(
        "20 % off a set: 1.60 and 2.40",
        DE,
        "1 tea 8.00 reduced, 1 mug 12.00",
        promo("tea-set", bundle_off("20"), on="tea, mug"),
        receipt="tea 6.40, mug 9.60, off 4.00, total 16.00, tax 19% 1.53, tax 7% 0.42",
    ),
    sold("tea alone is no set", DE, "1 tea 8.00 reduced", TEA_SET, receipt="tea 8.00, total 8.00, tax 7% 0.52"),
    sold(
        "a set dearer than its pieces is none",
        DE,
        "1 tea 8.00 reduced, 1 mug 12.00",
        promo("tea-set", together("25.00"), on="tea, mug"),
        receipt="tea 8.00, mug 12.00, total 20.00, tax 19% 1.92, tax 7% 0.52",
    ),
    sold(
        "three plates for 20.00",
        DE,
        "3 plate 7.50",
        promo("plates", together("20.00"), on="3 plate"),
        receipt="plate 20.00, off 2.50, total 20.00, tax 19% 3.19",
    ),
    sold(
        "1.00 off a set of three equals: 0.34, 0.33 and 0.33",
        DE,
        "1 cup 3.33, 1 mug 3.33, 1 plate 3.33",
        promo("trio", together("8.99"), on="cup, mug, plate"),
        receipt="cup 2.99, mug 3.00, plate 3.00, off 1.00, total 8.99, tax 19% 1.44",
    ),
]

GIFTS = [
    sold(
        "a spoon for nothing from 50.00 on",
        DE,
        "1 vase 60.00",
        promo("spoon", gift("spoon"), over="50.00"),
        gifts={"spoon": 5},
        receipt="vase 60.00, gift 1 spoon 0.00, total 60.00, tax 19% 9.58",
    ),
    sold(
        "two of them",
        DE,
        "1 vase 60.00",
        promo("spoon", gift("spoon", 2)),
        gifts={"spoon": 2},
        receipt="vase 60.00, gift 2 spoon 0.00, total 60.00, tax 19% 9.58",
    ),
    sold(
        "none where there are none left",
        DE,
        "1 vase 60.00",
        promo("spoon", gift("spoon", 2)),
        gifts={"spoon": 1},
        receipt="vase 60.00, total 60.00, tax 19% 9.58",
    ),
    sold(
        "none for 49.99",
        DE,
        "1 vase 49.99",
        promo("spoon", gift("spoon"), over="50.00"),
        gifts={"spoon": 5},
        receipt="vase 49.99, total 49.99, tax 19% 7.98",
    ),
    sold(
        "two promotions give what there is: one spoon, for whichever comes first",
        DE,
        "1 vase 60.00",
        promo("spoon-a", gift("spoon")),
        promo("spoon-b", gift("spoon")),
        gifts={"spoon": 1},
        receipt="vase 60.00, gift 1 spoon 0.00, total 60.00, tax 19% 9.58",
    ),
]

FRIENDS = promo("friends", percent("15"), groups=frozenset({"friends"}))
WELCOME = promo("welcome", percent("10"), requires_coupon=True, coupon="WELCOME")
FULL_PRICE = "lamp 20.00, total 20.00, tax 19% 3.19"
NINETY = "lamp 18.00, off 2.00, total 18.00, tax 19% 2.87"
CONDITIONS = [
    sold("a coupon takes 10 % off", DE, "1 lamp 20.00", WELCOME, receipt=NINETY),
    sold(
        "without the coupon the price is full",
        DE,
        "1 lamp 20.00",
        promo("welcome", percent("10"), requires_coupon=True),
        receipt=FULL_PRICE,
    ),
    sold(
        "a coupon that nobody knows changes nothing",
        DE,
        "1 lamp 20.00",
        coupon_problems={"NOPE": "coupon_unknown"},
        receipt=FULL_PRICE,
    ),
    sold("a first order", DE, "1 lamp 20.00", promo("first", percent("10"), first_order=True), receipt=NINETY),
    sold(
        "a second order",
        DE,
        "1 lamp 20.00",
        promo("first", percent("10"), first_order=True),
        first_order=False,
        receipt=FULL_PRICE,
    ),
    sold(
        "15 % for friends",
        DE,
        "1 lamp 20.00",
        FRIENDS,
        groups="friends",
        receipt="lamp 17.00, off 3.00, total 17.00, tax 19% 2.71",
    ),
    sold("none for strangers", DE, "1 lamp 20.00", FRIENDS, receipt=FULL_PRICE),
    sold("for another market", DE, "1 lamp 20.00", promo("ten", percent("10"), market="us"), receipt=FULL_PRICE),
    sold("for this market", DE, "1 lamp 20.00", promo("ten", percent("10"), market="market"), receipt=NINETY),
    sold("for another channel", DE, "1 lamp 20.00", promo("ten", percent("10"), channel="kiosk"), receipt=FULL_PRICE),
    sold(
        "to a country",
        DE,
        "1 lamp 20.00",
        promo("ten", percent("10"), countries=frozenset({"DE"})),
        ship=pickup(),
        receipt="lamp 18.00, off 2.00, shipping 0.00, total 18.00, tax 19% 2.87",
    ),
    sold(
        "to a country, while nobody knows where it goes",
        DE,
        "1 lamp 20.00",
        promo("ten", percent("10"), countries=frozenset({"DE"})),
        receipt=FULL_PRICE,
    ),
    sold("up to 19.99", DE, "1 lamp 20.00", promo("ten", percent("10"), up_to="19.99"), receipt=FULL_PRICE),
    sold("up to 20.00", DE, "1 lamp 20.00", promo("ten", percent("10"), up_to="20.00"), receipt=NINETY),
    sold(
        "from three pieces: two",
        DE,
        "2 mug 10.00",
        promo("ten", percent("10"), min_quantity=3),
        receipt="mug 20.00, total 20.00, tax 19% 3.19",
    ),
    sold(
        "from three pieces: three",
        DE,
        "3 mug 10.00",
        promo("ten", percent("10"), min_quantity=3),
        receipt="mug 27.00, off 3.00, total 27.00, tax 19% 4.31",
    ),
    sold(
        "a lamp makes the mug cheaper",
        DE,
        "1 mug 10.00, 1 lamp 20.00",
        promo("ten", percent("10"), on="mug", bought="lamp"),
        receipt="mug 9.00, lamp 20.00, off 1.00, total 29.00, tax 19% 4.63",
    ),
]

TEN_FIRST = promo("ten", percent("10"), priority=10)
FIVE = promo("five", off("5.00", "order"))
STACKING = [
    sold(
        "10 % first, then 5.00",
        DE,
        "1 vase 50.00",
        FIVE,
        TEN_FIRST,
        receipt="vase 40.00, off 10.00, total 40.00, tax 19% 6.39",
    ),
    sold(
        "5.00 first, then 10 % of what is left",
        DE,
        "1 vase 50.00",
        promo("five", off("5.00", "order"), priority=10),
        TEN,
        receipt="vase 40.50, off 9.50, total 40.50, tax 19% 6.47",
    ),
    sold(
        "of equal priority the code decides: five before ten",
        DE,
        "1 vase 50.00",
        TEN,
        FIVE,
        receipt="vase 40.50, off 9.50, total 40.50, tax 19% 6.47",
    ),
    sold(
        "10 % twice is 19 %",
        DE,
        "1 vase 50.00",
        TEN,
        promo("ten-more", percent("10")),
        receipt="vase 40.50, off 9.50, total 40.50, tax 19% 6.47",
    ),
    sold(
        "60 % twice is 84 %",
        DE,
        "1 vase 50.00",
        promo("sixty", percent("60")),
        promo("sixty-more", percent("60")),
        receipt="vase 8.00, off 42.00, total 8.00, tax 19% 1.28",
    ),
    sold(
        "40.00 off twice leaves nothing of 50.00",
        DE,
        "1 vase 50.00",
        promo("forty", off("40.00", "order")),
        promo("forty-more", off("40.00", "order")),
        receipt="vase 0.00, off 50.00, total 0.00",
    ),
    sold(
        "the best of 10 % and 8.00 is 8.00",
        DE,
        "1 vase 50.00",
        promo("ten", percent("10"), best_of="season", priority=10),
        promo("eight", off("8.00", "order"), best_of="season"),
        receipt="vase 42.00, off 8.00, total 42.00, tax 19% 6.71",
    ),
    sold(
        "for 100.00 the best of them is 10 %",
        DE,
        "1 vase 100.00",
        promo("ten", percent("10"), best_of="season"),
        promo("eight", off("8.00", "order"), best_of="season", priority=10),
        receipt="vase 90.00, off 10.00, total 90.00, tax 19% 14.37",
    ),
    sold(
        "of two equals one applies",
        DE,
        "1 vase 50.00",
        promo("ten", percent("10"), best_of="season"),
        promo("five", off("5.00", "order"), best_of="season"),
        receipt="vase 45.00, off 5.00, total 45.00, tax 19% 7.18",
    ),
    sold(
        "the best of a season beside another promotion",
        DE,
        "1 vase 50.00",
        promo("ten", percent("10"), best_of="season"),
        promo("twenty", percent("20"), best_of="season"),
        promo("zz-five", off("5.00", "order")),
        receipt="vase 35.00, off 15.00, total 35.00, tax 19% 5.59",
    ),
    sold(
        "an exclusive one ends the walk",
        DE,
        "1 vase 50.00",
        promo("twenty", percent("20"), exclusive=True, priority=10),
        TEN,
        receipt="vase 40.00, off 10.00, total 40.00, tax 19% 6.39",
    ),
    sold(
        "an exclusive one does not come after others",
        DE,
        "1 vase 50.00",
        promo("twenty", percent("20"), exclusive=True),
        TEN_FIRST,
        receipt="vase 45.00, off 5.00, total 45.00, tax 19% 7.18",
    ),
    sold(
        "an exclusive one that does not apply stands in nobody's way",
        DE,
        "1 vase 50.00",
        promo("twenty", percent("20"), exclusive=True, priority=10, over="60.00"),
        TEN,
        receipt="vase 45.00, off 5.00, total 45.00, tax 19% 7.18",
    ),
    sold(
        "three for two, then 10 % of the rest",
        DE,
        "3 mug 10.00",
        promo("three-for-two", buy_get(2, 1), priority=10),
        TEN,
        receipt="mug 18.00, off 12.00, total 18.00, tax 19% 2.87",
    ),
    sold(
        "10 % and free shipping",
        DE,
        "1 vase 50.00",
        TEN,
        promo("ship-free", free_shipping()),
        ship=PARCEL,
        receipt="vase 45.00, off 5.00, shipping 0.00, total 45.00, tax 19% 7.18",
    ),
    sold(
        "a coupon on top of a sale of the brand",
        DE,
        "1 mug 12.00 by:Kiln, 1 plate 8.00",
        promo("kiln", percent("25"), on="by:Kiln", priority=10),
        WELCOME,
        receipt="mug 8.10, plate 7.20, off 4.70, total 15.30, tax 19% 2.44",
    ),
    sold(
        "the example of docs/promotions.md: four promotions and an exclusive one on 45.00",
        DE,
        "2 mug 12.50, 1 plate 20.00",
        promo("spring", percent("10"), on="mug", priority=10),
        promo("season-a", off("3.00", "order"), priority=5, best_of="season"),
        promo("season-b", percent("5", "order"), priority=5, best_of="season"),
        promo("welcome", off("5.00", "order"), over="40.00", requires_coupon=True, coupon="WELCOME5"),
        promo("clearance", percent("15"), exclusive=True, priority=-5),
        receipt="mug 18.26, plate 16.24, off 10.50, total 34.50, tax 19% 5.51",
    ),
    sold(
        "a bundle, then 5.00 off what it left: 2.00 and 3.00 of 6.00 and 9.00",
        DE,
        "1 tea 8.00 reduced, 1 mug 12.00",
        promo("tea-set", together("15.00"), on="tea, mug", priority=10),
        FIVE,
        receipt="tea 4.00, mug 6.00, off 10.00, total 10.00, tax 19% 0.96, tax 7% 0.26",
    ),
]

# Swiss practice: 1 and 2 rappen go down, 3 and 4 up to 5, 6 and 7 down to 5, 8 and 9 up.
SMALLEST_COIN = [
    sold(
        f"in francs 20.0{last} is paid as {total}",
        CH,
        f"1 mug 20.0{last}",
        receipt=f"mug 20.0{last}, rounding {rounding}, total {total}, tax 8.1% {tax}",
    )
    for last, rounding, total, tax in [
        (1, "-0.01", "20.00", "1.50"),
        (2, "-0.02", "20.00", "1.50"),
        (3, "0.02", "20.05", "1.50"),
        (4, "0.01", "20.05", "1.50"),
        (6, "-0.01", "20.05", "1.50"),
        (7, "-0.02", "20.05", "1.50"),
        (8, "0.02", "20.10", "1.50"),
        (9, "0.01", "20.10", "1.51"),
    ]
] + [
    sold("20.05 needs no rounding", CH, "1 mug 20.05", receipt="mug 20.05, total 20.05, tax 8.1% 1.50"),
    sold("2 rappen are nothing", CH, "1 bead 0.02", receipt="bead 0.02, rounding -0.02, total 0.00"),
    sold("3 rappen are 5", CH, "1 bead 0.03", receipt="bead 0.03, rounding 0.02, total 0.05"),
    sold(
        "the total is rounded, not the lines",
        CH,
        "1 mug 10.02, 1 plate 10.02",
        receipt="mug 10.02, plate 10.02, rounding 0.01, total 20.05, tax 8.1% 1.50",
    ),
    sold(
        "with shipping: 20.01 + 7.90",
        CH,
        "1 mug 20.01",
        ship=flat("7.90"),
        receipt="mug 20.01, shipping 7.90, rounding -0.01, total 27.90, tax 8.1% 2.09",
    ),
    sold(
        "prices without tax: 19.99 + 1.62 are 21.61",
        CH.but(included=False),
        "1 mug 19.99",
        receipt="mug 19.99, rounding -0.01, total 21.60, tax 8.1% 1.62",
    ),
    sold(
        "Denmark: 99.95 are paid as 100.00",
        DK.but(coin="0.50"),
        "1 mug 99.95",
        receipt="mug 99.95, rounding 0.05, total 100.00, tax 25% 19.99",
    ),
    sold(
        "Denmark: 99.74 are paid as 99.50",
        DK.but(coin="0.50"),
        "1 mug 99.74",
        receipt="mug 99.74, rounding -0.24, total 99.50, tax 25% 19.95",
    ),
    sold(
        "Denmark: 99.75 lies in the middle and goes up",
        DK.but(coin="0.50"),
        "1 mug 99.75",
        receipt="mug 99.75, rounding 0.25, total 100.00, tax 25% 19.95",
    ),
    sold(
        "Sweden: 499.49 go down to whole kronor",
        SE.but(coin="1.00"),
        "1 lamp 499.49",
        receipt="lamp 499.49, rounding -0.49, total 499.00, tax 25% 99.90",
    ),
    sold(
        "Sweden: 499.50 go up",
        SE.but(coin="1.00"),
        "1 lamp 499.50",
        receipt="lamp 499.50, rounding 0.50, total 500.00, tax 25% 99.90",
    ),
    sold(
        "Hungary: 1997 are paid as 1995",
        HU.but(coin="5.00"),
        "1 mug 1997.00",
        receipt="mug 1997.00, rounding -2.00, total 1995.00, tax 27% 424.56",
    ),
    sold(
        "Hungary: 1998 are paid as 2000",
        HU.but(coin="5.00"),
        "1 mug 1998.00",
        receipt="mug 1998.00, rounding 2.00, total 2000.00, tax 27% 424.77",
    ),
    sold(
        "Finland: 19.98 are paid as 20.00",
        FI.but(coin="0.05"),
        "1 mug 19.98",
        receipt="mug 19.98, rounding 0.02, total 20.00, tax 25.5% 4.06",
    ),
    sold(
        "Québec: 114.98 are paid as 115.00",
        QUEBEC.but(coin="0.05"),
        "1 lamp 100.00",
        receipt="lamp 100.00, rounding 0.02, total 115.00, tax 14.975% 14.98",
    ),
    sold(
        "New Zealand: 19.94 are paid as 19.90",
        NZ,
        "1 mug 19.94",
        receipt="mug 19.94, rounding -0.04, total 19.90, tax 15% 2.60",
    ),
    sold(
        "Kuwait: 1.253 are paid as 1.255",
        KW.but(coin="0.005"),
        "1 mug 1.253",
        receipt="mug 1.253, rounding 0.002, total 1.255",
    ),
]

# A voucher for goods at several rates is taxed when it is spent, not when it is sold: Directive 2006/112/EC,
# article 30b (2).
GIFT_CARDS = [
    sold(
        "a card pays a part",
        DE,
        "1 vase 80.00",
        pay="card 50.00",
        receipt="vase 80.00, total 80.00, tax 19% 12.77, card 50.00, due 30.00",
    ),
    sold(
        "a card pays it all and keeps the rest",
        DE,
        "1 vase 40.00",
        pay="card 50.00",
        receipt="vase 40.00, total 40.00, tax 19% 6.39, card 40.00, due 0.00",
    ),
    sold(
        "a card pays it to the cent",
        DE,
        "1 vase 40.00",
        pay="card 40.00",
        receipt="vase 40.00, total 40.00, tax 19% 6.39, card 40.00, due 0.00",
    ),
    sold(
        "two cards one after the other",
        DE,
        "1 vase 80.00",
        pay="card 50.00, card 50.00",
        receipt="vase 80.00, total 80.00, tax 19% 12.77, card 50.00, card 2 30.00, due 0.00",
    ),
    sold(
        "a card, then store credit, then the rest",
        DE,
        "1 vase 80.00",
        pay="card 50.00, credit 20.00",
        receipt="vase 80.00, total 80.00, tax 19% 12.77, card 50.00, credit 20.00, due 10.00",
    ),
    sold(
        "a second card that is not needed is left alone",
        DE,
        "1 vase 40.00",
        pay="card 40.00, card 10.00",
        receipt="vase 40.00, total 40.00, tax 19% 6.39, card 40.00, due 0.00",
    ),
    sold(
        "an empty card pays nothing",
        DE,
        "1 vase 40.00",
        pay="card 0.00, card 15.00",
        receipt="vase 40.00, total 40.00, tax 19% 6.39, card 2 15.00, due 25.00",
    ),
    sold(
        "a card pays shipping and tax as well",
        NEW_YORK.but(shipping_tax="zero"),
        "1 lamp 100.00",
        ship=flat("5.00"),
        pay="card 120.00",
        receipt="lamp 100.00, shipping 5.00, total 113.88, tax 8.875% 8.88, card 113.88, due 0.00",
    ),
    sold(
        "a card pays the rounded total",
        CH,
        "1 mug 20.03",
        pay="card 20.05",
        receipt="mug 20.03, rounding 0.02, total 20.05, tax 8.1% 1.50, card 20.05, due 0.00",
    ),
    sold(
        "a card of crooked worth leaves a crooked rest",
        CH,
        "1 mug 20.05",
        pay="card 9.98",
        receipt="mug 20.05, total 20.05, tax 8.1% 1.50, card 9.98, due 10.07",
    ),
    sold(
        "a card in yen",
        JP,
        "1 mug 1100",
        pay="card 1000",
        receipt="mug 1100, total 1100, tax 10% 100, card 1000, due 100",
    ),
    sold(
        "a card pays after the discount",
        DE,
        "1 vase 50.00",
        TEN,
        pay="card 20.00",
        receipt="vase 45.00, off 5.00, total 45.00, tax 19% 7.18, card 20.00, due 25.00",
    ),
    sold(
        "a card of a business that owes no tax",
        FR.but(origin="DE"),
        "1 mug 24.00",
        vat_id=FRENCH_ID,
        pay="card 5.00",
        receipt="mug 20.00, relief 4.00, total 20.00, card 5.00, due 15.00",
    ),
    sold(
        "a gift card is sold without tax and not sent",
        DE,
        "1 voucher 50.00 gift-card",
        ship=PARCEL,
        receipt="voucher 50.00, shipping 0.00, total 50.00",
    ),
    sold(
        "a gift card beside a mug: only the mug is taxed and sent",
        DE,
        "1 voucher 50.00 gift-card, 1 mug 11.90",
        ship=flat("5.95"),
        receipt="voucher 50.00, mug 11.90, shipping 5.95, total 67.85, tax 19% 2.85",
    ),
    sold(
        "a gift card weighs nothing on trade prices either",
        DE_TRADE,
        "2 voucher 25.00 gift-card",
        receipt="voucher 50.00, total 50.00",
    ),
]

NOTHING_TO_PAY = [
    sold(
        "a sample to be collected", DE, "1 sample 0.00", ship=pickup(), receipt="sample 0.00, shipping 0.00, total 0.00"
    ),
    sold(
        "a sample that is sent pays its way",
        DE,
        "1 sample 0.00",
        ship=PARCEL,
        receipt="sample 0.00, shipping 4.90, total 4.90, tax 19% 0.78",
    ),
    sold(
        "a sample beside a mug changes nothing",
        DE,
        "2 mug 12.50, 3 sample 0.00 bulky",
        ship=flat("4.90", rules=(surcharge("15.00", of="bulky"),)),
        receipt="mug 25.00, sample 0.00, shipping 4.90, total 29.90, tax 19% 4.77",
    ),
    sold(
        "everything off and shipping free",
        DE,
        "1 mug 12.50",
        promo("all", percent("100")),
        promo("ship-free", free_shipping()),
        ship=PARCEL,
        receipt="mug 0.00, off 12.50, shipping 0.00, total 0.00",
    ),
    sold(
        "a card has nothing to pay",
        DE,
        "1 mug 12.50",
        promo("all", percent("100")),
        pay="card 50.00",
        receipt="mug 0.00, off 12.50, total 0.00",
    ),
    sold("nothing in yen", JP, "5 sample 0", receipt="sample 0, total 0"),
    sold("nothing in dinars", KW, "1 sample 0.000", receipt="sample 0.000, total 0.000"),
]

TABLE = [
    *PRICES_WITH_TAX,
    *PRICES_WITHOUT_TAX,
    *SHIPPING,
    *FREE_SHIPPING,
    *TAX_ON_SHIPPING,
    *WHO_IS_TAXED,
    *DISCOUNTS_ON_LINES,
    *DISCOUNTS_ON_ORDERS,
    *BUY_AND_GET,
    *BUNDLES,
    *GIFTS,
    *CONDITIONS,
    *STACKING,
    *SMALLEST_COIN,
    *GIFT_CARDS,
    *NOTHING_TO_PAY,
]


@pytest.mark.parametrize(("sale", "receipt"), TABLE)
def test_the_till_prints_what_was_worked_out_by_hand(sale: Sale, receipt: str) -> None:
    assert receipt_of(sale.quote, names_of(sale.goods)) == written(receipt)


def test_there_are_at_least_150_worked_cases_and_no_two_have_the_same_sentence() -> None:
    sentences = [row.id for row in TABLE]
    assert len(set(sentences)) == len(sentences) >= 150
