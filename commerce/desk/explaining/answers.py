"""The answer: what each line costs and why, what it adds up to, and what stands in the way."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wagtail.models import Locale

from cms.catalogue.models import ProductContent, Variant
from cms.catalogue.queries import sellable_variants
from commerce.checkout.quoting.computing import Purchase
from commerce.checkout.quoting.explaining import Step, explain, price_steps, reason_words
from commerce.checkout.quoting.facts import Delivery, QuoteFacts
from commerce.checkout.quoting.gathering import Wanted, prepare_tax, quote_of
from commerce.desk.explaining.lists import ListRow, considered
from commerce.desk.explaining.questions import Question
from commerce.desk.explaining.words import (
    amounts_within,
    cannot_ship_words,
    option_words,
    reference_words,
    taxed_words,
    unsellable_words,
)
from commerce.inventory.queries import availability
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.orders.snapshots import LineSnapshot, QuoteSnapshot
from commerce.pricing.models import PriceList
from commerce.pricing.resolving import Offer, ResolvedPrice, offers, resolve_prices
from commerce.shipping.choosing import CannotShip, ShippingOption, options
from commerce.tax.computing import Place

_LAST_PRICES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """`price` is None where nothing was found. `problems` say why it cannot be bought, `notes` what else to know."""

    variant: Variant
    title: str
    quantity: int
    price: ResolvedPrice | None
    frozen: LineSnapshot | None
    steps: list[Step]
    lists: list[ListRow]
    reference: str
    problems: list[str]
    notes: list[str]

    @property
    def history(self) -> list[dict[str, Any]]:
        """What one piece has cost in the list lately, the newest first."""
        if self.price is None:
            return []
        return [
            {"at": point.at, "current": point.current, "regular": point.regular, "is_reduced": point.is_reduced}
            for point in reversed(self.price.path[-_LAST_PRICES:])
        ]


@dataclass(frozen=True, slots=True)
class PromotionRow:
    name: str
    coupon: str | None
    applied: bool
    saved: Any
    words: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    option: ShippingOption
    pays: Money | None
    freed_by: str
    words: str
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`refusal` says why there is no total; `warning` what the total leaves out."""

    question: Question
    at: datetime
    lines: list[LineAnswer]
    quote: QuoteSnapshot | None
    steps: dict[str, list[Step]]
    """The quote's steps by subject."""
    shipping: list[OptionRow]
    refusal: str = ""
    warning: str = ""

    @property
    def gifts(self) -> list[LineSnapshot]:
        return [line for line in self.quote["lines"] if line["gift"]] if self.quote else []

    @property
    def treatment_words(self) -> str:
        return taxed_words(self.quote["treatment"]) if self.quote else ""

    @property
    def promotions(self) -> list[PromotionRow]:
        """Those that applied first."""
        given = {line["derivation"]["price"]["promotion"] for line in self.gifts}
        rows = [_promotion(verdict, given=given) for verdict in self.quote["promotions"]] if self.quote else []
        return sorted(rows, key=lambda row: not row.applied)


def answer(question: Question, *, now: datetime) -> Answer:
    """In a number of queries that does not grow with the lines. Called outside any transaction: the tax may have to
    be asked of a service."""
    at = question.at or now
    quantities = {variant.pk: quantity for variant, quantity in question.quantities.items()}
    sold = offers(quantities=quantities, audience=question.audience, at=at)
    titles = _titles(question)
    wanted = _wanted(question, sold, titles)
    quote, refusal, warning = _quoted(wanted, at=at)
    facts = _at_destination(QuoteFacts.from_document(quote["facts"]), question) if quote else None
    steps: dict[str, list[Step]] = defaultdict(list)
    for step in explain(quote) if quote else []:
        steps[step.subject].append(step)
    return Answer(
        question=question,
        at=at,
        lines=_lines(question, sold, titles, quote, steps, at=at),
        quote=quote,
        steps=dict(steps),
        shipping=_shipping(facts, quote, at=at) if facts and question.country else [],
        refusal=refusal,
        warning=warning,
    )


def _wanted(question: Question, sold: Mapping[uuid.UUID, Offer], titles: Mapping[uuid.UUID, str]) -> Wanted:
    lines = [(sold[each.pk], quantity) for each, quantity in question.quantities.items() if each.pk in sold]
    return Wanted(
        audience=question.audience,
        locale=Locale.get_default(),
        lines=tuple(lines),
        titles=titles,
        address=question.address,
        email=question.email,
        vat_id=question.vat_id,
        coupons=question.coupons,
        method=question.method,
        pickup_point=question.pickup_point,
    )


def _titles(question: Question) -> dict[uuid.UUID, str]:
    """What the products are called, drafts included, for they may be what is asked about."""
    contents = ProductContent.objects.filter(product__in={variant.product_id for variant in question.quantities})
    default = Locale.get_default().pk
    return {each.product_id: each.title for each in sorted(contents, key=lambda each: each.locale_id == default)}


def _quoted(wanted: Wanted, *, at: datetime) -> tuple[QuoteSnapshot | None, str, str]:
    """The quote; or without shipping where nothing can be shipped; or why there is none."""
    if not wanted.lines:
        return None, "None of this can be bought at that moment, so there is nothing to add up.", ""
    try:
        return _quote(wanted, at=at), "", ""
    except CannotShip as refusal:
        words = cannot_ship_words(refusal.facts)
    except DomainError as refusal:
        return None, f"No total: {refusal.detail}.", ""
    try:
        return _quote(replace(wanted, ships=False), at=at), "", f"{words} What follows leaves shipping out."
    except DomainError as refusal:
        return None, f"{words} No total: {refusal.detail}.", ""


def _quote(wanted: Wanted, *, at: datetime) -> QuoteSnapshot:
    prepare_tax(wanted, at=at)
    return quote_of(wanted, at=at)


def _at_destination(facts: QuoteFacts, question: Question) -> QuoteFacts:
    """The same purchase as the ways of shipping see it, whichever of them was taken."""
    place = Place(postal_code=question.postal_code, origin_country=facts.place.origin_country)
    return replace(facts, country=question.country, region=question.region, place=place, delivery=Delivery(method=None))


def _shipping(facts: QuoteFacts, quote: QuoteSnapshot | None, *, at: datetime) -> list[OptionRow]:
    purchase, taken = Purchase(facts), quote["shipping"]["method"] if quote and quote["shipping"] else None
    rows = []
    for option in options(parcel=purchase.parcel, at=at):
        free = purchase.outcome.free_shipping_by(option.method) if option.price else None
        pays = Money.zero(facts.currency) if free else option.price
        words = option_words(option, facts.currency)
        rows.append(OptionRow(option, pays, free.promotion if free else "", words, option.method == taken))
    return rows


def _lines(
    question: Question,
    sold: Mapping[uuid.UUID, Offer],
    titles: Mapping[uuid.UUID, str],
    quote: QuoteSnapshot | None,
    steps: Mapping[str, list[Step]],
    *,
    at: datetime,
) -> list[LineAnswer]:
    variants, audience = question.quantities, question.audience
    missing = {variant.pk: quantity for variant, quantity in variants.items() if variant.pk not in sold}
    priced = resolve_prices(quantities=missing, audience=audience, at=at)
    sellable = set(sellable_variants(at=at).filter(pk__in=missing).values_list("pk", flat=True))
    published = set(
        ProductContent.objects.filter(
            live=True, product__in={variant.product_id for variant in variants if variant.pk in missing}
        ).values_list("product_id", flat=True)
    )
    stock = availability(variant_ids=[variant.pk for variant in variants])
    price_lists = list(
        PriceList.objects.filter(market=audience.market).select_related("customer_group", "channel", "base")
    )
    frozen = {line["variant"]: line for line in quote["lines"] if not line["gift"]} if quote else {}
    lines = []
    for variant, quantity in variants.items():
        offer = sold.get(variant.pk)
        price = offer.price if offer else priced.get(variant.pk)
        problems = []
        if offer is None:
            problems = unsellable_words(
                variant,
                is_published=variant.product_id in published,
                has_price=price is not None,
                is_sellable=variant.pk in sellable,
                at=at,
            )
        explained = steps.get(f"line:{variant.pk}") or (list(price_steps(price.derivation)) if price else [])
        lines.append(
            LineAnswer(
                variant=variant,
                title=titles.get(variant.product_id, variant.sku),
                quantity=quantity,
                price=price,
                frozen=frozen.get(str(variant.pk)),
                steps=explained,
                lists=considered(price_lists, audience=audience, price=price, at=at),
                reference=reference_words(price, audience.market, quantity=quantity),
                problems=problems,
                notes=_stock_notes(stock[variant.pk], quantity),
            )
        )
    return lines


def _stock_notes(free: int, quantity: int) -> list[str]:
    if free <= 0:
        return ["Out of stock now, so that it cannot be bought until more arrives."]
    return [f"Only {free} in stock now."] if free < quantity else []


def _promotion(verdict: dict[str, Any], *, given: set[str]) -> PromotionRow:
    """A coupon that is not known has no promotion to name; `given` are the promotions that give something."""
    words = reason_words(verdict["reason"], amounts_within(verdict["facts"]))
    if verdict["applied"]:
        words = "takes it off the lines above" if verdict["saved"] else "frees shipping"
        words = "gives a gift" if verdict["promotion"] in given else words
    coupon = verdict["coupon"] if verdict["promotion"] else None
    name = verdict["name"] or f"Coupon {verdict['coupon']}"
    return PromotionRow(name, coupon, verdict["applied"], verdict["saved"], f"{words[:1].upper()}{words[1:]}")
