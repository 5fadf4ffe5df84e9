from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

from commerce.notifications.letters import Letter
from commerce.notifications.wording import words


def render(letter: Letter) -> tuple[str, str]:
    """The letter as plain text and as HTML."""
    label = words(letter.language)["label"]
    context = {"letter": letter, "shop": settings.SHOP_NAME, "automatic": label["automatic"]}
    return render_to_string("emails/mail.txt", context), render_to_string("emails/mail.html", context)
