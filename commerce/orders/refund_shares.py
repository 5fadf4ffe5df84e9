"""What units of a line give back when they are returned, to the cent and in whatever portions."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money

Key = TypeVar("Key", bound=Hashable)


class ReturnQuantityRefused(DomainError):
    code = "return_quantity_refused"
    title = "Fewer than no units cannot be returned"
    kind = ErrorKind.INVALID


class MoreThanIsLeft(DomainError):
    """`facts["lines"]` names each line: `{"line", "requested", "left"}`; a line that was not bought has none left."""

    code = "return_exceeds_bought"
    title = "More units would be returned than were bought and kept"
    kind = ErrorKind.CONFLICT


def refund_shares(
    *,
    paid: Mapping[Key, tuple[Money, int]],
    returned: Mapping[Key, int],
    already: Mapping[Key, int],
) -> dict[Key, Money]:
    """What is given back for each line of `returned`.

    `paid` holds for each line what was paid for it after all discounts, and its quantity; `already` how many of its
    units came back before. The first n of q units are worth n/q of the line, rounded half up; a return is worth what
    it adds to that. So whichever way the units are portioned, all of them together give back what was paid, and no
    portion depends on how the ones before it were portioned: 10.00 for three units is 3.33, then 3.34, then 3.33.

    Raises:
        ReturnQuantityRefused: a quantity is negative.
        MoreThanIsLeft: a line has fewer units left than are returned.
    """
    _require_left(paid, returned, already)
    return {key: _share(*paid[key], before=already.get(key, 0), units=units) for key, units in returned.items()}


def _share(total: Money, quantity: int, *, before: int, units: int) -> Money:
    return total.scaled(Fraction(before + units, quantity)) - total.scaled(Fraction(before, quantity))


def _require_left(
    paid: Mapping[Key, tuple[Money, int]], returned: Mapping[Key, int], already: Mapping[Key, int]
) -> None:
    if any(units < 0 for units in (*returned.values(), *already.values())):
        raise ReturnQuantityRefused()
    left = {key: quantity - already.get(key, 0) for key, (_, quantity) in paid.items()}
    short = [
        {"line": str(key), "requested": units, "left": max(left.get(key, 0), 0)}
        for key, units in returned.items()
        if key not in paid or units > left[key]
    ]
    if short:
        raise MoreThanIsLeft(lines=short)
