"""The Quote: what a cart costs at an instant, to an address, and why. Computed here and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from commerce.cart.viewing import CartView, LineProblem, LineView
from commerce.inventory.reservations import OutOfStock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.orders.snapshots import LineSnapshot, QuoteSnapshot, ShippingSnapshot, TaxSnapshot
from commerce.shipping.choosing import Parcel, ParcelLine, ShippingOffer, cheapest
from commerce.tax.computing import rates, tax_on


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


SHIPPING_TAX_CLASS = "standard"


def quote(view: CartView, *, at: datetime) -> QuoteSnapshot:
    """Lines, shipping, tax and total, each with its derivation.

    Tax is rounded per line and on shipping, and the totals are sums of what was rounded, so that what is shown
    always adds up. Shipping bears the destination's standard rate.

    Raises:
        CartEmpty, AddressMissing, LinesUnavailable, OutOfStock, CannotShip, NoTaxRate
    """
    market, country = view.cart.market, _checked_country(view)
    tax_classes = {line.line.variant.product.tax_class for line in view.lines} | {SHIPPING_TAX_CLASS}
    percents = rates(country=country, tax_classes=tax_classes, at=at)
    shipping_offer = cheapest(parcel=_parcel(view), at=at)
    lines = [_line(line, percents, market.tax_inclusive) for line in view.lines]
    shipping = _shipping(shipping_offer, percents[SHIPPING_TAX_CLASS], market.tax_inclusive)
    by_rate: dict[Decimal, Money] = defaultdict(lambda: Money.zero(market.currency))
    for line_view, line in zip(view.lines, lines, strict=True):
        by_rate[percents[line_view.line.variant.product.tax_class]] += Money.from_document(line["tax"])
    by_rate[percents[SHIPPING_TAX_CLASS]] += Money.from_document(shipping["tax"])
    tax_total = Money.total(by_rate.values(), currency=market.currency)
    total = view.subtotal + shipping_offer.price
    return QuoteSnapshot(
        at=at.isoformat(),
        market=market.code,
        currency=market.currency,
        tax_inclusive=market.tax_inclusive,
        lines=lines,
        subtotal=view.subtotal.document(),
        shipping=shipping,
        tax=[
            TaxSnapshot(rate=_percent(rate), country=country, total=amount.document(), included=market.tax_inclusive)
            for rate, amount in sorted(by_rate.items(), reverse=True)
            if amount
        ],
        tax_total=tax_total.document(),
        total=(total if market.tax_inclusive else total + tax_total).document(),
    )


def same_purchase(one: QuoteSnapshot, other: QuoteSnapshot) -> bool:
    """Whether two quotes sell the same for the same, whenever they were made."""
    return {**one, "at": ""} == {**other, "at": ""}


def _checked_country(view: CartView) -> str:
    """Where it goes, once nothing stands in the way of quoting."""
    if not view.lines:
        raise CartEmpty()
    if not view.cart.address:
        raise AddressMissing()
    unavailable = [str(line.line.variant_id) for line in view.lines if line.problem == LineProblem.UNAVAILABLE]
    if unavailable:
        raise LinesUnavailable(lines=[{"variant": variant} for variant in unavailable])
    short = [line for line in view.lines if line.problem]
    if short:
        raise OutOfStock(
            lines=[
                {
                    "variant": str(each.line.variant_id),
                    "requested": each.line.quantity,
                    "available": each.available,
                }
                for each in short
            ]
        )
    country: str = view.cart.address["country"]
    return country


def _parcel(view: CartView) -> Parcel:
    market, address = view.cart.market, view.cart.address or {}
    return Parcel(
        market=market.code,
        country=address["country"],
        region=address.get("country_area", ""),
        postal_code=address.get("postal_code", ""),
        currency=market.currency,
        lines=tuple(
            ParcelLine(
                variant=line.line.variant_id,
                product=line.line.variant.product_id,
                quantity=line.line.quantity,
                weight_grams=line.line.variant.weight_grams,
                value=line.total or Money.zero(market.currency),
                shipping_class=line.line.variant.product.shipping_class,
            )
            for line in view.lines
        ),
    )


def _line(view: LineView, percents: dict[str, Decimal], included: bool) -> LineSnapshot:
    variant, offer, total = view.line.variant, view.offer, view.total
    if offer is None or total is None:
        raise LinesUnavailable(lines=[{"variant": str(variant.pk)}])
    percent = percents[variant.product.tax_class]
    return LineSnapshot(
        variant=str(variant.pk),
        product=str(variant.product_id),
        sku=variant.sku,
        title=view.content.title if view.content else variant.sku,
        name=variant.name,
        quantity=view.line.quantity,
        unit_price=offer.price.current.document(),
        total=total.document(),
        tax=tax_on(total, percent=percent, included=included).document(),
        derivation={
            "price": offer.price.derivation,
            "tax": {
                "class": variant.product.tax_class,
                "percent": _percent(percent),
                "rounding": "half_up_per_line",
            },
        },
    )


def _shipping(offer: ShippingOffer, percent: Decimal, included: bool) -> ShippingSnapshot:
    return ShippingSnapshot(
        method=offer.method,
        name=offer.name,
        total=offer.price.document(),
        tax=tax_on(offer.price, percent=percent, included=included).document(),
        derivation={**offer.derivation, "tax": {"class": SHIPPING_TAX_CLASS, "percent": _percent(percent)}},
    )


def _percent(rate: Decimal) -> str:
    """19.00 is written "19", 5.50 "5.5"."""
    return f"{rate.normalize():f}"
