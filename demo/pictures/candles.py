"""Candles: pillars, tapers in holders, candles poured into jars."""

from __future__ import annotations

import math

from demo.pictures.geometry import Mesh, Model, Rows, bent, curve, disc, lathe, tube
from demo.pictures.materials import BRASS, CLAY, WAX, Colour, Material, colour, noise, plain, times, uneven
from demo.pictures.spec import Wishes
from demo.pictures.vessels import FINISHES, glaze, vessel

_WICK = colour("#3a2e26")


def _wick(z: float, high: float = 1.2) -> Mesh:
    return Mesh(
        tube(bent([(0, 0, z - 0.2), (0.03, 0, z + high * 0.5), (0.2, 0, z + high)], 8), 0.12, 8), CLAY, plain(_WICK)
    )


def _stick(wide: float, high: float, tint: Colour, wishes: Wishes, cut: str = "plain") -> Model:
    profile = curve(
        [
            (wide * 0.97, 0),
            (wide, 0.1),
            (wide, 0.3),
            (wide, high - 0.5),
            (wide * 0.985, high - 0.2),
            (wide * 0.93, high),
            (wide * 0.8, high + 0.02),
            (wide * 0.45, high - 0.12),
            (0.02, high - 0.22),
        ],
        wishes.steps(90),
    )
    comb = cut == "comb"
    rows = lathe(profile, wishes.steps(132 if comb else 90))
    cells = _comb(rows, high, tint, wide) if comb else None
    return Model([Mesh(rows, WAX, uneven(tint, 0.05, 14), spots=cells), _wick(high - 0.2)])


def _comb(rows: Rows, high: float, tint: Colour, wide: float) -> dict[tuple[int, int], tuple[Colour, float]]:
    """A rolled sheet of beeswax: rows of cells, each second row set off by half a cell."""
    columns = 33
    pitch = math.tau * wide / columns
    across = len(rows[0]) - 1
    sides = [j for j, row in enumerate(rows) if row[0][0] > wide * 0.99 and 0.3 < row[0][2] < high - 0.5]
    count = round((high - 0.8) / (pitch * 0.86))
    return {
        (
            sides[min(len(sides) - 1, round(r * len(sides) / count))],
            round((c + 0.5 * (r & 1)) * across / columns) % across,
        ): (times(tint, 0.66), pitch * 0.40)
        for r in range(count)
        for c in range(columns)
    }


def pillar(wishes: Wishes) -> Model:
    """One pillar, or a group of three heights."""
    tint = wishes.colour(0)
    wide, high = wishes.number("width", 3.6), wishes.number("height", 13)
    cut = wishes.choice("cut", "plain")
    if wishes.number("count_of", 1) < 2:
        return _stick(wide, high, tint, wishes, cut)
    model = _stick(wide, high, tint, wishes, cut)
    second, third = wishes.colour(1, wishes.colours[0]), wishes.colour(2, wishes.colours[0])
    model.add(_stick(wide, high * 0.66, second, wishes, cut).moved(wide * 2.25, -wide * 0.5))
    model.add(_stick(wide, high * 0.40, third, wishes, cut).moved(wide * 0.75, -wide * 2.1))
    return model


def tapers(wishes: Wishes) -> Model:
    """Slim candles in turned holders."""
    model = Model()
    places = ((-6.4, 0.8, 25.0), (0.3, -1.4, 21.0), (6.6, 1.2, 23.0))
    for place, (x, y, high) in enumerate(places[: round(wishes.number("count_of", 3))]):
        tint = wishes.colour(min(place, len(wishes.colours) - 1))
        profile = curve(
            [(1.12, 2), (1.15, 3.4), (1.02, high * 0.6), (0.84, high - 1.4), (0.5, high - 0.3), (0.05, high)],
            wishes.steps(70),
        )
        twist = None
        if wishes.choice("cut", "plain") == "twist":
            twist = lambda u, v: 1 - 0.16 * (0.5 - 0.5 * math.cos((u * 2 + v * 5) * math.tau)) * (0.1 < v < 0.9)  # noqa: E731
        one = Model([Mesh(lathe(profile, wishes.steps(48), twist), WAX, uneven(tint, 0.05)), _wick(high, 1.0)])
        one.add(_holder(wishes))
        model.add(one.moved(x, y))
    return model


def _holder(wishes: Wishes) -> Model:
    kind = wishes.choice("holder", "brass")
    tint = colour("#c79c52") if kind == "brass" else colour("#e8e0d2") if kind == "clay" else colour("#33302d")
    finish = BRASS if kind == "brass" else FINISHES["satin"]
    profile = curve(
        [
            (0.05, 0),
            (2.9, 0),
            (2.9, 0),
            (3.0, 0.25),
            (2.6, 0.55),
            (1.5, 0.8),
            (1.1, 1.2),
            (1.35, 1.9),
            (1.6, 3.0),
            (1.62, 3.1),
            (1.4, 3.15),
            (1.15, 3.1),
        ],
        wishes.steps(50),
    )
    return Model([Mesh(lathe(profile, wishes.steps(60)), finish, plain(tint))])


def jar_candle(wishes: Wishes) -> Model:
    """Wax poured into a ceramic beaker with a paper label."""
    high, wide = wishes.number("height", 9), wishes.number("width", 4.0)
    outside = curve(
        [(wide * 0.9, 0), (wide * 0.96, 0.08), (wide, 0.6), (wide, high * 0.5), (wide, high)], wishes.steps(70)
    )
    finish = FINISHES[wishes.choice("finish", "satin")]
    model = vessel(outside, 0.32, high * 0.6, wishes.steps(100), finish, glaze(wishes))
    wax = wishes.colour(2, "#f1e6cf")
    model.meshes.append(
        Mesh(disc(wide - 0.3, high * 0.84, wishes.steps(60), 8), WAX, uneven(wax, 0.06), enclosed=lambda u, v: 0.9)
    )
    model.meshes.append(_wick(high * 0.84, 1.0))
    if wishes.choice("label", "paper") == "paper":
        model.add(label(wide, high * 0.30, high * 0.62, 0.115, colour("#f3ebdc"), colour("#5a4a3e"), wishes))
    return model.turned(6)


def label(wide: float, low: float, high: float, share: float, tint: Colour, ink: Colour, wishes: Wishes) -> Model:
    """A paper label with two printed lines, wrapped round the front of a jar."""
    steps, tall = wishes.steps(84), wishes.steps(34)
    rows = []
    for j in range(tall + 1):
        z = low + (high - low) * j / tall
        row = []
        for i in range(steps + 1):
            a = -math.pi / 2 + (i / steps * 2 - 1) * share * math.tau
            row.append(((wide + 0.03) * math.cos(a), (wide + 0.03) * math.sin(a), z))
        rows.append(row)

    def print_on(u: float, v: float) -> Colour:
        title = abs(v - 0.62) < 0.05 and 0.26 < u < 0.74 and noise(u * 80, 2) > 0.30
        small = abs(v - 0.36) < 0.028 and 0.34 < u < 0.66 and noise(u * 130, 5) > 0.3
        frame = 0.05 < u < 0.95 and 0.07 < v < 0.93 and (abs(v - 0.09) < 0.028 or abs(v - 0.91) < 0.028)
        return ink if title or small or frame else tint

    return Model([Mesh(rows, Material(wrap=0.2), print_on, lift=0.3, casts_shadow=False)])


def tin_candle(wishes: Wishes) -> Model:
    """A shallow metal tin, its lid leaning against it."""
    wide, high = 3.9, 4.6
    metal = wishes.colour(0)
    surface = Material(gloss=0.9, soft=0.35, metal=True)
    outside = curve([(wide, 0), (wide, 0.1), (wide, high * 0.5), (wide, high)], wishes.steps(40))
    model = vessel(outside, 0.16, high * 0.6, wishes.steps(100), surface, plain(metal))
    model.meshes.append(Mesh(disc(wide - 0.14, high * 0.82, wishes.steps(60), 8), WAX, uneven(wishes.colour(1), 0.06)))
    model.meshes.append(_wick(high * 0.82, 0.9))
    model.add(label(wide, high * 0.2, high * 0.8, 0.16, colour("#efe5d3"), colour("#54463a"), wishes))
    lid = (
        Model(
            [
                Mesh(
                    lathe([(wide + 0.12, -0.9), (wide + 0.12, 0), (wide * 0.96, 0.12)], wishes.steps(90)),
                    surface,
                    plain(metal),
                ),
                Mesh(disc(wide * 0.97, 0.12, wishes.steps(90), 10), surface, plain(metal)),
            ]
        )
        .tipped(-72)
        .grounded()
        .moved(wide * 1.75, wide * 1.0)
    )
    model.add(lid)
    return model


def dinner_candles(wishes: Wishes) -> Model:
    """A bundle of dipped dinner candles tied with cord, lying down."""
    model = Model()
    for n, (x, z) in enumerate(
        ((-2.4, 1.0), (-0.2, 1.0), (2.0, 1.0), (4.2, 1.0), (-1.3, 2.75), (0.9, 2.75), (3.1, 2.75))
    ):
        tint = wishes.colour(n % len(wishes.colours))
        profile = curve(
            [(0.03, 0), (0.95, 0.02), (1.05, 0.5), (1.02, 18), (0.86, 24), (0.5, 25.4), (0.05, 25.8)], wishes.steps(60)
        )
        one = Model([Mesh(lathe(profile, wishes.steps(36)), WAX, uneven(tint, 0.06)), _wick(25.8, 1.4)])
        model.add(one.tipped(90).moved(x, 0, z))
    cord = colour("#a4875c")
    for y in (11.2, 11.7, 12.2):
        path = bent(
            [
                (-3.8, y, 0.4),
                (-3.2, y, 1.6),
                (-1.6, y, 3.9),
                (0.9, y, 4.0),
                (3.4, y, 3.9),
                (5.0, y, 1.7),
                (5.5, y, 0.4),
            ],
            30,
        )
        model.meshes.append(Mesh(tube(path, 0.2, 8), CLAY, plain(cord), lift=0.4))
    return model.turned(wishes.number("turn", -32))
