"""The words of printed invoices, a file for each language in templates/invoices/words/."""

from __future__ import annotations

from django.conf import settings

from commerce.kit.lexicon import Lexicon

FOLDER = settings.BASE_DIR / "templates" / "invoices"

_lexicon = Lexicon(FOLDER / "words")
languages, spoken, words = _lexicon.languages, _lexicon.spoken, _lexicon.words
