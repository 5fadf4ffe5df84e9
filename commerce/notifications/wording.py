"""The words of mails, a file for each language in templates/emails/words/."""

from __future__ import annotations

from django.conf import settings

from commerce.kit.lexicon import Lexicon

_lexicon = Lexicon(settings.BASE_DIR / "templates" / "emails" / "words")
languages, spoken, words = _lexicon.languages, _lexicon.spoken, _lexicon.words
