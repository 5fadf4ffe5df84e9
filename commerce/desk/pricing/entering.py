"""Entering what somebody changed on a price screen, all or nothing, unless somebody else was faster.

The edits are frozen when they are shown, so that what is confirmed is what was seen.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from cms.catalogue.models import Variant
from commerce.desk.pricing.standing import Standing, list_with_terms, standings, tax_taken_out
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.pricing import repricing, setting
from commerce.pricing.costs import set_cost
from commerce.pricing.margins import is_below_cost, margin_percent
from commerce.pricing.models import Price, PriceList
from commerce.pricing.repricing import MOST_ROWS, Plan, PlanHasProblems, PlanIsStale, PlannedPrice, Row, TooManyRows


class RowsAreStale(DomainError):
    """`facts["skus"]` says which."""

    code = "price_rows_are_stale"
    title = "Somebody has changed these prices since you opened the page; nothing was saved"
    kind = ErrorKind.CONFLICT


class RowRefused(DomainError):
    """`facts["variant"]` and `facts["sku"]` say which; the detail says why."""

    code = "price_row_refused"
    title = "A price cannot be entered; nothing was saved"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class SaleEdit:
    """The sale price from now or later on. Without an amount the one there is ends now, or never begins."""

    amount: Money | None
    begins: datetime | None = None
    ends: datetime | None = None

    def document(self) -> dict[str, Any]:
        return {
            "amount": self.amount.document() if self.amount is not None else None,
            "begins": self.begins.isoformat() if self.begins else None,
            "ends": self.ends.isoformat() if self.ends else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> SaleEdit:
        amount, begins, ends = document["amount"], document["begins"], document["ends"]
        return cls(
            Money.from_document(amount) if amount else None,
            datetime.fromisoformat(begins) if begins else None,
            datetime.fromisoformat(ends) if ends else None,
        )


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What somebody wants of a variant beside its regular price, and by `mark` what they saw before."""

    variant: uuid.UUID
    sku: str
    mark: str
    sale: SaleEdit | None = None
    cost: Money | None = None
    tiers: tuple[tuple[int, Money | None], ...] = ()
    """Price by quantity; None ends the tier."""

    def document(self) -> dict[str, Any]:
        return {
            "variant": self.variant.hex,
            "sku": self.sku,
            "mark": self.mark,
            "sale": self.sale.document() if self.sale else None,
            "cost": self.cost.document() if self.cost is not None else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> RowEdit:
        sale, cost = document["sale"], document["cost"]
        return cls(
            uuid.UUID(document["variant"]),
            document["sku"],
            document["mark"],
            SaleEdit.from_document(sale) if sale else None,
            Money.from_document(cost) if cost else None,
        )


@dataclass(frozen=True, slots=True)
class Edits:
    """Regular prices as a plan, and whatever else was changed. `plan.at` is when the regular prices take effect."""

    plan: Plan
    rows: tuple[RowEdit, ...] = ()
    effective_at: datetime | None = None
    """None: when it is confirmed."""

    @property
    def count(self) -> int:
        others = [row for row in self.rows if row.sale or row.cost is not None or row.tiers]
        return len({row.variant for row in self.plan.changes} | {row.variant for row in others})

    def document(self) -> dict[str, Any]:
        """All that confirming needs; margins are shown and forgotten."""
        return {
            "list": self.plan.price_list.pk,
            "currency": self.plan.price_list.currency,
            "at": self.plan.at.isoformat(),
            "effective_at": self.effective_at.isoformat() if self.effective_at else None,
            "plan": [
                [row.sku, row.variant and row.variant.hex, _minor(row.old), _minor(row.new)]
                for row in self.plan.rows
                if not row.problem
            ],
            "rows": [row.document() for row in self.rows],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Edits | None:
        """None when the list is gone."""
        price_list = list_with_terms(pk=document["list"])
        if price_list is None or price_list.currency != document["currency"]:
            return None
        currency, effective = price_list.currency, document["effective_at"]

        def money(minor: int | None) -> Money | None:
            return None if minor is None else Money(minor, currency)

        planned = tuple(
            PlannedPrice(sku, uuid.UUID(variant), money(old), money(new)) for sku, variant, old, new in document["plan"]
        )
        return cls(
            Plan(price_list, datetime.fromisoformat(document["at"]), planned),
            tuple(map(RowEdit.from_document, document["rows"])),
            datetime.fromisoformat(effective) if effective else None,
        )


def planned(rows: Sequence[Row], *, price_list: PriceList, effective_at: datetime | None, at: datetime) -> Plan:
    """A plan of regular prices, each held against its cost without the tax of its product's class.

    Raises:
        TooManyRows
    """
    if len(rows) > MOST_ROWS:
        raise TooManyRows()
    instant = effective_at or at
    tax = tax_taken_out(price_list.market, at=instant)
    skus = [row.sku.strip() for row in rows]
    classes = dict(Variant.objects.filter(sku__in=set(skus)).values_list("sku", "product__tax_class"))
    by_percent: dict[Decimal, list[int]] = {}
    for place, sku in enumerate(skus):
        by_percent.setdefault(tax.percent(classes.get(sku, "")), []).append(place)
    found: dict[int, PlannedPrice] = {}
    for percent, places in by_percent.items():
        part = repricing.plan([rows[place] for place in places], price_list=price_list, at=instant, tax_percent=percent)
        found.update(zip(places, part.rows, strict=True))
    return Plan(price_list, instant, tuple(found[place] for place in range(len(rows))))


def enter(edits: Edits, *, at: datetime, reason: str = "", actor: str = "") -> int:
    """Enter everything or nothing. Returns how many variants changed.

    Sale prices, tiers and costs change at once; regular prices when the edits say. The list and its relatives are
    locked first, as for every change of a price.

    Raises:
        RowsAreStale, PlanIsStale: somebody has changed what these rows showed.
        RowRefused: a rule of pricing forbids one of them.
        PlanHasProblems: the plan has rows that cannot be entered.
    """
    plan, price_list = edits.plan, edits.plan.price_list
    if plan.problems:
        raise PlanHasProblems(rows=[{"sku": row.sku, "problem": row.problem} for row in plan.problems])
    keys = {row.variant for row in plan.changes if row.variant} | {row.variant for row in edits.rows}
    if not keys:
        return 0
    count = edits.count
    with setting.changing(price_list, variants=sorted(keys), since=at, at=at, reason=reason or "repriced", actor=actor):
        variants = {each.pk: each for each in Variant.objects.filter(pk__in=keys).select_related("product")}
        _refuse_stale(edits.rows, variants, price_list, at=at)
        _enter_regular(edits, variants, at=at, reason=reason, actor=actor)
        for row in edits.rows:
            enter_row(row, variants[row.variant], price_list, at=at, reason=reason, actor=actor)
    return count


def seen(variants: Iterable[Variant], *, price_list: PriceList, at: datetime) -> dict[uuid.UUID, Standing]:
    tax = tax_taken_out(price_list.market, at=at)
    return standings(list(variants), price_list=price_list, at=at, tax=tax)


def _refuse_stale(
    rows: Sequence[RowEdit], variants: Mapping[uuid.UUID, Variant], price_list: PriceList, *, at: datetime
) -> None:
    present = seen(variants.values(), price_list=price_list, at=at)
    stale = [row.sku for row in rows if row.variant not in present or present[row.variant].mark != row.mark]
    if stale:
        raise RowsAreStale(skus=stale)


def _enter_regular(
    edits: Edits, variants: Mapping[uuid.UUID, Variant], *, at: datetime, reason: str, actor: str
) -> None:
    plan = edits.plan
    if edits.effective_at is None or edits.effective_at <= at:
        repricing.apply(plan, at=at, reason=reason, actor=actor)
        return
    _refuse_stale_plan(plan, at=edits.effective_at)
    for row in plan.changes:
        if row.variant and row.new is not None:
            with _named(row.variant, row.sku):
                setting.replace(
                    variant=variants[row.variant], price_list=plan.price_list, amount=row.new, at=edits.effective_at
                )


def _refuse_stale_plan(plan: Plan, *, at: datetime) -> None:
    rows = [Row(row.sku, row.new.amount if row.new is not None else "") for row in plan.rows]
    fresh = {row.sku: row for row in repricing.plan(rows, price_list=plan.price_list, at=at).rows}
    stale = [row.sku for row in plan.rows if fresh[row.sku].old != row.old or fresh[row.sku].variant != row.variant]
    if stale:
        raise PlanIsStale(rows=stale)


def enter_row(row: RowEdit, variant: Variant, price_list: PriceList, *, at: datetime, reason: str, actor: str) -> None:
    said: dict[str, Any] = {"at": at, "reason": reason, "actor": actor}
    with _named(row.variant, row.sku):
        if row.sale is not None:
            _enter_sale(row.sale, variant, price_list, **said)
        for quantity, amount in row.tiers:
            _enter_tier(quantity, amount, variant, price_list, **said)
        if row.cost is not None:
            set_cost(variant=variant, cost=row.cost)


def _enter_sale(sale: SaleEdit, variant: Variant, price_list: PriceList, *, at: datetime, **said: Any) -> None:
    """Whatever has begun keeps its past: a sale that changes ends now, and another begins."""
    rivals = Price.objects.filter(price_list=price_list, variant=variant, kind=Price.Kind.SALE, min_quantity=1)
    present = rivals.not_over(at=at).order_by("valid_from").first()
    begins = max(sale.begins or at, at)
    announced = None
    if present is not None:
        has_begun = present.valid_from < at
        is_same = sale.amount == present.amount and has_begun and begins == at
        sooner = sale.ends is not None and (present.valid_until is None or sale.ends <= present.valid_until)
        if is_same and sale.ends is not None and sooner:
            setting.end_price(price=present, ends_at=sale.ends, at=at, **said)
            return
        announced = present.announced_at if is_same else None
        setting.end_price(price=present, ends_at=at, at=at, **said)
    if sale.amount is not None:
        setting.set_price(
            variant=variant,
            price_list=price_list,
            amount=sale.amount,
            kind=Price.Kind.SALE,
            valid_from=begins,
            valid_until=sale.ends,
            announced_at=announced,
            at=at,
            **said,
        )


def _enter_tier(
    quantity: int, amount: Money | None, variant: Variant, price_list: PriceList, *, at: datetime, **said: Any
) -> None:
    if amount is not None:
        setting.change_price(
            variant=variant, price_list=price_list, amount=amount, min_quantity=quantity, at=at, **said
        )
        return
    tiers = Price.objects.holding(at=at).filter(price_list=price_list, variant=variant, min_quantity=quantity)
    present = tiers.filter(kind=Price.Kind.REGULAR).first()
    if present is not None:
        setting.end_price(price=present, ends_at=at, at=at, **said)


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


@contextmanager
def _named(variant: uuid.UUID, sku: str) -> Iterator[None]:
    """Says of a refusal which row it is about."""
    try:
        yield
    except DomainError as refusal:
        raise RowRefused(f"{sku}: {refusal.detail}", variant=str(variant), sku=sku) from refusal


def with_new_costs(plan: Plan, rows: Iterable[RowEdit], *, price_list: PriceList, at: datetime) -> Plan:
    """The plan held against costs that change together with the prices."""
    costs = {row.variant: row.cost for row in rows if row.cost is not None}
    if not costs:
        return plan
    tax = tax_taken_out(price_list.market, at=at)
    classes = dict(Variant.objects.filter(pk__in=costs).values_list("pk", "product__tax_class"))

    def held_against(row: PlannedPrice) -> PlannedPrice:
        cost = costs.get(row.variant) if row.variant else None
        if cost is None or row.new is None or row.variant is None:
            return row
        percent = tax.percent(classes.get(row.variant, ""))
        return replace(
            row,
            cost=cost,
            margin_percent=margin_percent(row.new, cost, tax_percent=percent),
            warning="below_cost" if is_below_cost(row.new, cost, tax_percent=percent) else None,
        )

    return replace(plan, rows=tuple(map(held_against, plan.rows)))
