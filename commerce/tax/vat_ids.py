"""VAT identification numbers, checked without a network: form and check digits, not whether the number is in use.

Source: Directive 2006/112/EC article 215: every number begins with the ISO code of the country that gave it,
except Greece, which may use EL. Northern Ireland uses XI (Directive (EU) 2020/1756).
"""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.ch import vat as swiss
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as british
from stdnum.no import mva as norwegian

from commerce.kit.errors import DomainError, ErrorKind

EU_COUNTRIES = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
NORTHERN_IRELAND = "XI"
# Neighbours whose numbers a shop may want on its invoices; they never bring a reverse charge within the EU.
_OTHERS = {"CH": swiss.validate, "GB": british.validate, "NO": norwegian.validate}
_LONGEST = 30


class InvalidVatId(DomainError):
    code = "invalid_vat_id"
    title = "This is not a VAT identification number"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class VatId:
    country: str
    """ISO code of the country that gave it (GR for EL), or XI for Northern Ireland."""
    number: str
    """Compact, with its prefix: DE136695976, EL023456780."""

    @property
    def in_eu(self) -> bool:
        return self.country in EU_COUNTRIES or self.country == NORTHERN_IRELAND


def vat_id_written(text: str) -> VatId:
    """The number in what somebody typed, with any spaces, dots and hyphens that are usual.

    Raises:
        InvalidVatId: no known prefix, wrong form or wrong check digits.
    """
    typed = text.strip().upper()
    prefix = typed[:2]
    country = "GR" if prefix == "EL" else prefix
    if len(typed) > _LONGEST or not typed.isascii():
        raise InvalidVatId()
    try:
        if country in EU_COUNTRIES or country == NORTHERN_IRELAND:
            number = european.validate("EL" + typed[2:] if country == "GR" else typed)
            return VatId(country=country, number=number)
        if country in _OTHERS:
            compact = _OTHERS[country](typed)
            return VatId(country=country, number=compact if compact.startswith(country) else country + compact)
    except ValidationError as error:
        raise InvalidVatId() from error
    raise InvalidVatId("It must begin with the code of the country that gave it, such as DE or EL.")
