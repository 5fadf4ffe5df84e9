"""Stories about cards, told in words that a shop owner can check by hand.

Cards have letters, purchases have numbers. "1 holds A 30.00 B 5.00": purchase 1 was shown that card A pays 30.00 of
it and card B 5.00. "1 pays", "1 lets go", "1 gets back 5.00 for return-1". "A is blocked",
"A is unblocked", "A changes by -5.00". "30 days pass", "the clock runs".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commerce.credit.adjusting import adjust, block, unblock
from commerce.credit.expiring import expire_due
from commerce.credit.models import CreditAccount
from commerce.credit.redeeming import hold, redeem, refund, release
from commerce.kit.money import Money
from tests.factories.credit import gift_card


def purchase(number: str) -> uuid.UUID:
    return uuid.UUID(int=int(number))


@dataclass
class Story:
    at: datetime
    currency: str
    cards: dict[str, CreditAccount] = field(default_factory=dict)

    def open(self, cards: dict[str, str]) -> None:
        """ "50.00", or "50.00 for 30 days"."""
        for letter, written in cards.items():
            amount, *lasting = written.split()
            expires_at = self.at + timedelta(days=int(lasting[1])) if lasting else None
            self.cards[letter] = gift_card(amount, self.currency, expires_at=expires_at)

    def tell(self, step: str) -> None:
        match step.split():
            case [number, "holds", *parts]:
                amounts = zip(parts[::2], parts[1::2], strict=True)
                by_card = {self.cards[letter].pk: self._money(amount) for letter, amount in amounts}
                hold(amounts=by_card, holder=purchase(number), at=self.at)
            case [number, "pays"]:
                redeem(holder=purchase(number), reference=f"M-{number}", actor="test", at=self.at)
            case [number, "lets", "go"]:
                release(holder=purchase(number), at=self.at)
            case [number, "gets", "back", amount, "for", reference]:
                refund(
                    holder=purchase(number), amount=self._money(amount), reference=reference, actor="test", at=self.at
                )
            case [letter, "is", "blocked"]:
                block(account_id=self.cards[letter].pk, actor="test", reason="Stolen", at=self.at)
            case [letter, "is", "unblocked"]:
                unblock(account_id=self.cards[letter].pk, actor="test", reason="Found", at=self.at)
            case [letter, "changes", "by", change]:
                card = self.cards[letter].pk
                adjust(account_id=card, change=self._money(change), actor="test", reason="A slip", at=self.at)
            case [days, "days", "pass"]:
                self.at += timedelta(days=int(days))
            case ["the", "clock", "runs"]:
                expire_due(at=self.at)
            case _:
                raise AssertionError(f"nobody knows what this means: {step}")

    def books(self) -> dict[str, str]:
        """What is on each card: "20.00", or "50.00, 30.00 held"."""
        return {letter: self._line(CreditAccount.objects.get(pk=card.pk)) for letter, card in self.cards.items()}

    def _line(self, card: CreditAccount) -> str:
        held = Money(card.held_minor, card.currency)
        return f"{card.balance.amount}, {held.amount} held" if held else card.balance.amount

    def _money(self, amount: str) -> Money:
        return Money.from_decimal(amount, self.currency)
