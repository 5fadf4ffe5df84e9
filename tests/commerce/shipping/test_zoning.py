"""Which zone an address lies in: the table in `commerce.shipping.zoning`, row by row."""

from __future__ import annotations

import pytest

from commerce.shipping.zoning import Area, BadPostalCodes, parse_patterns, zone_of


def area(zone: int, country: str, region: str = "", postal_codes: str = "", *, position: int = 0) -> Area:
    return Area(zone, (position, zone), country, region, parse_patterns(postal_codes))


GERMANY, BAVARIA, MUNICH, ISLANDS = (
    area(1, "DE"),
    area(2, "DE", "Bayern"),
    area(3, "DE", "", "80*, 81*"),
    area(4, "DE", "", "25980-25999, 26465"),
)


@pytest.mark.parametrize(
    ("areas", "address", "zone", "by"),
    [
        pytest.param([GERMANY], ("DE", "", ""), 1, "country", id="a country"),
        pytest.param([GERMANY], ("FR", "", ""), None, None, id="another country"),
        pytest.param([GERMANY], ("de", "", ""), None, None, id="codes of countries are capitals"),
        pytest.param([GERMANY, BAVARIA], ("DE", "Bayern", ""), 2, "region", id="a region before its country"),
        pytest.param([GERMANY, BAVARIA], ("DE", " BAYERN ", ""), 2, "region", id="a region however it is spelt"),
        pytest.param([GERMANY, BAVARIA], ("DE", "Hessen", ""), 1, "country", id="another region of the country"),
        pytest.param([BAVARIA], ("DE", "", ""), None, None, id="a region is not its country"),
        pytest.param([BAVARIA, MUNICH], ("DE", "Bayern", "80331"), 3, "postal_code", id="codes before a region"),
        pytest.param([GERMANY, MUNICH], ("DE", "", "81999"), 3, "postal_code", id="the second beginning"),
        pytest.param([GERMANY, MUNICH], ("DE", "", "82001"), 1, "country", id="outside of the beginnings"),
        pytest.param([GERMANY, ISLANDS], ("DE", "", "25980"), 4, "postal_code", id="the first of a range"),
        pytest.param([GERMANY, ISLANDS], ("DE", "", "25999"), 4, "postal_code", id="the last of a range"),
        pytest.param([GERMANY, ISLANDS], ("DE", "", "26000"), 1, "country", id="after a range"),
        pytest.param([GERMANY, ISLANDS], ("DE", "", "26465"), 4, "postal_code", id="one code"),
        pytest.param([GERMANY, ISLANDS], ("DE", "", "264651"), 1, "country", id="one code is not a beginning"),
        pytest.param([GERMANY, ISLANDS], ("DE", "", ""), 1, "country", id="without a code the country"),
        pytest.param([ISLANDS], ("DE", "", ""), None, None, id="without a code no zone of codes"),
        pytest.param(
            [area(1, "DE", "", "8*"), area(2, "DE", "", "803*"), area(3, "DE", "", "80*")],
            ("DE", "", "80331"),
            2,
            "postal_code",
            id="the longest beginning covers fewest codes",
        ),
        pytest.param(
            [area(1, "DE", "", "803*"), area(2, "DE", "", "80330-80339")],
            ("DE", "", "80331"),
            2,
            "postal_code",
            id="a range of ten before a beginning of a hundred",
        ),
        pytest.param(
            [area(1, "DE", "", "80330-80339"), area(2, "DE", "", "80331")],
            ("DE", "", "80331"),
            2,
            "postal_code",
            id="one code before a range",
        ),
        pytest.param(
            [area(1, "DE", "", "80*"), area(2, "DE", "Bayern", "80*")],
            ("DE", "Bayern", "80331"),
            2,
            "postal_code",
            id="of equal codes the one in a region",
        ),
        pytest.param(
            [area(1, "DE", "Hessen", "80*")], ("DE", "Bayern", "80331"), None, None, id="region and codes must both fit"
        ),
        pytest.param(
            [area(1, "DE", position=2), area(2, "DE", position=1)], ("DE", "", ""), 2, "country", id="a tie: position"
        ),
        pytest.param([area(2, "DE"), area(1, "DE")], ("DE", "", ""), 1, "country", id="a tie: the older zone"),
        pytest.param([area(1, "GB", "", "BT*")], ("GB", "", "bt1 5gs"), 1, "postal_code", id="letters and spaces"),
        pytest.param([area(1, "GB", "", "SW1A 1AA")], ("GB", "", "SW1A1AA"), 1, "postal_code", id="one British code"),
        pytest.param([area(1, "PL", "", "00-950")], ("PL", "", "00950"), 1, "postal_code", id="a hyphen in a code"),
        pytest.param([area(1, "PL", "", "00-9*")], ("PL", "", "00-950"), 1, "postal_code", id="and in a beginning"),
        pytest.param(
            [area(1, "US", "", "96700-96899")], ("US", "HI", "96813-1234"), 1, "postal_code", id="ZIP+4 in a range"
        ),
        pytest.param([area(1, "IE", "", "10000-20000")], ("IE", "", "D02 X285"), None, None, id="letters in no range"),
        pytest.param([area(1, "GB", "", "1000-2000")], ("GB", "", "1Z00"), None, None, id="nor between its digits"),
    ],
)
def test_an_address_lies_in(areas: list[Area], address: tuple[str, str, str], zone: int | None, by: str | None) -> None:
    country, region, postal_code = address
    for given in (areas, areas[::-1]):
        match = zone_of(given, country=country, region=region, postal_code=postal_code)
        assert (match and match.zone, match and match.by) == (zone, by)


@pytest.mark.parametrize("text", ["21999-20000", "*", "80*1", "10_15", "80 **", "1-2-3*4", "ä1", "10115 or 10117!"])
def test_what_is_no_pattern_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadPostalCodes, match="range"):
        parse_patterns(text)


@pytest.mark.parametrize(("text", "count"), [("", 0), (" , ;\n", 0), ("1,2;3\n4*", 4), ("10 - 20", 1)])
def test_patterns_are_parted_by_commas_semicolons_and_lines(text: str, count: int) -> None:
    assert len(parse_patterns(text)) == count
