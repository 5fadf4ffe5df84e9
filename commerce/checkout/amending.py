"""Staff edit an order that is not packed yet: other quantities, other goods, and the difference in money."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cms.catalogue.locales import locale_named
from cms.catalogue.queries import contents_for
from commerce.cart.filling import VariantNotSellable
from commerce.checkout.holding import units_of
from commerce.checkout.quoting.amending import NothingLeft, amended
from commerce.checkout.quoting.computing import Purchase
from commerce.checkout.quoting.facts import LineFacts, QuoteFacts
from commerce.checkout.quoting.gathering import line_facts, quoted
from commerce.inventory import reservations
from commerce.inventory.queries import supplies, waits
from commerce.inventory.reservations import Holder
from commerce.inventory.restocking import restock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.orders.asking import ask_for_what_is_lacking
from commerce.orders.editing import require_editable, rewrite
from commerce.orders.fulfilling import follow_parcels
from commerce.orders.locking import lock_order
from commerce.orders.models import Order
from commerce.orders.paying import balance_of, follow
from commerce.orders.refunding import give_back_surplus
from commerce.orders.snapshots import QuoteSnapshot
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import offers
from commerce.tax.providers import tax_provider


class GiftCardFixed(DomainError):
    code = "gift_card_line_fixed"
    title = "Gift cards that were bought have been issued: refund them instead"
    kind = ErrorKind.CONFLICT


class NothingChanged(DomainError):
    code = "nothing_changed"
    title = "The order is to be what it is already"
    kind = ErrorKind.INVALID


def propose(
    *, order: Order, quantities: Mapping[uuid.UUID, int], added: Mapping[uuid.UUID, int], at: datetime
) -> QuoteSnapshot:
    """What the order would be with these quantities and additions by variant; nothing is changed.

    What stays costs what it cost; what is added costs what it costs now. Called outside any transaction.

    Raises:
        OrderNotEditable, NotInTheOrder, NothingLeft, NothingChanged, GiftCardFixed, VariantNotSellable, CannotShip
        NoTaxRate, TaxServiceUnavailable, TaxServiceRefused
    """
    require_editable(order)
    facts = _facts(order, quantities, added, at=at)
    if tax_provider().crosses_the_network:
        tax_provider().prepare(request=Purchase(facts).tax_request, at=_bought_at(facts))
    quote = _quoted(facts)
    _require_something_to_pay(order, quote)
    return quote


def amend(
    *,
    order: Order,
    quantities: Mapping[uuid.UUID, int],
    added: Mapping[uuid.UUID, int],
    reason: str,
    actor: str,
    at: datetime,
) -> Order:
    """Make it so. What it costs less goes back, what it costs more becomes a payment of its own that the shopper is
    asked for; an authorised payment is captured for what is owed then.

    What is asked for was worked out from the order in hand: where it was edited since, nothing is done.
    Lock order: order, stock levels, credit accounts, payments.

    Raises:
        What `propose` raises, and OutOfStock; nothing was changed.
    """
    propose(order=order, quantities=quantities, added=added, at=at)
    with transaction.atomic():
        known, order = order.edited, lock_order(order.pk)
        require_editable(order, known=known)
        before = order.quote
        after = _quoted(_facts(order, quantities, added, at=at))
        _require_something_to_pay(order, after)
        _move_stock(order, units_of(before), units_of(after), reason=reason, actor=actor, at=at)
        rewrite(order=order, quote=after, actor=actor, reason=reason, at=at)
        ask_for_what_is_lacking(order, reason=reason, actor=actor, at=at)
        if (surplus := balance_of(order)) > Money.zero(order.currency):
            give_back_surplus(order=order, amount=surplus, reason=reason, actor=actor, at=at)
        follow(order, actor=actor, reason=reason, at=at)
        follow_parcels(order, actor=actor, reason=reason, at=at)
    return order


def _require_something_to_pay(order: Order, after: QuoteSnapshot) -> None:
    """An order all of whose money went back has ended, and sends nothing. Raises `NothingLeft`."""
    if order.total and not Money.from_document(after["total"]):
        raise NothingLeft("Nothing would be left to pay; cancel the order instead.")


def _facts(
    order: Order, quantities: Mapping[uuid.UUID, int], added: Mapping[uuid.UUID, int], *, at: datetime
) -> QuoteFacts:
    frozen: QuoteSnapshot = order.quote
    changed = {uuid.UUID(line["goods"]["variant"]): line for line in frozen["facts"]["lines"]}
    touched = changed.keys() & {*quantities, *added}
    if any(changed[variant]["goods"]["is_gift_card"] for variant in touched):
        raise GiftCardFixed()
    more = {variant: quantities.get(variant, changed[variant]["quantity"]) + many
            for variant, many in added.items() if variant in changed}  # fmt: skip
    new = {variant: many for variant, many in added.items() if variant not in changed}
    bought = {variant: line["quantity"] for variant, line in changed.items()}
    if {**bought, **quantities, **more, **new} == bought:
        raise NothingChanged()
    raised = Counter({**quantities, **more, **new}) - Counter(bought)
    stock = supplies(variant_ids=raised.keys(), at=at) if raised else {}
    return amended(
        frozen,
        quantities={**quantities, **more},
        added=_new_lines(order, new, at=at),
        waits=waits(wanted=raised, stock=stock),
    )


def _new_lines(order: Order, added: Mapping[uuid.UUID, int], *, at: datetime) -> list[LineFacts]:
    if not added:
        return []
    facts = order.quote["facts"]
    audience = Audience(
        market=Market.objects.get(code=order.market), groups=frozenset(facts["groups"]), channel=facts["channel"]
    )
    found = offers(quantities=added, audience=audience, at=at)
    if missing := sorted(str(variant) for variant in added if variant not in found):
        raise VariantNotSellable(variants=missing)
    contents = contents_for({offer.variant.product_id for offer in found.values()}, locale=locale_named(order.language))
    titles = {product: content.title for product, content in contents.items()}
    lines = line_facts([(found[variant], many) for variant, many in added.items()], titles, waits={})
    if any(line.goods.is_gift_card for line in lines):
        raise GiftCardFixed()
    return lines


def _quoted(facts: QuoteFacts) -> QuoteSnapshot:
    return quoted(facts, at=_bought_at(facts))


def _bought_at(facts: QuoteFacts) -> datetime:
    """Tax is that of the day on which it was bought, for goods that are added too."""
    return datetime.fromisoformat(facts.at)


def _move_stock(
    order: Order,
    before: Mapping[uuid.UUID, int],
    after: Mapping[uuid.UUID, int],
    *,
    reason: str,
    actor: str,
    at: datetime,
) -> None:
    """Raises `OutOfStock`."""
    more, fewer = Counter(after) - Counter(before), Counter(before) - Counter(after)
    reservations.lock_levels({*more, *fewer})
    if more:
        holder = Holder("amendment", uuid.uuid4())
        reservations.reserve(lines=more, holder=holder, until=at, at=at)
        reservations.consume(lines=more, holder=holder, reference=order.number, actor=actor, at=at)
    if fewer:
        why = f"Order {order.number} was changed: {reason}"[:255]
        restock(lines=fewer, reference=order.number, reason=why, actor=actor, at=at)
