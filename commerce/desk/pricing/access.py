"""Who may do what with prices. Costs are a matter of their own: not everybody who sells may see the margin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest

SEE_PRICES = "pricing.view_price"
CHANGE_PRICES = "pricing.change_price"
SEE_COSTS = "pricing.view_variantcost"
CHANGE_COSTS = "pricing.change_variantcost"

_GRANTED = {
    ("pricing", "price"): ("view", "change"),
    ("pricing", "variantcost"): ("view", "change"),
    ("pricing", "pricelist"): ("view", "add", "change"),
    ("pricing", "customergroup"): ("view", "add", "change"),
    ("markets", "channel"): ("view", "add", "change"),
}


def granted_permissions() -> QuerySet[Permission]:
    """What the group editor offers. Nothing is deleted on these screens, so that is not offered."""
    wanted = Q()
    for (app, model), actions in _GRANTED.items():
        names = [f"{action}_{model}" for action in actions]
        wanted |= Q(content_type__app_label=app, codename__in=names)
    return Permission.objects.filter(wanted).select_related("content_type")


def may_see_prices(user: Any) -> bool:
    return bool(user.has_perm(SEE_PRICES) or user.has_perm(CHANGE_PRICES))


def may_change_prices(user: Any) -> bool:
    return bool(user.has_perm(CHANGE_PRICES))


def may_see_costs(user: Any) -> bool:
    return bool(user.has_perm(SEE_COSTS) or user.has_perm(CHANGE_COSTS))


def may_change_costs(user: Any) -> bool:
    return bool(user.has_perm(CHANGE_COSTS))


def actor_of(request: HttpRequest) -> str:
    return str(request.user)[:100]


class SeesPrices:
    """A view for those who may see prices; to send anything to it takes the right to change them."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        may = may_see_prices if request.method in {"GET", "HEAD", "OPTIONS"} else may_change_prices
        if not may(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)  # type: ignore[misc]
