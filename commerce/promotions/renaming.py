"""Promotions name options and their values in words, so they follow when these are renamed."""

from __future__ import annotations

from typing import Any

from cms.catalogue.naming import Renaming, option_renamed
from commerce.promotions.models import PromotionTarget


def follow_names() -> None:
    """Called once, when the app is ready."""
    option_renamed.connect(_follow, dispatch_uid="commerce.promotions.renaming")


def _follow(*, renaming: Renaming, **sent: Any) -> None:
    targets = PromotionTarget.objects.filter(kind=PromotionTarget.Kind.ATTRIBUTE, option_name=renaming.before)
    for target in targets.select_for_update().order_by("pk"):
        [(target.option_name, target.option_value)] = renaming.of({target.option_name: target.option_value}).items()
        target.save(update_fields=["option_name", "option_value"])
