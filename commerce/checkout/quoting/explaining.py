"""A quote's derivation in steps, each as data and in words. The words follow from the data alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.kit.money import Money, MoneyDocument
from commerce.orders.snapshots import LineSnapshot, QuoteSnapshot, ShippingSnapshot

Facts = Mapping[str, Any]
Names = Mapping[str, str]
"""Promotions' names by their codes."""


@dataclass(frozen=True, slots=True)
class Step:
    """`subject` is what the step is about: `line:{variant}`, `shipping`, `tax`, `promotion`, `credit` or `total`."""

    subject: str
    rule: str
    amount: MoneyDocument | None
    facts: Facts
    words: str

    def document(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "rule": self.rule,
            "amount": self.amount,
            "facts": dict(self.facts),
            "words": self.words,
        }


def explain(quote: QuoteSnapshot) -> list[Step]:
    """Every amount in the order in which it was worked out, ending with what is due."""
    steps: list[Step] = []
    names = {verdict["promotion"]: verdict["name"] for verdict in quote["promotions"]}
    for line in quote["lines"]:
        steps += _line(line, names)
    if quote["shipping"]:
        steps += _shipping(quote["shipping"], names)
    steps += _tax(quote)
    steps += [_verdict(verdict, names) for verdict in quote["promotions"]]
    steps += _total(quote)
    return steps


def price_steps(derivation: Facts, *, subject: str = "price") -> Iterator[Step]:
    """Why one piece costs what it costs."""
    yield Step(subject, "price_list", derivation["amount"], derivation, _price_words(derivation))
    if base := derivation["base"]:
        words = (
            f"Derived from {base['price_list']}: {_money(base['amount'])} × factor {base['factor']}"
            f" × rate {base['rate']}{_rounding_words(base['rounding'])} = {_money(derivation['amount'])}."
        )
        yield Step(subject, "derived", derivation["amount"], base, words)
    chosen = derivation["chosen"]
    yield Step(subject, "chosen_list", None, chosen, _chosen_words(derivation["price_list"], chosen))


def _line(line: LineSnapshot, names: Names) -> Iterator[Step]:
    subject, price = f"line:{line['variant']}", line["derivation"]["price"]
    if line["gift"]:
        words = f"Given by the promotion {_called(price['promotion'], names)}."
        yield Step(subject, "gift", None, price, words)
    else:
        yield from price_steps(price, subject=subject)
        words = f"{line['quantity']} × {_money(line['unit_price'])} = {_money(line['subtotal'])}."
        yield Step(subject, "subtotal", line["subtotal"], {"quantity": line["quantity"]}, words)
    for discount in line["discounts"]:
        by = f"{discount['name']}" + (f" (coupon {discount['coupon']})" if discount["coupon"] else "")
        words = f"{by}: {_discount_words(discount['derivation'])}, {_money(discount['amount'])} off this line."
        yield Step(subject, "discount", discount["amount"], discount["derivation"], words)
    if line["relief"]["minor"]:
        words = f"Tax of {_money(line['relief'])} is taken out of the price, for this buyer does not owe it."
        yield Step(subject, "relief", line["relief"], line["derivation"]["tax"], words)
    yield Step(subject, "line_total", line["total"], {}, f"This line costs {_money(line['total'])}.")
    tax = line["derivation"]["tax"]
    yield Step(subject, "line_tax", line["tax"], tax, _tax_words(line["tax"], tax))


_SHIPPING_WORDS = {
    "flat": "a flat price per order",
    "weight": "by weight: {price} and {step_price} for each of {steps} started steps of {step_grams} g"
    " ({weight_grams} g)",
    "value": "by value: {price} and {percent} % of {shipped_value}",
    "table": "by the table's row from {row} on",
    "free_from": "no base price, for the order reaches {free_from}",
    "pickup": "collected by the customer",
    "rides_along": "nothing in the parcel costs anything",
    "not_shipped": "nothing needs to be shipped",
    "none": "nothing needs to be shipped",
}


def _shipping_words(facts: Facts, currency: str) -> str:
    """What the price of shipping goes by."""
    method = facts.get("method", {})

    def money(minor: int | None) -> str:
        return str(Money(minor or 0, currency))

    row = facts.get("row_starts_at", 0)
    units = {"weight": f"{row} g", "value": money(row), "units": f"{row} pieces"}
    return _SHIPPING_WORDS[facts["rule"]].format_map(
        _Readable(
            {
                **method,
                **facts,
                "price": money(method.get("price_minor")),
                "step_price": money(method.get("step_price_minor")),
                "shipped_value": money(facts.get("shipped_value_minor")),
                "free_from": money(facts.get("free_from_minor")),
                "row": units.get(method.get("table_by", ""), row),
            }
        )
    )


def _shipping(shipping: ShippingSnapshot, names: Names) -> Iterator[Step]:
    facts = shipping["derivation"]
    name, currency = shipping["name"] or "Shipping", shipping["price"]["currency"]
    words = f"{name}: {_money(shipping['price'])}, {_shipping_words(facts, currency)}."
    yield Step("shipping", facts["rule"], shipping["price"], facts, words)
    for surcharge in facts.get("surcharges", []):
        amount = Money(surcharge["amount_minor"], currency).document()
        words = (
            f"Of it {_money(amount)} surcharge: {surcharge['name']} ({surcharge['times']} × per {surcharge['per']})."
        )
        yield Step("shipping", "surcharge", amount, surcharge, words)
    if shipping["discount"]["minor"]:
        freed = facts["freed_by"]
        words = f"Free by the promotion {_called(freed['promotion'], names)}: {_money(shipping['discount'])} off."
        yield Step("shipping", "free_shipping", shipping["discount"], freed, words)
    if shipping["relief"]["minor"]:
        words = f"Tax of {_money(shipping['relief'])} is taken out of the price of shipping."
        yield Step("shipping", "relief", shipping["relief"], facts["tax"], words)
    for part in facts["tax"]["parts"]:
        if part["amount"]["minor"] and not _is_untaxed(part):
            words = f"{_money(part['amount'])} of shipping bear {_rate_words(part)}."
            yield Step("shipping", "shipping_tax", part["amount"], part, words)
    words = f"Shipping costs {_money(shipping['total'])}"
    if shipping["tax"]["minor"]:
        how = "contained in it" if facts["tax"]["parts"][0]["rule"] == "included" else "on top of it"
        words += f", with {_money(shipping['tax'])} tax {how}"
    yield Step("shipping", "shipping_total", shipping["total"], {}, f"{words}.")


_TREATMENT_WORDS = {
    "exempt": "No tax: {reason}.",
    "reverse_charge": "No tax: the business with VAT id {vat_id} accounts for it itself (reverse charge, Directive "
    "2006/112/EC, articles 138 and 194 to 196).",
}


def _tax(quote: QuoteSnapshot) -> Iterator[Step]:
    treatment = quote["treatment"]
    if treatment["kind"] in _TREATMENT_WORDS:
        words = _TREATMENT_WORDS[treatment["kind"]].format(**treatment)
        yield Step("tax", treatment["kind"], quote["tax_total"], treatment, words)
    for row in quote["tax"]:
        how = "contained in the prices" if row["included"] else "on top of the prices"
        words = f"{row['rate']} % tax of {row['country']} on {_money(row['net'])} net: {_money(row['total'])}, {how}."
        yield Step("tax", "summary", row["total"], dict(row), words)


_REASON_WORDS = {
    "applied": "applied",
    "coupon_needed": "needs a coupon",
    "other_market": "is for the market {market}",
    "other_channel": "is for the channel {channel}",
    "other_group": "is for customers in {groups}",
    "other_country": "is for orders to {countries}",
    "other_currency": "is in {currency}",
    "not_first_order": "is for a first order",
    "value_too_low": "asks for goods worth {needed}; there are {present}, {missing} are missing",
    "value_too_high": "is for goods worth up to {allowed}; there are {present}",
    "quantity_too_low": "asks for {needed} pieces; there are {present}",
    "quantity_too_high": "is for up to {allowed} pieces; there are {present}",
    "no_line_matches": "fits nothing in the cart",
    "too_few_bought": "asks for {buy} pieces to be bought and {get} more to be reduced; there are {present}",
    "bundle_incomplete": "asks for a bundle that is not complete",
    "nothing_to_save": "finds nothing left to take off",
    "shipping_free_already": "would free shipping that {by} has freed",
    "another_saves_as_much": "gives way to {by}, which saves as much and goes first",
    "another_saves_more": "gives way to {by}, which saves more: {winner_saves} instead of {would_save}",
    "not_beside_others": "is exclusive and does not apply beside {applied}",
    "ended_by_exclusive": "comes after {by}, which is exclusive",
    "other_shipping_method": "frees shipping by {methods} only",
    "gift_out_of_stock": "would give a gift that is out of stock",
    "coupon_unknown": "is not known",
    "coupon_not_yet_valid": "is not valid yet",
    "coupon_expired": "has expired",
    "coupon_used_up": "has been used as often as it may be",
    "coupon_used_by_customer": "has been used by this customer as often as it may be",
    "coupon_needs_customer": "counts its uses per customer, who is not known yet",
    "coupon_not_in_market": "is for another market",
    "promotion_unlocked_already": "unlocks a promotion that another coupon has unlocked",
}


def reason_words(reason: str, facts: Facts) -> str:
    """Why a promotion or coupon applied or not, to follow its name."""
    if reason == "another_saves_more" and facts.get("winner_saves") == facts.get("would_save"):
        reason = "another_saves_as_much"
    template = _REASON_WORDS.get(reason)
    return template.format_map(_Readable(facts)) if template else reason.replace("_", " ")


def _verdict(verdict: Facts, names: Names) -> Step:
    subject = f"Coupon {verdict['coupon']}" if not verdict["promotion"] else f"Promotion {verdict['name']}"
    facts = dict(verdict["facts"])
    if "by" in facts:
        facts["by"] = _called(facts["by"], names)
    if "applied" in facts:
        facts["applied"] = [_called(code, names) for code in facts["applied"]]
    words = f"{subject} {reason_words(verdict['reason'], facts)}."
    if verdict["applied"] and verdict["saved"]:
        words = f"{subject} applied and saves {_money(verdict['saved'])}."
    return Step("promotion", verdict["reason"], verdict["saved"], verdict, words)


def _total(quote: QuoteSnapshot) -> Iterator[Step]:
    parts = [f"goods {_money(quote['subtotal'])}"]
    parts += [f"− discounts {_money(quote['discount_total'])}"] if quote["discount_total"]["minor"] else []
    parts += [f"− tax not owed {_money(quote['relief_total'])}"] if quote["relief_total"]["minor"] else []
    parts += [f"+ shipping {_money(quote['shipping']['total'])}"] if quote["shipping"] else []
    parts += [f"+ tax {_money(quote['tax_total'])}"] if not quote["tax_inclusive"] else []
    if quote["rounding"]["minor"]:
        parts.append(
            f"{'+' if quote['rounding']['minor'] > 0 else '−'} rounding {_money_without_sign(quote['rounding'])}"
        )
    yield Step("total", "total", quote["total"], {}, f"Total: {' '.join(parts)} = {_money(quote['total'])}.")
    for credit in quote["credits"]:
        yield Step(
            "credit", "credit", credit["amount"], dict(credit), f"{credit['label']} pays {_money(credit['amount'])}."
        )
    yield Step("total", "due", quote["due"], {}, f"Left to pay: {_money(quote['due'])}.")


def _price_words(derivation: Facts) -> str:
    kind = "sale price" if derivation["kind"] == "sale" else "regular price"
    words = f"{_money(derivation['amount'])} is the {kind} in the list {derivation['price_list']}"
    if derivation["min_quantity"] > 1:
        words += f" from {derivation['min_quantity']} pieces on"
    words += f", valid since {_moment(derivation['valid_from'])}"
    words += f" until {_moment(derivation['valid_until'])}" if derivation["valid_until"] else ""
    if derivation["kind"] == "sale":
        words += f" (regular {_money(derivation['regular'])})"
    return words + "."


_MATCH_WORDS = {
    "group_and_channel": "it is for the customer group {customer_group} and the channel {channel}",
    "group": "it is for the customer group {customer_group}",
    "channel": "it is for the channel {channel}",
    "everybody": "it is for everybody",
}


def _chosen_words(price_list: str, chosen: Facts) -> str:
    words = f"{price_list} was taken, for {_MATCH_WORDS[chosen['match']].format(**chosen)}"
    words += f", with priority {chosen['priority']}" if chosen["priority"] else ""
    if chosen["passed_over"]:
        words += f"; {', '.join(chosen['passed_over'])} came first and has no price for it"
    return words + "."


def _rounding_words(rounding: Facts) -> str:
    if (rounding["step_minor"], rounding["ending_minor"]) == (1, 0):
        return ""
    return f", rounded {rounding['mode']} in steps of {rounding['step_minor']} ending in {rounding['ending_minor']}"


_DISCOUNT_WORDS = {
    "percentage": "{percent} % of {from}",
    "amount of an order": "{amount} off {from}",
    "amount of a line": "{amount} off each of {quantity}, {from} before",
    "fixed_price": "{amount} for each of {quantity} instead of {from} in all",
    "buy_x_get_y": "{percent} % off {units_reduced} of {units} (buy {buy}, get {get})",
    "bundle for an amount": "{times} × the bundle for {amount}, {from} before",
    "bundle for a percentage": "{times} × the bundle, {percent} % of {from}",
}


def _discount_words(derivation: Facts) -> str:
    rule = derivation["rule"]
    if rule == "amount":
        rule = f"amount of {'an order' if derivation['level'] == 'order' else 'a line'}"
    if rule == "bundle":
        rule = f"bundle for {'a percentage' if 'percent' in derivation else 'an amount'}"
    words = _DISCOUNT_WORDS[rule].format_map(_Readable(derivation))
    if derivation.get("spread"):
        words += f", {_money(derivation['off'])} in all, spread over the lines by value"
    return words


def _tax_words(amount: MoneyDocument, facts: Facts) -> str:
    rate = f"{_rate_words(facts)} of {facts['country']}" + (f" ({facts['region']})" if facts.get("region") else "")
    by = f", by {facts['source']}" if facts.get("source") else ""
    if _is_untaxed(facts):
        return f"This buyer is not charged the {rate}{by}."
    how = "are contained as" if facts["rule"] == "included" else "come on top as"
    return f"{_money(amount)} {how} {rate}{by}."


def _rate_words(facts: Facts) -> str:
    """A service that takes shipping as one names the market's rule `share`, which is no class."""
    tax_class = f"{facts['class']} " if facts["class"] != "share" else ""
    return f"{facts['percent']} % {tax_class}tax"


def _is_untaxed(facts: Facts) -> bool:
    return bool(facts["treatment"] != "taxed")


def _called(promotion: str, names: Names) -> str:
    return names.get(promotion) or promotion


class _Readable(dict[str, Any]):
    """Facts as words: amounts with their currency, lists with commas."""

    def __init__(self, facts: Facts) -> None:
        super().__init__({name: _readable(value) for name, value in facts.items()})

    def __missing__(self, key: str) -> str:
        return "?"


def _readable(value: Any) -> str:
    if isinstance(value, dict) and "minor" in value:
        return str(Money(value["minor"], value["currency"]))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _money(document: MoneyDocument) -> str:
    return str(Money.from_document(document))


def _money_without_sign(document: MoneyDocument) -> str:
    return str(Money(abs(document["minor"]), document["currency"]))


def _moment(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%-d %b %Y, %H:%M}"
