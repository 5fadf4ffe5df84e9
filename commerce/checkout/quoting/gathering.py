"""The facts of a quote, read at an instant in a number of queries that does not grow with its lines."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from wagtail.models import Locale

from cms.catalogue.models import Product, Variant
from cms.catalogue.queries import Membership, contents_for, memberships, sellable
from commerce.cart.viewing import CartView, LineProblem, LineView, view_cart
from commerce.checkout.quoting.computing import Purchase, compute
from commerce.checkout.quoting.facts import Delivery, GiftFacts, Goods, LineFacts, QuoteFacts
from commerce.credit.redeeming import Balance
from commerce.inventory.queries import Supply, supplies, units, waits
from commerce.inventory.reservations import Holder, OutOfStock
from commerce.inventory.waiting import Wait
from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Market
from commerce.markets.queries import serves
from commerce.orders.models import Order
from commerce.orders.snapshots import QuoteSnapshot
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import Offer
from commerce.promotions.queries import active_rules
from commerce.promotions.rules import BenefitKind, Rule
from commerce.shipping.choosing import CannotShip, ShippingOffer, ShippingOption, cheapest, chosen, options
from commerce.shipping.costing import MethodFacts, Problem
from commerce.shipping.parcels import Parcel
from commerce.tax.computing import Place
from commerce.tax.providers import tax_provider
from commerce.tax.treatment import treatment_of


class CartEmpty(DomainError):
    code = "cart_empty"
    title = "There is nothing in the cart"
    kind = ErrorKind.CONFLICT


class AddressMissing(DomainError):
    code = "address_missing"
    title = "The cart needs an address before it can be paid for"
    kind = ErrorKind.REFUSED


class LinesUnavailable(DomainError):
    """`facts["lines"]` names the variants that cannot be bought at this instant."""

    code = "variant_not_sellable"
    title = "Something in the cart can no longer be bought"
    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be quoted: a cart's, or one that staff make up. Without an address there is no shipping."""

    audience: Audience
    locale: Locale
    lines: tuple[tuple[Offer, int], ...]
    titles: Mapping[uuid.UUID, str]
    """By product; a product without one goes by its SKU."""
    stock: Mapping[uuid.UUID, Supply] = field(default_factory=dict)
    """By variant; of one that is not named it is not told whether it has to come first."""
    address: Mapping[str, str] | None = None
    email: str = ""
    vat_id: str = ""
    coupons: tuple[str, ...] = ()
    method: str = ""
    pickup_point: str = ""
    balances: tuple[Balance, ...] = ()
    holder: Holder | None = None
    ships: bool = True

    @property
    def quantities(self) -> dict[uuid.UUID, int]:
        return {offer.variant.pk: quantity for offer, quantity in self.lines}

    @property
    def country(self) -> str:
        return self.address["country"] if self.address else home_of(self.audience.market)


def quote(view: CartView, *, at: datetime) -> QuoteSnapshot:
    """What the cart costs as it stands, ready to be paid. Database only: see `prepare`.

    Raises:
        CartEmpty, AddressMissing, LinesUnavailable, OutOfStock, QuantityOutOfBounds: the cart cannot be paid for.
        CannotShip, NoTaxRate, InvalidVatId, TaxNotPrepared
    """
    if not view.lines:
        raise CartEmpty()
    if not view.cart.address:
        raise AddressMissing()
    _refuse_what_cannot_be_bought(view)
    return quote_of(wanted_by(view), at=at)


@dataclass(frozen=True, slots=True)
class Estimate:
    quote: QuoteSnapshot
    cannot_ship: CannotShip | None = None
    """Why shipping was left out although there is an address."""


def estimate(view: CartView, *, at: datetime) -> Estimate:
    """What can be said of any cart: lines that cannot be bought are left out, and shipping while it is unknown.

    Called outside any transaction: the tax may have to be asked of a service.

    Raises:
        NoTaxRate, TaxServiceUnavailable, TaxServiceRefused
    """
    wanted, obstacle = wanted_by(view), None
    try:
        prepare_tax(wanted, at=at)
        return Estimate(quote_of(wanted, at=at))
    except CannotShip as error:
        obstacle = error
    is_served = serves(wanted.audience.market, country=wanted.country)
    wanted = replace(wanted, ships=False, address=wanted.address if is_served else None)
    prepare_tax(wanted, at=at)
    return Estimate(quote_of(wanted, at=at), obstacle)


def prepare(*, cart_id: uuid.UUID, locale: Locale, at: datetime) -> None:
    """Ask for the tax that `quote` will need, where it comes from a service; outside any transaction."""
    if tax_provider().crosses_the_network:
        view = view_cart(cart_id=cart_id, locale=locale, at=at)
        if view.is_ready:
            prepare_tax(wanted_by(view), at=at)


def prepare_tax(wanted: Wanted, *, at: datetime) -> None:
    if tax_provider().crosses_the_network:
        tax_provider().prepare(request=Purchase(_facts(wanted, at=at)).tax_request, at=at)


def quote_of(wanted: Wanted, *, at: datetime) -> QuoteSnapshot:
    """Raises CannotShip, NoTaxRate, InvalidVatId, TaxNotPrepared."""
    return quoted(_facts(wanted, at=at), at=at)


def quoted(facts: QuoteFacts, *, at: datetime) -> QuoteSnapshot:
    """The quote of facts that lack their tax, at the rates of `at`. Raises NoTaxRate, TaxNotPrepared."""
    answer = tax_provider().answer(request=Purchase(facts).tax_request, at=at)
    basis = {name: value for name, value in answer.derivation.items() if name != "request"}
    return compute(replace(facts, tax=basis))


def line_facts(
    lines: Iterable[tuple[Offer, int]], titles: Mapping[uuid.UUID, str], waits: Mapping[uuid.UUID, Wait]
) -> list[LineFacts]:
    """By product the titles, by variant what is not there yet."""
    lines = list(lines)
    belongs = memberships({offer.variant.product_id for offer, _ in lines})
    return [
        LineFacts(
            goods=_goods(offer.variant, titles, belongs),
            quantity=quantity,
            unit_price=offer.price.current,
            price=offer.price.derivation,
            position=position,
            wait=waits.get(offer.variant.pk),
        )
        for position, (offer, quantity) in enumerate(lines)
    ]


def shipping_options(view: CartView, *, at: datetime) -> list[ShippingOption]:
    """The ways to ship the cart with their prices, promotions that free them taken into account by the quote alone.

    Raises `AddressMissing`.
    """
    return options(parcel=_parcel(view, at=at), at=at)


def require_way(view: CartView, *, method: str, pickup_point: str, at: datetime) -> None:
    """Raises `CannotShip` if the cart cannot go this way, `AddressMissing`. No method stands for the cheapest."""
    if method:
        chosen(parcel=_parcel(view, at=at), method=method, pickup_point=pickup_point or None, at=at)


def _parcel(view: CartView, *, at: datetime) -> Parcel:
    if not view.cart.address:
        raise AddressMissing()
    return _parcel_of(_facts(replace(wanted_by(view), ships=False), at=at))


def _parcel_of(facts: QuoteFacts) -> Parcel:
    """The address is known here, so promotions that ask for a country see it."""
    return Purchase(replace(facts, delivery=Delivery(method=None))).parcel


def wanted_by(view: CartView) -> Wanted:
    """The cart's lines that can be bought, with all that was chosen for it."""
    cart = view.cart
    lines = [(each.offer, each.line.quantity) for each in view.lines if each.offer is not None]
    return Wanted(
        audience=view.audience,
        locale=view.locale,
        lines=tuple(lines),
        titles={each.content.product_id: each.content.title for each in view.lines if each.content},
        stock={each.line.variant_id: each.supply for each in view.lines},
        address=cart.address,
        email=cart.email,
        vat_id=cart.vat_id,
        coupons=tuple(cart.coupons),
        method=cart.shipping_method,
        pickup_point=cart.pickup_point,
        balances=view.balances,
        holder=cart.holder,
    )


def home_of(market: Market) -> str:
    """The country whose tax a shopper of unknown address is shown."""
    if market.origin_country and market.market_countries.filter(country=market.origin_country).exists():
        return market.origin_country
    first = market.market_countries.values_list("country", flat=True).first()
    return first or market.origin_country


def _facts(wanted: Wanted, *, at: datetime) -> QuoteFacts:
    """All facts but the tax, which follows from the rest."""
    market, country = wanted.audience.market, wanted.country
    if wanted.address and not serves(market, country=country):
        raise CannotShip(country=country, problem=Problem.NO_ZONE)
    address = wanted.address or {}
    active = active_rules(
        market=market,
        at=at,
        codes=wanted.coupons,
        customer_key=wanted.email or None,
        holder=wanted.holder.id if wanted.holder else None,
    )
    lines = line_facts(wanted.lines, wanted.titles, waits(wanted=wanted.quantities, stock=wanted.stock))
    facts = QuoteFacts(
        at=at.isoformat(),
        market=market.code,
        channel=wanted.audience.channel,
        groups=wanted.audience.groups,
        currency=market.currency,
        tax_inclusive=market.tax_inclusive,
        shipping_tax=market.shipping_tax,
        rounding_minor=market.total_rounding_minor,
        country=country,
        region=address.get("country_area", ""),
        place=Place(
            postal_code=address.get("postal_code", ""),
            city=address.get("city", ""),
            street=address.get("street_address", ""),
            origin_country=market.origin_country,
        ),
        treatment=treatment_of(
            market=market, country=country, vat_id=wanted.vat_id, groups=wanted.audience.groups, at=at
        ),
        is_first_order=_is_first_order(wanted.email, active.rules),
        lines=tuple(lines),
        gifts=tuple(_gifts(active.rules, wanted, at=at)),
        rules=tuple(active.rules),
        coupon_problems={code: problem.code for code, problem in active.problems.items()},
        delivery=None,
        balances=wanted.balances,
        tax={},
    )
    if not (wanted.ships and wanted.address and lines):
        return facts
    try:
        return replace(facts, delivery=_delivery(_way(wanted, facts, at=at)))
    except CannotShip:
        if not facts.gifts:
            raise
    # A gift that may not be shipped there is not given; it must not stand in the way of what is bought.
    facts = replace(facts, gifts=())
    return replace(facts, delivery=_delivery(_way(wanted, facts, at=at)))


def _way(wanted: Wanted, facts: QuoteFacts, *, at: datetime) -> ShippingOffer:
    parcel = _parcel_of(facts)
    if not wanted.method:
        return cheapest(parcel=parcel, at=at)
    return chosen(parcel=parcel, method=wanted.method, pickup_point=wanted.pickup_point or None, at=at)


def _delivery(way: ShippingOffer) -> Delivery:
    method = way.derivation.get("method")
    return Delivery(
        method=MethodFacts.from_document(method) if method else None,
        pickup_point=way.derivation.get("pickup_point"),
        earliest=way.earliest.isoformat() if way.earliest else None,
        latest=way.latest.isoformat() if way.latest else None,
    )


def _goods(variant: Variant, titles: Mapping[uuid.UUID, str], belongs: Mapping[uuid.UUID, Membership]) -> Goods:
    product = variant.product
    membership = belongs[product.pk]
    return Goods(
        variant=variant.pk,
        product=product.pk,
        sku=variant.sku,
        title=titles.get(product.pk, variant.sku),
        name=variant.name,
        tax_class=product.tax_class,
        shipping_class=product.shipping_class,
        weight_grams=variant.weight_grams,
        categories=membership.categories,
        collections=membership.collections,
        brand=product.brand_id,
        options=dict(variant.options),
        is_gift_card=product.kind == Product.Kind.GIFT_CARD,
    )


def _gifts(rules: Iterable[Rule], wanted: Wanted, *, at: datetime) -> list[GiftFacts]:
    """What the rules may give, as far as it is live; how many there are beside those that are bought.

    Which of the rules apply is not known yet; the wait is for what all of them would give.
    """
    wanting: Counter[uuid.UUID] = Counter()
    for rule in rules:
        if rule.benefit.kind is BenefitKind.GIFT and rule.benefit.gift_variant:
            wanting[rule.benefit.gift_variant] += rule.benefit.gift_quantity
    if not wanting:
        return []
    found = sellable(variants=sorted(wanting), at=at)
    product_ids = {variant.product_id for variant in found}
    stock = supplies(variant_ids=[variant.pk for variant in found], holder=wanted.holder, at=at)
    bought = units(wanted=wanted.quantities, stock=wanted.stock)
    left = {variant: supply.beside(variant, bought) for variant, supply in stock.items()}
    titles = {
        pk: content.title
        for pk, content in contents_for(product_ids, locale=wanted.locale, with_pictures=False).items()
    }
    belongs = memberships(product_ids)
    return [
        GiftFacts(
            goods=_goods(variant, titles, belongs),
            available=left[variant.pk].available,
            on_shelf=left[variant.pk].on_hand_free,
            wait=left[variant.pk].wait(wanting[variant.pk]),
        )
        for variant in sorted(found, key=lambda each: each.pk)
    ]


def _is_first_order(email: str, rules: Iterable[Rule]) -> bool:
    """Whether nobody has ordered under this address; asked only where a promotion wants to know."""
    asked = any(rule.conditions.first_order for rule in rules)
    return not (asked and email and Order.objects.filter(email__iexact=email).exists())


def _refuse_what_cannot_be_bought(view: CartView) -> None:
    unavailable = [str(line.line.variant_id) for line in view.lines if _cannot_be_bought(line)]
    if unavailable:
        raise LinesUnavailable(lines=[{"variant": variant} for variant in unavailable])
    short: list[dict[str, Any]] = [
        {"variant": str(each.line.variant_id), "requested": each.line.quantity, "available": each.available}
        for each in view.lines
        if each.problem in (LineProblem.OUT_OF_STOCK, LineProblem.INSUFFICIENT_STOCK)
    ]
    if short:
        raise OutOfStock(lines=short)
    for each in view.lines:
        each.bounds.check(each.line.quantity, variant_id=each.line.variant_id)


def _cannot_be_bought(line: LineView) -> bool:
    """A gift card is worth its price, so one without a price is worth nothing and cannot be issued."""
    is_gift_card = line.line.variant.product.kind == Product.Kind.GIFT_CARD
    is_free = line.offer is not None and not line.offer.price.current
    return line.problem == LineProblem.UNAVAILABLE or (is_gift_card and is_free)
