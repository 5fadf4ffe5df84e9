"""Where content was, and where it is now: rows of Wagtail's redirects, which staff see and add to under Settings.

Wagtail itself would note the CMS's own addresses; what shoppers and search engines know are the storefront's. An address
holds in one language: that of the shop's default language is kept as it is, another with its language, "/p/moos?locale=de".
"""  # noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

_LANGUAGE = "?locale="
_MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class Destination:
    path: str
    """Of the storefront; what staff entered may also be the whole address of another site."""
    is_permanent: bool


def storefront_url(path: str, *, language: str) -> str:
    """The whole address of a path in the storefront, which puts every language but its own first before the path."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.STOREFRONT_URL}{prefix}{path}"


def note_move(content: Any, *, old: str) -> None:
    """Lead from the old address to the content, which is shown at another one now.

    Whoever came from an address before that one is led straight to the new one. Called in the transaction that publishes.
    """  # noqa: E501
    new, language = content.storefront_path, content.locale.language_code
    note_use(new, language=language)
    if isinstance(content, Page):
        where: dict[str, Any] = {"redirect_page": content, "redirect_link": ""}
    else:
        where = {"redirect_page": None, "redirect_link": new}
        _of_language(language).filter(redirect_link=old).update(redirect_link=new)
    Redirect.objects.update_or_create(
        old_path=_key(old, language),
        site=None,
        defaults={**where, "is_permanent": True, "automatically_created": True},
    )


def note_use(path: str, *, language: str) -> None:
    """Something is shown at this address, so nobody is led away from it any more."""
    Redirect.objects.filter(old_path=_key(path, language)).delete()


def destination(*, path: str, language: str) -> Destination | None:
    """Where a shopper in this language who finds nothing at the path should go; None if nowhere.

    What staff entered may lead on from one address to the next: that is followed, and a circle leads nowhere.
    """
    seen: set[str] = set()
    permanent = True
    while path not in seen and len(seen) < _MOST_HOPS:
        seen.add(path)
        redirect = _found(path, language)
        target = _target(redirect) if redirect else None
        if redirect is None or target is None:
            break
        path, permanent = target, permanent and redirect.is_permanent
        if not path.startswith("/"):
            break
    else:
        return None
    return Destination(path, permanent) if len(seen) > 1 or path not in seen else None


def _found(path: str, language: str) -> Redirect | None:
    """The one of the language before that of the shop's own, and the address with its query before that without."""
    whole, bare = Redirect.normalise_path(path), Redirect.normalise_path(urlsplit(path).path)
    wanted = list(dict.fromkeys([_key(bare, language), whole, bare]))
    rows = {row.old_path: row for row in Redirect.objects.filter(old_path__in=wanted).select_related("redirect_page")}
    return next((rows[each] for each in wanted if each in rows), None)


def _target(redirect: Redirect) -> str | None:
    if redirect.redirect_page_id is None:
        link: str = redirect.redirect_link
        return link.removeprefix(settings.STOREFRONT_URL) or None
    page = redirect.redirect_page.specific
    return getattr(page, "storefront_path", None) if page.live else None


def _key(path: str, language: str) -> str:
    suffix = "" if language == settings.LANGUAGE_CODE else f"{_LANGUAGE}{language}"
    return f"{Redirect.normalise_path(path)}{suffix}"


def _of_language(language: str) -> QuerySet[Redirect]:
    if language == settings.LANGUAGE_CODE:
        return Redirect.objects.exclude(old_path__contains=_LANGUAGE)
    return Redirect.objects.filter(old_path__endswith=f"{_LANGUAGE}{language}")
