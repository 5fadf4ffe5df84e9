"""What each kind of mail says, written at the moment at which it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from commerce.cart.locking import CartClosed
from commerce.cart.models import Cart
from commerce.checkout.resuming import resume_link
from commerce.customers.envelopes import envelope
from commerce.customers.models import NewsletterSubscription
from commerce.customers.newsletter import confirm_url, unsubscribe_url
from commerce.kit.money import Money
from commerce.kit.writing import instant_written, money_written
from commerce.notifications.models import Mail
from commerce.notifications.wording import words
from commerce.orders.access import access_signature
from commerce.orders.downloads import downloads_of
from commerce.orders.models import Fulfilment, Order, OrderRefund, Return
from commerce.orders.paying import instructions_for, pay_by_of, to_pay
from commerce.orders.states import OrderStatus
from commerce.payments.models import PaymentMethodOffer


class NothingToSay(Exception):
    """What the mail was to tell of is gone, or does not hold any more."""


@dataclass(frozen=True, slots=True)
class Item:
    quantity: int
    title: str
    details: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    language: str
    subject: str
    title: str
    paragraphs: list[str]
    lines: list[Item] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    actions: list[Fact] = field(default_factory=list)
    """Where the buttons lead, the most important first."""


def letter_of(mail: Mail, *, at: datetime) -> Letter:
    """
    Raises:
        NothingToSay: see there; the mail is never sent.
    """
    write = _LETTERS.get(mail.kind)
    if write is None:
        raise NothingToSay(f"no such kind of mail: {mail.kind}")
    try:
        return write(mail, at)
    except ObjectDoesNotExist as error:
        raise NothingToSay(type(error).__qualname__) from None


def order_url(order: Order) -> str:
    return f"{settings.STOREFRONT_URL}/orders/{order.pk}?access={access_signature(order.pk)}"


def _order_confirmed(mail: Mail, at: datetime) -> Letter:
    order = _order(mail)
    return _letter(mail, {"number": order.number}, lines=_sold(order, mail), facts=_sums(order, mail), order=order)


def _payment_instructions(mail: Mail, at: datetime) -> Letter:
    order = _order(mail)
    offer = PaymentMethodOffer.objects.filter(market__code=order.market, method=order.payment_method).first()
    due = _money(order.due, mail)
    facts = {"number": order.number, "due": due, "instructions": offer.instructions if offer else ""}
    label = words(mail.language)["label"]
    sums = [*_sums(order, mail), Fact(label["due"], due, is_strong=True)]
    if pay_by := pay_by_of(order):
        # A day alone would end later in some zones than the order is kept.
        sums.append(Fact(label["pay_by"], instant_written(pay_by, language=mail.language), is_strong=True))
    return _letter(mail, facts, lines=_sold(order, mail), facts=sums, order=order)


def _order_edited(mail: Mail, at: datetime) -> Letter:
    """What it costs now, and what of that is awaited. Each edit has a mail of its own."""
    order = _order(mail)
    if str(order.edited) != mail.about["edit"] or order.status == OrderStatus.CANCELLED:
        raise NothingToSay("the order has been changed again, or cancelled")
    told, facts = {"number": order.number, "total": _money(order.total, mail), "ask": ""}, _sums(order, mail)
    told["instructions"], actions = instructions_for(order), []
    if awaited := to_pay(order):
        said = words(mail.language)
        due = _money(awaited.amount, mail)
        told["ask"] = said[mail.kind]["ask"][awaited.payment.method].format(due=due, number=order.number)
        facts.append(Fact(said["label"]["due"], due, is_strong=True))
        actions = [] if awaited.payment.is_offline else [Fact(said["label"]["pay"].format(due=due), order_url(order))]
    return _letter(mail, told, lines=_sold(order, mail), facts=facts, actions=actions, order=order)


def _order_shipped(mail: Mail, at: datetime) -> Letter:
    fulfilment = Fulfilment.objects.select_related("order").get(pk=mail.about["fulfilment"])
    order, label = fulfilment.order, words(mail.language)["label"]
    facts = [
        Fact(label["method"], fulfilment.method),
        Fact(label["tracking"], fulfilment.tracking_number),
        Fact(label["to"], "\n".join(envelope(order.shipping_address, language=mail.language))),
    ]
    sent = fulfilment.lines.select_related("line", "replacement")
    lines = [Item(each.quantity, each.sold.title, _details(each.sold)) for each in sent]
    track = [Fact(label["track"], fulfilment.tracking_url)] if fulfilment.tracking_url else []
    kept = [fact for fact in facts if fact.value]
    return _letter(mail, {"number": order.number}, lines=lines, facts=kept, actions=track, order=order)


def _downloads_ready(mail: Mail, at: datetime) -> Letter:
    """Leads to the order's page, which always has links that hold."""
    order = _order(mail)
    files = downloads_of(order, at=at)
    if not files:
        raise NothingToSay("there is nothing to download, or not any more")
    lines = [Item(1, each.line.title, each.file.name) for each in files]
    action = Fact(words(mail.language)["label"]["download"], order_url(order))
    return replace(_letter(mail, {"number": order.number}, lines=lines), actions=[action])


def _about_order(mail: Mail, at: datetime) -> Letter:
    order = _order(mail)
    return _letter(mail, {"number": order.number}, order=order)


def _order_refunded(mail: Mail, at: datetime) -> Letter:
    refund = OrderRefund.objects.select_related("order").get(pk=mail.about["refund"])
    amount = _money(refund.total - Money(refund.voided_minor, refund.currency), mail)
    lines = [
        Item(
            each.quantity, each.line.title, _details(each.line), _money(Money(each.amount_minor, refund.currency), mail)
        )
        for each in refund.lines.select_related("line")
    ]
    label = words(mail.language)["label"]
    facts = [Fact(label["given_back"], amount, is_strong=True)]
    told = {"number": refund.order.number, "amount": amount}
    return _letter(mail, told, lines=lines, facts=facts, order=refund.order)


def _about_return(mail: Mail, at: datetime) -> Letter:
    returned = Return.objects.select_related("order").get(pk=mail.about["return"])
    lines = [
        Item(each.quantity, each.line.title, _details(each.line)) for each in returned.lines.select_related("line")
    ]
    return _letter(mail, {"number": returned.order.number}, lines=lines, order=returned.order)


def _low_stock(mail: Mail, at: datetime) -> Letter:
    label = words(mail.language)["label"]
    facts = [Fact(label[name], str(mail.about[name])) for name in ("sku", "left", "threshold")]
    see = Fact(label["see_stock"], f"{settings.BASE_URL}{reverse('wagtailadmin_home')}")
    return _letter(mail, {"sku": mail.about["sku"]}, facts=facts, actions=[see])


def _cart_left(mail: Mail, at: datetime) -> Letter:
    """Whoever has come back, bought or thought better of it in the meantime is not reminded."""
    cart = Cart.objects.get(pk=mail.about["cart"])
    if cart.mail_consent_at is None or cart.abandoned_at is None:
        raise NothingToSay("the shopper does not want to be reminded")
    try:
        link = resume_link(cart_id=cart.pk, at=at)
    except CartClosed:
        raise NothingToSay("the cart has become an order") from None
    return _letter(mail, {}, actions=[Fact(words(mail.language)["label"]["see_cart"], link.url)])


def _newsletter_asked(mail: Mail, at: datetime) -> Letter:
    subscription = NewsletterSubscription.objects.get(pk=mail.about["subscription"])
    if subscription.is_subscribed:
        raise NothingToSay("the address is confirmed already")
    label = words(mail.language)["label"]
    actions = [
        Fact(label["confirm_newsletter"], confirm_url(subscription)),
        Fact(label["leave_newsletter"], unsubscribe_url(subscription)),
    ]
    return _letter(mail, {"shop": settings.SHOP_NAME}, actions=actions)


_LETTERS: dict[str, Callable[[Mail, datetime], Letter]] = {
    "order_confirmed": _order_confirmed,
    "payment_instructions": _payment_instructions,
    "order_edited": _order_edited,
    "downloads_ready": _downloads_ready,
    "order_shipped": _order_shipped,
    "order_delivered": _about_order,
    "order_cancelled": _about_order,
    "order_refunded": _order_refunded,
    "return_requested": _about_return,
    "return_approved": _about_return,
    "return_rejected": _about_return,
    "return_received": _about_return,
    "low_stock": _low_stock,
    "cart_left": _cart_left,
    "newsletter_asked": _newsletter_asked,
}
KINDS = frozenset(_LETTERS)


def _letter(
    mail: Mail,
    told: dict[str, str],
    *,
    lines: Iterable[Item] = (),
    facts: Iterable[Fact] = (),
    actions: Iterable[Fact] = (),
    order: Order | None = None,
) -> Letter:
    said = words(mail.language)
    its = said[mail.kind]
    see = [Fact(said["label"]["see_order"], order_url(order))] if order else []
    paragraphs = [paragraph.format(**told).strip() for paragraph in its["text"]]
    return Letter(
        language=mail.language,
        subject=its["subject"].format(**told),
        title=its["title"].format(**told),
        paragraphs=[paragraph for paragraph in paragraphs if paragraph],
        lines=list(lines),
        facts=list(facts),
        actions=[*actions, *see],
    )


def _order(mail: Mail) -> Order:
    return Order.objects.get(pk=uuid.UUID(mail.about["order"]))


def _sold(order: Order, mail: Mail) -> list[Item]:
    return [
        Item(line.quantity, line.title, _details(line), _money(line.total, mail))
        for line in order.lines.order_by("position")
    ]


def _details(thing: Any) -> str:
    return str(thing.name)


def _sums(order: Order, mail: Mail) -> list[Fact]:
    """As the order adds up: goods, shipping, tax where it comes on top, rounding, total."""
    label = words(mail.language)["label"]
    goods = order.total - order.shipping - Money(order.rounding_minor, order.currency)
    if not order.tax_inclusive:
        goods -= order.tax
    sums = [(label["goods"], goods), (label["shipping"], order.shipping)]
    if not order.tax_inclusive:
        sums.append((label["tax"], order.tax))
    if order.rounding_minor:
        sums.append((label["rounding"], Money(order.rounding_minor, order.currency)))
    facts = [Fact(name, _money(amount, mail)) for name, amount in sums]
    return [*facts, Fact(label["total"], _money(order.total, mail), is_strong=True)]


def _money(amount: Money, mail: Mail) -> str:
    return money_written(amount, language=mail.language)
