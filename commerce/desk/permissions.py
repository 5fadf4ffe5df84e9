from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from commerce.customers.models import NewsletterSubscription
from commerce.inventory.models import StockLevel, StockMovement
from commerce.invoicing.models import Invoice
from commerce.orders.models import Order
from commerce.payments.models import Payment


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Staff with the "view" permission may look; rows that only the shop itself writes are never edited here."""

    actions = frozenset({"view"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.actions and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_any_permission(user, actions)


class ForgettingPolicy(ReadOnlyPolicy):
    """They may be forgotten too, as their owners have a right to."""

    actions = frozenset({"view", "delete"})


def register_policies() -> None:
    for model in (Order, Invoice, Payment, StockLevel, StockMovement):
        register_permission_policy(model, ReadOnlyPolicy(model))
    register_permission_policy(NewsletterSubscription, ForgettingPolicy(NewsletterSubscription))
