"""Which zone an address lies in. Pure.

Of the areas that cover an address the most specific wins, and its zone is the address's zone:

| Rank | The area names               | Among equals                                                    |
|------|------------------------------|-----------------------------------------------------------------|
| 1    | country and postal codes     | the pattern that covers fewest codes; then one that also names a region |
| 2    | country and region           | position of the zone, then the older zone                       |
| 3    | country                      | position of the zone, then the older zone                       |

An area that names a region and postal codes covers only what is in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NOT_IN_A_CODE = re.compile(r"[\s-]")
_RANGE = re.compile(r"([0-9]+)\s*-\s*([0-9]+)")
_EXACT_OR_PREFIX = re.compile(r"[A-Z0-9]+\*?")


class BadPostalCodes(ValueError):
    """A pattern that is neither a code, a beginning with a star, nor a range of two numbers of one length."""


@dataclass(frozen=True, slots=True)
class PostalPattern:
    """Codes from `low` to `high`, both compared over their own length; the same twice for one code or a beginning."""

    low: str
    high: str
    is_open: bool
    """Whether longer codes are covered too: "80*", or ZIP+4 in a range of ZIP codes."""

    def coverage(self, code: str) -> int | None:
        """Of how many codes of this length it covers, None if not this one. Letters count as one of ten."""
        length = len(self.low)
        start, rest = code[:length], len(code) - length
        if rest < 0 or (rest and not self.is_open) or not self.low <= start <= self.high:
            return None
        if self.low == self.high:
            return int(10**rest)
        return (int(self.high) - int(self.low) + 1) * int(10**rest) if start.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Area:
    """A row of a zone. `standing` is the zone's position and age."""

    zone: int
    standing: tuple[int, int]
    country: str
    region: str = ""
    patterns: tuple[PostalPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    zone: int
    by: str
    """What decided: "postal_code", "region" or "country"."""


def normal_code(postal_code: str) -> str:
    """Upper case, without spaces and hyphens: "sw1a 1aa" and "00-950" become "SW1A1AA" and "00950"."""
    return _NOT_IN_A_CODE.sub("", postal_code.upper())


def normal_region(region: str) -> str:
    return " ".join(region.upper().split())


def parse_patterns(text: str) -> tuple[PostalPattern, ...]:
    """Patterns parted by commas or lines: "10115", "80*", "20000-21999".

    Two numbers of the same length joined by a hyphen are a range; any other hyphen belongs to the code ("00-950").

    Raises:
        BadPostalCodes
    """
    return tuple(_pattern(part.strip()) for part in re.split(r"[,;\n]", text) if part.strip())


def _pattern(text: str) -> PostalPattern:
    ends = _RANGE.fullmatch(text)
    if ends and len(ends[1]) == len(ends[2]):
        if ends[1] > ends[2]:
            raise BadPostalCodes(f"{text}: the range ends before it begins.")
        return PostalPattern(low=ends[1], high=ends[2], is_open=True)
    code = normal_code(text)
    if not _EXACT_OR_PREFIX.fullmatch(code):
        raise BadPostalCodes(f"{text}: write a code (10115), a beginning (80*) or a range (20000-21999).")
    return PostalPattern(low=code.rstrip("*"), high=code.rstrip("*"), is_open=code.endswith("*"))


def zone_of(areas: Iterable[Area], *, country: str, region: str = "", postal_code: str = "") -> Match | None:
    """The zone that the table above names, or None when no area covers the address."""
    found = [
        (rank, area.standing, area.zone)
        for area in areas
        if (rank := _rank(area, country, normal_region(region), normal_code(postal_code))) is not None
    ]
    if not found:
        return None
    rank, _, zone = min(found)
    return Match(zone=zone, by="postal_code" if rank[0] == 0 else "country" if rank[2] else "region")


def _rank(area: Area, country: str, region: str, code: str) -> tuple[int, int, int] | None:
    """Lower is more specific: (names postal codes, codes covered, names a region)."""
    if area.country != country or (area.region and normal_region(area.region) != region):
        return None
    without_region = 0 if area.region else 1
    if not area.patterns:
        return 1, 0, without_region
    covered = [each for pattern in area.patterns if (each := pattern.coverage(code)) is not None]
    return (0, min(covered), without_region) if covered else None
