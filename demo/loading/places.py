"""Where the links of `demo.editorial` lead in each language."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from cms.catalogue.models import Collection
from demo.editorial import Link, Target
from demo.wording import Language

Places = dict[Language, dict[Target, Any]]
"""Pages and collections by target. A target that is not among them is an address itself."""


def button(link: Link, places: Places, language: Language) -> dict[str, Any]:
    label = link.label[language]
    match places[language].get(link.target):
        case Page() as page:
            return {"label": label, "page": page, "href": ""}
        case Collection() as collection:
            return {"label": label, "page": None, "href": collection.storefront_path}
    return {"label": label, "page": None, "href": link.target}
