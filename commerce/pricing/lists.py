"""Opening price lists, changing how a derived one reckons, and ending one.

What decides which list is asked (market, group, channel, priority, base) never changes afterwards: a list that
should rank otherwise is another list. So the past can be told as it was.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Channel, Market
from commerce.pricing.models import CustomerGroup, FormerTerms, PriceList, RoundingMode
from commerce.pricing.setting import changing

_HIGHEST_FACTOR = Decimal(100)
_HIGHEST_RATE = Decimal(10_000_000)
_HIGHEST_STEP = 10_000_000


class RankTaken(DomainError):
    code = "price_list_rank_taken"
    title = "Another list of the market has this priority for the same group and channel"
    kind = ErrorKind.CONFLICT


class ListCodeTaken(DomainError):
    code = "price_list_code_taken"
    title = "Another price list has this code"
    kind = ErrorKind.CONFLICT


class WrongBase(DomainError):
    code = "price_list_wrong_base"
    title = "A list is derived from one that is not derived itself"
    kind = ErrorKind.INVALID


class WrongTerms(DomainError):
    code = "price_list_wrong_terms"
    title = "Factor, rate or rounding make no price"
    kind = ErrorKind.INVALID


class WrongWindow(DomainError):
    code = "price_list_wrong_window"
    title = "A list holds from now on or later, ends after it begins, and ends once"
    kind = ErrorKind.INVALID


def open_list(
    *,
    market: Market,
    code: str,
    name: str,
    customer_group: CustomerGroup | None = None,
    channel: Channel | None = None,
    priority: int = 0,
    base: PriceList | None = None,
    factor: Decimal = Decimal(1),
    rate: Decimal = Decimal(1),
    rounding_step_minor: int = 1,
    rounding_ending_minor: int = 0,
    rounding_mode: str = RoundingMode.NEAREST,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    at: datetime,
    reason: str = "",
    actor: str = "",
) -> PriceList:
    """Open a list of its own prices or, with a `base`, a derived one, which prices everything at once.

    A derived list holds from `at` on, or later if `valid_from` says so. One of its own prices may always have held,
    for it has no prices yet.

    Raises:
        RankTaken, ListCodeTaken, WrongBase, WrongTerms, WrongWindow
    """
    terms = {
        "factor": factor,
        "rate": rate,
        "rounding_step_minor": rounding_step_minor,
        "rounding_ending_minor": rounding_ending_minor,
        "rounding_mode": rounding_mode,
    }
    start = at if base is not None and valid_from is None else valid_from
    is_backdated = base is not None and start is not None and start < at
    if is_backdated or (valid_until is not None and valid_until <= (start or at)):
        raise WrongWindow()
    if base is not None and base.base_id is not None:
        raise WrongBase()
    _check_terms(terms, market=market, base=base)
    with transaction.atomic():
        made = _insert(
            market=market,
            code=code,
            name=name,
            customer_group=customer_group,
            channel=channel,
            priority=priority,
            base=base,
            valid_from=start,
            valid_until=valid_until,
            **terms,
        )
        with changing(made, variants=None, since=at, at=at, reason=reason or "list opened", actor=actor):
            pass
    return made


def change_terms(
    *,
    price_list: PriceList,
    factor: Decimal | None = None,
    rate: Decimal | None = None,
    rounding_step_minor: int | None = None,
    rounding_ending_minor: int | None = None,
    rounding_mode: str | None = None,
    at: datetime,
    reason: str = "",
    actor: str = "",
) -> PriceList:
    """Let a derived list reckon otherwise from `at` on. What is not said stays.

    Raises:
        WrongBase: the list is not derived.
        WrongTerms: no factor or rate above nothing, a rate within one currency, or an ending beyond its step.
    """
    if price_list.base is None:
        raise WrongBase("Only a derived list has terms.")
    wanted = {
        "factor": factor,
        "rate": rate,
        "rounding_step_minor": rounding_step_minor,
        "rounding_ending_minor": rounding_ending_minor,
        "rounding_mode": rounding_mode,
    }
    with changing(price_list, variants=None, since=at, at=at, reason=reason or "terms changed", actor=actor):
        present = PriceList.objects.select_related("market", "base__market").get(pk=price_list.pk)
        before = {name: getattr(present, name) for name in wanted}
        after = before | {name: value for name, value in wanted.items() if value is not None}
        _check_terms(after, market=present.market, base=present.base)
        _keep_former(present, before, at=at)
        for name, value in after.items():
            setattr(present, name, value)
        present.save(update_fields=list(after))
    return present


def end_list(*, price_list: PriceList, ends_at: datetime, at: datetime, reason: str = "", actor: str = "") -> PriceList:
    """Let the list hold no longer than until `ends_at`, which is now or later. Lists derived from it go on.

    Raises:
        WrongWindow: `ends_at` is over, before the list begins, or after the end it has.
    """
    with changing(price_list, variants=None, since=at, at=at, reason=reason or "list ended", actor=actor):
        present = PriceList.objects.select_related("market").get(pk=price_list.pk)
        begins_later = present.valid_from is not None and ends_at <= present.valid_from
        ends_sooner = present.valid_until is not None and ends_at > present.valid_until
        if ends_at < at or begins_later or ends_sooner:
            raise WrongWindow()
        present.valid_until = ends_at
        present.save(update_fields=["valid_until"])
    return present


def _insert(**fields: Any) -> PriceList:
    try:
        with transaction.atomic():
            return PriceList.objects.create(**fields)
    except IntegrityError:
        # Asked only afterwards: whoever asks first may still come second.
        if PriceList.objects.filter(code=fields["code"]).exists():
            raise ListCodeTaken() from None
        rank = {name: fields[name] for name in ("market", "customer_group", "channel", "priority")}
        rival = PriceList.objects.filter(**rank).first()
        if rival is None:
            raise
        raise RankTaken(f"“{rival.name}” has it.", price_list=rival.code) from None


def _keep_former(price_list: PriceList, terms: dict[str, Any], *, at: datetime) -> None:
    last = price_list.former_terms.order_by("pk").last()
    since = last.held_until if last is not None else None
    if since is None or since < at:
        FormerTerms.objects.create(price_list=price_list, held_from=since, held_until=at, **terms)


def _check_terms(terms: dict[str, Any], *, market: Market, base: PriceList | None) -> None:
    factor, rate = terms["factor"], terms["rate"]
    step, ending = terms["rounding_step_minor"], terms["rounding_ending_minor"]
    if not (factor.is_finite() and 0 < factor <= _HIGHEST_FACTOR):
        raise WrongTerms(f"A factor is more than 0 and at most {_HIGHEST_FACTOR}.")
    if not (rate.is_finite() and 0 < rate <= _HIGHEST_RATE):
        raise WrongTerms(f"A rate is more than 0 and at most {_HIGHEST_RATE}.")
    if not 1 <= step <= _HIGHEST_STEP or not 0 <= ending < step:
        raise WrongTerms("Prices are rounded to a step of one or more, with an ending below it.")
    if terms["rounding_mode"] not in RoundingMode.values:
        raise WrongTerms("Prices are rounded to the nearest, up or down.")
    if base is None and (factor != 1 or rate != 1 or step != 1):
        raise WrongTerms("Only a derived list has terms.")
    if base is not None and base.currency == market.currency and rate != 1:
        raise WrongTerms("Within one currency there is no rate; use the factor.")
