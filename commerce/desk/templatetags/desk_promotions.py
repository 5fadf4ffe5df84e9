from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[str, str], name: str) -> str:
    """What a mapping holds under a name that the template has in a variable."""
    return found.get(name, "")
