"""Many prices at once, as pasted from a spreadsheet: first a plan that shows what would change, then all or nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from cms.catalogue.models import Variant
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.pricing import setting
from commerce.pricing.costs import costs_of
from commerce.pricing.margins import is_below_cost, margin_percent
from commerce.pricing.models import Price, PriceList
from commerce.pricing.setting import changing, is_plausible

MOST_ROWS = 5000


class PlanHasProblems(DomainError):
    """`facts["rows"]` names the SKU and the problem of each row that is wrong."""

    code = "plan_has_problems"
    title = "Some rows cannot be entered; nothing was changed"
    kind = ErrorKind.INVALID


class PlanIsStale(DomainError):
    """`facts["rows"]` names the SKUs."""

    code = "plan_is_stale"
    title = "Some prices have changed since the plan was made; look at it again"
    kind = ErrorKind.CONFLICT


class TooManyRows(DomainError):
    code = "too_many_rows"
    title = f"At most {MOST_ROWS} rows at once"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class Row:
    """A line as somebody wrote it. Without a currency it is the list's own."""

    sku: str
    amount: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPrice:
    """`problem`: unknown_sku, duplicate_sku, not_an_amount, other_currency or absurd_amount. `warning`: below_cost.

    `margin_percent` is the share of the new price, without tax, that is left after the cost; two decimals.
    """

    sku: str
    variant: uuid.UUID | None = None
    old: Money | None = None
    new: Money | None = None
    cost: Money | None = None
    margin_percent: Decimal | None = None
    problem: str | None = None
    warning: str | None = None

    @property
    def changes(self) -> bool:
        return self.problem is None and self.old != self.new


@dataclass(frozen=True, slots=True)
class Plan:
    price_list: PriceList
    at: datetime
    rows: tuple[PlannedPrice, ...]

    @property
    def problems(self) -> tuple[PlannedPrice, ...]:
        return tuple(row for row in self.rows if row.problem)

    @property
    def warnings(self) -> tuple[PlannedPrice, ...]:
        return tuple(row for row in self.rows if row.warning)

    @property
    def changes(self) -> tuple[PlannedPrice, ...]:
        return tuple(row for row in self.rows if row.changes)


def plan(rows: Iterable[Row], *, price_list: PriceList, at: datetime, tax_percent: Decimal = Decimal(0)) -> Plan:
    """What entering these regular prices would change, from `at` on. Nothing is written; three queries.

    `old` is the list's own regular price of one piece. Where prices include tax, `tax_percent` is taken out before
    they are held against the cost.

    Raises:
        TooManyRows
    """
    written = [replace(row, sku=row.sku.strip()) for row in rows]
    if len(written) > MOST_ROWS:
        raise TooManyRows()
    variants = dict(Variant.objects.filter(sku__in={row.sku for row in written}).values_list("sku", "pk"))
    present = _present(price_list, list(variants.values()), at=at)
    costs = costs_of(list(variants.values()), currency=price_list.currency)
    times = Counter(row.sku for row in written)
    planned = (_planned(row, price_list, variants.get(row.sku), times[row.sku]) for row in written)
    return Plan(price_list, at, tuple(_compared(row, present, costs, tax_percent) for row in planned))


def apply(plan: Plan, *, at: datetime, reason: str = "", actor: str = "") -> int:
    """Enter what the plan changes, from `at` on, all or nothing. Returns how many prices changed.

    Raises:
        PlanHasProblems: a row cannot be entered.
        PlanIsStale: a price is no longer what the plan says it is.
        PriceOverlaps: as `set_price` does.
    """
    if plan.problems:
        raise PlanHasProblems(rows=[{"sku": row.sku, "problem": row.problem} for row in plan.problems])
    keys = [row.variant for row in plan.rows if row.variant]
    changed = [row.variant for row in plan.changes if row.variant]
    if not changed:
        return 0
    with changing(plan.price_list, variants=changed, since=at, at=at, reason=reason or "repriced", actor=actor):
        present = _present(plan.price_list, keys, at=at)
        stale = [row.sku for row in plan.rows if row.variant and present.get(row.variant) != row.old]
        if stale:
            raise PlanIsStale(rows=stale)
        variants = Variant.objects.in_bulk(changed)
        for row in plan.changes:
            if row.variant and row.new is not None:
                setting.replace(variant=variants[row.variant], price_list=plan.price_list, amount=row.new, at=at)
    return len(changed)


def _present(price_list: PriceList, variants: Sequence[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, Money]:
    holding = Price.objects.holding(at=at).filter(price_list=price_list, variant__in=variants)
    regular = holding.filter(kind=Price.Kind.REGULAR, min_quantity=1)
    return {price.variant_id: price.amount for price in regular}


def _planned(row: Row, price_list: PriceList, variant: uuid.UUID | None, times: int) -> PlannedPrice:
    if variant is None:
        return PlannedPrice(row.sku, problem="unknown_sku")
    if times > 1:
        return PlannedPrice(row.sku, variant, problem="duplicate_sku")
    if row.currency and row.currency.strip().upper() != price_list.currency:
        return PlannedPrice(row.sku, variant, problem="other_currency")
    try:
        new = Money.from_decimal(row.amount.strip(), price_list.currency)
    except ValueError:
        return PlannedPrice(row.sku, variant, problem="not_an_amount")
    return PlannedPrice(row.sku, variant, new=new, problem=None if is_plausible(new) else "absurd_amount")


def _compared(
    row: PlannedPrice,
    present: Mapping[uuid.UUID, Money],
    costs: Mapping[uuid.UUID, Money],
    tax_percent: Decimal,
) -> PlannedPrice:
    if row.variant is None:
        return row
    row = replace(row, old=present.get(row.variant), cost=costs.get(row.variant))
    if row.new is None or row.cost is None or row.problem:
        return row
    return replace(
        row,
        margin_percent=margin_percent(row.new, row.cost, tax_percent=tax_percent),
        warning="below_cost" if is_below_cost(row.new, row.cost, tax_percent=tax_percent) else None,
    )
