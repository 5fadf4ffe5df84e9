"""The draft wall, whatever happens in whatever order: no action on a revision ever changes a row of what sells.

Random walks of editors, translators, importers, the clock and the shop's own business; after each step that works on
revisions, every row that no revision holds is what it was before. `MAGPIE_DRAFT_WALKS=200` walks longer.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import Locale
from wagtail_localize.models import TranslationSource

from cms.catalogue.models import CategoryPage, Placement, Product, ProductContent, RelatedProduct, Variant
from cms.pages.publishing import publish_due
from cms.preview.going_live import CannotGoLive
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockLevel, StockMovement
from commerce.kit.money import Money
from commerce.pricing.models import PriceChange
from commerce.pricing.setting import change_price
from tests.cms.editing import product_url
from tests.factories import Shop

pytestmark = pytest.mark.django_db

WALKS = int(os.environ.get("MAGPIE_DRAFT_WALKS", "2"))
STEPS = 25


def _revisioned() -> set[type[Model]]:
    """What a revision holds: the content itself and its child rows."""
    contents: list[Any] = [ProductContent, CategoryPage]
    children = {relation.related_model for each in contents for relation in get_all_child_relations(each)}
    return {*contents, *children}


def _what_sells() -> list[type[Model]]:
    """Everything of commerce, and of the catalogue what no revision holds."""
    ours = [model for model in apps.get_models() if model.__module__.startswith(("commerce.", "cms.catalogue."))]
    return [model for model in ours if model not in _revisioned()]


def _rows() -> dict[str, list[Any]]:
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in _what_sells()}


@dataclass
class Walk:
    """Three products and two slugs to quarrel over."""

    shop: Shop
    editor: Client
    chance: random.Random
    monkeypatch: pytest.MonkeyPatch
    committing: Any
    """Runs what a transaction leaves for its end, such as the publishing of translations."""
    now: datetime = field(default_factory=timezone.now)
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.categories = [self.shop.category(title) for title in ("Lamps", "Desks")]
        self.variants = [self.shop.sell(stock=10, options={"Size": "S"}) for _ in range(3)]

    def go(self, steps: int) -> None:
        for _ in range(steps):
            act = self.chance.choice([*self.on_revisions, *self.on_rows, *self.on_revisions])
            self.taken.append(act.__name__)
            before, live = _rows(), set(ProductContent.objects.filter(live=True).values_list("pk", flat=True))
            act()
            if act in self.on_revisions:
                after = _rows()
                changed = [label for label, rows in before.items() if rows != after[label]]
                assert not changed, (changed, self.taken)
            if act not in (self.unpublish, self.bulk_unpublish, self.clock):
                still = set(ProductContent.objects.filter(live=True).values_list("pk", flat=True))
                assert live <= still, ("went offline", self.taken)

    @property
    def on_revisions(self) -> list[Callable[[], None]]:
        return [
            self.draft, self.publish, self.publish_older, self.revert, self.schedule, self.unschedule, self.clock,
            self.unpublish, self.bulk_publish, self.bulk_unpublish, self.translate,
        ]  # fmt: skip

    @property
    def on_rows(self) -> list[Callable[[], None]]:
        return [self.sale, self.price, self.variant, self.product, self.place, self.new_import, self.overwrite]

    # What editors do with revisions.

    def draft(self) -> None:
        self._drafted().save_revision()

    def publish(self) -> None:
        self._publish(self._drafted().save_revision())

    def publish_older(self) -> None:
        if revision := self._one_of(self.content.revisions):
            self._publish(revision)

    def revert(self) -> None:
        if revision := self._one_of(self.content.revisions):
            self._publish(revision.as_object().save_revision(previous_revision=revision))

    def schedule(self) -> None:
        content = self._drafted()
        content.go_live_at = self.now + timedelta(hours=self.chance.randint(1, 5))
        self._publish(content.save_revision())

    def unschedule(self) -> None:
        for revision in self.content.revisions.filter(approved_go_live_at__isnull=False):
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])

    def clock(self) -> None:
        self.now += timedelta(hours=self.chance.randint(1, 4))
        with self.monkeypatch.context() as later:
            later.setattr(timezone, "now", lambda: self.now)
            publish_due(at=self.now)

    def unpublish(self) -> None:
        self.content.unpublish()

    def bulk_publish(self) -> None:
        self._bulk("publish")

    def bulk_unpublish(self) -> None:
        self._bulk("unpublish")

    def translate(self) -> None:
        """As its views do it: what is new may stay a draft, what was there is published again."""
        content = self._one_of(ProductContent.objects.filter(locale=Locale.get_default()))
        german, _ = Locale.objects.get_or_create(language_code="de")
        publish = content.has_translation(german) or self.chance.random() < 0.5
        try:
            with self.committing(execute=True):
                source, _ = TranslationSource.update_or_create_from_instance(content)
                source.create_or_update_translation(german, publish=publish, fallback=True)
        except ValidationError:
            self.taken.append("(refused)")

    # What the shop does meanwhile, and what importers write past every revision.

    def sale(self) -> None:
        level = self._one_of(StockLevel.objects)
        kind = StockMovement.Kind.SALE if level.on_hand > 1 else StockMovement.Kind.PURCHASE
        change = -1 if kind == StockMovement.Kind.SALE else 5
        where = {"variant": level.variant, "location": level.location}
        adjust(**where, change=change, kind=kind, actor="walk", reason="", at=self.now)

    def price(self) -> None:
        variant, amount = self.chance.choice(self.variants), Money(self.chance.randint(100, 9999), "EUR")
        self.now += timedelta(minutes=1)
        change_price(variant=variant, price_list=self.shop.prices, amount=amount, at=self.now, actor="walk")

    def variant(self) -> None:
        chosen = Variant.objects.filter(pk=self.chance.choice(self.variants).pk)
        chosen.update(weight_grams=self.chance.randint(1, 999), is_active=self.chance.random() < 0.8)

    def product(self) -> None:
        one, other = self.chance.sample([each.product for each in self.variants], 2)
        archived = self.now if self.chance.random() < 0.2 else None
        Product.objects.filter(pk=one.pk).update(
            tax_class=self.chance.choice(Product.TaxClass.values), archived_at=archived
        )
        RelatedProduct.objects.get_or_create(product=one, related=other)
        one.tags.add(self.chance.choice(["spring", "sale"]))

    def place(self) -> None:
        category = self.chance.choice(self.categories)
        Placement.objects.update_or_create(
            product=self.chance.choice(self.variants).product,
            category_key=category.translation_key,
            defaults={"position": self.chance.randint(0, 99)},
        )

    def new_import(self) -> None:
        """A live row that never was a revision."""
        if len(self.variants) < 6:
            self.variants.append(self.shop.sell())

    def overwrite(self) -> None:
        ProductContent.objects.filter(pk=self.content.pk).update(summary=f"Imported {self.chance.random()}"[:100])

    @property
    def content(self) -> ProductContent:
        return self._one_of(ProductContent.objects)

    def _one_of(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.chance.choice(found) if found else None

    def _drafted(self) -> ProductContent:
        draft: ProductContent = self.content.get_latest_revision_as_object()
        draft.title = f"Title {self.chance.randint(1, 99)}"
        draft.go_live_at = None
        if self.chance.random() < 0.3:
            draft.slug = self.chance.choice(["lamp", "desk", f"slug-{self.chance.randint(1, 999)}"])
        return draft

    def _publish(self, revision: Any) -> None:
        try:
            revision.publish()
        except CannotGoLive:
            self.taken.append("(refused)")

    def _bulk(self, action: str) -> None:
        url = reverse("wagtail_bulk_action", args=["catalogue", "productcontent", action])
        chosen = "&".join(f"id={content.pk}" for content in (self.content, self.content))
        assert self.editor.post(f"{url}?{chosen}&next={product_url('list')}").status_code == 302


@pytest.mark.parametrize("seed", range(WALKS))
def test_no_action_on_a_revision_changes_what_sells(
    shop: Shop,
    editor: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    seed: int,
) -> None:
    Walk(shop, editor, random.Random(seed), monkeypatch, django_capture_on_commit_callbacks).go(STEPS)


def test_what_sells_is_all_looked_at(db: None) -> None:
    looked_at = set(_what_sells())
    assert {Product, Variant, Placement, RelatedProduct, PriceChange, StockLevel, StockMovement} <= looked_at
    assert ProductContent not in looked_at


def test_a_publish_that_brought_old_stock_back_would_be_seen(
    shop: Shop, editor: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    publish = ProductContent.publish

    def mutant(self: ProductContent, *arguments: Any, **options: Any) -> None:
        publish(self, *arguments, **options)
        StockLevel.objects.filter(variant__product=self.product).update(on_hand=10)

    monkeypatch.setattr(ProductContent, "publish", mutant)
    with pytest.raises(AssertionError, match=r"inventory\.StockLevel"):
        Walk(shop, editor, random.Random(1), monkeypatch, django_capture_on_commit_callbacks).go(300)


def test_content_of_importers_that_went_offline_would_be_seen(
    shop: Shop, editor: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("cms.preview.going_live._keep_what_is_live", lambda stored, until: None)
    with pytest.raises(AssertionError, match="went offline"):
        Walk(shop, editor, random.Random(1), monkeypatch, django_capture_on_commit_callbacks).go(300)
