"""An invoice that nobody was ever sent, to see what the seller's looks like. It has no number and is kept nowhere."""

from __future__ import annotations

from datetime import datetime

from commerce.invoicing.documents import FORM, InvoiceDocument, Row, local_day, seller_block, taxes_of
from commerce.invoicing.models import Invoice, InvoiceSettings
from commerce.invoicing.wording import spoken, words
from commerce.kit.money import Money

_NET, _TAX = 1680, 319


def sample(seller: InvoiceSettings, *, at: datetime) -> Invoice:
    """Not saved. In the market's first language."""
    first = seller.market.market_locales.first()
    language = spoken(first.language_code if first else "")
    day = local_day(at, seller).isoformat()
    price = Money(_NET + _TAX, seller.market.currency).amount
    row = Row(
        kind="goods",
        line=0,
        sku="SKU-1",
        title=words(language)["item"],
        name="",
        given_by="",
        quantity=1,
        unit_price=price,
        unit_net=Money(_NET, seller.market.currency).amount,
        discount=0,
        percent="19",
        net=_NET,
        tax=_TAX,
        gross=_NET + _TAX,
    )
    document = InvoiceDocument(
        form=FORM,
        kind="invoice",
        number=f"{seller.number_prefix}{day[:4]}-00000",
        language=language,
        issued_on=day,
        paid_on=day,
        supplied_on=None,
        order="M-0000-0000",
        placed_on=day,
        seller=seller_block(seller),
        buyer=[words(language)["sample"]],
        buyer_vat_id="",
        delivery=[],
        currency=seller.market.currency,
        with_tax=True,
        tax_country=seller.market.origin_country,
        rows=[row],
        taxes=taxes_of([row]),
        net=_NET,
        tax=_TAX,
        rounding=0,
        total=_NET + _TAX,
        paid_by=[],
        due=0,
        notes=[],
        corrects=None,
    )
    return Invoice(number=document["number"], document=document)
