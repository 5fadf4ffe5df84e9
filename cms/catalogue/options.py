from __future__ import annotations

from typing import Any

from django.db import models


class OptionsField(models.JSONField):
    """Names and values in their order, as a dict: {"Colour": "Moss", "Size": "M"}.

    Stored as a list of pairs, for PostgreSQL keeps the members of an object in an order of its own.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return list(value.items()) if isinstance(value, dict) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> dict[str, str] | None:
        """None where a query joins a variant that is not there."""
        found = super().from_db_value(value, expression, connection)
        return None if found is None else dict(found)
