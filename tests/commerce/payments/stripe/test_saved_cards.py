"""Customers, their saved cards, and payments with them, through both doors of the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commerce.payments.stripe.doors import PUBLISHABLE_KEY, Door

ALWAYS_ASKS, ASKS_UNTIL_SET_UP, ASKS_ON_SESSION = (
    "pm_card_authenticationRequired",
    "pm_card_authenticationRequiredOnSetup",
    "pm_card_authenticationRequiredSetupForOffSession",
)


def post(door: Door, path: str, **params: str) -> dict[str, Any]:
    reply = door.send("POST", f"/v1/{path}", params)
    assert reply.status == 200, reply.body
    return reply.body


def customer(door: Door, **params: str) -> str:
    made: str = post(door, "customers", **params)["id"]
    return made


def saved(door: Door, owner: str, card: str = "pm_card_visa") -> str:
    attached: str = post(door, f"payment_methods/{card}/attach", customer=owner)["id"]
    return attached


def cards_of(door: Door, owner: str) -> list[str]:
    listed = door.send("GET", "/v1/payment_methods", {"customer": owner, "type": "card"}).body["data"]
    return [method["id"] for method in listed]


def pay(door: Door, **params: str) -> Any:
    return door.send("POST", "/v1/payment_intents", {"amount": "1999", "currency": "eur", "confirm": "true"} | params)


def test_a_customer_is_made_changed_found_and_deleted(door: Door) -> None:
    made = post(door, "customers", email="reader@example.org", name="A Reader", **{"metadata[user]": "7"})
    changed = post(door, f"customers/{made['id']}", phone="+49 30 1", **{"metadata[user]": "", "metadata[vip]": "yes"})
    assert changed == made | {"phone": "+49 30 1", "metadata": {"vip": "yes"}}
    customer(door, email="other@example.org")
    found = door.send("GET", "/v1/customers", {"email": "reader@example.org"}).body["data"]
    assert found == [changed]
    gone = door.send("DELETE", f"/v1/customers/{made['id']}").body
    assert gone == {"id": made["id"], "object": "customer", "deleted": True}
    assert door.send("GET", f"/v1/customers/{made['id']}").body == gone
    assert post_error(door, f"customers/{made['id']}", name="x") == "resource_missing"
    assert door.event_types()[-1] == "customer.deleted"


def post_error(door: Door, path: str, **params: str) -> str | None:
    reply = door.send("POST", f"/v1/{path}", params)
    assert 400 <= reply.status < 500
    code: str | None = reply.body["error"].get("code")
    return code


def test_an_address_that_is_none_is_refused(door: Door) -> None:
    assert post_error(door, "customers", email="nowhere") == "email_invalid"


def test_a_card_is_attached_listed_and_detached_for_good(door: Door) -> None:
    owner = customer(door)
    card = saved(door, owner)
    assert cards_of(door, owner) == [card]
    path = f"/v1/customers/{owner}/payment_methods"
    assert door.send("GET", f"{path}/{card}").body["customer"] == owner
    assert [each["id"] for each in door.send("GET", path).body["data"]] == [card]
    assert post(door, f"payment_methods/{card}/detach")["customer"] is None
    assert cards_of(door, owner) == []
    assert post_error(door, f"payment_methods/{card}/detach") is None
    assert post_error(door, f"payment_methods/{card}/attach", customer=owner) is None
    assert door.event_types()[-2:] == ["payment_method.attached", "payment_method.detached"]


def test_deleting_a_customer_detaches_all_cards(door: Door) -> None:
    owner = customer(door)
    cards = [saved(door, owner), saved(door, owner, "pm_card_mastercard")]
    door.send("DELETE", f"/v1/customers/{owner}")
    assert [door.send("GET", f"/v1/payment_methods/{card}").body["customer"] for card in cards] == [None, None]


def test_a_declining_card_is_not_saved_but_one_that_declines_later_is(door: Door) -> None:
    owner = customer(door)
    assert post_error(door, "payment_methods/pm_card_visa_chargeDeclined/attach", customer=owner) == "card_declined"
    card = saved(door, owner, "pm_card_chargeCustomerFail")
    assert cards_of(door, owner) == [card]
    refused = pay(door, customer=owner, payment_method=card, off_session="true")
    assert (refused.status, refused.body["error"]["decline_code"]) == (402, "generic_decline")


def test_a_saved_card_pays_again_and_again_without_its_holder(door: Door) -> None:
    owner = customer(door)
    card = saved(door, owner)
    for _ in range(2):
        paid = pay(door, customer=owner, payment_method=card, off_session="true").body
        assert (paid["status"], paid["customer"], paid["payment_method"]) == ("succeeded", owner, card)
    charge = door.send("GET", f"/v1/charges/{paid['latest_charge']}").body
    assert (charge["customer"], charge["payment_method"]) == (owner, card)


def test_another_customers_card_pays_nothing(door: Door) -> None:
    owner, other = customer(door), customer(door)
    card = saved(door, owner)
    assert pay(door, customer=other, payment_method=card).status == 400
    assert pay(door, payment_method=card).status == 400
    assert door.send("GET", f"/v1/customers/{other}/payment_methods/{card}").status == 404


def test_a_card_that_was_not_saved_is_good_for_once(door: Door) -> None:
    card = post(door, "payment_methods", **typed("4242424242424242"))["id"]
    assert pay(door, payment_method=card).body["status"] == "succeeded"
    assert pay(door, payment_method=card).status == 400
    assert post_error(door, f"payment_methods/{card}/attach", customer=customer(door)) is None


def typed(number: str) -> dict[str, str]:
    return {"type": "card", "card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2034"}


def test_an_intent_may_save_the_card_it_is_paid_with(door: Door) -> None:
    owner = customer(door)
    opened = post(
        door, "payment_intents", amount="1999", currency="eur", customer=owner, setup_future_usage="off_session"
    )
    params = {
        "payment_method_data[type]": "card",
        "payment_method_data[card][number]": "4242424242424242",
        "payment_method_data[card][exp_month]": "12",
        "payment_method_data[card][exp_year]": "2034",
        "client_secret": opened["client_secret"],
    }
    door.send("POST", f"/v1/payment_intents/{opened['id']}/confirm", params, key=PUBLISHABLE_KEY)
    (card,) = cards_of(door, owner)
    assert pay(door, customer=owner, payment_method=card, off_session="true").body["status"] == "succeeded"
    assert "payment_method.attached" in door.event_types()


@pytest.mark.parametrize(
    ("kit", "on_session", "off_session"),
    [
        (ALWAYS_ASKS, "requires_action", "authentication_required"),
        (ASKS_UNTIL_SET_UP, "requires_action", "authentication_required"),
        (ASKS_ON_SESSION, "requires_action", "succeeded"),
    ],
)
def test_a_card_that_asks_its_holder_does_so_where_it_is_said(
    door: Door, kit: str, on_session: str, off_session: str
) -> None:
    owner = customer(door)
    card = saved(door, owner, kit)
    assert pay(door, customer=owner, payment_method=card).body["status"] == on_session
    reply = pay(door, customer=owner, payment_method=card, off_session="true").body
    assert (reply["error"]["code"] if "error" in reply else reply["status"]) == off_session
    if "error" in reply:
        intent = reply["error"]["payment_intent"]
        assert (intent["status"], intent["last_payment_error"]["payment_method"]["id"]) == (
            "requires_payment_method",
            card,
        )


def test_a_setup_makes_a_card_ready_that_asks_no_more(door: Door) -> None:
    owner = customer(door)
    setup = post(door, "setup_intents", customer=owner, payment_method=ASKS_UNTIL_SET_UP)
    assert (setup["status"], setup["usage"]) == ("requires_confirmation", "off_session")
    path = f"/v1/setup_intents/{setup['id']}"
    secret = {"client_secret": setup["client_secret"]}
    waiting = door.send("POST", f"{path}/confirm", secret, key=PUBLISHABLE_KEY).body
    assert (waiting["status"], "metadata" in waiting) == ("requires_action", False)
    answer = door.send("POST", f"/_sandbox/authentications/{setup['id']}", secret | {"outcome": "succeeded"}, key="")
    assert answer.body["status"] == "succeeded"
    (card,) = cards_of(door, owner)
    assert pay(door, customer=owner, payment_method=card, off_session="true").body["status"] == "succeeded"
    assert door.event_types()[:5] == [
        "customer.created",
        "setup_intent.created",
        "setup_intent.requires_action",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


def test_a_setup_without_its_client_secret_is_shown_to_nobody_else(door: Door) -> None:
    setup = post(door, "setup_intents")
    wrong = door.send("GET", f"/v1/setup_intents/{setup['id']}", {"client_secret": "x"}, key=PUBLISHABLE_KEY)
    assert wrong.body["error"]["code"] == "setup_intent_invalid_parameter"


@pytest.mark.parametrize("kit", ["pm_card_visa_chargeDeclined", ALWAYS_ASKS])
def test_a_setup_that_failed_waits_for_another_card(door: Door, kit: str) -> None:
    owner = customer(door)
    setup = post(door, "setup_intents", customer=owner)
    path = f"/v1/setup_intents/{setup['id']}"
    first = door.send("POST", f"{path}/confirm", {"payment_method": kit})
    if first.status == 200:
        answer = {"client_secret": setup["client_secret"], "outcome": "failed"}
        door.send("POST", f"/_sandbox/authentications/{setup['id']}", answer, key="")
    failed = door.send("GET", path).body
    assert (failed["status"], failed["payment_method"]) == ("requires_payment_method", None)
    assert failed["last_setup_error"]["code"] in {"card_declined", "setup_intent_authentication_failure"}
    assert door.send("POST", f"{path}/confirm", {"payment_method": "pm_card_visa"}).body["status"] == "succeeded"
    assert post_error(door, f"setup_intents/{setup['id']}/confirm") == "setup_intent_unexpected_state"
    assert post_error(door, f"setup_intents/{setup['id']}/cancel") == "setup_intent_unexpected_state"


def test_a_cancelled_setup_takes_no_card(door: Door) -> None:
    setup = post(door, "setup_intents")
    assert post(door, f"setup_intents/{setup['id']}/cancel")["status"] == "canceled"
    assert (
        post_error(door, f"setup_intents/{setup['id']}/confirm", payment_method="pm_card_visa")
        == "setup_intent_unexpected_state"
    )


def test_a_saved_card_is_changed_only_where_its_owner_may(door: Door) -> None:
    card = saved(door, customer(door))
    changed = post(door, f"payment_methods/{card}", allow_redisplay="always", **{"card[exp_year]": "2040"})
    assert (changed["allow_redisplay"], changed["card"]["exp_year"]) == ("always", 2040)
    assert post_error(door, f"payment_methods/{card}", **{"card[last4]": "0000"}) == "parameter_unknown"
    assert post_error(door, f"payment_methods/{card}", **{"card[exp_year]": "x"}) == "parameter_invalid_integer"


def test_an_unpaid_intent_is_changed_and_a_paid_one_only_in_its_notes(door: Door) -> None:
    intent = door.open().gateway_id
    changed = post(door, f"payment_intents/{intent}", amount="2500", **{"metadata[order]": "1"})
    assert (changed["amount"], changed["metadata"]["order"]) == (2500, "1")
    door.send("POST", f"/v1/payment_intents/{intent}/confirm", {"payment_method": "pm_card_visa"})
    assert post_error(door, f"payment_intents/{intent}", amount="1") == "payment_intent_unexpected_state"
    assert post(door, f"payment_intents/{intent}", **{"metadata[order]": "2"})["metadata"]["order"] == "2"


def test_a_real_card_number_is_never_kept(in_process: Door) -> None:
    real = "4111111111111111"
    post(in_process, "payment_methods", **typed(real))
    with in_process.store.transaction() as records:
        assert real not in str(list(records.newest("payment_method")))
