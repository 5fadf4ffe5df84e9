"""Who may do what at the order desk. Looking is "view order", working "change order", and whatever gives money back or
takes it, "add order refund"."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

LOOK, WORK, MONEY = "orders.view_order", "orders.change_order", "orders.add_orderrefund"


def may(user: Any, permission: str) -> bool:
    return bool(user.has_perm(permission))


def register_permissions() -> QuerySet[Permission]:
    """What the group editor offers to grant."""
    names = [name.removeprefix("orders.") for name in (LOOK, WORK, MONEY)]
    return Permission.objects.filter(content_type__app_label="orders", codename__in=names)
