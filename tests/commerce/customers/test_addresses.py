from __future__ import annotations

from typing import Any

import pytest

from commerce.customers.addresses import Address, InvalidAddress, checked_address

GERMAN = {
    "name": "A. Customer",
    "street_address": "Hauptstraße 1",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
AMERICAN = GERMAN | {"postal_code": "94105", "city": "San Francisco", "country_area": "CA", "country": "US"}
BRITISH = GERMAN | {"postal_code": "SW1A 1AA", "city": "London", "country": "GB"}
JAPANESE = GERMAN | {"postal_code": "100-0001", "city": "千代田区", "country_area": "東京都", "country": "JP"}
IRISH = GERMAN | {"postal_code": "", "city": "Dublin", "country": "IE"}


def _errors(fields: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(InvalidAddress) as refusal:
        checked_address(fields)
    errors: dict[str, list[str]] = refusal.value.facts["errors"]
    return errors


@pytest.mark.parametrize("fields", [GERMAN, AMERICAN, BRITISH, JAPANESE, IRISH], ids=lambda fields: fields["country"])
def test_a_complete_address_is_kept_as_it_was_written(fields: dict[str, str]) -> None:
    expected = {"country_area": "", "phone": ""} | fields
    assert checked_address(fields).document() == expected


@pytest.mark.parametrize("missing", ["postal_code", "country_area", "city", "street_address", "name", "country"])
def test_in_the_united_states_every_field_is_required(missing: str) -> None:
    assert _errors(AMERICAN | {missing: ""}) == {missing: ["This field is required."]}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (GERMAN, {"postal_code": "1011"}),
        (GERMAN, {"postal_code": "SW1A 1AA"}),
        (AMERICAN, {"postal_code": "10115"}),
        (AMERICAN, {"postal_code": "9410"}),
        (BRITISH, {"postal_code": "10115"}),
        (JAPANESE, {"postal_code": "12"}),
        (AMERICAN, {"country_area": "Bavaria"}),
        (GERMAN, {"country": "XX"}),
        (GERMAN, {"country": "Germany"}),
        (GERMAN, {"country": "../DE"}),
    ],
)
def test_what_does_not_fit_the_country_is_refused_by_field(fields: dict[str, str], wrong: dict[str, str]) -> None:
    assert _errors(fields | wrong) == {field: ["This is not right for the country."] for field in wrong}


@pytest.mark.parametrize("country", ["DE", "GB", "US"])
def test_where_a_postal_code_is_usual_it_is_required(country: str) -> None:
    fields = {"DE": GERMAN, "GB": BRITISH, "US": AMERICAN}[country]
    assert list(_errors(fields | {"postal_code": ""})) == ["postal_code"]


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert set(_errors({"country": "US", "phone": "none"})) == {
        "name", "phone", "street_address", "city", "country_area", "postal_code",
    }  # fmt: skip


@pytest.mark.parametrize("nothing", [{}, {"country": ""}])
def test_nothing_is_no_address(nothing: dict[str, str]) -> None:
    assert {"name", "country"} <= set(_errors(nothing))


def test_codes_come_in_their_normal_form() -> None:
    assert checked_address(BRITISH | {"postal_code": "sw1a 1aa", "country": "gb"}).postal_code == "SW1A 1AA"
    assert checked_address(GERMAN | {"country": "de"}).country == "DE"
    assert checked_address(AMERICAN | {"country_area": "California"}).country_area == "CA"


@pytest.mark.parametrize("city", ["Köln", "Łódź", "Saint-Étienne", "İzmir", "düsseldorf"])
def test_a_city_keeps_the_shoppers_own_letters(city: str) -> None:
    assert checked_address(GERMAN | {"city": city}).city == city


@pytest.mark.parametrize("name", ["Zoë Müßig", "Ñandú O’Neill", "山田 太郎", "X"])
def test_a_name_keeps_its_letters(name: str) -> None:
    assert checked_address(GERMAN | {"name": name}).name == name


def test_stray_white_space_goes() -> None:
    address = checked_address(
        GERMAN | {"name": "  A.   Customer\n", "city": "\tBerlin ", "postal_code": " 10115 ", "country": " DE "}
    )
    assert (address.name, address.city, address.postal_code, address.country) == (
        "A. Customer",
        "Berlin",
        "10115",
        "DE",
    )


def test_the_lines_of_a_street_address_stay_lines_and_empty_ones_go() -> None:
    address = checked_address(GERMAN | {"street_address": "  Haus  am See \r\n\r\n Seestraße 1 \n"})
    assert address.street_address == "Haus am See\nSeestraße 1"


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u00a0"])
def test_white_space_is_no_name(blank: str) -> None:
    assert _errors(GERMAN | {"name": blank}) == {"name": ["This field is required."]}


@pytest.mark.parametrize("phone", ["+49 30 123456", "(030) 12-34.56", "030/123456", ""])
def test_a_telephone_number_may_be_written_in_many_ways(phone: str) -> None:
    assert checked_address(GERMAN | {"phone": phone}).phone == phone


@pytest.mark.parametrize("phone", ["call me", "12", "+49 30 123456 ext. 7", "1" * 31, "++49301234"])
def test_what_is_no_telephone_number_is_refused(phone: str) -> None:
    assert _errors(GERMAN | {"phone": phone}) == {"phone": ["This is not a telephone number."]}


@pytest.mark.parametrize("field", ["name", "street_address", "city"])
def test_a_field_that_is_too_long_is_refused_and_not_cut_off(field: str) -> None:
    assert list(_errors(GERMAN | {field: "x" * 100_000})) == [field]


@pytest.mark.parametrize("field", ["postal_code", "country", "phone"])
def test_an_absurdly_long_code_is_simply_wrong(field: str) -> None:
    assert list(_errors(GERMAN | {field: "1" * 100_000})) == [field]


def test_nothing_at_all_in_a_field_is_not_the_word_none() -> None:
    fields: dict[str, Any] = GERMAN | {"name": None}
    assert _errors(fields) == {"name": ["This field is required."]}


@pytest.mark.parametrize("field", ["name", "street_address", "city"])
def test_a_character_that_the_database_cannot_keep_does_not_get_through(field: str) -> None:
    try:
        kept = checked_address(GERMAN | {field: "A\x00B"})
    except InvalidAddress:
        return
    assert "\x00" not in "".join(kept.document().values())


def test_what_is_no_part_of_an_address_is_left_out() -> None:
    assert set(checked_address(GERMAN | {"admin": "yes"}).document()) == set(Address.__slots__)
