"""Wagtail's image chooser, which also shows where the picture's focal point is: what the shop crops to."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.staticfiles import versioned_static
from wagtail.images.widgets import AdminImageChooser


class FocalPointImageChooser(AdminImageChooser):
    template_name = "images/focal_point_chooser.html"

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        data: dict[str, Any] = super().get_value_data_from_instance(instance)
        point = instance.get_focal_point()
        if point is not None:
            data["focal_point"] = {
                "left": round(100 * point.centroid_x / instance.width),
                "top": round(100 * point.centroid_y / instance.height),
            }
        return data

    def get_context(self, name: str, value_data: dict[str, Any], attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value_data, attrs) | {"focal_point": value_data.get("focal_point")}

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(
            css={"all": [versioned_static("images/focal_point.css")]}, js=[versioned_static("images/focal_point.js")]
        )
