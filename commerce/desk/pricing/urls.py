from __future__ import annotations

from django.urls import path

from commerce.desk.pricing.history import EndPriceView, HistoryView
from commerce.desk.pricing.views import ConfirmView, GridView, PasteView

urlpatterns = [
    path("prices/", GridView.as_view(), name="desk_prices"),
    path("prices/paste/", PasteView.as_view(), name="desk_prices_paste"),
    path("prices/confirm/", ConfirmView.as_view(), name="desk_prices_confirm"),
    path("prices/end/<int:price>/", EndPriceView.as_view(), name="desk_price_end"),
    path("prices/<slug:price_list>/<uuid:variant>/", HistoryView.as_view(), name="desk_price_history"),
]
