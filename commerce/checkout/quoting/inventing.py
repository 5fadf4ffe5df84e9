"""Lifelike purchases by the thousand, made up of nothing but a source of chance: the same seed, the same purchase.

They stand in for the purchases that nobody has thought of: `replay_quotes` freezes and replays them, the tests ask of
each what must hold of any.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from commerce.checkout.quoting.computing import Purchase
from commerce.checkout.quoting.facts import Delivery, GiftFacts, Goods, LineFacts, QuoteFacts
from commerce.credit.redeeming import Balance
from commerce.kit.currencies import exponent
from commerce.kit.money import Money
from commerce.pricing.rounding import Rounding, converted
from commerce.promotions.rules import Benefit, BenefitKind, Conditions, Level, Rule, Target, TargetKind
from commerce.shipping.costing import Kind, MethodFacts, RateRow, RuleFacts, price_of
from commerce.shipping.parcels import NOT_SHIPPED
from commerce.tax.computing import BUILTIN, Place, ProvidedTax, tax_on
from commerce.tax.rate_tables import REDUCED, STANDARD, ZERO, Rate, RateTable
from commerce.tax.treatment import TAXED, Treatment, TreatmentKind


@dataclass(frozen=True, slots=True)
class _World:
    """A market with one destination. `unit` is the price of a cheap thing, in minor units."""

    market: str
    currency: str
    country: str
    inclusive: bool
    standard: str
    reduced: str
    unit: int
    rounding_minor: int = 1
    shipping_tax: str = "standard"
    region: str = ""
    origin: str = "DE"


_WORLDS = (
    _World("eu", "EUR", "DE", True, "19", "7", 450),
    _World("eu", "EUR", "FR", True, "20", "5.5", 450, shipping_tax="share"),
    _World("eu", "EUR", "IE", True, "23", "13.5", 490, shipping_tax="share"),
    _World("eu", "EUR", "FI", True, "25.5", "13.5", 500, 5),
    _World("trade", "EUR", "AT", False, "20", "10", 300, shipping_tax="share"),
    _World("trade", "EUR", "NL", False, "21", "9", 300),
    _World("ch", "CHF", "CH", True, "8.1", "2.6", 600, 5, "share", origin="CH"),
    _World("dk", "DKK", "DK", True, "25", "25", 3500, 50),
    _World("se", "SEK", "SE", True, "25", "12", 4500, 100),
    _World("hu", "HUF", "HU", True, "27", "5", 150_000, 500),
    _World("gb", "GBP", "GB", True, "20", "5", 400, shipping_tax="share", origin="GB"),
    _World("us", "USD", "US", False, "8.875", "0", 500, region="NY", shipping_tax="zero", origin="US"),
    _World("us", "USD", "US", False, "7.25", "0", 500, region="CA", origin="US"),
    _World("ca", "CAD", "CA", False, "14.975", "5", 500, 5, region="QC", origin="CA"),
    _World("jp", "JPY", "JP", True, "10", "8", 480, shipping_tax="standard", origin="JP"),
    _World("jp-trade", "JPY", "JP", False, "10", "8", 480, shipping_tax="reduced", origin="JP"),
    _World("kw", "KWD", "KW", False, "0", "0", 1250, 5, "zero", origin="KW"),
    _World("bh", "BHD", "BH", True, "10", "5", 1250, origin="BH"),
    _World("is", "ISK", "IS", True, "24", "11", 790, shipping_tax="share", origin="IS"),
)
_THINGS = ("Mug", "Teapot", "Plate", "Bowl", "Vase", "Lamp", "Book", "Tea", "Coffee", "Blanket", "Stool", "Desk")
_COLOURS = ("Moss", "Sand", "Ink")
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = 1200


def invent(chance: Random) -> QuoteFacts:
    """The facts of a purchase that a shop might see, complete down to the tax, so that a quote can be made of them."""
    return _Inventor(chance).facts()


class _Inventor:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.world = chance.choice(_WORLDS)
        self.at = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS), minutes=chance.randrange(24 * 60))
        self.categories = [self._id() for _ in range(3)]
        self.collections = [self._id() for _ in range(2)]
        self.brands = [self._id() for _ in range(2)]

    def facts(self) -> QuoteFacts:
        world = self.world
        lines = tuple(self._line() for _ in range(self._one_of(1, 1, 2, 2, 3, 4, 5, 8, 13)))
        rules = tuple(self._rule(place, lines) for place in range(self._one_of(0, 0, 1, 1, 2, 3, 4, 6)))
        facts = QuoteFacts(
            at=self.at.isoformat(),
            market=world.market,
            channel=self._one_of("web", "web", "kiosk"),
            groups=frozenset(self._one_of((), (), ("friends",), ("friends", "trade"))),
            currency=world.currency,
            tax_inclusive=world.inclusive,
            shipping_tax=world.shipping_tax,
            rounding_minor=world.rounding_minor,
            country=world.country,
            region=world.region,
            place=Place(postal_code=str(self.chance.randrange(10_000, 99_999)), origin_country=world.origin),
            treatment=self._treatment(),
            is_first_order=self._happens(3),
            lines=lines,
            gifts=tuple(self._gift(rule) for rule in rules if rule.benefit.kind is BenefitKind.GIFT),
            rules=rules,
            coupon_problems={"LATE-2024": "coupon_expired"} if self._happens(10) else {},
            delivery=None,
            balances=tuple(self._balance() for _ in range(self._one_of(0, 0, 0, 0, 1, 1, 2, 3))),
            tax={},
        )
        if not self._happens(7):
            facts = replace(facts, delivery=self._delivery(facts))
        return replace(facts, tax=self._tax(facts))

    # Goods and prices

    def _line(self) -> LineFacts:
        goods = self._goods()
        amount = Money(0, self.world.currency) if self._happens(15) else self._price()
        quantity = self._one_of(1, 1, 1, 2, 2, 3, 4, 6, 12, 50)
        price = self._derivation(amount, quantity)
        return LineFacts(goods=goods, quantity=quantity, unit_price=Money.from_document(price["amount"]), price=price)

    def _goods(self) -> Goods:
        is_gift_card = self._happens(20)
        thing = "Gift card" if is_gift_card else self.chance.choice(_THINGS)
        colour = self.chance.choice(_COLOURS)
        return Goods(
            variant=self._id(),
            product=self._id(),
            sku=f"{thing[:3].upper()}-{self.chance.randrange(1000):03}",
            title=thing,
            name=colour,
            tax_class=ZERO if is_gift_card else self._one_of(STANDARD, STANDARD, STANDARD, REDUCED, REDUCED, ZERO),
            shipping_class=NOT_SHIPPED if is_gift_card else self._one_of("standard", "standard", "standard", "bulky"),
            weight_grams=self._one_of(0, 120, 250, 380, 1000, 2750, 18_000),
            categories=frozenset(self._some(self.categories)),
            collections=frozenset(self._some(self.collections)),
            brand=self._one_of(None, *self.brands),
            options={"Colour": colour},
            is_gift_card=is_gift_card,
        )

    def _price(self) -> Money:
        """Around the world's unit, mostly ending like a price does, at times as crooked as a converted one."""
        minor = self.world.unit * self.chance.randrange(1, 60) // self._one_of(1, 2, 3)
        ending = 10 ** exponent(self.world.currency)
        if self._happens(3):
            return Money(minor + self.chance.randrange(1, 98), self.world.currency)
        return Money(max(minor // ending * ending - self._one_of(0, 1, ending // 20), 1), self.world.currency)

    def _derivation(self, amount: Money, quantity: int) -> dict[str, Any]:
        base = None
        if amount and self._happens(5):
            base = self._base()
            amount = _of_base(base, self.world.currency)
        group = self._one_of(None, None, "friends")
        is_on_sale = bool(amount) and self._happens(4)
        regular = amount + self._price() if is_on_sale else amount
        return {
            "price_list": f"{self.world.market}-list",
            "chosen": {
                "match": "group" if group else "everybody",
                "customer_group": group,
                "channel": None,
                "priority": self._one_of(0, 0, 10),
                "passed_over": self._one_of([], [], ["clearance"]),
            },
            "price": self.chance.randrange(1, 10_000),
            "kind": "sale" if is_on_sale else "regular",
            "quantity": quantity,
            "min_quantity": 1 if quantity < 6 else self._one_of(1, 6),
            "valid_from": (self.at - timedelta(days=self.chance.randrange(1, 400))).isoformat(),
            "valid_until": self._one_of(None, (self.at + timedelta(days=3)).isoformat()),
            "amount": amount.document(),
            "regular": regular.document(),
            "base": base,
        }

    def _base(self) -> dict[str, Any]:
        ending = 10 ** exponent(self.world.currency)
        rounding = self._one_of(Rounding(), Rounding(5, 0, "up"), Rounding(ending, ending - 1, "nearest"))
        return {
            "price_list": "eur-list",
            "amount": Money(self.chance.randrange(100, 20_000), "EUR").document(),
            "factor": self._one_of("1", "0.95", "1.125"),
            "rate": self._one_of("1", "0.9374", "163.27", "0.335"),
            "rounding": rounding.document(),
        }

    # Promotions

    def _rule(self, place: int, lines: tuple[LineFacts, ...]) -> Rule:
        benefit = self._benefit()
        targets = tuple(self._target(lines) for _ in range(self._one_of(0, 0, 1, 2)))
        if benefit.kind is BenefitKind.BUNDLE:
            targets = targets or (self._target(lines), self._target(lines))
            targets = tuple(replace(each, quantity=self._one_of(1, 1, 2)) for each in targets)
        asks_for_coupon = self._happens(3)
        return Rule(
            code=f"promotion-{place}",
            name=f"Promotion {place}",
            benefit=benefit,
            targets=targets,
            excluded=(self._target(lines),) if self._happens(6) else (),
            conditions=self._conditions(lines),
            priority=self._one_of(0, 0, 5, 10),
            exclusive=self._happens(8),
            best_of="season" if self._happens(4) else "",
            requires_coupon=asks_for_coupon,
            coupon=f"CODE-{place}" if asks_for_coupon and not self._happens(6) else None,
        )

    def _benefit(self) -> Benefit:
        kind = self.chance.choice(list(BenefitKind))
        level = self._one_of(Level.LINE, Level.ORDER)
        percent = Decimal(self._one_of("5", "10", "12.5", "15", "20", "33.33", "50", "100"))
        amount = Money(self._price().minor // self._one_of(1, 2, 5), self.world.currency)
        match kind:
            case BenefitKind.PERCENTAGE:
                return Benefit(kind=kind, level=level, percent=percent)
            case BenefitKind.AMOUNT:
                return Benefit(kind=kind, level=level, amount=amount)
            case BenefitKind.FIXED_PRICE:
                return Benefit(kind=kind, amount=amount)
            case BenefitKind.BUY_X_GET_Y:
                bought, given = self.chance.randrange(1, 4), self.chance.randrange(1, 3)
                at_most = self._one_of(None, 1, 2)
                return Benefit(kind=kind, percent=percent, buy_quantity=bought, get_quantity=given, at_most=at_most)
            case BenefitKind.BUNDLE:
                if self._happens(2):
                    return Benefit(kind=kind, percent=percent, at_most=self._one_of(None, 1))
                return Benefit(kind=kind, amount=amount, at_most=self._one_of(None, 1))
            case BenefitKind.GIFT:
                return Benefit(kind=kind, gift_variant=self._id(), gift_quantity=self._one_of(1, 1, 2))
            case _:
                return Benefit(kind=kind, methods=frozenset(self._one_of((), (), ("parcel",), ("express",))))

    def _conditions(self, lines: tuple[LineFacts, ...]) -> Conditions:
        return Conditions(
            market="elsewhere" if self._happens(20) else "",
            channel=self._one_of("", "", "", "web"),
            groups=frozenset(["friends"]) if self._happens(6) else frozenset(),
            countries=frozenset([self.world.country]) if self._happens(6) else frozenset(),
            first_order=self._happens(8),
            min_value=self._price() * 2 if self._happens(4) else None,
            max_value=self._price() * 20 if self._happens(8) else None,
            min_quantity=self._one_of(2, 3) if self._happens(6) else None,
            max_quantity=40 if self._happens(10) else None,
            bought=(self._target(lines),) if self._happens(6) else (),
        )

    def _target(self, lines: tuple[LineFacts, ...]) -> Target:
        goods = self.chance.choice(lines).goods
        match self.chance.choice(list(TargetKind)):
            case TargetKind.PRODUCT:
                return Target(kind=TargetKind.PRODUCT, key=str(goods.product))
            case TargetKind.VARIANT:
                return Target(kind=TargetKind.VARIANT, key=str(goods.variant))
            case TargetKind.CATEGORY:
                return Target(kind=TargetKind.CATEGORY, key=str(self.chance.choice(self.categories)))
            case TargetKind.COLLECTION:
                return Target(kind=TargetKind.COLLECTION, key=str(self.chance.choice(self.collections)))
            case TargetKind.BRAND:
                return Target(kind=TargetKind.BRAND, key=str(self.chance.choice(self.brands)))
            case _:
                return Target(kind=TargetKind.ATTRIBUTE, key="Colour", value=self.chance.choice(_COLOURS))

    def _gift(self, rule: Rule) -> GiftFacts:
        if rule.benefit.gift_variant is None:
            raise ValueError(f"{rule.code} gives nothing")
        goods = replace(self._goods(), variant=rule.benefit.gift_variant, is_gift_card=False)
        return GiftFacts(goods=goods, available=self._one_of(0, 1, 5, 100))

    # Shipping

    def _delivery(self, facts: QuoteFacts) -> Delivery:
        parcel = Purchase(replace(facts, delivery=Delivery(method=None))).parcel
        if not parcel.needs_shipping:
            return Delivery(method=None)
        method = self._method()
        if price_of(method, parcel).price is None:
            method = replace(method, kind=Kind.FLAT, rules=(), min_weight_grams=None, max_weight_grams=None)
        days = self.chance.randrange(1, 5)
        return Delivery(
            method=method,
            pickup_point={"code": "main-street"} if method.kind is Kind.PICKUP else None,
            earliest=(self.at + timedelta(days=days)).date().isoformat(),
            latest=(self.at + timedelta(days=days + 2)).date().isoformat(),
        )

    def _method(self) -> MethodFacts:
        unit = self.world.unit
        kind = self._one_of(Kind.FLAT, Kind.FLAT, Kind.WEIGHT, Kind.VALUE, Kind.TABLE, Kind.PICKUP)
        table_by, starts = self._one_of(
            ("weight", (0, 1000, 5000)), ("value", (0, unit * 10, unit * 40)), ("units", (0, 3, 10))
        )
        rates = tuple(RateRow(start, unit * (place + 1) + 9) for place, start in enumerate(starts))
        return MethodFacts(
            code=self._one_of("parcel", "parcel", "express"),
            name="Parcel",
            kind=kind,
            currency=self.world.currency,
            zone="home",
            price_minor=0 if kind is Kind.PICKUP else self._one_of(unit, unit * 2 - 5, unit // 3),
            step_grams=self._one_of(500, 1000),
            step_price_minor=unit // 4,
            percent=Decimal(self._one_of("2.5", "7")) if kind is Kind.VALUE else Decimal(0),
            table_by=table_by if kind is Kind.TABLE else "",
            rates=rates if kind is Kind.TABLE else (),
            free_from_minor=self._one_of(None, None, unit * 12, unit * 60),
            max_weight_grams=self._one_of(None, None, 31_500),
            rules=tuple(self._shipping_rule() for _ in range(self._one_of(0, 0, 1, 2))),
        )

    def _shipping_rule(self) -> RuleFacts:
        return RuleFacts(
            name="Bulky goods",
            effect=self._one_of("surcharge", "surcharge", "refuse"),
            shipping_class=self._one_of("bulky", ""),
            category=self.chance.choice(self.categories),
            amount_minor=self.world.unit * 2 - 5,
            per=self._one_of("order", "unit"),
        )

    # Tax and credit

    def _treatment(self) -> Treatment:
        chance = self.chance.randrange(12)
        if chance == 0:
            return Treatment(TreatmentKind.EXEMPT, "Embassies and their staff")
        if chance == 1:
            return Treatment(TreatmentKind.REVERSE_CHARGE, "intra_community_supply", "FR40303265045")
        return TAXED

    def _tax(self, facts: QuoteFacts) -> dict[str, Any]:
        """By the shop's own rates, or as a service might say it: rounded down, as the shop's table never would."""
        began, world = self.at - timedelta(days=500), self.world
        percents = {STANDARD: Decimal(world.standard), REDUCED: Decimal(world.reduced), ZERO: Decimal(0)}
        if not self._happens(10):
            rates = tuple(
                Rate(world.country, name, percents[name], began, region=world.region, source="made up")
                for name in (REDUCED, STANDARD)
            )
            table = RateTable(country=world.country, region=world.region, rates=rates)
            return {"provider": BUILTIN, "rates": table.document()}
        request = Purchase(facts).tax_request

        def said(amount: Money, percent: Decimal) -> tuple[Money, Decimal]:
            tax = tax_on(amount, percent=percent, included=request.included)
            return (tax - Money(1, tax.currency) if tax else tax), percent

        provided = ProvidedTax(
            provider="stripe",
            reference="taxcalc_1",
            lines={line.key: said(line.amount, percents[line.tax_class]) for line in request.lines},
            shipping=said(request.shipping, percents[STANDARD]),
        )
        return {"provider": "stripe", "provided": provided.document()}

    def _balance(self) -> Balance:
        is_card = not self._happens(3)
        return Balance(
            account=self._id(),
            kind="gift_card" if is_card else "store_credit",
            last_four=f"{self.chance.randrange(10_000):04}" if is_card else "",
            available=self._price() * self._one_of(1, 1, 3, 100),
            expires_at=self._one_of(None, self.at + timedelta(days=100)),
        )

    # Chance

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def _happens(self, once_in: int) -> bool:
        return self.chance.randrange(once_in) == 0

    def _one_of(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def _some(self, things: list[uuid.UUID]) -> list[uuid.UUID]:
        return [thing for thing in things if self._happens(2)]


def _of_base(base: dict[str, Any], currency: str) -> Money:
    return converted(
        Money.from_document(base["amount"]),
        currency=currency,
        factor=Decimal(base["factor"]),
        rate=Decimal(base["rate"]),
        rounding=Rounding.from_document(base["rounding"]),
    )
