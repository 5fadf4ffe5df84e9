"""Customer sessions: what a browser may see of a customer's saved cards, through both doors of the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from commerce.payments.stripe.sandbox.sessions import SECONDS_OPEN
from tests.commerce.payments.stripe.doors import PUBLISHABLE_KEY, Door

ELEMENT = "components[payment_element]"
FEATURES = {
    f"{ELEMENT}[enabled]": "true",
    f"{ELEMENT}[features][payment_method_redisplay]": "enabled",
    f"{ELEMENT}[features][payment_method_save]": "enabled",
    f"{ELEMENT}[features][payment_method_save_usage]": "off_session",
}


def customer_with_cards(door: Door) -> tuple[str, list[str]]:
    """A customer and two cards, of which only the first may be shown again."""
    owner = door.send("POST", "/v1/customers").body["id"]
    cards = []
    for kit, redisplay in (("pm_card_visa", "always"), ("pm_card_mastercard", "limited")):
        card = door.send("POST", f"/v1/payment_methods/{kit}/attach", {"customer": owner}).body["id"]
        door.send("POST", f"/v1/payment_methods/{card}", {"allow_redisplay": redisplay})
        cards.append(card)
    return owner, cards


def session(door: Door, owner: str, features: dict[str, str] = FEATURES) -> dict[str, Any]:
    reply = door.send("POST", "/v1/customer_sessions", {"customer": owner} | features)
    assert reply.status == 200, reply.body
    return reply.body


def seen(door: Door, secret: str) -> Any:
    return door.send("GET", f"/_sandbox/customer_sessions/{secret}", key="")


def test_the_holder_sees_the_cards_that_may_be_shown_and_pays_with_one(door: Door) -> None:
    owner, (shown, _) = customer_with_cards(door)
    cards = seen(door, session(door, owner)["client_secret"]).body
    assert [card["id"] for card in cards["data"]] == [shown]
    assert (cards["data"][0]["card"]["last4"], cards["save_usage"]) == ("4242", "off_session")
    params = {"amount": "500", "currency": "eur", "customer": owner}
    opened = door.send("POST", "/v1/payment_intents", params).body
    confirm = {"client_secret": opened["client_secret"], "payment_method": shown}
    path = f"/v1/payment_intents/{opened['id']}/confirm"
    assert door.send("POST", path, confirm, key=PUBLISHABLE_KEY).body["status"] == "succeeded"


def test_a_filter_shows_more(door: Door) -> None:
    owner, cards = customer_with_cards(door)
    name = f"{ELEMENT}[features][payment_method_allow_redisplay_filters]"
    made = session(door, owner, FEATURES | {f"{name}[0]": "always", f"{name}[1]": "limited"})
    assert {card["id"] for card in seen(door, made["client_secret"]).body["data"]} == set(cards)


def test_what_is_not_switched_on_shows_nothing(door: Door) -> None:
    owner, _ = customer_with_cards(door)
    made = session(door, owner, {f"{ELEMENT}[enabled]": "true"})
    body = seen(door, made["client_secret"]).body
    assert (body["data"], body["save_usage"]) == ([], None)


def test_after_half_an_hour_a_session_is_over(door: Door) -> None:
    owner, _ = customer_with_cards(door)
    secret = session(door, owner)["client_secret"]
    door.clock.advance(seconds=SECONDS_OPEN)
    assert seen(door, secret).status == 404
    assert seen(door, "cuss_secret_unknown").status == 404


@pytest.mark.parametrize(
    "params",
    [
        {"customer": "cus_unknown"},
        {"components[buy_button][enabled]": "true"},
        {f"{ELEMENT}[enabled]": "perhaps"},
        {f"{ELEMENT}": "x"},
        {f"{ELEMENT}[enabled]": "true", f"{ELEMENT}[features][payment_method_save]": "x"},
        {
            f"{ELEMENT}[enabled]": "true",
            f"{ELEMENT}[features][payment_method_allow_redisplay_filters][]": "never",
        },
    ],
)
def test_a_session_that_makes_no_sense_is_refused(door: Door, params: dict[str, str]) -> None:
    owner, _ = customer_with_cards(door)
    assert door.send("POST", "/v1/customer_sessions", {"customer": owner} | params).status in {400, 404}


def test_a_card_typed_in_is_saved_when_its_holder_says_so(door: Door) -> None:
    owner, _ = customer_with_cards(door)
    params = {"amount": "500", "currency": "eur", "customer": owner}
    opened = door.send("POST", "/v1/payment_intents", params).body
    confirm = {
        "client_secret": opened["client_secret"],
        "payment_method_data[type]": "card",
        "payment_method_data[allow_redisplay]": "always",
        "payment_method_data[card][number]": "5555555555554444",
        "payment_method_data[card][exp_month]": "12",
        "payment_method_data[card][exp_year]": "2034",
        "setup_future_usage": "off_session",
    }
    door.send("POST", f"/v1/payment_intents/{opened['id']}/confirm", confirm, key=PUBLISHABLE_KEY)
    cards = seen(door, session(door, owner)["client_secret"]).body["data"]
    assert [card["card"]["brand"] for card in cards] == ["mastercard", "visa"]
