"""The form of a collection by rules: each subject with its own input, checked, and shown again as it was kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.catalogue.models import Brand, Collection, CollectionItem, CollectionRule, ProductContent
from cms.catalogue.ruling import GONE
from tests.cms.editing import errors_of
from tests.factories import Shop
from tests.factories.vocabulary import attribute, rules_collection

pytestmark = pytest.mark.django_db


def _url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_catalogue_collection:{name}", args=args)


def _sent(*rules: dict[str, Any], pins: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    rows = [{"id": "", "ORDER": place, **rule} for place, rule in enumerate(rules, start=1)]
    kept = len([row for row in rows if row["id"]])
    # A list would be taken for a formset of its own.
    several = {f"rules-{place}-choices": row.pop("choices") for place, row in enumerate(rows) if "choices" in row}
    words = {"name": "Found", "slug": "found", "introduction": "", "image": "", "seo_title": "", "seo_description": ""}
    return (
        nested_form_data(
            {
                **words,
                "method": "rules",
                "match": "all",
                "order": "title",
                "rules": inline_formset(rows, initial=kept),
                "pins": inline_formset(pins or []),
                "items": inline_formset([]),
                **fields,
            }
        )
        | several
    )


def _kept() -> list[tuple[str, Any, bool]]:
    return list(CollectionRule.objects.values_list("subject", "value", "is_not"))


def test_a_collection_by_rules_is_made_and_finds_at_once(editor: Client, shop: Shop) -> None:
    lamp = shop.sell(price=3000).product
    shop.sell(price=5000)
    answer = editor.post(_url("add"), _sent({"subject": "price_below", "amount": "30.00"}))
    assert answer.status_code == 302, errors_of(answer)
    collection = Collection.objects.get()
    assert [item.product for item in collection.items.all()] == [lamp]
    shown = editor.get(_url("edit", collection.pk)).content.decode()
    assert "1 product</a>" in shown
    assert ProductContent.objects.get(product=lamp).title in shown
    rule = {"id": CollectionRule.objects.get().pk, "subject": "price_above", "amount": "40"}
    answer = editor.post(_url("edit", collection.pk), _sent(rule))
    assert answer.status_code == 302, errors_of(answer)
    assert [item.product == lamp for item in collection.items.all()] == [False]


def test_every_subject_keeps_its_own_value_and_shows_it_again(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    brand = Brand.objects.create(name="Kilnside", slug="kilnside")
    shop.sell().product.tags.add("autumn")
    material = attribute("Material", "choices", choices=("Oak", "Glass"))
    oak = material.choices.get(name="Oak")
    height, washable, care = attribute("Height", "number"), attribute("Washable", "boolean"), attribute("Care")
    since = attribute("Since", "date")
    rules: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"subject": "category", "category": str(lamps.translation_key)}, {"key": str(lamps.translation_key)}),
        ({"subject": "brand", "brand": str(brand.pk), "days": "9"}, {"key": str(brand.pk)}),
        ({"subject": "tag", "tag": "autumn"}, {"tag": "autumn"}),
        ({"subject": "attribute", "attribute": str(care.pk)}, {"key": str(care.pk)}),
        (
            {"subject": "attribute", "attribute": str(material.pk), "choices": [str(oak.pk)]},
            {"key": str(material.pk), "choices": [str(oak.pk)]},
        ),
        (
            {"subject": "attribute", "attribute": str(height.pk), "least": "1.5", "most": ""},
            {"key": str(height.pk), "from": "1.5"},
        ),
        (
            {"subject": "attribute", "attribute": str(since.pk), "least": "", "most": "2026-12-31"},
            {"key": str(since.pk), "to": "2026-12-31"},
        ),
        (
            {"subject": "attribute", "attribute": str(washable.pk), "answer": "no"},
            {"key": str(washable.pk), "is": False},
        ),
        ({"subject": "new_for_days", "days": "30"}, {"days": 30}),
        ({"subject": "in_stock", "amount": "3"}, {}),
    ]
    answer = editor.post(_url("add"), _sent(*(sent for sent, _ in rules)))
    assert answer.status_code == 302, errors_of(answer)
    assert [value for _, value, _ in _kept()] == [value for _, value in rules]
    form = editor.get(_url("edit", Collection.objects.get().pk)).context["form"]
    for shown, (sent, _) in zip(form.formsets["rules"].forms, rules, strict=True):
        wanted = {name: value for name, value in sent.items() if name not in {"subject", "days", "amount"}}
        assert {name: shown.initial[name] for name in wanted} == wanted
    assert not CollectionItem.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"subject": "price_below"}, "amount"),
        ({"subject": "price_below", "amount": "-1"}, "amount"),
        ({"subject": "price_below", "amount": "cheap"}, "amount"),
        ({"subject": "new_for_days", "days": "0"}, "days"),
        ({"subject": "brand"}, "brand"),
        ({"subject": "brand", "brand": "6f0c8f7e-0d0f-4a4e-9c53-0c0c5f1f6f10"}, "brand"),
        ({"subject": "attribute"}, "attribute"),
        ({"subject": "attribute", "attribute": "Height", "least": "NaN"}, "least"),
        ({"subject": "attribute", "attribute": "Height", "least": "3", "most": "2"}, "most"),
        ({"subject": "attribute", "attribute": "Height", "least": "2026-12-31"}, "least"),
        ({"subject": "", "amount": "3"}, "subject"),
    ],
)
def test_a_value_that_does_not_suit_its_subject_is_an_error_of_its_field(
    editor: Client, shop: Shop, sent: dict[str, Any], field: str
) -> None:
    height = attribute("Height", "number")
    named = {"attribute": str(height.pk)} if sent.get("attribute") else {}
    answer = editor.post(_url("add"), _sent(sent | named))
    assert answer.status_code == 200
    assert list(errors_of(answer)["rules"][0]) == [field]
    assert not Collection.objects.exists()


def test_what_a_rule_names_and_is_gone_is_shown_as_gone_and_may_stay(editor: Client, shop: Shop) -> None:
    gone = "6f0c8f7e-0d0f-4a4e-9c53-0c0c5f1f6f10"
    collection = rules_collection(("brand", {"key": gone}))
    assert GONE in editor.get(_url("edit", collection.pk)).content.decode()
    rule = {"id": CollectionRule.objects.get().pk, "subject": "brand", "brand": gone}
    assert editor.post(_url("edit", collection.pk), _sent(rule, name="Renamed")).status_code == 302
    assert _kept() == [("brand", {"key": gone}, False)]


def test_the_form_costs_the_same_for_few_rules_and_for_many(editor: Client, shop: Shop) -> None:
    collection = rules_collection(("featured", {}))
    counts = []
    for _ in range(2):
        editor.get(_url("edit", collection.pk))
        with CaptureQueriesContext(connection) as captured:
            editor.get(_url("edit", collection.pk))
        counts.append(len(captured))
        for number in range(8):
            CollectionRule.objects.create(collection=collection, subject="price_below", value={"amount": str(number)})
    assert counts[0] == counts[1]
