"""The menu of what describes and groups products across categories."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.catalogue.branding import BrandViewSet, VendorViewSet
from cms.catalogue.collecting import CollectionViewSet
from cms.catalogue.describing import AttributeViewSet
from cms.catalogue.files import DigitalFileViewSet
from cms.catalogue.option_admin import OptionViewSet


class AssortmentGroup(SnippetViewSetGroup):
    items = (BrandViewSet, VendorViewSet, CollectionViewSet, OptionViewSet, AttributeViewSet, DigitalFileViewSet)
    menu_label = "Assortment"
    menu_name = "assortment"
    menu_icon = "grid"
    menu_order = 155
