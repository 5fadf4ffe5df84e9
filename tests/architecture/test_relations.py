"""String foreign keys are invisible to the import contracts, so the relations of the models walk the same floors."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]


def _floors(contract_id: str) -> dict[str, int]:
    """Each room's height, from the import contract itself: one order for both."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(each for each in config["tool"]["importlinter"]["contracts"] if each["id"] == contract_id)
    house = contract["containers"][0]
    return {
        f"{house}.{room.strip()}": height
        for height, layer in enumerate(reversed(contract["layers"]))
        for room in layer.split("|")
    }


CMS, COMMERCE = _floors("cms-floors"), _floors("commerce-floors")


def _relations() -> list[tuple[type[Model], str, type[Model]]]:
    return [
        (model, field.name, field.related_model)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and getattr(field, "concrete", False) and isinstance(field.related_model, type)
    ]


def _room(model: type[Model]) -> str:
    return ".".join(model.__module__.split(".")[:2])


OURS = [relation for relation in _relations() if _room(relation[0]) in CMS | COMMERCE]


@pytest.mark.parametrize(("model", "name", "target"), OURS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_relation_looks_down_the_house(model: type[Model], name: str, target: type[Model]) -> None:
    here, there = _room(model), _room(target)
    if there not in CMS | COMMERCE or here == there:
        return
    if there == "commerce.accounts" and here in CMS:
        # Through the setting AUTH_USER_MODEL: cms does not know which model that is.
        return
    assert _may_see(here, there), f"{model.__name__}.{name} in {here} refers to {target.__name__} in {there}"


def _may_see(here: str, there: str) -> bool:
    if here in COMMERCE:
        return there in CMS or COMMERCE[there] < COMMERCE[here]
    return there in CMS and CMS[there] < CMS[here]


def test_the_walk_sees_relations_in_both_houses() -> None:
    rooms = {_room(relation[0]) for relation in OURS}
    assert {"cms.catalogue", "commerce.pricing", "commerce.checkout", "commerce.orders"} <= rooms


def test_no_revision_contains_anything_that_sells(django_user_model: Any) -> None:
    """Idea 1, the draft wall: what is revisioned has no child rows and no fields of variants, prices or stock."""
    from cms.catalogue.models import CategoryPage, ProductContent
    from cms.pages.models import ArticlePage, HomePage, LandingPage, Menu

    selling = {"Product", "Variant", "Placement"} | {
        model.__name__ for model in apps.get_models() if model.__module__.startswith("commerce.")
    }
    for revisioned in (ProductContent, CategoryPage, HomePage, LandingPage, ArticlePage, Menu):
        children = {relation.related_model.__name__ for relation in _child_relations(revisioned)}
        assert not children & selling


def _child_relations(model: Any) -> list[Any]:
    from modelcluster.models import get_all_child_relations

    return list(get_all_child_relations(model))
