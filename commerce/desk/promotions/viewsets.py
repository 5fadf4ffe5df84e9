from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from commerce.desk.promotions.coupons import (
    COUPON_COLUMNS,
    BatchFileView,
    CouponIndexView,
    GenerateView,
    NewCouponView,
    ReportView,
    WithdrawView,
)
from commerce.desk.promotions.views import (
    COLUMNS,
    CopyView,
    EndView,
    ExampleView,
    GoodsView,
    PromotionIndexView,
    PromotionView,
)
from commerce.promotions.models import Coupon, Promotion


class PromotionViewSet(ModelViewSet):
    model = Promotion
    name = "promotions"
    icon = "pick"
    menu_label = "Promotions"
    pk_path_converter = "uuid"
    index_view_class = PromotionIndexView
    inspect_view_enabled = True  # so that groups may be granted to look without changing
    exclude_form_fields: list[str] = []
    index_template_name = "desk/promotions/index.html"
    list_display = COLUMNS
    search_fields = ["name", "code"]
    search_backend_name = None
    ordering = "-begins_at"
    list_per_page = 50

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", PromotionView.as_view(), name="add"),
            path("<uuid:pk>/", PromotionView.as_view(), name="edit"),
            path("<uuid:pk>/end/", EndView.as_view(), name="end"),
            path("<uuid:pk>/copy/", CopyView.as_view(), name="copy"),
            path("<uuid:pk>/example/", ExampleView.as_view(), name="example_of"),
            path("example/", ExampleView.as_view(), name="example"),
            path("goods/", GoodsView.as_view(), name="goods"),
        ]


class CouponViewSet(ModelViewSet):
    model = Coupon
    name = "coupons"
    icon = "tag"
    menu_label = "Coupons"
    index_view_class = CouponIndexView
    inspect_view_enabled = True
    exclude_form_fields: list[str] = []
    index_template_name = "desk/promotions/index.html"
    list_display = COUPON_COLUMNS
    list_filter = ["promotion", "batch", "is_active"]
    search_fields = ["code"]
    search_backend_name = None
    ordering = "code"
    list_per_page = 50

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", NewCouponView.as_view(), name="add"),
            path("generate/", GenerateView.as_view(), name="generate"),
            path("report/", ReportView.as_view(), name="report"),
            path("report/<uuid:promotion_id>/", ReportView.as_view(), name="report_of"),
            path("batches/<int:pk>.csv", BatchFileView.as_view(), name="batch_file"),
            path("batches/<int:batch_id>/withdraw/", WithdrawView.as_view(), name="withdraw_batch"),
            path("<int:coupon_id>/withdraw/", WithdrawView.as_view(), name="withdraw"),
        ]


class PromotionGroup(ModelViewSetGroup):
    menu_label = "Promotions"
    menu_icon = "pick"
    menu_order = 172
    items = (PromotionViewSet("promotions"), CouponViewSet("coupons"))
