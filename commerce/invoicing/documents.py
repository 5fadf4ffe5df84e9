"""What an invoice says, as data: everything that is printed, worked out once from what the order froze.

Amounts are minor units of the document's currency. Rules: Directive 2006/112/EC article 226 (contents of invoices);
the tax of each line is the one that the shopper was quoted, so the sums by rate are sums of what the lines show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypedDict
from zoneinfo import ZoneInfo

from commerce.checkout.quoting.computing import Purchase
from commerce.checkout.quoting.facts import QuoteFacts
from commerce.customers.envelopes import envelope
from commerce.invoicing.models import InvoiceSettings
from commerce.invoicing.numbering import Number
from commerce.invoicing.wording import spoken, words
from commerce.kit.currencies import exponent
from commerce.kit.money import Money, round_half_up
from commerce.orders.models import Order
from commerce.orders.snapshots import QuoteSnapshot
from commerce.tax.computing import LineTax, TaxAnswer, replay
from commerce.tax.rate_tables import written

FORM = 1
_FURTHER_DECIMALS = 2


class Seller(TypedDict):
    name: str
    address: list[str]
    vat_id: str
    registration: str
    contact: list[str]
    bank: list[str]
    footer: str
    logo: str


class Row(TypedDict):
    """`line` is the position of the order's line; None for shipping and the like. `unit_price` and `unit_net` are
    decimals, exact enough that quantity times price makes the line. `discount` is in the terms of the unit price."""

    kind: Literal["goods", "shipping", "other"]
    line: int | None
    sku: str
    title: str
    name: str
    given_by: str
    quantity: int
    unit_price: str
    unit_net: str
    discount: int
    percent: str
    net: int
    tax: int
    gross: int


class TaxRow(TypedDict):
    percent: str
    net: int
    tax: int
    gross: int


class PaidPart(TypedDict):
    label: str
    amount: int


class Correction(TypedDict):
    number: str
    issued_on: str
    reason: str


class InvoiceDocument(TypedDict):
    """`with_tax` says whether the rows are printed with the tax in them; else it is added below them."""

    form: int
    kind: Literal["invoice", "credit_note"]
    number: str
    language: str
    issued_on: str
    paid_on: str | None
    supplied_on: str | None
    order: str
    placed_on: str
    seller: Seller
    buyer: list[str]
    buyer_vat_id: str
    delivery: list[str]
    currency: str
    with_tax: bool
    tax_country: str
    rows: list[Row]
    taxes: list[TaxRow]
    net: int
    tax: int
    rounding: int
    total: int
    paid_by: list[PaidPart]
    due: int
    notes: list[str]
    corrects: Correction | None


def invoice_document(
    *,
    order: Order,
    seller: InvoiceSettings,
    number: Number,
    received: Money,
    voided: Money,
    paid_at: datetime | None,
    supplied_at: datetime | None,
    at: datetime,
) -> InvoiceDocument:
    """The invoice of the order as it stands. Dates are those of the market's own time.

    `received` came in through payments; `voided` was never taken, because it was cancelled before.

    Raises:
        ValueError: the facts that the order froze do not make its total; a defect, never printed.
    """
    quote: QuoteSnapshot = order.quote
    language = spoken(order.language)
    answer = _tax_of(quote)
    is_taxed = quote["treatment"]["kind"] == "taxed"
    rows = [*_goods(quote, answer, is_taxed), *_shipping(quote, answer, language, is_taxed)]
    taxes = taxes_of(rows)
    paid_by = _paid_by(order, received, voided, language)
    due = order.total_minor - sum(part["amount"] for part in paid_by)
    document = InvoiceDocument(
        form=FORM,
        kind="invoice",
        number=number.written,
        language=language,
        issued_on=local_day(at, seller).isoformat(),
        paid_on=local_day(paid_at, seller).isoformat() if paid_at and not due else None,
        supplied_on=local_day(supplied_at, seller).isoformat() if supplied_at else None,
        order=order.number,
        placed_on=local_day(order.placed_at, seller).isoformat(),
        seller=seller_block(seller),
        buyer=envelope(order.billing_address or order.shipping_address, language=language),
        buyer_vat_id=quote["treatment"]["vat_id"],
        delivery=_delivery(order, language),
        currency=order.currency,
        with_tax=order.tax_inclusive and is_taxed,
        tax_country=quote["facts"]["country"],
        rows=rows,
        taxes=taxes,
        net=sum(row["net"] for row in taxes),
        tax=sum(row["tax"] for row in taxes),
        rounding=order.rounding_minor,
        total=order.total_minor,
        paid_by=paid_by,
        due=due,
        notes=_notes(quote["treatment"], language),
        corrects=None,
    )
    require_sum(document)
    return document


def local_day(at: datetime, seller: InvoiceSettings) -> date:
    return at.astimezone(ZoneInfo(seller.time_zone)).date()


def seller_block(seller: InvoiceSettings) -> Seller:
    return Seller(
        name=seller.name,
        address=seller.address.splitlines(),
        vat_id=seller.vat_id,
        registration=seller.registration,
        contact=seller.contact.splitlines(),
        bank=seller.bank.splitlines(),
        footer=seller.footer,
        logo=seller.logo_id or "",
    )


def taxes_of(rows: Iterable[Row]) -> list[TaxRow]:
    """The sums by rate, highest first, rates of zero included (article 226, points 8 to 11)."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        for place, amount in enumerate((row["net"], row["tax"], row["gross"])):
            sums[row["percent"]][place] += amount
    return [
        TaxRow(percent=percent, net=net, tax=tax, gross=gross)
        for percent, (net, tax, gross) in sorted(sums.items(), key=lambda each: Decimal(each[0]), reverse=True)
    ]


def require_sum(document: InvoiceDocument) -> None:
    made = document["net"] + document["tax"] + document["rounding"]
    if made != document["total"]:
        raise ValueError(f"{document['number']}: its rows make {made}, its total is {document['total']}")


def _tax_of(quote: QuoteSnapshot) -> TaxAnswer:
    """The tax of every line and part of the shipping, zero rates included, as it was quoted."""
    purchase = Purchase(QuoteFacts.from_document(quote["facts"]))
    return replay({**purchase.facts.tax, "request": purchase.tax_request.document()})


def _goods(quote: QuoteSnapshot, answer: TaxAnswer, is_taxed: bool) -> Iterable[Row]:
    for position, line in enumerate(quote["lines"]):
        key = f"gift:{line['derivation']['price']['promotion']}" if line["gift"] else line["variant"]
        tax = answer.lines[key]
        unit = Fraction(line["unit_price"]["minor"])
        off = line["discount"]["minor"]
        unit_net = unit / (1 + _rate(tax)) if quote["tax_inclusive"] else unit
        with_tax = quote["tax_inclusive"] and is_taxed
        if quote["tax_inclusive"] and not is_taxed:
            off = max(round_half_up(unit_net * line["quantity"]) - tax.net.minor, 0) if off else 0
        places = exponent(quote["currency"])
        yield Row(
            kind="goods",
            line=position,
            sku=line["sku"],
            title=line["title"],
            name=line["name"],
            given_by=line["given_by"],
            quantity=line["quantity"],
            unit_price=decimal_of(unit if with_tax else unit_net, places),
            unit_net=decimal_of(unit_net, places),
            discount=off,
            percent=written(tax.percent),
            net=tax.net.minor,
            tax=tax.tax.minor,
            gross=tax.net.minor + tax.tax.minor,
        )


def _shipping(quote: QuoteSnapshot, answer: TaxAnswer, language: str, is_taxed: bool) -> Iterable[Row]:
    shipping = quote["shipping"]
    if shipping is None or not (shipping["price"]["minor"] or shipping["name"]):
        return
    with_tax = quote["tax_inclusive"] and is_taxed
    for part in answer.shipping.parts:
        net, tax = part.net.minor, part.tax.minor
        yield Row(
            kind="shipping",
            line=None,
            sku="",
            title=words(language)["shipping"],
            name=shipping["name"],
            given_by="",
            quantity=1,
            unit_price=decimal_of(Fraction(net + tax if with_tax else net), exponent(quote["currency"])),
            unit_net=decimal_of(Fraction(net), exponent(quote["currency"])),
            discount=0,
            percent=written(part.percent),
            net=net,
            tax=tax,
            gross=net + tax,
        )


def _rate(tax: LineTax) -> Fraction:
    """The rate that is in the price, also where the buyer is not charged it."""
    return Fraction(Decimal(tax.derivation["percent"])) / 100


def decimal_of(minor: Fraction, places: int) -> str:
    """Minor units as a decimal amount with at most two decimals more than the currency has, and no zeros for show."""
    scaled = Decimal(round_half_up(minor * 10**_FURTHER_DECIMALS)).scaleb(-places - _FURTHER_DECIMALS)
    short = scaled.quantize(Decimal(1).scaleb(-places))
    return str(short if short == scaled else scaled.normalize())


def _delivery(order: Order, language: str) -> list[str]:
    """Where it went, if that is not where the invoice goes."""
    if not order.billing_address or order.billing_address == order.shipping_address:
        return []
    return envelope(order.shipping_address, language=language)


def _paid_by(order: Order, received: Money, voided: Money, language: str) -> list[PaidPart]:
    """What came in beyond the total is on its way back, and no part of the invoice."""
    say = words(language)
    credits = order.quote["credits"]
    parts = [PaidPart(label=each["label"], amount=each["amount"]["minor"]) for each in credits]
    method = say.get(f"method_{order.payment_method}", order.payment_method)
    paid = min(received.minor, order.due.minor)
    parts.append(PaidPart(label=method, amount=paid))
    parts.append(PaidPart(label=say["voided"], amount=min(voided.minor, order.due.minor - paid)))
    return [part for part in parts if part["amount"]]


def _notes(treatment: dict[str, Any], language: str) -> list[str]:
    """Why no tax is charged (article 226, points 11 and 11a)."""
    match treatment["kind"]:
        case "reverse_charge":
            return [words(language)["reverse_charge"]]
        case "exempt":
            return [words(language)["exempt"].format(reason=treatment["reason"])]
    return []
