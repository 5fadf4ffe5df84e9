from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied


def may_look(user: Any) -> bool:
    return bool(user.has_perm("inventory.view_stocklevel") or may_change(user))


def may_change(user: Any) -> bool:
    """To adjust, receive, transfer, count, and say how a variant is stocked."""
    return bool(user.has_perm("inventory.change_stocklevel"))


def refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def granted_permissions() -> Any:
    """What the group editor offers."""
    codenames = ["view_stocklevel", "change_stocklevel", "view_stockmovement"]
    return Permission.objects.filter(content_type__app_label="inventory", codename__in=codenames)
