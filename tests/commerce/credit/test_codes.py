from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commerce.credit import codes
from commerce.credit.models import CreditAccount
from commerce.credit.redeeming import usable
from commerce.kit.models import OutboxEvent
from tests.factories.credit import gift_card

NEW_KEY = "another-key-" * 6


def test_a_code_has_more_than_80_bits_even_without_its_last_four_symbols() -> None:
    assert len(set(codes.SYMBOLS)) == 32
    assert codes.BITS - 4 * 5 >= 80
    assert len(codes.new_code()) == codes.LENGTH


def test_codes_use_every_symbol_at_every_place_and_never_come_twice() -> None:
    many = [codes.new_code() for _ in range(1000)]
    assert len(set(many)) == 1000
    assert all({code[place] for code in many} == set(codes.SYMBOLS) for place in range(codes.LENGTH))


@pytest.mark.parametrize(
    "typed",
    ["7Q2M-9XKD-01TB-HWZ6-C3RP", "7q2m9xkd01tbhwz6c3rp", " 7Q2M 9XKD OITB HWZ6 C3RP ", "7q2m-9xkd-oltb-hwz6-c3rp"],
)
def test_what_people_type_is_read(typed: str) -> None:
    assert codes.read(typed) == "7Q2M9XKD01TBHWZ6C3RP"


def test_a_code_is_written_in_groups_of_four() -> None:
    assert codes.grouped("7Q2M9XKD01TBHWZ6C3RP") == "7Q2M-9XKD-01TB-HWZ6-C3RP"


@pytest.mark.parametrize("code", ["0" * 20, "Z" * 20, "00000000000000000001", "10000000000000000000"])
def test_a_seal_opens_to_the_code_in_it(code: str, settings: Any) -> None:
    card = uuid.uuid4()
    seal = codes.sealed(code, card=card)
    assert len(seal) <= 25
    assert codes.opened(seal, card=card, digest=codes.digest(code)) == code


def test_the_seal_of_another_card_does_not_open() -> None:
    code = codes.new_code()
    seal = codes.sealed(code, card=uuid.uuid4())
    with pytest.raises(codes.SealedWithALostKey):
        codes.opened(seal, card=uuid.uuid4(), digest=codes.digest(code))


@pytest.mark.django_db
class TestInTheDatabase:
    def test_neither_the_row_nor_the_event_holds_the_code(self) -> None:
        card = gift_card()
        code = card.code.replace("-", "")
        rows = str(list(CreditAccount.objects.values()) + list(OutboxEvent.objects.values()))
        assert card.code not in rows
        assert code not in rows
        assert code[:8] not in rows
        assert code.endswith(card.last_four)

    def test_a_card_is_found_while_its_key_is_among_the_fallbacks(self, settings: Any, at: datetime) -> None:
        card = gift_card()
        code, old_key = card.code, settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [old_key]
        assert usable(codes=[code], currency="EUR", at=at).balances
        assert CreditAccount.objects.get().code == code
        settings.SECRET_KEY_FALLBACKS = []
        assert not usable(codes=[code], currency="EUR", at=at).balances

    def test_a_card_that_was_resealed_does_without_the_old_key(self, settings: Any, at: datetime) -> None:
        codes_before = [gift_card().code for _ in range(3)]
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [settings.SECRET_KEY]
        call_command("reseal_gift_cards")
        settings.SECRET_KEY_FALLBACKS = []
        assert len(usable(codes=codes_before, currency="EUR", at=at).balances) == 3
        assert {card.code for card in CreditAccount.objects.all()} == set(codes_before)

    def test_resealing_says_which_cards_no_key_opens(self, settings: Any) -> None:
        gift_card()
        settings.SECRET_KEY = NEW_KEY
        with pytest.raises(CommandError, match="1 gift cards"):
            call_command("reseal_gift_cards")
