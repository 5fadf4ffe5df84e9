from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from commerce.credit.models import CreditAccount, CreditEntry
from commerce.credit.redeeming import hold
from commerce.kit.clock import now
from commerce.kit.money import Money
from tests.commerce.desk.promotions.pages import browser_with
from tests.factories import Shop, UserFactory
from tests.factories.credit import gift_card, store_credit

pytestmark = pytest.mark.django_db
NEW = "/admin/credit/new/"


def _wanted(**fields: Any) -> dict[str, Any]:
    wanted = {"kind": "gift_card", "amount": "25", "currency": "EUR", "reason": "Prize", "token": str(uuid.uuid4())}
    return wanted | fields


def _page(account: CreditAccount) -> str:
    return f"/admin/credit/{account.pk}/"


def test_a_new_card_shows_its_code_once(admin: Client) -> None:
    first = admin.post(NEW, _wanted(customer="a@example.com"), follow=True)
    card = CreditAccount.objects.get()
    assert (card.balance, card.email, card.entries.get().actor) == (Money(2500, "EUR"), "a@example.com", "Admin")
    assert card.code in first.content.decode()
    assert "no-store" in first.headers["Cache-Control"]
    assert card.code not in admin.get(_page(card)).content.decode()


def test_sending_the_page_twice_issues_one_card(admin: Client) -> None:
    wanted = _wanted()
    assert admin.post(NEW, wanted).headers["Location"] == admin.post(NEW, wanted).headers["Location"]
    assert CreditAccount.objects.count() == 1


def test_an_amount_may_have_a_decimal_comma(admin: Client) -> None:
    assert admin.post(NEW, _wanted(amount="25,50")).status_code == 302
    card = CreditAccount.objects.get()
    assert card.balance == Money(2550, "EUR")
    admin.post(_page(card), {"action": "adjust", "amount": "-0,50", "reason": "Printed wrongly"})
    card.refresh_from_db()
    assert card.balance == Money(2500, "EUR")


def test_store_credit_goes_to_a_customer(admin: Client) -> None:
    customer = UserFactory.create(email="who@example.com")
    for _ in range(2):
        assert admin.post(NEW, _wanted(kind="store_credit", customer="WHO@example.com")).status_code == 302
    assert CreditAccount.objects.get(owner=customer).balance == Money(5000, "EUR")


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"amount": "0"}, "amount", "not an amount"),
        ({"amount": "-5"}, "amount", "not an amount"),
        ({"amount": "much"}, "amount", "Write an amount in EUR"),
        ({"amount": "1.999"}, "amount", "Write an amount in EUR"),
        ({"amount": "1e999999999"}, "amount", "Write an amount in EUR"),
        ({"amount": "9" * 28}, "amount", "No balance may grow that large"),
        ({"currency": "USD"}, "currency", "No market sells in USD."),
        ({"expires_at": "2020-01-01 10:00"}, "expires_at", "cannot expire before"),
        ({"expires_at": "whenever"}, "expires_at", "valid date/time"),
        ({"reason": ""}, "reason", "required"),
        ({"reason": "x" * 256}, "reason", "at most 255"),
        ({"customer": "nobody"}, "customer", "valid email"),
        ({"kind": "store_credit"}, "customer", "No customer has an account"),
        ({"kind": "store_credit", "customer": "no@example.com"}, "customer", "No customer has an account"),
        ({"kind": "bitcoin"}, "kind", "valid choice"),
        ({"token": "again"}, "token", "valid UUID"),
    ],
)
def test_what_cannot_be_issued_is_said_at_its_field(
    admin: Client, fields: dict[str, str], field: str, message: str
) -> None:
    answer = admin.post(NEW, _wanted(**fields))
    assert answer.status_code == 200
    assert message in str(answer.context["form"].errors.get(field))
    assert not CreditAccount.objects.exists()


def test_a_balance_is_corrected_with_a_reason(admin: Client, shop: Shop) -> None:
    card = gift_card("50.00")
    admin.post(_page(card), {"action": "adjust", "amount": "-12.50", "reason": "Printed twice"})
    card.refresh_from_db()
    assert card.balance_minor == 3750
    page = admin.get(_page(card)).content.decode()
    assert all(words in page for words in ("Printed twice", "Adjusted", "-€12.50", "€37.50"))


@pytest.mark.parametrize(
    ("amount", "reason", "message"),
    [
        ("-50.01", "why", "is free"),
        ("-9999999999999999999999", "why", "is free"),
        ("0", "why", "changes nothing"),
        ("99999999999999999999", "why", "No balance may grow that large"),
        ("a lot", "why", "Write an amount in EUR"),
        ("5", "", "required"),
        ("", "why", "required"),
    ],
)
def test_a_balance_never_goes_where_it_cannot(
    admin: Client, shop: Shop, amount: str, reason: str, message: str
) -> None:
    card = gift_card("50.00")
    answer = admin.post(_page(card), {"action": "adjust", "amount": amount, "reason": reason})
    assert answer.status_code == 200
    assert message in str(answer.context["adjust"].errors)
    card.refresh_from_db()
    assert card.balance_minor == 5000


def test_what_is_held_cannot_be_taken(admin: Client, shop: Shop) -> None:
    card = gift_card("50.00")
    hold(amounts={card.pk: Money(4000, "EUR")}, holder=uuid.uuid4(), at=now())
    answer = admin.post(_page(card), {"action": "adjust", "amount": "-20", "reason": "why"})
    assert "10.00 EUR are free" in str(answer.context["adjust"].errors)


def test_a_card_is_blocked_and_let_go_again(admin: Client, shop: Shop) -> None:
    card = gift_card()
    without_reason = admin.post(_page(card), {"action": "block"})
    assert "required" in str(without_reason.context["blocking"].errors)
    for action, active in (("block", False), ("unblock", True)):
        admin.post(_page(card), {"action": action, "block-reason": "Stolen"})
        card.refresh_from_db()
        assert card.is_active is active


def test_the_code_is_shown_on_request_and_that_is_written_down(admin: Client, shop: Shop) -> None:
    card = gift_card()
    assert card.code in admin.post(_page(card), {"action": "show"}).content.decode()
    entry = ModelLogEntry.objects.get(action="credit.code_shown")
    assert (entry.object_id, entry.user.first_name) == (str(card.pk), "Admin")


def test_cards_are_found_by_code_last_four_and_customer(admin: Client, shop: Shop) -> None:
    card, other = gift_card(), gift_card()
    mine = store_credit(UserFactory.create(email="who@example.com"))

    def found(query: str) -> set[CreditAccount]:
        return set(admin.get("/admin/credit/", {"q": query}).context["object_list"])

    assert found(card.code) == {card}
    assert found(card.code.lower().replace("-", " ")) == {card}
    assert card in found(card.last_four.lower())
    assert found("who@") == {mine}
    assert found("no such thing") == set()
    page = admin.get("/admin/credit/").content.decode()
    assert card.code not in page
    assert other.code not in page
    assert admin.get("/admin/credit/", {"q": "\0"}).status_code == 200


def test_the_list_says_how_each_stands(admin: Client, shop: Shop) -> None:
    gift_card(blocked=True)
    gift_card(expires_at=now() - timedelta(days=1))
    gift_card()
    page = admin.get("/admin/credit/").content.decode()
    assert all(word in page for word in ("Blocked", "Expired", "Usable", "€50.00"))


def test_nonsense_is_no_error_of_the_server(admin: Client, shop: Shop) -> None:
    card = gift_card()
    assert admin.post(_page(card), {"action": "explode"}).status_code == 200
    assert admin.get(f"/admin/credit/{uuid.uuid4()}/").status_code == 404
    assert admin.post(NEW, {}).status_code == 200


@pytest.mark.parametrize(
    ("codenames", "may"),
    [
        ((), set()),
        (("view_creditaccount",), {"list", "look"}),
        (("add_creditaccount",), {"list", "look", "issue"}),
        (("change_creditaccount",), {"list", "look", "adjust", "block", "show"}),
    ],
)
def test_everybody_does_what_they_may(shop: Shop, codenames: tuple[str, ...], may: set[str]) -> None:
    card, browser = gift_card(), browser_with(*codenames)
    answers = {
        "list": browser.get("/admin/credit/"),
        "look": browser.get(_page(card)),
        "issue": browser.post(NEW, _wanted()),
        "adjust": browser.post(_page(card), {"action": "adjust", "amount": "5", "reason": "why"}),
        "block": browser.post(_page(card), {"action": "block", "block-reason": "why"}),
        "show": browser.post(_page(card), {"action": "show"}),
    }
    turned_away = {
        name
        for name, answer in answers.items()
        if answer.status_code == 403 or answer.headers.get("Location") == "/admin/"
    }
    assert set(answers) - turned_away == may
    assert (CreditEntry.objects.filter(kind="adjust").exists()) is ("adjust" in may)
    assert (card.code in answers["show"].content.decode()) is ("show" in may)
