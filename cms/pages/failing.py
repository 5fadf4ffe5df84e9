"""The report of what was to go live and could not."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from cms.pages.models import FailedGoLive


class FailedGoLiveReport(ReportView):
    page_title = "Could not be published"
    header_icon = "warning"
    index_url_name = "failed_go_live_report"
    index_results_url_name = "failed_go_live_report_results"
    default_ordering = "since"
    any_permission_required: list[str] = []

    @property
    def columns(self) -> list[Column]:
        finder = AdminURLFinder(self.request.user)
        return [
            TitleColumn(
                "title",
                label="What",
                accessor="revision.object_str",
                get_url=lambda failed: finder.get_edit_url(failed.revision.content_object),
            ),
            DateColumn("due", label="Was due", accessor="revision.approved_go_live_at"),
            DateColumn("since", label="Tried since", sort_key="since"),
            Column("reason", label="What stands in the way"),
        ]

    def get_queryset(self) -> Any:
        scheduled = FailedGoLive.objects.filter(revision__approved_go_live_at__isnull=False)
        return scheduled.select_related("revision").order_by("since")


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    return [
        path("reports/could-not-be-published/", FailedGoLiveReport.as_view(), name="failed_go_live_report"),
        path(
            "reports/could-not-be-published/results/",
            FailedGoLiveReport.as_view(results_only=True),
            name="failed_go_live_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    return MenuItem("Could not be published", reverse("failed_go_live_report"), icon_name="warning", order=800)
