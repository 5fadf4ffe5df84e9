"""The shop's languages. Every request asks for one and they hardly ever change, so they are kept in the cache."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale

_KEY = "cms.locales"
_KEPT_SECONDS = 300

logger = logging.getLogger(__name__)


def locale_named(language_code: str) -> Locale:
    """The locale of this language, else the shop's default one."""
    locales = _by_code()
    return locales.get(language_code) or default_locale()


def all_locales() -> list[Locale]:
    """The default one first."""
    first = default_locale().pk
    return sorted(_by_code().values(), key=lambda locale: (locale.pk != first, locale.language_code))


def is_one_language() -> bool:
    return len(_by_code()) < 2


def default_locale() -> Locale:
    return _by_code().get(settings.LANGUAGE_CODE) or Locale.get_default()


def forget_on_change() -> None:
    """Called once, when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_forget, sender=Locale, dispatch_uid=f"cms.catalogue.locales.{id(signal)}")


def _by_code() -> dict[str, Locale]:
    kept: dict[str, int] | None = None
    with _a_cache_that_may_be_away():
        kept = cache.get(_KEY)
    if kept is None:
        kept = dict(Locale.objects.values_list("language_code", "pk"))
        with _a_cache_that_may_be_away():
            cache.set(_KEY, kept, _KEPT_SECONDS)
    return {code: Locale(pk=pk, language_code=code) for code, pk in kept.items()}


def _forget(**sent: Any) -> None:
    with _a_cache_that_may_be_away():
        cache.delete(_KEY)


@contextmanager
def _a_cache_that_may_be_away() -> Iterator[None]:
    """Without it every request asks the database, and the shop goes on."""
    try:
        yield
    except Exception:  # each backend has errors of its own
        logger.warning("the cache does not answer", exc_info=True)
