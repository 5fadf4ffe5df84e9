"""Boards and knives, lying on the paper and seen from above."""

from __future__ import annotations

import math
from collections.abc import Callable

from demo.pictures.geometry import Mesh, Model, Vec, bent, disc, slab, tube
from demo.pictures.materials import (
    BRASS,
    LEATHER,
    STEEL,
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
)
from demo.pictures.spec import Wishes


def _outline(kind: str, wide: float) -> Callable[[float], float]:
    """Half the width of a board at each share of its length, handle end first."""

    def corner(t: float, r: float) -> float:
        near = min(t, 1 - t)
        return 1.0 if near > r else 1 - (1 - math.sqrt(max(0.0, 1 - (1 - near / r) ** 2))) * 0.16

    match kind:
        case "paddle":
            return lambda t: (
                wide
                * (0.135 + 0.03 * math.sin(t * 14) if t < 0.20 else 0.16 + 0.84 * smooth(0.20, 0.32, t))
                * (math.sqrt(max(0.0, 1 - (1 - t / 0.05) ** 2)) if t < 0.05 else corner(t, 0.10) if t > 0.5 else 1.0)
            )
        case "round":
            return lambda t: (
                wide * 0.14 * math.sqrt(max(0.0, 1 - max(0.0, 1 - t / 0.05) ** 2))
                if t < 0.2
                else max(wide * 0.14, wide * math.sqrt(max(0.0, 1 - ((t - 0.60) / 0.40) ** 2)))
            )
        case "oval":
            return lambda t: wide * max(0.0, 1 - abs(2 * t - 1) ** 2.6) ** (1 / 2.6)
        case _:
            return lambda t: wide * corner(t, 0.06)


def _timber(one: Colour, two: Colour, kind: str, seed: int) -> Paint:
    if kind == "end":
        return _end_grain(one, two)
    if kind == "strips":
        grain = grained(one, times(one, 0.55), 5, 60, seed)
        other = grained(two, times(two, 0.55), 5, 60, seed + 3)
        return lambda u, v: (other if int(u * 9) % 3 == 1 else grain)(u, v)
    return grained(one, two, 3.2, 52, seed)


def _end_grain(one: Colour, two: Colour) -> Paint:
    def paint(u: float, v: float) -> Colour:
        row = int(v * 9)
        column = u * 6 + 0.5 * (row & 1)
        block = int(column)
        tone = noise(block * 3.7, row * 2.9)
        gap = 0.80 if (column % 1) < 0.025 or (v * 9 % 1) < 0.03 else 1.0
        ring = 0.93 + 0.09 * math.sin(math.hypot(column % 1 - tone, v * 9 % 1 - 1.4) * 34)
        return times(mixed(one, two, 0.12 + 0.75 * tone), gap * ring)

    return paint


_VEINS = (
    (0.12, 0.024, 0.45),
    (0.38, 0.045, 0.7),
    (0.49, 0.020, 0.35),
    (0.83, 0.030, 0.6),
    (1.07, 0.060, 0.4),
    (1.32, 0.026, 0.5),
)
"""Where each vein crosses, how wide it is and how dark."""


def _marble(one: Colour, two: Colour) -> Paint:
    def paint(u: float, v: float) -> Colour:
        cloud = noise(u * 3, v * 4)
        place = u * 0.55 + v + 0.22 * (noise(u * 5 + 9, v * 5) - 0.5) + 0.05 * (noise(u * 17, v * 17) - 0.5)
        depth = 0.22 * cloud * cloud
        for at, wide, dark in _VEINS:
            off = (place - at) / (wide * (0.5 + cloud))
            depth += dark * math.exp(-off * off) * (0.35 + 0.65 * noise(u * 9 + at * 40, v * 6))
        return mixed(one, two, min(0.9, depth))

    return paint


def board(wishes: Wishes) -> Model:
    wide, long = wishes.number("width", 24) / 2, wishes.number("length", 38)
    thick = wishes.number("thick", 2.0)
    half = _outline(wishes.choice("shape", "plain"), wide)
    one, two = wishes.colour(0, "#b98a57"), wishes.colour(1, "#7d5530")
    stone = wishes.choice("timber", "plain") == "marble"
    paint = _marble(one, two) if stone else _timber(one, two, wishes.choice("timber", "plain"), wishes.seed)
    across, along = wishes.steps(110), wishes.steps(110)
    face, rim = slab(lambda t: -half(t), half, long, thick, across, along, 0.35)

    def over(u: float, v: float) -> Colour:
        return paint(u, v)

    stuff = Material(gloss=0.8, soft=0.25) if stone else WOOD
    widest = max(p[0] for row in face for p in row)

    def placed(u: float, v: float) -> Colour:
        row = face[min(along, int(v * (along + 1)))]
        x = row[0][0] + (row[-1][0] - row[0][0]) * u
        return over(0.5 + 0.5 * x / widest, v)

    model = Model([Mesh(face, stuff, placed), Mesh(rim, stuff, plain(times(mixed(one, two, 0.25), 0.92)))])
    shape = wishes.choice("shape", "plain")
    if shape in ("paddle", "round"):
        model.add(_loop(long * 0.055, thick))
    if shape == "plain" and wishes.number("groove", 0) > 0:
        model.meshes.append(_groove(wide, long, thick, one))
    return model.turned(wishes.number("turn", -24))


def _groove(wide: float, long: float, thick: float, tint: Colour) -> Mesh:
    w, top = wide - 2.0, long - 2.2
    path: list[Vec] = []
    for cx, cy, start in ((w - 1, top - 1, 0), (-w + 1, top - 1, 90), (-w + 1, 3.2, 180), (w - 1, 3.2, 270)):
        path.extend(
            (cx + math.cos(math.radians(start + a)), cy + math.sin(math.radians(start + a)), thick)
            for a in range(0, 91, 15)
        )
    path.append(path[0])
    rows = tube(path, 0.42, 8, flat=0.06)
    return Mesh(rows, WOOD, lambda u, v: times(tint, 0.46 if u > 0.5 else 0.62), lift=0.8, casts_shadow=False)


def _loop(y: float, thick: float) -> Model:
    """The hole in a handle and the leather cord through it."""
    hole = Model(
        [Mesh(disc(0.62, thick + 0.01, 30), WOOD, plain(colour("#4a3423")), lift=0.6, casts_shadow=False)]
    ).moved(y=y)
    path = bent(
        [
            (0, y, thick + 0.1),
            (0.5, y - 1.2, thick + 0.35),
            (1.6, y - 3.8, 0.35),
            (0.9, y - 6.0, 0.3),
            (-0.6, y - 5.6, 0.3),
            (-0.9, y - 3.4, 0.35),
            (-0.3, y - 1.2, thick + 0.35),
            (0.02, y, thick + 0.15),
        ],
        50,
    )
    hole.meshes.append(Mesh(tube(path, 0.20, 10), LEATHER, plain(colour("#7a4a2b")), lift=0.3))
    return hole


_BLADES: dict[str, tuple[float, float, float]] = {
    "chef": (20.0, 4.6, 1.0),
    "bread": (22.0, 3.2, 0.2),
    "paring": (9.0, 2.1, 0.8),
    "santoku": (17.0, 4.7, 0.5),
    "cleaver": (17.0, 7.6, 0.0),
}


def one_knife(kind: str, wood: Colour, wishes: Wishes) -> Model:
    """A knife along y with its tip away from the viewer; blade length, depth and belly come from its kind."""
    long, deep, belly = _BLADES[kind]

    def spine(t: float) -> float:
        return -deep * 0.5 + deep * (0.10 * t + 0.42 * smooth(0.72, 1.0, t) * (kind == "santoku"))

    def edge(t: float) -> float:
        curve_in = deep * 0.89 * math.pow(max(0.0, (t - 0.30) / 0.70), 2.6 - 0.4 * belly)
        if kind == "bread":
            curve_in = max(0.0, (t - 0.80) / 0.20) ** 2 * deep * 0.85 + 0.10 * abs(math.sin(t * 52))
        end = deep * 0.5 - curve_in
        return max(end, spine(t) + 0.04)

    face, rim = slab(spine, edge, long, 0.34, wishes.steps(40), wishes.steps(90), 0.06)

    def ground(u: float, v: float) -> Colour:
        bevel = smooth(0.78, 0.84, u)
        brushed = 0.92 + 0.12 * noise(u * 63, v * 3)
        return times(mixed(colour("#b4b4b2"), colour("#eeeeec"), bevel), brushed)

    def hollow_ground(p: Vec) -> Vec:
        across = (p[0] + deep / 2) / deep
        return p[0], p[1], p[2] * (1 - 0.75 * smooth(0.0, 1.0, across)) + 0.5

    blade = Model([Mesh(face, STEEL, ground), Mesh(rim, STEEL, plain(colour("#c4c4c2")))]).mapped(hollow_ground)
    grip_long = 12.0 if kind != "paring" else 9.5
    grip = bent(
        [
            (-deep * 0.25, 0.3, 0.75),
            (-deep * 0.22, -grip_long * 0.3, 0.8),
            (-deep * 0.20, -grip_long * 0.75, 0.8),
            (-deep * 0.10, -grip_long, 0.75),
        ],
        wishes.steps(60),
    )
    swell = lambda t: (1.06 + 0.20 * math.sin(t * math.pi * 1.9 + 0.6)) * (0.8 if kind == "paring" else 1.0)  # noqa: E731
    handle = Mesh(
        tube(grip, swell, wishes.steps(30), flat=0.62), WOOD, grained(wood, times(wood, 0.42), 10, 9, wishes.seed)
    )
    collar = Mesh(
        tube([(-deep * 0.25, 0.2, 0.75), (-deep * 0.25, 1.4, 0.75)], 1.20 if kind != "paring" else 0.98, 24, flat=0.66),
        BRASS,
        plain(colour("#c9a15a")),
        lift=0.2,
    )
    blade.meshes.extend([handle, collar])
    for y in (-grip_long * 0.28, -grip_long * 0.62):
        blade.meshes.append(
            Mesh(
                [
                    [(x - deep * 0.2, yy + y, z) for x, yy, z in row]
                    for row in disc(0.22, 1.48 if kind != "paring" else 1.24, 16)
                ],
                BRASS,
                plain(colour("#d8b878")),
                lift=0.8,
                casts_shadow=False,
            )
        )
    return blade


def knife(wishes: Wishes) -> Model:
    return one_knife(wishes.choice("kind", "chef"), wishes.colour(0, "#6d4529"), wishes).turned(
        wishes.number("turn", -38)
    )


def knives(wishes: Wishes) -> Model:
    """Three knives side by side."""
    model = Model()
    for n, (kind, y) in enumerate((("bread", 0.0), ("chef", 1.0), ("paring", 5.0))):
        model.add(one_knife(kind, wishes.colour(0, "#6d4529"), wishes).moved(x=(n - 1) * 7.4, y=y - 3))
    return model.turned(wishes.number("turn", -20))
