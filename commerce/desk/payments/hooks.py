from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from wagtail import hooks

from commerce.desk.payments.views import PaymentGroup


@hooks.register("register_admin_viewset")
def payment_viewsets() -> Any:
    return PaymentGroup()


@hooks.register("register_permissions")
def payment_permissions() -> Any:
    """Lets the group editor grant what looking at payments, and acting on those that need somebody, asks for."""
    return Permission.objects.filter(
        content_type__app_label="payments", codename__in=["view_payment", "change_payment"]
    )
