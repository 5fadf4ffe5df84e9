"""From an invoice's document to its PDF, through typst.

The document reaches the template as data, so that nothing in it, whatever it looks like, is ever markup. The PDF is
PDF/A-3a and PDF/UA-1: it can be kept for as long as the law asks, and a screen reader can read it. A sign that no
font has stops the printing; it is never left out or replaced by a box. The same document makes the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.conf import settings

from commerce.invoicing.documents import InvoiceDocument, Row
from commerce.invoicing.wording import FOLDER, words
from commerce.kit.currencies import exponent
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.kit.writing import date_written, money_written, number_written

_STANDARDS = ["a-3a", "ua-1"]
_MINUS = "\N{MINUS SIGN}"
_UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed')


class Unprintable(DomainError):
    """`facts["signs"]` lists them. The remedy is a font that has them, in a folder of MAGPIE_INVOICE_FONTS."""

    code = "unprintable"
    title = "No font for invoices has these signs"
    kind = ErrorKind.CONFLICT


def pdf(document: InvoiceDocument, *, logo: bytes | None) -> bytes:
    """Raises `Unprintable`."""
    return bytes(_printed(document, logo, format="pdf", pdf_standards=_STANDARDS))


def picture(document: InvoiceDocument, *, logo: bytes | None) -> list[bytes]:
    """The pages as PNG."""
    pages = _printed(document, logo, format="png", ppi=110)
    return pages if isinstance(pages, list) else [pages]


def _printed(document: InvoiceDocument, logo: bytes | None, **form: Any) -> Any:
    with _folder(logo) as root:
        compiler = typst.Compiler(
            input=(FOLDER / "invoice.typ").read_bytes(),
            root=root,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"invoice": json.dumps(_view(document, has_logo=logo is not None))},
        )
        day = datetime.combine(date.fromisoformat(document["issued_on"]), time(), tzinfo=UTC)
        try:
            return compiler.compile(timestamp=day, **form)
        except typst.TypstError as error:
            signs = _UNPRINTABLE.findall(error.diagnostic)
            if not signs:
                raise
            raise Unprintable(f"No font has {', '.join(signs)}.", signs=signs) from None


@cache
def _fonts() -> typst.Fonts:
    folders = [FOLDER / "fonts", *map(Path, settings.INVOICE_FONTS)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@contextmanager
def _folder(logo: bytes | None) -> Iterator[Path]:
    """All of the disk that the template may read: the logo."""
    with TemporaryDirectory(prefix="magpie-invoice-") as name:
        root = Path(name)
        if logo is not None:
            (root / "logo.png").write_bytes(logo)
        yield root


def _view(document: InvoiceDocument, *, has_logo: bool) -> dict[str, Any]:
    """What the template puts on the page: every amount and date in words, and nothing left to work out."""
    language = document["language"]
    say = words(language)

    def amount(minor: int) -> str:
        return money_written(Money(minor, document["currency"]), language=language).replace("-", _MINUS)

    def day(text: str) -> str:
        return date_written(date.fromisoformat(text), language=language)

    def price(text: str) -> str:
        return number_written(Decimal(text), language=language, decimals=exponent(document["currency"]))

    def percent(text: str) -> str:
        return number_written(Decimal(text), language=language)

    def row(each: Row) -> dict[str, str | list[str]]:
        details = [each["name"], each["sku"]]
        if each["given_by"]:
            details.append(say["gift"].format(promotion=each["given_by"]))
        below_price: list[str] = []
        is_thing = each["kind"] != "other"
        if is_thing and each["unit_price"] != each["unit_net"]:
            below_price.append(say["without_tax"].format(amount=price(each["unit_net"])))
        if each["discount"]:
            below_price.append(say["discount"].format(amount=amount(-each["discount"])))
        return {
            "title": each["title"],
            "details": [detail for detail in details if detail],
            "quantity": str(each["quantity"]) if is_thing else "",
            "unit_price": price(each["unit_price"]) if is_thing else "",
            "below_price": below_price,
            "percent": f"{percent(each['percent'])} %",
            "amount": amount(each["gross"] if document["with_tax"] else each["net"]),
        }

    corrects = document["corrects"]
    facts = [(say["issued_on"], day(document["issued_on"]))]
    facts += [(say[name], day(said)) for name in ("paid_on", "supplied_on") if (said := _day_of(document, name))]
    facts += [(say["order"], document["order"]), (say["placed_on"], day(document["placed_on"]))]
    if corrects:
        facts.append((say["corrects"], f"{corrects['number']}\n{say['of']} {day(corrects['issued_on'])}"))
    if document["buyer_vat_id"]:
        facts.append((say["buyer_vat_id"], document["buyer_vat_id"]))
    sums = [(say["net_total"], amount(document["net"]))]
    for tax in document["taxes"]:
        sums.append((say["tax"].format(percent=percent(tax["percent"]), net=amount(tax["net"])), amount(tax["tax"])))
    if document["rounding"]:
        sums.append((say["rounding"], amount(document["rounding"])))
    return {
        "language": language,
        "words": say,
        "title": f"{say[document['kind']]} {document['number']}",
        "kind": say[document["kind"]],
        "seller": document["seller"],
        "has_logo": has_logo,
        "buyer": document["buyer"],
        "delivery": document["delivery"],
        "facts": facts,
        "rows": [row(each) for each in document["rows"]],
        "sums": sums,
        "total": (say["credited" if corrects else "total"], amount(document["total"])),
        "paid_by": [(each["label"], amount(-each["amount"])) for each in document["paid_by"]],
        "due": None if corrects else (say["due"], amount(document["due"])),
        "payment": "" if corrects else _payment(document, amount(document["due"])),
        "notes": [*document["notes"], *([corrects["reason"]] if corrects and corrects["reason"] else [])],
    }


def _day_of(document: InvoiceDocument, name: str) -> str | None:
    said: str | None = document[name]  # type: ignore[literal-required]
    return said


def _payment(document: InvoiceDocument, due: str) -> str:
    say = words(document["language"])
    title: str = say["unpaid"].format(amount=due, order=document["order"]) if document["due"] else say["paid"]
    return title
