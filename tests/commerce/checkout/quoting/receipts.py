"""How whole purchases and their receipts are written in the tables of this folder.

Goods: `"2 mug 12.50, 1 book 20.00 reduced 500g"` is two mugs at 12.50 a piece and a book of 500 grams at the reduced
rate. After the price may stand, in any order: a tax class (`reduced`, `zero`), a weight (`500g`), a shipping class
(`bulky`, `cold`, or `unshipped` for what is never sent), `gift-card`, a category (`in:tea`), a collection
(`of:spring`), a brand (`by:Kiln`) and an attribute (`Colour=Moss`).

Payments: `"card 50.00, credit 10.00"` are gift cards and store credit, in the order in which they pay.

Receipts: `"mug 25.00, shipping 4.90, total 29.90, tax 19% 4.77"`. Each kind of goods has the amount of its line after
discounts (and without tax that is not owed). `off` is all that promotions took off the lines, `relief` the tax taken
out of the prices of lines, `rounding` what the smallest coin adds or takes away, `gift` a line that was given, `due`
what is left to pay after cards. What a receipt does not mention is not there.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from commerce.checkout.quoting.computing import Purchase, compute
from commerce.checkout.quoting.facts import Delivery, GiftFacts, Goods, LineFacts, QuoteFacts
from commerce.credit.redeeming import Balance
from commerce.kit.money import Money
from commerce.orders.snapshots import QuoteSnapshot
from commerce.promotions.rules import Benefit, BenefitKind, Conditions, Level, Rule, Target
from commerce.shipping.costing import Kind, MethodFacts, RateRow, RuleFacts
from commerce.tax.computing import BUILTIN, Place
from commerce.tax.rate_tables import REDUCED, STANDARD, Rate, RateTable
from commerce.tax.treatment import Treatment, decide
from commerce.tax.vat_ids import vat_id_written
from tests.factories.promotions import key_of, target

WHEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Market:
    """Where it is sold and sent to, and at which rates. `coin` is the smallest coin of the total, as an amount."""

    country: str
    currency: str
    standard: str
    reduced: str = "0"
    included: bool = True
    coin: str = ""
    shipping_tax: str = "standard"
    origin: str = ""
    region: str = ""
    code: str = "market"

    def but(self, **changes: Any) -> Market:
        return replace(self, **changes)

    @property
    def rounding_minor(self) -> int:
        return Money.from_decimal(self.coin, self.currency).minor if self.coin else 1

    @property
    def rates(self) -> RateTable:
        made = [(REDUCED, self.reduced), (STANDARD, self.standard)]
        rates = tuple(Rate(self.country, name, Decimal(each), LONG_AGO, region=self.region) for name, each in made)
        return RateTable(country=self.country, region=self.region, rates=rates)


Promised = Callable[[str], Rule]
"""A promotion that waits for the currency it is in."""
Way = Callable[[str], MethodFacts]


@dataclass(frozen=True)
class Sale:
    market: Market
    goods: str
    promotions: tuple[Promised, ...] = ()
    ship: Way | None = None
    vat_id: str = ""
    exempt: str = ""
    pay: str = ""
    groups: str = ""
    channel: str = "web"
    first_order: bool = True
    gifts: dict[str, int] = field(default_factory=dict)
    """How many there are of what promotions give, by name."""
    coupon_problems: dict[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> QuoteFacts:
        market = self.market
        promotions = tuple(make(market.currency) for make in self.promotions)
        facts = QuoteFacts(
            at=WHEN.isoformat(),
            market=market.code,
            channel=self.channel,
            groups=frozenset(self.groups.split()),
            currency=market.currency,
            tax_inclusive=market.included,
            shipping_tax=market.shipping_tax,
            rounding_minor=market.rounding_minor,
            country=market.country,
            region=market.region,
            place=Place(origin_country=market.origin or market.country),
            treatment=self._treatment,
            is_first_order=self.first_order,
            lines=tuple(_line(text, place, market) for place, text in enumerate(_parts(self.goods))),
            gifts=tuple(_given(name, many) for name, many in self.gifts.items()),
            rules=promotions,
            coupon_problems=self.coupon_problems,
            delivery=None,
            balances=tuple(_balance(text, place, market) for place, text in enumerate(_parts(self.pay))),
            tax={"provider": BUILTIN, "rates": market.rates.document()},
        )
        if self.ship is None:
            return facts
        needed = Purchase(replace(facts, delivery=Delivery(method=None))).parcel.needs_shipping
        return replace(facts, delivery=Delivery(method=self.ship(market.currency) if needed else None))

    @property
    def quote(self) -> QuoteSnapshot:
        return compute(self.facts)

    @property
    def _treatment(self) -> Treatment:
        market = self.market
        return decide(
            origin=market.origin or market.country,
            country=market.country,
            vat_id=vat_id_written(self.vat_id) if self.vat_id else None,
            exemption=self.exempt or None,
        )


def receipt_of(quote: QuoteSnapshot, names: Iterable[str]) -> dict[str, str]:
    """What a till would print; `names` are those of the goods in the order in which they were written."""
    bought = [line for line in quote["lines"] if not line["gift"]]
    printed = {name: line["total"]["amount"] for name, line in zip(names, bought, strict=True)}
    for line in quote["lines"]:
        if line["gift"]:
            printed[f"gift {line['quantity']} {line['title']}"] = line["total"]["amount"]
    wholes = {
        "off": quote["discount_total"],
        "relief": quote["relief_total"],
        "rounding": quote["rounding"],
    }
    printed |= {name: money["amount"] for name, money in wholes.items() if money["minor"]}
    if quote["shipping"]:
        printed["shipping"] = quote["shipping"]["total"]["amount"]
    printed["total"] = quote["total"]["amount"]
    printed |= {f"tax {row['rate']}%": row["total"]["amount"] for row in quote["tax"]}
    if quote["credits"]:
        printed |= {_paid_by(credit["label"]): credit["amount"]["amount"] for credit in quote["credits"]}
        printed["due"] = quote["due"]["amount"]
    return printed


def written(receipt: str) -> dict[str, str]:
    """`"mug 25.00, tax 19% 3.99"` as names and amounts."""
    return {name.strip(): amount for name, amount in (part.rsplit(" ", 1) for part in _parts(receipt))}


def names_of(goods: str) -> list[str]:
    return [part.split()[1] for part in _parts(goods)]


# Promotions


def promo(code: str, benefit: Callable[[str], Benefit] | Benefit, *, on: str = "", **fields: Any) -> Promised:
    """`on` and `bought` name goods ("mug, 2 plate, in:tea, by:Kiln, Colour=Moss"); `over` and `up_to` are amounts."""

    def in_currency(currency: str) -> Rule:
        asked = dict(fields)
        conditions: dict[str, Any] = {}
        for name, condition in (("over", "min_value"), ("up_to", "max_value")):
            if name in asked:
                conditions[condition] = Money.from_decimal(asked.pop(name), currency)
        if "bought" in asked:
            conditions["bought"] = tuple(map(_target, _parts(asked.pop("bought"))))
        for name in Conditions.__dataclass_fields__:
            if name in asked:
                conditions[name] = asked.pop(name)
        return Rule(
            code=code,
            name=code.capitalize(),
            benefit=benefit if isinstance(benefit, Benefit) else benefit(currency),
            targets=tuple(map(_target, _parts(on))),
            excluded=tuple(map(_target, _parts(asked.pop("never_on", "")))),
            conditions=Conditions(**conditions),
            **asked,
        )

    return in_currency


def off(amount: str, level: str = "line") -> Callable[[str], Benefit]:
    """So much off each piece, or once off the order."""
    return lambda currency: Benefit(
        kind=BenefitKind.AMOUNT, level=Level(level), amount=Money.from_decimal(amount, currency)
    )


def costs(amount: str) -> Callable[[str], Benefit]:
    """Each piece for this price."""
    return lambda currency: Benefit(kind=BenefitKind.FIXED_PRICE, amount=Money.from_decimal(amount, currency))


def together(amount: str, at_most: int | None = None) -> Callable[[str], Benefit]:
    """A bundle for this price."""
    return lambda currency: Benefit(
        kind=BenefitKind.BUNDLE, amount=Money.from_decimal(amount, currency), at_most=at_most
    )


# Shipping


def flat(price: str, *, free_from: str = "", rules: tuple[Any, ...] = (), code: str = "parcel") -> Way:
    return _way(Kind.FLAT, price, free_from=free_from, rules=rules, code=code)


def pickup(price: str = "0") -> Way:
    return _way(Kind.PICKUP, price, code="pickup")


def by_weight(price: str, *, each: str, grams: int = 1000) -> Way:
    return _way(Kind.WEIGHT, price, step_grams=grams, step_price=each)


def by_value(price: str, percent: str) -> Way:
    return _way(Kind.VALUE, price, percent=Decimal(percent))


def by_table(measure: str, rows: dict[int, str]) -> Way:
    """`rows`: from so many grams, minor units or pieces on, so much."""

    def in_currency(currency: str) -> MethodFacts:
        made = tuple(RateRow(start, Money.from_decimal(price, currency).minor) for start, price in rows.items())
        return MethodFacts("parcel", "Parcel", Kind.TABLE, currency, table_by=measure, rates=made)

    return in_currency


def surcharge(amount: str, *, of: str, per: str = "order") -> Callable[[str], RuleFacts]:
    return lambda currency: RuleFacts(
        name=f"Surcharge for {of}",
        effect="surcharge",
        shipping_class=of,
        amount_minor=Money.from_decimal(amount, currency).minor,
        per=per,
    )


def _way(kind: Kind, price: str, *, code: str = "parcel", **fields: Any) -> Way:
    def in_currency(currency: str) -> MethodFacts:
        asked = dict(fields)

        def minor(name: str) -> int | None:
            written = asked.pop(name, "")
            return Money.from_decimal(written, currency).minor if written else None

        return MethodFacts(
            code=code,
            name=code.capitalize(),
            kind=kind,
            currency=currency,
            price_minor=Money.from_decimal(price, currency).minor,
            free_from_minor=minor("free_from"),
            step_price_minor=minor("step_price") or 0,
            rules=tuple(make(currency) for make in asked.pop("rules", ())),
            **asked,
        )

    return in_currency


# Reading


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _line(text: str, place: int, market: Market) -> LineFacts:
    quantity, name, price, *words = text.split()
    amount = Money.from_decimal(price, market.currency)
    # Cents are spread over lines in the order of their variants; here that is the order in which they are written.
    return LineFacts(
        goods=_goods(name, uuid.UUID(int=place + 1), words),
        quantity=int(quantity),
        unit_price=amount,
        price=_entered(amount, int(quantity)),
    )


def _given(name: str, many: int) -> GiftFacts:
    return GiftFacts(goods=_goods(name, key_of(f"variant {name}"), []), available=many)


def _goods(name: str, variant: uuid.UUID, words: list[str]) -> Goods:
    tagged = dict(word.split(":", 1) for word in words if ":" in word)
    is_gift_card = "gift-card" in words
    classes = [word for word in words if word in ("bulky", "cold")]
    grams = [int(word[:-1]) for word in words if re.fullmatch(r"\d+g", word)]
    return Goods(
        variant=variant,
        product=key_of(f"product {name}"),
        sku=name.upper(),
        title=name,
        name="",
        tax_class="zero" if is_gift_card else next((word for word in words if word in ("reduced", "zero")), "standard"),
        shipping_class="none" if is_gift_card or "unshipped" in words else (classes or ["standard"])[0],
        weight_grams=sum(grams),
        categories=frozenset([key_of(tagged["in"])] if "in" in tagged else []),
        collections=frozenset([key_of(tagged["of"])] if "of" in tagged else []),
        brand=key_of(tagged["by"]) if "by" in tagged else None,
        options=dict(word.split("=", 1) for word in words if "=" in word),
        is_gift_card=is_gift_card,
    )


def _entered(amount: Money, quantity: int) -> dict[str, Any]:
    return {
        "price_list": "everyday",
        "chosen": {
            "match": "everybody",
            "customer_group": None,
            "channel": None,
            "priority": 0,
            "passed_over": [],
        },
        "price": 1,
        "kind": "regular",
        "quantity": quantity,
        "min_quantity": 1,
        "valid_from": LONG_AGO.isoformat(),
        "valid_until": None,
        "amount": amount.document(),
        "regular": amount.document(),
        "base": None,
    }


def _target(text: str) -> Target:
    *many, name = text.split()
    quantity = int(many[0]) if many else 1
    if "=" in name:
        attribute, value = name.split("=", 1)
        return target("attribute", attribute, value=value, quantity=quantity)
    kinds = {"in": "category", "of": "collection", "by": "brand"}
    if ":" in name:
        kind, name = name.split(":", 1)
        return target(kinds[kind], name, quantity=quantity)
    return target("product", name, quantity=quantity)


def _balance(text: str, place: int, market: Market) -> Balance:
    kind, amount = text.split()
    return Balance(
        account=uuid.UUID(int=place + 1),
        kind="gift_card" if kind == "card" else "store_credit",
        last_four=f"{place + 1:04}" if kind == "card" else "",
        available=Money.from_decimal(amount, market.currency),
    )


def _paid_by(label: str) -> str:
    """ "Gift card •••• 0001" is the first card."""
    if label == "Store credit":
        return "credit"
    place = int(label[-4:])
    return "card" if place == 1 else f"card {place}"
