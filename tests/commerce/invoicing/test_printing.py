"""The printed invoice: the same bytes for the same document, every sign on paper, and nothing in it is ever markup."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
from PIL import Image

from commerce.checkout.quoting.computing import compute
from commerce.invoicing import printing
from commerce.invoicing.documents import InvoiceDocument
from commerce.invoicing.printing import Unprintable, pdf, picture
from commerce.invoicing.wording import FOLDER, languages, words
from tests.commerce.checkout.quoting.receipts import Market, Sale, flat
from tests.commerce.invoicing.papers import invoice_for

DE = Market("DE", "EUR", "19", "7")

HOSTILE = [
    '#panic("evaluated")',
    '") + panic("evaluated") + ("',
    "*bold* _it_ $x^2$ `raw` <label> @reference // comment",
    '#read("/etc/passwd") \\ #sys.inputs',
    ']#panic("evaluated")[',
    '= Heading\n- list\n#import "@preview/cetz:0.3.0"',
    '"}, "number": "EU-2026-99999", {"',
]


def _invoice(title: str = "Mug", **fields: Any) -> InvoiceDocument:
    quote = compute(Sale(DE, "2 mug 12.50, 1 book 20.00 reduced", ship=flat("4.90")).facts)
    quote["lines"][0]["title"] = title
    return invoice_for(quote, **fields)


def test_the_same_document_makes_the_same_bytes() -> None:
    first = pdf(_invoice(), logo=None)
    assert first == pdf(json.loads(json.dumps(_invoice())), logo=None)
    assert first != pdf(_invoice("Cup"), logo=None)


def test_it_is_a_pdf_to_be_kept_and_to_be_read_aloud() -> None:
    printed = pdf(_invoice(), logo=None)
    assert printed.startswith(b"%PDF-1.7")
    assert re.search(rb"<pdfaid:part>3</pdfaid:part>", printed)
    assert re.search(rb"<pdfaid:conformance>A</pdfaid:conformance>", printed)
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", printed)
    assert b"EU-2026-00001" in printed


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_that_a_product_is_called_is_ever_evaluated(title: str) -> None:
    assert pdf(_invoice(title), logo=None).startswith(b"%PDF")


@pytest.mark.parametrize("title", HOSTILE[:1])
def test_the_same_title_would_be_noticed_if_it_were_evaluated(title: str) -> None:
    """The negative control of the test above."""
    source = b'#eval(sys.inputs.title, mode: "markup")'
    with pytest.raises(typst.TypstError, match="evaluated"):
        typst.Compiler(input=source, sys_inputs={"title": title}).compile(format="pdf")


@pytest.mark.parametrize("title", HOSTILE[2:4])
def test_what_looks_like_markup_is_printed_as_it_is_written(title: str) -> None:
    """Markup would be another picture: of fewer signs."""
    assert picture(_invoice(title), logo=None) != picture(_invoice(re.sub(r"[*_$`#\\]", "", title)), logo=None)


@pytest.mark.parametrize(
    "name",
    [
        "Ελένη Παπαδοπούλου",
        "Чайник «Самовар» Ї Ґ",
        "Żółć Łódź ąęśćń",
        "Đặng Ẩn",
        "Ünsal Şişli İstanbul",
        "Þórður Ærø",
        "₴ ₺ € £ ¥ − × ½ → ♥",
    ],
)
def test_latin_greek_and_cyrillic_signs_are_all_there(name: str) -> None:
    assert pdf(_invoice(name), logo=None).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("title", "signs"), [("鉄瓶 teapot", ["鉄", "瓶"]), ("Fox 🦊", ["🦊"]), ("Lamp\x07", ["\\u{7}"])]
)
def test_a_sign_that_no_font_has_stops_the_printing_and_is_named(title: str, signs: list[str]) -> None:
    with pytest.raises(Unprintable) as refused:
        pdf(_invoice(title), logo=None)
    assert refused.value.facts["signs"] == signs


def test_a_folder_of_fonts_adds_signs(settings: Any, tmp_path: Path) -> None:
    """Here the folder has no font in it; what counts is that it is looked into and that the shop's own fonts stay."""
    settings.INVOICE_FONTS = [str(tmp_path)]
    printing._fonts.cache_clear()
    try:
        assert {"Source Sans 3", "DejaVu Sans"} <= set(printing._fonts().families())
        assert pdf(_invoice(), logo=None).startswith(b"%PDF")
    finally:
        printing._fonts.cache_clear()


def test_a_logo_of_any_shape_is_printed() -> None:
    for size in ((1400, 100), (100, 600), (3, 3)):
        file = io.BytesIO()
        Image.new("RGBA", size, "#2f5d50").save(file, "PNG")
        assert pdf(_invoice(), logo=file.getvalue()) != pdf(_invoice(), logo=None)


def test_a_long_invoice_goes_on_on_further_pages() -> None:
    goods = ", ".join(f"1 thing-{place} 12.50" for place in range(60))
    document = invoice_for(compute(Sale(DE, goods).facts))
    assert len(picture(document, logo=None)) >= 3


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "CHF"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_currency_is_printed_in_every_language(currency: str, language: str) -> None:
    market = Market("DE", currency, "19", "7")
    price = {"JPY": "1250", "KWD": "12.505"}.get(currency, "12.50")
    document = invoice_for(compute(Sale(market, f"2 mug {price}").facts), language=language)
    assert pdf(document, logo=None).startswith(b"%PDF")


def _used() -> Iterator[str]:
    template = (FOLDER / "invoice.typ").read_text()
    yield from re.findall(r"\bsay\.([a-z_]+)", template)
    for module in ("printing", "documents", "crediting", "sampling"):
        source = Path(printing.__file__).with_name(f"{module}.py").read_text()
        yield from re.findall(r"(?:say|words\(.*?\))\[\"([a-z_]+)\"", source)


def test_every_language_has_every_word_that_is_used() -> None:
    assert {"en", "de"} <= languages()
    known = set(words("en"))
    assert set(_used()) <= known
    for language in languages():
        assert set(words(language)) == known
