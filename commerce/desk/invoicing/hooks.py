from __future__ import annotations

from typing import Any

from wagtail import hooks

from commerce.desk.invoicing.views import InvoicingGroup


@hooks.register("register_admin_viewset")
def invoicing_viewsets() -> Any:
    return InvoicingGroup()
