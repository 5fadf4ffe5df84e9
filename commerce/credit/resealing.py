from __future__ import annotations

from commerce.credit import codes
from commerce.credit.models import CreditAccount


def reseal() -> tuple[int, int]:
    """Renew the codes kept under an earlier SECRET_KEY. Returns how many were renewed, and how many no key opens.

    May be stopped and started again, and run beside a shop that is open: nothing but digest and seal is written.
    """
    renewed = lost = 0
    for card in CreditAccount.objects.filter(kind=CreditAccount.Kind.GIFT_CARD).order_by("pk").iterator():
        try:
            code = codes.opened(card.code_seal, card=card.pk, digest=card.code_digest or "")
        except codes.SealedWithALostKey:
            lost += 1
            continue
        if card.code_digest != codes.digest(code):
            CreditAccount.objects.filter(pk=card.pk).update(
                code_digest=codes.digest(code), code_seal=codes.sealed(code, card=card.pk)
            )
            renewed += 1
    return renewed, lost
