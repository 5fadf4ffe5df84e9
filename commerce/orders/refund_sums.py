"""What a refund comes to, to the cent: units of lines, shipping, anything else, and what rounding left over. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.orders.refund_shares import refund_shares


class OrderRefundTooLarge(DomainError):
    """`facts["refundable"]` is what is left to give back."""

    code = "order_refund_too_large"
    title = "More would be given back than is left of the order"
    kind = ErrorKind.CONFLICT


class RefundAmountRefused(DomainError):
    code = "refund_amount_refused"
    title = "This is not an amount that can be given back"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class PaidFor:
    """What was paid for an order, part by part. Where prices do not include tax, each part has its tax on top.

    `total` differs from the parts' sum by the rounding to the smallest coin, either way.
    """

    lines: Mapping[int, tuple[Money, int]]
    """By line: what was paid for it, and for how many units."""
    taxes: Mapping[int, Money]
    """By line: the tax within that."""
    shipping: Money
    shipping_tax: Money
    total: Money


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was given back before: `total` also has what was given back without a line."""

    units: Mapping[int, int]
    shipping: Money
    total: Money


@dataclass(frozen=True, slots=True)
class LineSum:
    quantity: int
    amount: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class RefundSums:
    """`total` = lines + shipping + other + adjustment."""

    lines: Mapping[int, LineSum]
    shipping: Money
    shipping_tax: Money
    other: Money
    adjustment: Money
    total: Money


def refund_sums(
    *,
    paid: PaidFor,
    given: GivenBack,
    units: Mapping[int, int],
    shipping: Money | None = None,
    other: Money | None = None,
) -> RefundSums:
    """What these units, this much of the shipping and this much beside come to.

    Never more than is left of the total: what was given back without a line is taken off the units that come last.
    When the last unit and the last of the shipping are given back, so is all that is left: the remainder of the
    rounding is in it.

    Raises:
        ReturnQuantityRefused, MoreThanIsLeft: see `refund_shares`.
        RefundAmountRefused: shipping or the other amount is negative or in another currency.
        OrderRefundTooLarge: more of the shipping than was paid for it, or the other amount does not fit any more.
    """
    zero = Money.zero(paid.total.currency)
    shipping, other = _amount(shipping, zero), _amount(other, zero)
    left = paid.total - given.total
    if shipping > paid.shipping - given.shipping:
        raise OrderRefundTooLarge(refundable=min(left, paid.shipping - given.shipping).document())
    lines = _line_sums(paid, given, {line: many for line, many in units.items() if many})
    parts = Money.total((line.amount for line in lines.values()), currency=zero.currency) + shipping
    last = _is_complete(paid, given, units, shipping)
    goods = left if last else min(parts, left)
    if goods + other > left:
        raise OrderRefundTooLarge(refundable=(left - goods).document())
    return RefundSums(
        lines=lines,
        shipping=shipping,
        shipping_tax=_tax_on_shipping(paid, before=given.shipping, now=shipping),
        other=other,
        adjustment=goods - parts,
        total=goods + other,
    )


def _amount(wanted: Money | None, zero: Money) -> Money:
    if wanted is None:
        return zero
    if wanted.currency != zero.currency or wanted.minor < 0:
        raise RefundAmountRefused()
    return wanted


def _line_sums(paid: PaidFor, given: GivenBack, units: Mapping[int, int]) -> dict[int, LineSum]:
    shares = refund_shares(paid=paid.lines, returned=units, already=given.units)
    taxed = {line: (paid.taxes[line], paid.lines[line][1]) for line in units}
    taxes = refund_shares(paid=taxed, returned=units, already={line: given.units.get(line, 0) for line in units})
    return {line: LineSum(quantity=many, amount=shares[line], tax=taxes[line]) for line, many in units.items()}


def _tax_on_shipping(paid: PaidFor, *, before: Money, now: Money) -> Money:
    if not paid.shipping:
        return Money.zero(paid.total.currency)

    def within(amount: Money) -> Money:
        return paid.shipping_tax.scaled(Fraction(amount.minor, paid.shipping.minor))

    return within(before + now) - within(before)


def _is_complete(paid: PaidFor, given: GivenBack, units: Mapping[int, int], shipping: Money) -> bool:
    all_units = all(
        given.units.get(line, 0) + units.get(line, 0) == quantity for line, (_, quantity) in paid.lines.items()
    )
    return all_units and given.shipping + shipping == paid.shipping
