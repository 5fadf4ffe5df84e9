"""Lamps: table lamps with shades, mushroom and task lamps, pendants on their cords."""

from __future__ import annotations

import math

from demo.pictures.geometry import Flat, Line, Mesh, Model, bent, curve, lathe, tube
from demo.pictures.materials import (
    BRASS,
    SATIN,
    SHADE,
    WOOD,
    Colour,
    Material,
    Paint,
    colour,
    grained,
    mixed,
    noise,
    plain,
    smooth,
    times,
    uneven,
)
from demo.pictures.spec import Wishes

_FOOT: dict[str, tuple[Flat, ...]] = {
    "gourd": (
        (0.01, 0),
        (0.30, 0),
        (0.34, 0.03),
        (0.40, 0.22),
        (0.28, 0.48),
        (0.20, 0.60),
        (0.25, 0.76),
        (0.16, 0.95),
        (0.05, 1),
    ),
    "orb": ((0.01, 0), (0.24, 0), (0.28, 0.03), (0.46, 0.30), (0.47, 0.52), (0.34, 0.80), (0.14, 0.95), (0.05, 1)),
    "column": (
        (0.01, 0),
        (0.34, 0),
        (0.35, 0.03),
        (0.34, 0.08),
        (0.14, 0.11),
        (0.11, 0.2),
        (0.11, 0.9),
        (0.10, 1),
        (0.03, 1),
    ),
    "turned": (
        (0.01, 0),
        (0.34, 0),
        (0.34, 0),
        (0.35, 0.04),
        (0.31, 0.075),
        (0.13, 0.105),
        (0.085, 0.17),
        (0.10, 0.30),
        (0.155, 0.52),
        (0.16, 0.64),
        (0.10, 0.80),
        (0.07, 0.86),
        (0.115, 0.90),
        (0.115, 0.935),
        (0.06, 0.97),
        (0.05, 1),
        (0.02, 1),
    ),
}


def table_lamp(wishes: Wishes) -> Model:
    foot, shade = wishes.colour(0), wishes.colour(1, "#efe3cb")
    high = wishes.number("height", 24)
    profile = curve([(r * high, z * high) for r, z in _FOOT[wishes.choice("shape", "gourd")]], wishes.steps(90))
    wood = wishes.choice("finish", "satin") == "wood"
    body = Mesh(
        lathe(profile, wishes.steps(90)),
        WOOD if wood else SATIN,
        grained(foot, times(foot, 0.5), 5, 60) if wood else uneven(foot, 0.07),
    )
    stem = Mesh(tube([(0, 0, high * 0.97), (0, 0, high * 1.3)], 0.45, 14), BRASS, plain(colour("#c9a15a")))
    top = high * 0.72 * wishes.number("shade", 1.0)
    return Model([body, stem, *_shade(shade, high * 0.60, high * 0.38, high * 1.06, top, wishes)], [_flex(foot, high)])


def _flex(foot: Colour, high: float) -> Line:
    path = bent([(0.2, high * 0.3, 0.2), (high * 0.5, high * 0.42, 0.15), (high * 1.1, high * 0.3, 0.15)], 30)
    return Line(path, times(colour("#6b5a4a"), 1.0), 0.35)


def _shade(tint: Colour, wide: float, narrow: float, z: float, high: float, wishes: Wishes) -> list[Mesh]:
    """A fabric shade, brightest where the bulb stands behind it."""
    pleats = round(wishes.number("pleats", 0))

    def lit(u: float, v: float) -> Colour:
        bulb = math.exp(-(((v - 0.42) / 0.34) ** 2))
        weave = 0.97 + 0.06 * noise(u * 63, v * 60)
        fold = 0.90 + 0.14 * abs(math.sin(u * math.pi * pleats)) if pleats else 1.0
        rim = 0.82 if v < 0.025 or v > 0.975 else 1.0
        return times(mixed(tint, (1.0, 0.82, 0.52), 0.30 * bulb), (0.80 + 0.42 * bulb) * weave * fold * rim)

    steps = wishes.steps(46)
    profile = [(wide + (narrow - wide) * k / steps, z + high * k / steps) for k in range(steps + 1)]
    flute = (lambda u, v: 1 + 0.018 * abs(math.sin(u * math.pi * pleats))) if pleats else None
    outside = Mesh(lathe(profile, wishes.steps(100 if not pleats else 200), flute), SHADE, lit)
    within = Mesh(
        lathe([(r - 0.25, h) for r, h in reversed(profile)], wishes.steps(70)),
        Material(wrap=0.6, glow=0.7),
        plain(mixed(tint, (1.0, 0.85, 0.6), 0.4)),
        casts_shadow=False,
    )
    return [outside, within]


def mushroom_lamp(wishes: Wishes) -> Model:
    """A dome on a tapered column, in one colour or two."""
    high = wishes.number("height", 26)
    dome_tint, foot = wishes.colour(0), wishes.colour(1, wishes.colours[0])
    column = curve(
        [
            (0.02, 0),
            (0.235 * high, 0),
            (0.235 * high, 0),
            (0.24 * high, 0.02 * high),
            (0.20 * high, 0.1 * high),
            (0.115 * high, 0.28 * high),
            (0.09 * high, 0.5 * high),
            (0.10 * high, 0.7 * high),
        ],
        wishes.steps(70),
    )
    dome = curve(
        [
            (0.40 * high, 0.60 * high),
            (0.415 * high, 0.62 * high),
            (0.40 * high, 0.72 * high),
            (0.32 * high, 0.88 * high),
            (0.17 * high, 0.975 * high),
            (0.01, high),
        ],
        wishes.steps(70),
    )
    gloss = Material(gloss=0.9, soft=0.14)

    def warm(u: float, v: float) -> Colour:
        return mixed(dome_tint, (1.0, 0.75, 0.45), 0.25 * smooth(0.18, 0.0, v))

    def lit(u: float, v: float) -> Colour:
        return mixed(foot, (1.0, 0.78, 0.5), 0.55 * smooth(0.55, 1.0, v))

    under = [(0.40 * high * (1 - k / 12 * 0.75), (0.60 + 0.08 * k / 12) * high) for k in range(13)]
    return Model(
        [
            Mesh(lathe(column, wishes.steps(90)), gloss, lit),
            Mesh(lathe(dome, wishes.steps(110)), gloss, warm),
            Mesh(
                lathe(under, wishes.steps(90)), Material(glow=1.1, wrap=0.6), plain((1.0, 0.86, 0.62)), two_sided=True
            ),
        ],
        [_flex(foot, high)],
    )


def task_lamp(wishes: Wishes) -> Model:
    """A reading lamp: round foot, bent arm, cone head that looks down to the left."""
    high = wishes.number("height", 42)
    tint, metal = wishes.colour(0), wishes.colour(1, "#c9a15a")
    foot = curve(
        [(0.01, 0), (7.4, 0), (7.4, 0), (7.6, 0.5), (7.2, 1.5), (6.6, 1.8), (1.0, 2.0), (0.01, 2.1)], wishes.steps(50)
    )
    arm = bent(
        [
            (2.5, 0, 1.8),
            (2.6, 0, high * 0.45),
            (2.2, 0, high * 0.78),
            (-1.5, 0, high * 0.985),
            (-7.5, 0, high * 0.97),
            (-9.6, 0, high * 0.90),
        ],
        wishes.steps(70),
    )
    head = curve([(1.3, 0), (1.5, -0.3), (2.1, -2.2), (2.9, -3.2), (5.6, -8.0), (6.4, -10.0)], wishes.steps(50))
    shell = [(r, z) for r, z in reversed(head)]
    cone = (
        Model(
            [
                Mesh(lathe(shell, wishes.steps(90)), Material(gloss=0.7, soft=0.3), plain(tint)),
                Mesh(
                    lathe([(max(r - 0.25, 0.1), z) for r, z in head], wishes.steps(70)),
                    Material(glow=0.9, wrap=0.6),
                    plain((1.0, 0.88, 0.66)),
                    casts_shadow=False,
                ),
                Mesh(tube([(0, 0, -0.2), (0, 0, 1.6)], 1.1, 20), BRASS, plain(metal)),
            ]
        )
        .rolled(-18)
        .moved(-10.0, 0, high * 0.90)
    )
    model = Model(
        [
            Mesh(lathe(foot, wishes.steps(90)), Material(gloss=0.7, soft=0.3), plain(tint)),
            Mesh(tube(arm, 0.55, wishes.steps(14), up=(0.0, 1.0, 0.0)), BRASS, plain(metal)),
        ],
        [_flex(tint, high * 0.4)],
    )
    model.add(cone)
    return model.turned(wishes.number("turn", -14))


_PENDANTS: dict[str, tuple[Flat, ...]] = {
    "dome": (
        (0.50, 0),
        (0.505, 0.015),
        (0.49, 0.12),
        (0.42, 0.27),
        (0.28, 0.40),
        (0.10, 0.47),
        (0.045, 0.50),
        (0.04, 0.56),
    ),
    "cone": ((0.50, 0), (0.50, 0.02), (0.33, 0.22), (0.17, 0.41), (0.09, 0.50), (0.07, 0.52), (0.06, 0.60)),
    "bell": (
        (0.40, 0),
        (0.405, 0.02),
        (0.36, 0.2),
        (0.29, 0.40),
        (0.24, 0.56),
        (0.15, 0.66),
        (0.05, 0.70),
        (0.04, 0.76),
    ),
    "globe": (
        (0.12, 0),
        (0.30, 0.035),
        (0.46, 0.2),
        (0.50, 0.40),
        (0.45, 0.60),
        (0.30, 0.75),
        (0.10, 0.82),
        (0.06, 0.83),
    ),
}


def pendant(wishes: Wishes) -> Model:
    wide = wishes.number("width", 38)
    tint, cord = wishes.colour(0), wishes.colour(1, "#3b332c")
    shape = wishes.choice("shape", "dome")
    outside = curve([(r * wide, z * wide) for r, z in _PENDANTS[shape]], wishes.steps(80))
    ribs = round(wishes.number("ribs", 0))
    paper = wishes.choice("finish", "satin") == "paper"
    flute = (lambda u, v: 1 - 0.03 * (1 - abs(math.sin(v * math.pi * ribs)))) if ribs else None
    skin: Paint = _paper(tint, ribs) if paper else uneven(tint, 0.05)
    surface = Material(wrap=0.6, glow=0.42) if paper else Material(gloss=0.6, soft=0.4)
    top = outside[-1][1]
    return Model(
        [
            Mesh(lathe(outside, wishes.steps(120), flute), surface, skin),
            Mesh(
                lathe([(max(r - 0.35, 0.1), z + 0.1) for r, z in reversed(outside)], wishes.steps(80)),
                Material(glow=0.95, wrap=0.6),
                plain((1.0, 0.88, 0.66)),
                casts_shadow=False,
            ),
            Mesh(tube([(0, 0, top - 1), (0, 0, top + wide * 0.07)], wide * 0.035, 18), BRASS, plain(colour("#c9a15a"))),
        ],
        [Line([(0, 0, top + wide * (0.06 + 0.3 * k)) for k in range(9)], cord, wide * 0.017, lift=0)],
    )


def _paper(tint: Colour, ribs: int) -> Paint:
    def paint(u: float, v: float) -> Colour:
        bulb = 0.78 + 0.34 * math.exp(-(((v - 0.42) / 0.3) ** 2))
        fold = 0.90 + 0.12 * abs(math.sin(v * math.pi * ribs)) if ribs else 1.0
        return times(tint, bulb * fold * (0.97 + 0.05 * noise(u * 50, v * 30)))

    return paint
