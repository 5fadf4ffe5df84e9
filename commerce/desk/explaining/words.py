"""Words for what the quote itself does not put into words. They follow from data alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from cms.catalogue.models import Variant
from commerce.desk.templatetags.money import money
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.pricing.resolving import ResolvedPrice
from commerce.shipping.choosing import ShippingOption
from commerce.shipping.costing import Problem

_PROBLEM_WORDS = {
    Problem.NO_ZONE: "no shipping zone of the market covers this address",
    Problem.NO_METHOD: "the address's zone has no active method",
    Problem.UNKNOWN_METHOD: "the chosen method is not offered at this address",
    Problem.REFUSED_CLASS: "goods of a shipping class in the cart are not shipped there",
    Problem.REFUSED_CATEGORY: "goods of a category in the cart are not shipped there",
    Problem.TOO_HEAVY: "the parcel is heavier than the method takes",
    Problem.TOO_LIGHT: "the parcel is lighter than the method takes",
    Problem.NO_RATE: "the method's table has no row that fits",
    Problem.NO_PICKUP_POINT: "there is no open place to collect from",
    Problem.PICKUP_POINT_NEEDED: "a place to collect from must be chosen",
    Problem.UNKNOWN_PICKUP_POINT: "the chosen place to collect from is not offered",
}
_RULE_WORDS = {
    "flat": "One price per order",
    "weight": "By weight: {weight_grams} g make {steps} steps",
    "value": "By the value of the goods",
    "table": "By the table's row from {row_starts_at}",
    "free_from": "Free, for the order reaches {free_from}",
    "pickup": "Collected by the customer",
    "rides_along": "Nothing in the parcel costs anything",
    "not_shipped": "Nothing needs to be shipped",
}


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%-d %b %Y, %H:%M}"


def unsellable_words(
    variant: Variant, *, is_published: bool, has_price: bool, is_sellable: bool, at: datetime
) -> list[str]:
    """Every reason why the variant cannot be bought at `at`."""
    product, words = variant.product, []
    if not variant.is_active:
        words.append("The variant is not active.")
    if not is_published:
        words.append("The product is not published.")
    if product.available_from and at < product.available_from:
        words.append(f"The product is sold from {moment(product.available_from)} on.")
    if product.available_until and product.available_until <= at:
        words.append(f"The product was sold until {moment(product.available_until)}.")
    if not has_price:
        words.append("No price list that holds for this customer has a price for it at that moment.")
    if not words and not is_sellable:
        words.append("The product is not for sale.")
    return words


def reference_words(price: ResolvedPrice | None, market: Market, *, quantity: int) -> str:
    """The earlier price that a reduction is shown against, or why there is none."""
    if price is None or not price.on_sale:
        return ""
    if not market.shows_reference_price:
        return f"The market {market} shows no earlier price beside a reduced one."
    if price.derivation["min_quantity"] > 1:
        return f"An earlier price is told for one piece, not for the price of {quantity}."
    if price.reference is None:
        return "No earlier price: it was not sold before the reduction."
    return (
        f"{money(price.reference)} is the earlier price to show: the lowest in the {market.reference_price_days} days "
        "before the reduction was announced (Directive 98/6/EC, article 6a)."
    )


def problem_words(problem: Problem | str) -> str:
    return _PROBLEM_WORDS.get(Problem(problem), str(problem).replace("_", " "))


def cannot_ship_words(facts: Mapping[str, Any]) -> str:
    return f"This cannot be shipped to {facts['country']}: {problem_words(facts['problem'])}."


def option_words(option: ShippingOption, currency: str) -> str:
    """How the price of a way of shipping came about, or what stands in its way."""
    facts = option.derivation
    if option.problem:
        words = problem_words(option.problem)
        by = f" (rule “{facts['refused_by']}”)" if facts.get("refused_by") else ""
        return f"{words[0].upper()}{words[1:]}{by}"
    free_from = facts.get("free_from_minor")
    values = {**facts, "free_from": money(Money(free_from, currency)) if free_from is not None else ""}
    words = _RULE_WORDS.get(facts["rule"], "").format_map(values)
    for surcharge in facts.get("surcharges", []):
        words += f"; {surcharge['name']} adds {money(Money(surcharge['amount_minor'], currency))}"
    return words


def amounts_within(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with amounts as the admin writes them."""
    return {name: money(Money.from_document(value)) if _is_amount(value) else value for name, value in facts.items()}


def _is_amount(value: Any) -> bool:
    return isinstance(value, dict) and {"minor", "currency"} <= value.keys()


_TAXED_WORDS = {
    "consumer": "Tax is charged, for no VAT id was given.",
    "origin_unknown": "Tax is charged: the market does not say which country it sells from.",
    "origin_outside_eu": "Tax is charged: the market sells from outside the EU, so that there is no reverse charge.",
    "destination_outside_eu": "Tax is charged: the goods go to a country outside the EU.",
    "domestic": "Tax is charged in spite of the VAT id {vat_id}: the goods stay in the market's own country.",
    "vat_id_outside_eu": "Tax is charged: the VAT id {vat_id} is not one of the EU.",
    "vat_id_of_origin": "Tax is charged: the VAT id {vat_id} is of the country that the market sells from.",
}


def taxed_words(treatment: Mapping[str, Any]) -> str:
    """Why tax is charged, where it is."""
    return _TAXED_WORDS.get(treatment["reason"], "Tax is charged.").format_map(treatment)
