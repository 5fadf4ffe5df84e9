"""The documented test cards and what each does.

Source: docs.stripe.com/testing, docs.stripe.com/error-codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.payments.stripe.sandbox.errors import ApiError, card_error, parameter_missing


@dataclass(frozen=True, slots=True)
class Decline:
    code: str
    decline_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    brand: str = "visa"
    decline: Decline | None = None
    asks_authentication: bool = False
    until_set_up: bool = False
    """Once it was set up for later payments, it asks no more."""
    unless_off_session: bool = False
    """It asks only while the shopper is there to answer."""
    may_be_saved: bool = False
    """Although it is declined when it is charged."""
    refunds_later: bool = False
    """Its refunds are pending at first."""
    refunds_fail: bool = False
    """Its refunds succeed at first and fail later."""
    disputed_as: str = ""
    """The reason for which its holder disputes whatever is collected from it."""
    inquires_only: bool = False


def _declined(decline_code: str, message: str = "Your card was declined.") -> Decline:
    return Decline("card_declined", decline_code, message)


GENERIC_DECLINE = _declined("generic_decline")
INSUFFICIENT_FUNDS = _declined("insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NOT_A_TEST_CARD = _declined(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
)

_CARDS = (
    Card("4242424242424242"),
    Card("5555555555554444", brand="mastercard"),
    Card("378282246310005", brand="amex"),
    Card("4000000000000002", decline=GENERIC_DECLINE),
    Card("4000000000009995", decline=INSUFFICIENT_FUNDS),
    Card("4000000000009987", decline=_declined("lost_card")),
    Card("4000000000009979", decline=_declined("stolen_card")),
    Card("4000000000000069", decline=EXPIRED),
    Card("4000000000000127", decline=INCORRECT_CVC),
    Card("4000000000000119", decline=PROCESSING_ERROR),
    Card("4000000000003063", asks_authentication=True),
    Card("4000000000003220", asks_authentication=True),
    Card("4000000000000341", decline=GENERIC_DECLINE, may_be_saved=True),
    Card("4000002500003155", asks_authentication=True, until_set_up=True),
    Card("4000003800000446", asks_authentication=True, unless_off_session=True),
    Card("4000002760003184", asks_authentication=True),
    Card("4000008400001629", asks_authentication=True, decline=GENERIC_DECLINE),
    Card("4000000000007726", refunds_later=True),
    Card("4000000000005126", refunds_fail=True),
    Card("4000000000000259", disputed_as="fraudulent"),
    Card("4000000000002685", disputed_as="product_not_received"),
    Card("4000000000001976", disputed_as="product_not_received", inquires_only=True),
)
BY_NUMBER = {card.number: card for card in _CARDS}

NUMBER_BY_PAYMENT_METHOD = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequiredSetupForOffSession": "4000003800000446",
    "pm_card_threeDSecureRequired": "4000000000003063",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_threeDSecureRequiredChargeDeclined": "4000008400001629",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_createDisputeProductNotReceived": "4000000000002685",
    "pm_card_createDisputeInquiry": "4000000000001976",
}


def card_for(number: str) -> Card:
    """What a well-formed number does. One that is no test card is declined, as in Stripe's test mode."""
    return BY_NUMBER.get(number) or Card(number, brand=_brand(number), decline=NOT_A_TEST_CARD)


def require_well_formed(card: dict[str, Any], *, at: datetime, prefix: str) -> None:
    """What is refused before a bank is asked. `prefix` is the parameter that holds the card.

    Raises:
        ApiError: 400 for a field that is missing, 402 with Stripe's code for one that cannot be right.
    """
    for field in ("number", "exp_month", "exp_year"):
        if not card.get(field) or not isinstance(card[field], str):
            raise parameter_missing(f"{prefix}[card][{field}]" if prefix else f"card[{field}]")
    _require_number(digits_of(card["number"]))
    _require_not_expired(card, at)
    _require_cvc(card)


def digits_of(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _require_number(number: str) -> None:
    if not (_is_digits(number) and 12 <= len(number) <= 19):
        raise _refused("invalid_number", "The card number is not a valid credit card number.", "number")
    if not passes_luhn(number):
        raise _refused("incorrect_number", "Your card number is incorrect.", "number")


def _require_not_expired(card: dict[str, Any], at: datetime) -> None:
    month, year = card["exp_month"], card["exp_year"]
    if not (_is_digits(month) and 1 <= int(month) <= 12):
        raise _expiry_month()
    if not (_is_digits(year) and len(year) in (2, 4)):
        raise _expiry_year()
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if not at.year <= full_year <= at.year + 50:
        raise _expiry_year()
    if full_year == at.year and int(month) < at.month:
        raise _expiry_month()


def _require_cvc(card: dict[str, Any]) -> None:
    cvc = card.get("cvc")
    expected = 4 if _brand(digits_of(card["number"])) == "amex" else 3
    if cvc is not None and not (_is_digits(cvc) and len(cvc) in (3, expected)):
        raise _refused("invalid_cvc", "Your card's security code is invalid.", "cvc")


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(digit - 9 if digit > 9 else digit for digit in doubled)) % 10 == 0


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit()


def _brand(number: str) -> str:
    if number.startswith(("34", "37")):
        return "amex"
    return "mastercard" if number.startswith("5") else "visa"


def _expiry_month() -> ApiError:
    return _refused("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month")


def _expiry_year() -> ApiError:
    return _refused("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")


def _refused(code: str, message: str, param: str) -> ApiError:
    return card_error(message, code=code, param=param)


def payment_method_card(number: str, *, exp_month: int, exp_year: int) -> dict[str, Any]:
    """The `card` member of a payment method: never the number itself."""
    brand = card_for(number).brand
    return {
        "brand": brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": "american_express" if brand == "amex" else brand,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "funding": "credit",
        "last4": number[-4:],
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
