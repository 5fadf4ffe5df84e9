"""Whatever is given back, in whatever order: never more than was paid, and in the end exactly all of it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from commerce.kit.money import Money
from commerce.orders.refund_sums import GivenBack, OrderRefundTooLarge, PaidFor, RefundSums, refund_sums


@st.composite
def purchases(draw: st.DrawFn) -> PaidFor:
    """Prices with tax or without, in currencies of no, two and three decimals, rounded to some coin either way."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))

    def money(most: int) -> Money:
        return Money(draw(st.integers(min_value=0, max_value=most)), currency)

    lines, taxes = {}, {}
    for key in range(draw(st.integers(min_value=1, max_value=4))):
        paid = money(10**6)
        lines[key] = (paid, draw(st.integers(min_value=1, max_value=12)))
        taxes[key] = money(paid.minor)
    shipping = money(5000)
    parts = Money.total((paid for paid, _ in lines.values()), currency=currency) + shipping
    rounding = draw(st.integers(min_value=-min(5, parts.minor), max_value=5))
    return PaidFor(lines, taxes, shipping, money(shipping.minor), parts + Money(rounding, currency))


def _after(given_back: GivenBack, sums: RefundSums) -> GivenBack:
    units = {key: given_back.units.get(key, 0) + each.quantity for key, each in sums.lines.items()}
    return GivenBack(
        units={**given_back.units, **units},
        shipping=given_back.shipping + sums.shipping,
        total=given_back.total + sums.total,
    )


@given(paid=purchases(), data=st.data())
def test_no_sequence_gives_back_more_than_was_paid_and_the_last_of_it_gives_back_the_rest(
    paid: PaidFor, data: st.DataObject
) -> None:
    zero = Money.zero(paid.total.currency)
    before = GivenBack({}, zero, zero)
    for _ in range(data.draw(st.integers(min_value=0, max_value=5))):
        units = {
            key: data.draw(st.integers(min_value=0, max_value=quantity - before.units.get(key, 0)))
            for key, (_, quantity) in paid.lines.items()
        }
        left_of_shipping = (paid.shipping - before.shipping).minor
        shipping = replace(zero, minor=data.draw(st.integers(min_value=0, max_value=left_of_shipping)))
        other = replace(zero, minor=data.draw(st.sampled_from([0, 0, 0, 1, 499, 10**6])))
        try:
            sums = refund_sums(paid=paid, given=before, units=units, shipping=shipping, other=other)
        except OrderRefundTooLarge:
            assert other
            continue
        assert sums.total >= zero
        parts = Money.total((each.amount for each in sums.lines.values()), currency=zero.currency)
        assert parts + sums.shipping + sums.other + sums.adjustment == sums.total
        before = _after(before, sums)
        assert before.total <= paid.total
    rest = {key: quantity - before.units.get(key, 0) for key, (_, quantity) in paid.lines.items()}
    last = refund_sums(paid=paid, given=before, units=rest, shipping=paid.shipping - before.shipping)
    assert before.total + last.total == paid.total


@given(paid=purchases(), data=st.data())
def test_taxes_add_up_to_what_was_paid_as_tax(paid: PaidFor, data: st.DataObject) -> None:
    zero = Money.zero(paid.total.currency)
    before, taxes, on_shipping = GivenBack({}, zero, zero), dict.fromkeys(paid.lines, zero), zero
    for last in (False, False, True):
        left = {key: quantity - before.units.get(key, 0) for key, (_, quantity) in paid.lines.items()}
        units = (
            left if last else {key: data.draw(st.integers(min_value=0, max_value=many)) for key, many in left.items()}
        )
        most = (paid.shipping - before.shipping).minor
        shipping = replace(zero, minor=most if last else data.draw(st.integers(min_value=0, max_value=most)))
        sums = refund_sums(paid=paid, given=before, units=units, shipping=shipping)
        taxes = {key: tax + (sums.lines[key].tax if key in sums.lines else zero) for key, tax in taxes.items()}
        on_shipping += sums.shipping_tax
        before = _after(before, sums)
    assert taxes == dict(paid.taxes)
    assert on_shipping == (paid.shipping_tax if paid.shipping else zero)
