from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.images import originals


class PictureField(WagtailImageField):
    """Judges a file by its header first: Wagtail's own checks decode it, and fail on a damaged one."""

    def to_python(self, data: Any) -> Any:
        file = FileField.to_python(self, data)
        if file is not None:
            originals.check(file)
        try:
            return super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:  # each format has its own ways to be broken
            raise ValidationError(originals.DAMAGED, code="picture_refused") from error


class ShopImageForm(BaseImageForm):
    file = PictureField(label="File", widget=BaseImageForm.Meta.widgets["file"])
