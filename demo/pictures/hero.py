"""The wide still life at the top of the home page."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from demo.pictures import candles, lights, plants, textiles, vessels
from demo.pictures.geometry import Model
from demo.pictures.spec import Wishes
from demo.pictures.stage import compose

HERO_SIZE = (2400, 1200)


def draw_hero(*, size: tuple[int, int] = HERO_SIZE) -> Image.Image:
    """A lamp, clay, wool and a plant on sand paper; the left third stays empty for words."""
    width, height = size
    return compose(
        _still_life(), pitch=13, backdrop="sand", width=width, height=height, fill=0.60, low=0.88, middle=0.655
    )


def _still_life() -> Model:
    scene = Model()
    for part in (*_behind(), *_before()):
        scene.add(part)
    return scene


def _wishes(*colours: str, seed: int = 4, fine: float = 0.8, **options: float | str) -> Wishes:
    return Wishes(colours, dict(options), seed, fine)


def _behind() -> Sequence[Model]:
    return (
        lights.table_lamp(_wishes("#c2856a", "#f0e4cb", shape="gourd", height=27)).moved(x=-4, y=15),
        vessels.vase(_wishes("#435c4c", "#e8dcc3", shape="bottle", finish="glaze", height=34)).moved(x=-33, y=12),
        plants.planter(
            _wishes(
                "#dfd3bb",
                "#5b4636",
                pattern="speckle",
                shape="egg",
                height=20,
                width=22,
                plant="rubber",
                finish="satin",
            )
        ).moved(x=42, y=14),
    )


def _before() -> Sequence[Model]:
    return (
        vessels.vase(_wishes("#d29a3c", "#efe6d6", shape="moon", finish="satin", height=19)).moved(x=-47, y=-1),
        textiles.blanket(
            _wishes("#c9b79c", "#f0e8da", "#7a5638", pattern="bands", width=34, depth=24, thick=3.6, turn=-12)
        ).moved(x=16, y=1),
        vessels.mug(_wishes("#3b666a", "#d9c4a8", pattern="dip", shape="round", turn=-24)).moved(x=13, y=0, z=9.9),
        vessels.bowls(_wishes("#ece6da", "#c2856a", "#7d8b6a", width=19)).moved(x=-21, y=-9),
        candles.pillar(_wishes("#e7cf94", "#efe6d6", "#b5563c", count_of=3, width=3.4, height=13)).moved(x=56, y=-9),
        candles.tapers(_wishes("#ece6da", "#d8ab9c", "#93a9b3", count_of=1)).moved(x=-59, y=11),
    )
