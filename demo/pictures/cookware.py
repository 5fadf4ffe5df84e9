"""Pots, pans and kettles."""

from __future__ import annotations

import math

from demo.pictures.geometry import Mesh, Model, Vec, bent, curve, lathe, tube
from demo.pictures.materials import (
    BRASS,
    ENAMEL,
    IRON,
    STEEL,
    WOOD,
    Colour,
    Material,
    Paint,
    colour,
    grained,
    plain,
    times,
    uneven,
)
from demo.pictures.spec import Wishes
from demo.pictures.vessels import vessel

SKINS: dict[str, Material] = {"enamel": ENAMEL, "steel": STEEL, "copper": BRASS, "iron": IRON}


def _skin(wishes: Wishes) -> tuple[Material, Paint]:
    material = SKINS[wishes.choice("skin", "enamel")]
    return material, uneven(wishes.colour(0), 0.03 if material is not IRON else 0.16, 60 if material is IRON else 24)


def pot(wishes: Wishes) -> Model:
    """A lidded pot with two ears; oval when stretched."""
    wide, high = wishes.number("width", 12.5), wishes.number("height", 12)
    material, paint = _skin(wishes)
    outside = curve(
        [
            (wide * 0.86, 0),
            (wide * 0.93, 0.15),
            (wide * 0.985, high * 0.12),
            (wide, high * 0.4),
            (wide, high * 0.96),
            (wide * 1.02, high),
        ],
        wishes.steps(60),
    )
    model = vessel(outside, 0.5, high * 0.5, wishes.steps(120), material, paint, plain(wishes.colour(1, "#efe8da")))
    model.add(_lid(wide, high, material, paint, wishes))
    metal = colour(wishes.colours[2]) if len(wishes.colours) > 2 else wishes.colour(0)
    for side in (-1, 1):
        model.meshes.append(_ear(side, wide, high, material, metal, wishes))
    stretch = wishes.number("stretch", 1.0)
    if stretch != 1.0:
        model = model.mapped(lambda p: (p[0] * stretch, p[1], p[2]))
    return model.turned(wishes.number("turn", 16))


def _lid(wide: float, high: float, material: Material, paint: Paint, wishes: Wishes) -> Model:
    rise = wishes.number("dome", 0.22) * wide
    profile = curve(
        [
            (wide * 0.99, high + 0.1),
            (wide * 1.04, high + 0.15),
            (wide * 1.04, high + 0.55),
            (wide * 0.98, high + 0.75),
            (wide * 0.8, high + rise * 0.55),
            (wide * 0.45, high + rise * 0.92),
            (wide * 0.1, high + rise),
            (0.02, high + rise),
        ],
        wishes.steps(64),
    )
    top = high + rise
    knob = curve(
        [
            (0.9, top - 0.1),
            (0.8, top + 0.5),
            (0.9, top + 0.9),
            (2.0, top + 1.3),
            (2.2, top + 1.8),
            (1.8, top + 2.2),
            (0.05, top + 2.35),
        ],
        wishes.steps(36),
    )
    finish, tint = _knob_finish(wishes)
    return Model(
        [Mesh(lathe(profile, wishes.steps(120)), material, paint), Mesh(lathe(knob, wishes.steps(48)), finish, tint)]
    )


def _knob_finish(wishes: Wishes) -> tuple[Material, Paint]:
    kind = wishes.choice("knob", "brass")
    if kind == "wood":
        return WOOD, grained(colour("#b98a57"), colour("#7d5530"), 3, 30)
    if kind == "steel":
        return STEEL, plain(colour("#d3d2cf"))
    if kind == "brass":
        return BRASS, plain(colour("#cda357"))
    return SKINS["enamel"], plain(wishes.colour(0))


def _ear(side: int, wide: float, high: float, material: Material, tint: Colour, wishes: Wishes) -> Mesh:
    z = high * 0.80
    reach, half = wide * 0.24, wide * 0.30
    path: list[Vec] = bent(
        [
            (side * wide * 0.93, -half, z),
            (side * (wide + reach * 0.62), -half * 0.86, z + 0.3),
            (side * (wide + reach), -half * 0.3, z + 0.45),
            (side * (wide + reach), half * 0.3, z + 0.45),
            (side * (wide + reach * 0.62), half * 0.86, z + 0.3),
            (side * wide * 0.93, half, z),
        ],
        wishes.steps(34),
    )
    return Mesh(tube(path, wide * 0.062, wishes.steps(16), flat=0.8), material, plain(tint))


def saucepan(wishes: Wishes) -> Model:
    """A pan with one long handle; shallow it is a frying pan."""
    wide, high = wishes.number("width", 9.0), wishes.number("height", 9.0)
    material, paint = _skin(wishes)
    flare = wishes.number("flare", 1.0)
    outside = curve(
        [
            (wide * 0.86 / flare, 0),
            (wide * 0.95 / flare, 0.12),
            (wide * 0.985 / flare**0.5, high * 0.16),
            (wide, high * 0.9),
            (wide * 1.02, high),
            (wide * 1.025, high),
        ],
        wishes.steps(60),
    )
    inner: Paint = uneven(wishes.colour(1, wishes.colours[0]), 0.10, 40)
    inside_material = IRON if wishes.choice("skin", "enamel") == "iron" else material
    model = vessel(outside, 0.36, 0.5, wishes.steps(130), inside_material, paint, inner)
    model.meshes[0] = Mesh(model.meshes[0].rows, material, paint)
    long = wishes.number("handle", 1.9) * wide
    z = high * 0.82
    path = bent(
        [
            (wide * 0.97, 0, z - 0.2),
            (wide + long * 0.12, 0, z + 0.2),
            (wide + long * 0.4, 0, z + long * 0.13),
            (wide + long, 0, z + long * 0.22),
        ],
        wishes.steps(50),
    )
    if wishes.choice("grip", "wood") == "wood":
        cut = round(len(path) * 0.3)
        model.meshes.append(Mesh(tube(path[: cut + 2], 0.62, wishes.steps(16)), STEEL, plain(colour("#b9b6b0"))))
        swell = lambda t: 0.92 + 0.42 * math.sin(math.pi * (0.15 + 0.8 * t)) * t  # noqa: E731
        wood = wishes.colour(2, "#a97a4b")
        model.meshes.append(
            Mesh(tube(path[cut:], swell, wishes.steps(24), flat=0.8), WOOD, grained(wood, times(wood, 0.5), 8, 9))
        )
    else:
        model.meshes.append(Mesh(tube(path, lambda t: 0.8 + 0.45 * t, wishes.steps(20), flat=0.55), material, paint))
    if wishes.choice("lid", "no") == "yes":
        model.add(_lid(wide, high, material, paint, wishes))
    return model.turned(wishes.number("turn", -24))


def kettle(wishes: Wishes) -> Model:
    wide, high = 9.4, 11.5
    material, paint = _skin(wishes)
    shape = curve(
        [
            (wide * 0.86, 0),
            (wide * 0.96, 0.2),
            (wide, 1.4),
            (wide * 0.99, high * 0.30),
            (wide * 0.88, high * 0.62),
            (wide * 0.62, high * 0.90),
            (wide * 0.46, high),
            (wide * 0.42, high),
        ],
        wishes.steps(70),
    )
    lid = curve(
        [
            (wide * 0.47, high),
            (wide * 0.47, high + 0.4),
            (wide * 0.3, high + 1.0),
            (0.8, high + 1.3),
            (0.7, high + 1.9),
            (1.2, high + 2.4),
            (1.2, high + 2.9),
            (0.05, high + 3.2),
        ],
        wishes.steps(50),
    )
    spout = bent(
        [
            (-wide * 0.78, 0, high * 0.34),
            (-wide * 1.12, 0, high * 0.50),
            (-wide * 1.34, 0, high * 0.80),
            (-wide * 1.56, 0, high * 1.02),
        ],
        wishes.steps(40),
    )
    grip = bent(
        [
            (-wide * 0.60, 0, high * 0.84),
            (-wide * 0.66, 0, high * 1.35),
            (-wide * 0.34, 0, high * 1.72),
            (wide * 0.34, 0, high * 1.72),
            (wide * 0.66, 0, high * 1.35),
            (wide * 0.60, 0, high * 0.84),
        ],
        wishes.steps(70),
    )
    cut = len(grip) // 4
    wood = wishes.colour(2, "#a97a4b")
    return Model(
        [
            Mesh(lathe(shape, wishes.steps(120)), material, paint),
            Mesh(lathe(lid, wishes.steps(80)), material, paint),
            Mesh(tube(spout, lambda t: 2.3 - 1.25 * t, wishes.steps(30)), material, paint),
            Mesh(tube(grip, 0.36, 14, up=(0.0, 1.0, 0.0)), STEEL, plain(colour("#b9b6b0"))),
            Mesh(
                tube(grip[cut + 2 : -cut - 2], lambda t: 0.62 + 0.35 * math.sin(math.pi * t), 22),
                WOOD,
                grained(wood, times(wood, 0.5), 8, 9),
                lift=0.3,
            ),
        ]
    ).turned(wishes.number("turn", 14))
