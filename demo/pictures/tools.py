"""Garden tools lying on the paper, and things to water with."""

from __future__ import annotations

import math
import random

from demo.pictures.cookware import SKINS
from demo.pictures.geometry import Line, Mesh, Model, Rows, Vec, bent, curve, disc, lathe, surface, tube
from demo.pictures.materials import (
    BRASS,
    CLAY,
    CLOTH,
    LEATHER,
    WOOD,
    Colour,
    Material,
    colour,
    grained,
    noise,
    plain,
    smooth,
    times,
    uneven,
)
from demo.pictures.spec import Wishes
from demo.pictures.vessels import vessel

_DULL = Material(gloss=0.9, soft=0.5, metal=True)


def _grip(wood: Colour, long: float, wishes: Wishes, wide: float = 1.45) -> Model:
    """A turned ash handle along -y with a ferrule and a leather loop at its end."""
    profile = curve(
        [
            (0.02, 0),
            (wide * 0.55, 0.05),
            (wide * 0.92, long * 0.06),
            (wide, long * 0.22),
            (wide * 0.80, long * 0.52),
            (wide * 0.88, long * 0.74),
            (wide * 0.62, long * 0.94),
            (wide * 0.60, long),
        ],
        wishes.steps(70),
    )
    turned = Model(
        [
            Mesh(lathe(profile, wishes.steps(48)), WOOD, grained(wood, times(wood, 0.5), 6, 14, wishes.seed)),
            Mesh(
                lathe(
                    [
                        (wide * 0.64, long * 0.93),
                        (wide * 0.66, long * 0.96),
                        (wide * 0.64, long * 1.10),
                        (wide * 0.40, long * 1.11),
                    ],
                    40,
                ),
                BRASS,
                plain(colour("#c7a060")),
                lift=0.6,
            ),
        ]
    )
    lying = turned.tipped(90).moved(y=-long, z=wide)
    strap = bent(
        [
            (0, -long * 0.96, wide),
            (0.9, -long - 1.5, 0.5),
            (1.5, -long - 4.0, 0.25),
            (0.2, -long - 5.6, 0.25),
            (-1.1, -long - 4.2, 0.25),
            (-0.7, -long - 1.6, 0.5),
            (0, -long * 0.96, wide),
        ],
        40,
    )
    lying.meshes.append(Mesh(tube(strap, 0.24, 10), LEATHER, plain(colour("#7a4a2b"))))
    return lying


def _trowel(wishes: Wishes, slim: float = 1.0) -> Model:
    wood = wishes.colour(0, "#c39a66")
    steel = wishes.colour(1, "#c9c9c6")
    long, half = 16.0, 4.2 * slim

    def at(u: float, v: float) -> Vec:
        a = 2 * u - 1
        shape = min(1.0, (v / 0.10) ** 0.55) * (1 - max(0.0, (v - 0.45) / 0.55) ** 2.2)
        shape = max(0.04, shape)
        x = a * half * shape
        return (x, 5.0 + v * long, 1.0 + 2.2 * (a * shape) ** 2 * (1 - 0.5 * v) - 0.6 * math.sin(v * math.pi) + 0.5)

    def brushed(u: float, v: float) -> Colour:
        return times(steel, 0.90 + 0.12 * noise(u * 60, v * 5))

    blade = Mesh(surface(at, wishes.steps(48), wishes.steps(60)), _DULL, brushed, two_sided=True)
    neck = bent([(0, -0.5, 1.4), (0, 2.0, 1.7), (0, 4.0, 2.9), (0, 5.6, 2.2), (0, 7.6, 1.2)], 30)
    model = Model([blade, Mesh(tube(neck, lambda t: 0.62 - 0.15 * t, 16), _DULL, plain(steel), lift=0.3)])
    model.add(_grip(wood, 12.5, wishes))
    return model


def _fork(wishes: Wishes) -> Model:
    wood, steel = wishes.colour(0, "#c39a66"), wishes.colour(1, "#c9c9c6")
    model = _grip(wood, 12.5, wishes)
    neck = bent([(0, -0.5, 1.4), (0, 2.0, 1.8), (0, 4.6, 2.6), (0, 6.0, 2.4)], 24)
    model.meshes.append(Mesh(tube(neck, 0.58, 16), _DULL, plain(steel)))
    for side in (-1, 0, 1):
        tine = bent(
            [
                (0, 5.4, 2.4),
                (side * 2.2, 6.6, 2.4),
                (side * 3.0, 8.4, 2.2),
                (side * 3.0, 13.0, 1.4),
                (side * 3.0, 17.0, 0.5),
            ],
            36,
        )
        model.meshes.append(
            Mesh(tube(tine, lambda t: 0.62 * (1 - 0.8 * max(0.0, t - 0.72) / 0.28), 14, flat=0.7), _DULL, plain(steel))
        )
    return model


def hand_tools(wishes: Wishes) -> Model:
    """Trowel, fork or both side by side."""
    kind = wishes.choice("kind", "trowel")
    if kind == "trowel":
        return _trowel(wishes).turned(wishes.number("turn", -34))
    if kind == "fork":
        return _fork(wishes).turned(wishes.number("turn", -30))
    if kind == "transplanter":
        return _trowel(wishes, 0.62).turned(wishes.number("turn", -38))
    model = _trowel(wishes).moved(x=-6.4)
    model.add(_fork(wishes).moved(x=2.4, y=-1.4))
    model.add(_trowel(Wishes(wishes.colours, {}, wishes.seed + 3, wishes.fine), 0.62).moved(x=10.6, y=0.8))
    return model.turned(wishes.number("turn", -16))


def dibber(wishes: Wishes) -> Model:
    """A pointed planting stick with burnt depth rings, beside a reel of twine."""
    wood = wishes.colour(0, "#c39a66")
    profile = curve(
        [
            (0.02, 0),
            (0.5, 0.6),
            (1.0, 4),
            (1.35, 9),
            (1.45, 14),
            (1.3, 17),
            (1.5, 18.0),
            (2.3, 19.2),
            (2.5, 21.0),
            (2.0, 22.6),
            (0.02, 23.4),
        ],
        wishes.steps(90),
    )
    steel = wishes.colour(1, "#c7a060")

    def rings(u: float, v: float) -> Colour:
        burnt = any(abs(v - at) < 0.006 for at in (0.22, 0.32, 0.42, 0.52))
        return times(grain(u, v), 0.30) if burnt else steel if v < 0.14 else grain(u, v)

    grain = grained(wood, times(wood, 0.5), 7, 14, wishes.seed)
    model = Model([Mesh(lathe(profile, wishes.steps(70)), WOOD, rings)]).tipped(90).moved(y=-12, z=2.5).turned(180)
    model.add(twine(Wishes(("#b89a68", "#efe6d6"), {}, wishes.seed, wishes.fine)).turned(20).moved(x=8.5, y=-3))
    return model.turned(wishes.number("turn", 26))


def twine(wishes: Wishes) -> Model:
    """A reel of twine with a paper band."""
    tint, band = wishes.colour(0), wishes.colour(1, "#efe6d6")
    wide = 3.6
    profile = curve(
        [
            (1.2, 0),
            (2.9, 0.05),
            (3.35, 0.7),
            (wide, 2.0),
            (wide, 6.0),
            (3.35, 7.3),
            (2.9, 7.95),
            (1.2, 8.0),
            (1.0, 7.6),
            (1.0, 5.0),
        ],
        wishes.steps(100),
    )

    def wound(u: float, v: float) -> Colour:
        if 0.34 < v < 0.56:
            ink = abs(v - 0.45) < 0.02 and 0.62 < u < 0.86 and noise(u * 300, 2) > 0.3
            return colour("#54463a") if ink else band
        strand = 0.5 + 0.5 * math.sin((v * 46 + u * 3 + 0.8 * math.sin(u * math.tau * 2)) * math.tau)
        cross = 0.5 + 0.5 * math.sin((v * 30 - u * 9) * math.tau)
        return times(tint, 0.58 + 0.34 * strand + 0.14 * cross + 0.12 * (noise(u * 63, v * 60) - 0.5))

    model = Model([Mesh(lathe(profile, wishes.steps(130)), CLAY, wound)])
    tail = bent(
        [
            (wide * 0.8, -wide * 0.7, 1.4),
            (wide * 1.2, -wide * 1.1, 0.3),
            (wide * 1.9, -wide * 1.0, 0.2),
            (wide * 2.3, -wide * 0.3, 0.2),
            (wide * 2.9, -wide * 0.6, 0.2),
        ],
        40,
    )
    model.meshes.append(Mesh(tube(tail, 0.2, 8), CLAY, plain(times(tint, 0.95))))
    if wishes.number("pair", 0) > 0:
        other = Wishes(
            (wishes.colours[2] if len(wishes.colours) > 2 else "#7d8b6a", wishes.colours[1]),
            {},
            wishes.seed + 2,
            wishes.fine,
        )
        model.add(twine(other).tipped(90).turned(62).grounded().moved(x=-5.2, y=-7.2))
    return model


def scissors(wishes: Wishes) -> Model:
    """Garden scissors with wide loops, closed but for a little."""
    loop_tint, steel = wishes.colour(0, "#2f2c2a"), wishes.colour(1, "#cfcfcc")
    model = Model()
    for side in (-1, 1):

        def blade(u: float, v: float, side: int = side) -> Vec:
            half = 1.15 * (1 - v) ** 0.7 + 0.04
            x = side * (0.25 + v * 0.55) + (2 * u - 1) * half * 0.9
            return x, v * 9.5, 1.0 + 0.22 * side - 0.25 * (2 * u - 1) * side

        model.meshes.append(
            Mesh(
                surface(blade, 18, 44),
                _DULL,
                lambda u, v: times(steel, 0.88 + 0.14 * noise(u * 50, v * 5)),
                two_sided=True,
            )
        )
        ring = bent(
            [
                (side * 0.3, 0.8, 0.9),
                (-side * 1.0, -2.2, 0.9),
                (-side * 3.2, -3.8, 0.9),
                (-side * 5.2, -6.6, 0.9),
                (-side * 5.0, -10.0, 0.9),
                (-side * 2.6, -11.4, 0.9),
                (-side * 0.8, -9.2, 0.9),
                (-side * 0.75, -5.2, 0.9),
                (-side * 0.6, -2.6, 0.9),
            ],
            wishes.steps(90),
        )
        model.meshes.append(Mesh(tube(ring, 0.52, wishes.steps(20)), SKINS["iron"], plain(loop_tint)))
    model.meshes.append(Mesh(disc(0.62, 1.7, 30), BRASS, plain(colour("#d0a75c")), lift=1.0))
    return model.turned(wishes.number("turn", -28))


def brush(wishes: Wishes) -> Model:
    """A hand brush: wooden back and handle, dense bristles."""
    wood, hair = wishes.colour(0, "#c39a66"), wishes.colour(1, "#4a3a2c")
    rng = random.Random(wishes.seed)
    rows: Rows = []
    for j in range(wishes.steps(80) + 1):
        v = j / wishes.steps(80)
        half = 1.25 + 1.9 * smooth(0.44, 0.60, v)
        end = math.sqrt(max(0.0, 1 - max(0.0, abs(2 * v - 1) - 0.9) ** 2 * 100))
        rows.append(
            [
                (half * end * -math.cos(math.tau * i / 48), v * 34 - 17, 4.6 + 0.95 * end * math.sin(math.tau * i / 48))
                for i in range(49)
            ]
        )
    model = Model([Mesh(rows, WOOD, grained(wood, times(wood, 0.5), 4, 12, wishes.seed))])
    for _ in range(2200):
        y, x = rng.uniform(0.5, 16.4), rng.uniform(-2.5, 2.5)
        splay = (
            x * 1.32 + rng.uniform(-0.25, 0.25),
            y + (y - 8.5) * 0.07 + rng.uniform(-0.2, 0.2),
            rng.uniform(0.0, 0.4),
        )
        model.lines.append(Line([(x, y, 4.2), splay], times(hair, rng.uniform(0.5, 1.7)), 0.10, lift=0.0))
    base = [[(-3.0 + 6.0 * i / 8, 0.4 + 16.2 * j / 8, 2.6) for i in range(9)] for j in range(9)]
    model.meshes.append(Mesh(base, CLOTH, plain(times(hair, 0.5))))
    return model.turned(wishes.number("turn", -58))


def watering_can(wishes: Wishes) -> Model:
    """A can with a long spout: "slim" for indoors, "garden" with a rose."""
    garden = wishes.choice("kind", "slim") == "garden"
    wide, high = (9.0, 17.0) if garden else (6.4, 13.5)
    material = SKINS[wishes.choice("skin", "enamel")]
    tint, metal = wishes.colour(0), wishes.colour(1, wishes.colours[0])
    if garden:
        shape = curve(
            [
                (wide * 0.97, 0),
                (wide, 0.2),
                (wide, 1.2),
                (wide * 0.98, high * 0.5),
                (wide * 0.96, high * 0.8),
                (wide * 0.80, high * 0.93),
                (wide * 0.62, high),
                (wide * 0.62, high * 1.0),
            ],
            wishes.steps(70),
        )
    else:
        shape = curve(
            [
                (wide * 0.92, 0),
                (wide, 0.2),
                (wide * 1.02, 1.0),
                (wide * 0.92, high * 0.45),
                (wide * 0.62, high * 0.82),
                (wide * 0.52, high),
                (wide * 0.56, high * 1.06),
            ],
            wishes.steps(70),
        )
    model = vessel(shape, 0.25, high * 0.4, wishes.steps(110), material, uneven(tint, 0.03))
    if garden:
        spout = bent(
            [
                (-wide * 0.9, 0, 3.0),
                (-wide * 1.35, 0, high * 0.40),
                (-wide * 1.9, 0, high * 0.86),
                (-wide * 2.35, 0, high * 1.18),
            ],
            wishes.steps(50),
        )
        model.meshes.append(Mesh(tube(spout, lambda t: 1.5 - 0.6 * t, 24), material, uneven(tint, 0.03)))
        rose = Model(
            [
                Mesh(lathe([(0.8, -1.6), (1.0, -1.2), (2.7, 1.0), (2.9, 1.4), (2.8, 1.6)], 60), BRASS, plain(metal)),
                Mesh(
                    disc(2.8, 1.6, 60, 8),
                    BRASS,
                    lambda u, v: times(metal, 0.5 if (int(u * 40) + int(v * 8)) % 3 == 0 else 1.0),
                ),
            ]
        )
        model.add(rose.rolled(-52).moved(-wide * 2.40, 0, high * 1.22))
        grip = bent(
            [
                (-wide * 0.3, 0, high * 0.98),
                (-wide * 0.1, 0, high * 1.30),
                (wide * 0.5, 0, high * 1.42),
                (wide * 1.25, 0, high * 1.12),
                (wide * 1.42, 0, high * 0.62),
                (wide * 0.96, 0, high * 0.22),
            ],
            wishes.steps(70),
        )
        model.meshes.append(
            Mesh(
                tube(
                    [(-wide * 0.6, 0, high * 0.92), (-wide * 1.25, 0, high * 0.80), (-wide * 1.83, 0, high * 0.80)],
                    0.4,
                    12,
                ),
                material,
                plain(tint),
            )
        )
    else:
        spout = bent(
            [
                (-wide * 0.85, 0, 1.8),
                (-wide * 1.5, 0, high * 0.30),
                (-wide * 2.05, 0, high * 0.80),
                (-wide * 2.35, 0, high * 1.32),
                (-wide * 2.95, 0, high * 1.52),
            ],
            wishes.steps(70),
        )
        model.meshes.append(Mesh(tube(spout, lambda t: 0.95 - 0.45 * t, 20), material, uneven(metal, 0.03)))
        grip = bent(
            [
                (wide * 0.52, 0, high * 0.92),
                (wide * 0.95, 0, high * 1.20),
                (wide * 1.62, 0, high * 1.02),
                (wide * 1.72, 0, high * 0.60),
                (wide * 1.30, 0, high * 0.26),
                (wide * 0.93, 0, high * 0.14),
            ],
            wishes.steps(70),
        )
    model.meshes.append(
        Mesh(
            tube(grip, 0.62 if garden else 0.48, 18, up=(0.0, 1.0, 0.0)),
            material,
            uneven(metal if not garden else tint, 0.03),
        )
    )
    return model.turned(wishes.number("turn", 16))


def mister(wishes: Wishes) -> Model:
    """A squat spray bottle with a brass pump."""
    glass, metal = wishes.colour(0), wishes.colour(1, "#cda357")
    shape = curve(
        [(0.02, 0), (4.2, 0), (4.8, 0.3), (5.0, 1.2), (5.0, 6.0), (4.5, 8.2), (2.6, 10.2), (1.9, 11.0), (1.9, 11.8)],
        wishes.steps(90),
    )
    surface_ = Material(gloss=1.5, soft=0.06, wrap=0.4)

    def deep(u: float, v: float) -> Colour:
        water = 0.62 if v < 0.62 else 1.0
        return times(glass, water * (0.85 + 0.3 * noise(u * 6, v * 4)))

    collar = curve(
        [
            (2.1, 11.4),
            (2.2, 11.6),
            (2.2, 12.6),
            (1.2, 12.9),
            (0.9, 13.4),
            (0.9, 14.4),
            (1.5, 14.6),
            (1.6, 15.8),
            (1.4, 16.1),
            (0.05, 16.2),
        ],
        wishes.steps(50),
    )
    lever = bent([(1.0, 0, 15.0), (2.6, 0, 14.8), (4.2, 0, 13.8), (4.9, 0, 12.2)], 30)
    return Model(
        [
            Mesh(lathe(shape, wishes.steps(120)), surface_, deep),
            Mesh(lathe(collar, wishes.steps(70)), BRASS, plain(metal)),
            Mesh(
                tube([(-1.0, 0, 15.2), (-2.2, 0, 15.3), (-3.2, 0, 15.3)], lambda t: 0.75 - 0.15 * t, 18),
                BRASS,
                plain(metal),
            ),
            Mesh(tube(lever, 0.38, 14, flat=1.5, up=(0, 1, 0)), BRASS, plain(metal)),
        ]
    ).turned(wishes.number("turn", 18))
