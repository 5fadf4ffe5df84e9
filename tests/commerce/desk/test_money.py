import pytest
from django.utils.translation import override

from commerce.desk.templatetags.money import money
from commerce.kit.money import Money


@pytest.mark.parametrize(
    ("amount", "language", "written"),
    [
        (Money(1999, "EUR"), "en", "€19.99"),
        (Money(123456, "EUR"), "de", "1.234,56\xa0€"),
        (Money(13741, "JPY"), "en", "¥13,741"),
        (Money(1250, "KWD"), "en", "KWD\xa01.250"),
        (Money(-500, "ISK"), "en", "-ISK\xa0500"),
        (Money(2505, "CHF"), "en", "CHF\xa025.05"),
        (Money(150, "RSD"), "en", "RSD\xa01.50"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(amount: Money, language: str, written: str) -> None:
    with override(language):
        assert money(amount) == written
