"""A quote from its facts: no database, no clock, so the same facts make the same cents for ever.

Order of work: prices, promotions on the lines, shipping on what is left of their value, free shipping, tax, rounding of
the total, gift cards and store credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from commerce.checkout.quoting.facts import GiftFacts, LineFacts, QuoteFacts
from commerce.credit.redeeming import spread
from commerce.kit.money import Money
from commerce.orders.snapshots import (
    CreditSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    QuoteSnapshot,
    ShippingSnapshot,
    TaxSnapshot,
)
from commerce.pricing.rounding import cash_rounded
from commerce.promotions.applying import Discount, Gift, Outcome, apply
from commerce.promotions.conditions import Reason
from commerce.shipping.costing import price_of
from commerce.shipping.parcels import NOT_SHIPPED, Parcel
from commerce.tax.computing import LineTax, TaxableLine, TaxAnswer, TaxRequest, replay
from commerce.tax.rate_tables import written

GIFT_OUT_OF_STOCK = "gift_out_of_stock"
OTHER_SHIPPING_METHOD = "other_shipping_method"


def compute(facts: QuoteFacts) -> QuoteSnapshot:
    """The whole quote. Every amount in it follows from `facts`, which it carries along.

    Raises:
        NoTaxRate: the facts lack a rate that they need.
    """
    purchase = Purchase(facts)
    return _snapshot(purchase, replay({**facts.tax, "request": purchase.tax_request.document()}))


class Purchase:
    """The facts on their way to a quote, up to the tax, which may have to be asked of a service."""

    def __init__(self, facts: QuoteFacts) -> None:
        self.facts = facts

    @cached_property
    def outcome(self) -> Outcome:
        return apply(self.facts.basket, self.facts.rules)

    @cached_property
    def given(self) -> list[tuple[Gift, GiftFacts]]:
        """The gifts that there are enough of, in the order of their promotions."""
        left = {each.goods.variant: each for each in self.facts.gifts}
        given = []
        for gift in self.outcome.gifts:
            facts = left.get(gift.variant)
            if facts and facts.available >= gift.quantity:
                left[gift.variant] = facts.without(gift.quantity)
                given.append((gift, facts.given(gift.quantity)))
        return given

    @cached_property
    def values(self) -> dict[str, Money]:
        """What each line costs after its discounts."""
        return {line.key: line.unit_price * line.quantity - self.outcome.off(line.key) for line in self.facts.lines}

    @cached_property
    def parcel(self) -> Parcel:
        return self.facts.parcel(self.values, [(facts, gift.quantity) for gift, facts in self.given])

    @cached_property
    def shipping(self) -> Shipping | None:
        delivery = self.facts.delivery
        if delivery is None:
            return None
        zero = Money.zero(self.facts.currency)
        if delivery.method is None:
            return Shipping(zero, zero, {"rule": "not_shipped"})
        cost = price_of(delivery.method, self.parcel)
        if cost.price is None:
            raise ValueError(f"{delivery.method.code} cannot ship this: {cost.problem}")
        free = self.outcome.free_shipping_by(delivery.method.code)
        derivation = {**cost.derivation, "freed_by": free.document() if free else None}
        return Shipping(cost.price, cost.price if free else zero, derivation)

    @cached_property
    def tax_request(self) -> TaxRequest:
        facts, zero = self.facts, Money.zero(self.facts.currency)
        lines = [TaxableLine(line.key, self.values[line.key], line.goods.tax_class) for line in facts.lines]
        lines += [TaxableLine(_gift_key(gift), zero, gift_facts.goods.tax_class) for gift, gift_facts in self.given]
        return TaxRequest(
            currency=facts.currency,
            included=facts.tax_inclusive,
            country=facts.country,
            region=facts.region,
            lines=tuple(lines),
            shipping=self.shipping.charged if self.shipping else zero,
            shipping_tax=facts.shipping_tax,  # type: ignore[arg-type]
            treatment=facts.treatment,
            place=facts.place,
        )

    @property
    def promotions(self) -> list[dict[str, Any]]:
        """A verdict on every promotion considered and on every coupon that could not be."""
        verdicts = [verdict.document() for verdict in self.outcome.verdicts]
        for verdict in verdicts:
            if in_vain := self._in_vain.get(verdict["promotion"]):
                reason, why = in_vain
                verdict |= {"applied": False, "reason": reason, "facts": why}
        refused: list[dict[str, Any]] = [
            {
                "promotion": "",
                "name": "",
                "coupon": coupon,
                "applied": False,
                "reason": reason,
                "saved": None,
                "facts": {},
            }
            for coupon, reason in sorted(self.facts.coupon_problems.items())
        ]
        return verdicts + refused

    @cached_property
    def _in_vain(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """By code, what suits the goods and yet gives nothing, with the reason: no coupon is used up for it."""
        given = {gift.promotion for gift, _ in self.given}
        found: dict[str, tuple[str, dict[str, Any]]] = {
            gift.promotion: (GIFT_OUT_OF_STOCK, {}) for gift in self.outcome.gifts if gift.promotion not in given
        }
        delivery = self.facts.delivery
        if delivery is None or self.shipping is None:
            return found
        method = delivery.method.code if delivery.method else NOT_SHIPPED
        freed_by = self.outcome.free_shipping_by(method)
        for each in self.outcome.free_shipping:
            if not self.shipping.price:
                found[each.promotion] = (Reason.NOTHING_TO_SAVE.value, {})
            elif each.methods and method not in each.methods:
                found[each.promotion] = (OTHER_SHIPPING_METHOD, {"methods": sorted(each.methods)})
            elif freed_by is not None and each is not freed_by:
                found[each.promotion] = (Reason.SHIPPING_FREE_ALREADY.value, {"by": freed_by.promotion})
        return found


@dataclass(frozen=True, slots=True)
class Shipping:
    price: Money
    discount: Money
    derivation: dict[str, Any]

    @property
    def charged(self) -> Money:
        return self.price - self.discount


def _snapshot(purchase: Purchase, tax: TaxAnswer) -> QuoteSnapshot:
    facts = purchase.facts
    names = {verdict.promotion: verdict.name for verdict in purchase.outcome.verdicts}
    shown = sorted(facts.lines, key=lambda line: line.position)
    lines = [_line(line, purchase, names, tax.lines[line.key]) for line in shown]
    lines += [_gift(gift, its, names, tax.lines[_gift_key(gift)], facts.currency) for gift, its in purchase.given]
    shipping = _shipping(purchase, tax)

    def sum_of(member: str) -> Money:
        return Money.total((Money.from_document(line[member]) for line in lines), currency=facts.currency)  # type: ignore[literal-required]

    exact = sum_of("total") + tax.shipping.amount
    if not facts.tax_inclusive:
        exact += tax.tax
    total = cash_rounded(exact, step_minor=facts.rounding_minor)
    paid = spread(due=total, balances=facts.balances)
    credit_total = Money.total(paid.values(), currency=facts.currency)
    return QuoteSnapshot(
        at=facts.at,
        market=facts.market,
        currency=facts.currency,
        tax_inclusive=facts.tax_inclusive,
        treatment=facts.treatment.document(),
        lines=lines,
        subtotal=sum_of("subtotal").document(),
        discount_total=sum_of("discount").document(),
        relief_total=sum_of("relief").document(),
        shipping=shipping,
        tax=[
            TaxSnapshot(
                rate=written(row.percent),
                country=row.country,
                net=row.net.document(),
                total=row.tax.document(),
                included=facts.tax_inclusive,
            )
            for row in tax.summary
            if row.tax
        ],
        tax_total=tax.tax.document(),
        rounding=(total - exact).document(),
        total=total.document(),
        credits=[
            CreditSnapshot(account=str(balance.account), label=balance.label, amount=paid[balance.account].document())
            for balance in facts.balances
            if balance.account in paid
        ],
        credit_total=credit_total.document(),
        due=(total - credit_total).document(),
        promotions=purchase.promotions,
        facts=facts.document(),
    )


def _line(line: LineFacts, purchase: Purchase, names: Mapping[str, str], tax: LineTax) -> LineSnapshot:
    discounts = purchase.outcome.discounts.get(line.key, ())
    value = purchase.values[line.key]
    return LineSnapshot(
        variant=str(line.goods.variant),
        product=str(line.goods.product),
        sku=line.goods.sku,
        title=line.goods.title,
        name=line.goods.name,
        quantity=line.quantity,
        wait=line.wait.document() if line.wait else None,
        gift=False,
        given_by="",
        unit_price=line.unit_price.document(),
        subtotal=(line.unit_price * line.quantity).document(),
        discounts=[_discount(each, names) for each in discounts],
        discount=purchase.outcome.off(line.key).document(),
        relief=(value - tax.amount).document(),
        total=tax.amount.document(),
        tax=tax.tax.document(),
        derivation={"price": line.price, "tax": tax.derivation},
    )


def _gift(gift: Gift, facts: GiftFacts, names: Mapping[str, str], tax: LineTax, currency: str) -> LineSnapshot:
    zero = Money.zero(currency).document()
    return LineSnapshot(
        variant=str(facts.goods.variant),
        product=str(facts.goods.product),
        sku=facts.goods.sku,
        title=facts.goods.title,
        name=facts.goods.name,
        quantity=gift.quantity,
        wait=facts.wait.document() if facts.wait else None,
        gift=True,
        given_by=names[gift.promotion],
        unit_price=zero,
        subtotal=zero,
        discounts=[],
        discount=zero,
        relief=zero,
        total=zero,
        tax=zero,
        derivation={"price": {"rule": "gift", **gift.document()}, "tax": tax.derivation},
    )


def _gift_key(gift: Gift) -> str:
    return f"gift:{gift.promotion}"


def _discount(each: Discount, names: Mapping[str, str]) -> DiscountSnapshot:
    return DiscountSnapshot(
        promotion=each.promotion,
        name=names[each.promotion],
        coupon=each.coupon,
        amount=each.amount.document(),
        derivation=each.derivation,
    )


def _shipping(purchase: Purchase, tax: TaxAnswer) -> ShippingSnapshot | None:
    shipping, delivery, wait = purchase.shipping, purchase.facts.delivery, purchase.parcel.wait
    if shipping is None or delivery is None:
        return None
    return ShippingSnapshot(
        method=delivery.method.code if delivery.method else NOT_SHIPPED,
        name=delivery.method.name if delivery.method else "",
        pickup_point=delivery.pickup_point,
        earliest=delivery.earliest,
        latest=delivery.latest,
        wait=wait.document() if wait else None,
        price=shipping.price.document(),
        discount=shipping.discount.document(),
        relief=(shipping.charged - tax.shipping.amount).document(),
        total=tax.shipping.amount.document(),
        tax=tax.shipping.tax.document(),
        derivation={**shipping.derivation, "tax": tax.shipping.derivation},
    )
