from __future__ import annotations

import pytest
from demo.options import open_vocabulary

from cms.catalogue.models import OptionValue
from demo import catalogue

pytestmark = pytest.mark.django_db


def test_the_vocabulary_knows_every_option_of_the_catalogue_in_both_languages() -> None:
    open_vocabulary()
    known = {(each.option.name, each.name): each for each in OptionValue.objects.select_related("option")}
    used = {pair for product in catalogue.PRODUCTS for variant in product.variants for pair in variant.options}
    assert known.keys() == used
    assert all(each.words["de"]["name"] for each in known.values())
    assert all(bool(each.swatch) == (name == "Colour") for (name, _), each in known.items())
