"""Planters and what grows in them."""

from __future__ import annotations

import math
import random

from demo.pictures.geometry import Line, Mesh, Model, Vec, bent, curve, disc, lathe, loft, surface, tube
from demo.pictures.materials import LEAF, SOIL, WOOD, Colour, colour, grained, mixed, noise, plain, smooth, times
from demo.pictures.spec import Wishes
from demo.pictures.vessels import FINISHES, glaze, vessel

_POTS: dict[str, tuple[tuple[float, float], ...]] = {
    "classic": (
        (0.34, 0),
        (0.35, 0.01),
        (0.43, 0.45),
        (0.49, 0.80),
        (0.49, 0.80),
        (0.53, 0.805),
        (0.53, 0.805),
        (0.54, 1),
    ),
    "cylinder": ((0.46, 0), (0.48, 0.015), (0.5, 0.06), (0.5, 0.5), (0.5, 1)),
    "bowl": ((0.26, 0), (0.34, 0.03), (0.50, 0.40), (0.55, 0.72), (0.52, 1)),
    "egg": ((0.26, 0), (0.32, 0.015), (0.48, 0.30), (0.53, 0.56), (0.46, 0.88), (0.44, 1)),
    "cone": ((0.30, 0), (0.31, 0.01), (0.40, 0.40), (0.47, 0.75), (0.52, 1)),
}


def leaf(
    base: Vec,
    compass: float,
    rise: float,
    long: float,
    wide: float,
    tint: Colour,
    *,
    droop: float = 0.3,
    fold: float = 0.25,
    widest: float = 0.45,
    across: int = 8,
    along: int = 14,
    margin: Colour | None = None,
) -> Mesh:
    """A blade that leaves `base` towards `compass` degrees, rising by `rise`, and bends down by `droop` radians."""
    a, e = math.radians(compass), math.radians(rise)
    out, side = (math.cos(a), math.sin(a)), (-math.sin(a), math.cos(a))
    spine: list[tuple[float, float, float]] = []
    r = z = 0.0
    for k in range(along + 1):
        spine.append((r, z, e))
        r += math.cos(e) * long / along
        z += math.sin(e) * long / along
        e -= droop * 2 * (k / along) / along * 1.4
    power = math.log(0.5) / math.log(widest)

    def at(u: float, v: float) -> Vec:
        k = min(along, round(v * along))
        rr, zz, slope = spine[k]
        half = wide / 2 * math.sin(math.pi * min(1.0, max(0.0, v)) ** power) ** 0.8
        s = (2 * u - 1) * half
        lift = abs(2 * u - 1) * half * fold
        rr -= math.sin(slope) * lift
        zz += math.cos(slope) * lift
        return base[0] + out[0] * rr + side[0] * s, base[1] + out[1] * rr + side[1] * s, base[2] + zz

    def paint(u: float, v: float) -> Colour:
        mid = abs(2 * u - 1)
        vein = 0.20 * smooth(0.16, 0.0, mid)
        rib = 0.05 * math.sin((v * 9 - mid * 1.4) * math.tau)
        base_tint = margin if margin and mid > 0.78 else tint
        return times(mixed(base_tint, (0.62, 0.70, 0.38), vein), 0.94 + rib)

    return Mesh(surface(at, across, along), LEAF, paint, two_sided=True)


def _tones(tint: Colour, rng: random.Random) -> Colour:
    return mixed(times(tint, rng.uniform(0.75, 1.2)), (0.42, 0.46, 0.14), rng.uniform(0, 0.18))


def snake_plant(z: float, wide: float, wishes: Wishes) -> Model:
    """Upright banded swords with pale margins."""
    rng, green = wishes.rng(), colour("#5f7f4f")
    model = Model()
    for _ in range(11):
        a, r = rng.uniform(0, math.tau), wide * 0.55 * math.sqrt(rng.random())
        x, y = r * math.cos(a), r * math.sin(a) * 0.8
        long = wide * rng.uniform(2.6, 4.6)
        turn = rng.uniform(-30, 30)
        tint, twist = _tones(green, rng), rng.uniform(-0.5, 0.9)

        def at(
            u: float, v: float, x: float = x, y: float = y, long: float = long, turn: float = turn, twist: float = twist
        ) -> Vec:
            half = wide * 0.26 * (0.55 + 0.45 * math.sin(math.pi * v**0.8)) * min(1.0, ((1 - v) / 0.22) ** 0.6)
            yaw = math.radians(turn) + twist * v
            s = (2 * u - 1) * half
            lean = v * v * long * 0.10
            curl = (2 * u - 1) ** 2 * half * 0.5
            return (
                x + s * math.cos(yaw) + lean * x / wide * 1.6 + curl * math.sin(yaw),
                y + s * math.sin(yaw) + lean * y / wide - curl * math.cos(yaw),
                z + v * long,
            )

        shift = rng.uniform(0, 40)

        def paint(u: float, v: float, tint: Colour = tint, shift: float = shift) -> Colour:
            if abs(2 * u - 1) > 0.78:
                return colour("#cfc77c")
            band = noise(u * 5 + shift, v * 26 + shift)
            return mixed(tint, colour("#a9bd8c"), 0.75 * smooth(0.52, 0.68, band))

        model.meshes.append(Mesh(surface(at, 16, 72), LEAF, paint, two_sided=True))
    return model


def rubber_plant(z: float, wide: float, wishes: Wishes) -> Model:
    """Broad glossy leaves along two stems."""
    rng, green = wishes.rng(), colour("#3f6341")
    model = Model()
    for n, (lean, high) in enumerate(((-0.10, 3.3), (0.18, 2.5), (0.02, 1.7))):
        top = wide * high
        path = bent(
            [(0.1 * n * wide, 0, z - 0.5), (lean * wide, 0.1 * wide * n, z + top * 0.5), (lean * wide * 3, 0, z + top)],
            20,
        )
        model.meshes.append(Mesh(tube(path, wide * 0.045, 10), WOOD, plain(colour("#6d5a3c"))))
        for k in range(5, 21, 2):
            rise = 30 + 40 * (k / 20) ** 2
            model.meshes.append(
                leaf(
                    path[k],
                    n * 50 + k * 68.75,
                    rise,
                    wide * rng.uniform(1.25, 1.65),
                    wide * rng.uniform(0.62, 0.8),
                    _tones(green, rng),
                    droop=0.9,
                    fold=0.22,
                    across=10,
                    along=16,
                )
            )
    return model


def trailing_plant(z: float, wide: float, wishes: Wishes) -> Model:
    """Heart-shaped leaves on stems that hang over the rim."""
    rng, green = wishes.rng(), colour("#6f9450")
    model = Model()
    for n in range(15):
        a = math.tau * (n / 15) + rng.uniform(-0.15, 0.15)
        out, drop = (wide * rng.uniform(1.1, 1.5), wide * rng.uniform(-0.6, 1.9) * (1.0 if math.sin(a) < 0.5 else 0.3))
        c, s = math.cos(a), math.sin(a)
        path = bent(
            [
                (0.3 * wide * c, 0.3 * wide * s, z),
                (0.75 * wide * c, 0.75 * wide * s, z + wide * rng.uniform(0.5, 1.0)),
                (out * c, out * s, z + 0.1 * wide),
                (out * 1.06 * c, out * 1.06 * s, z - drop),
            ],
            22,
        )
        model.lines.append(Line(path, times(green, 0.6), 0.2, lift=0.0))
        for k in range(3, 23, 2):
            size = wide * rng.uniform(0.34, 0.52) * (1 - k / 50)
            model.meshes.append(
                leaf(
                    path[k],
                    math.degrees(a) + rng.uniform(-75, 75),
                    rng.uniform(-20, 40),
                    size * 1.25,
                    size,
                    _tones(green, rng),
                    droop=1.1,
                    widest=0.36,
                    across=6,
                    along=8,
                )
            )
    return model


def grass(z: float, wide: float, wishes: Wishes) -> Model:
    """A fountain of narrow arching blades."""
    rng, green = wishes.rng(), colour("#7f9a5c")
    model = Model()
    for n in range(64):
        a = n * 137.5
        reach = (n / 64) ** 0.5
        x, y = wide * 0.4 * reach * math.cos(math.radians(a)), wide * 0.4 * reach * math.sin(math.radians(a))
        model.meshes.append(
            leaf(
                (x, y, z),
                a,
                86 - 34 * reach + rng.uniform(-6, 6),
                wide * rng.uniform(2.0, 3.2),
                wide * 0.15,
                _tones(green, rng),
                droop=1.6 * reach + rng.uniform(0.1, 0.7),
                fold=0.5,
                across=3,
                along=14,
            )
        )
    return model


def rosette(z: float, wide: float, wishes: Wishes) -> Model:
    """A succulent: thick pointed leaves in a spiral."""
    rng, green = wishes.rng(), colour(wishes.choice("leaf", "#8aa58f"))
    model = Model()
    for n in range(30):
        share = n / 30
        rise = 12 + 74 * share**1.2
        size = wide * (1.25 - 0.75 * share)
        tip = mixed(_tones(green, rng), colour("#b98a7a"), 0.12)
        model.meshes.append(
            leaf(
                (0, 0, z + share * wide * 0.28),
                n * 137.5,
                rise,
                size,
                size * 0.56,
                tip,
                droop=-0.35,
                fold=0.42,
                widest=0.60,
                across=14,
                along=18,
            )
        )
    return model


def herb(z: float, wide: float, wishes: Wishes) -> Model:
    """Many upright stems with small leaves in pairs."""
    rng, green = wishes.rng(), colour("#6d8f4a")
    model = Model()
    for n in range(14):
        a, r = n * 2.4, wide * 0.6 * math.sqrt(n / 14)
        x, y = r * math.cos(a), r * math.sin(a)
        high = wide * rng.uniform(1.3, 2.4)
        path = bent(
            [(x, y, z), (x * 1.25, y * 1.25, z + high * 0.5), (x * 1.7 + rng.uniform(-0.6, 0.6), y * 1.6, z + high)], 12
        )
        model.lines.append(Line(path, times(green, 0.65), 0.22, lift=0.0))
        for k in range(3, 13, 2):
            for half in (0, 180):
                size = wide * rng.uniform(0.28, 0.44)
                model.meshes.append(
                    leaf(
                        path[k],
                        k * 45 + half + n * 33,
                        rng.uniform(15, 45),
                        size,
                        size * 0.6,
                        _tones(green, rng),
                        droop=0.7,
                        across=5,
                        along=7,
                    )
                )
    return model


PLANTS = {
    "snake": snake_plant,
    "rubber": rubber_plant,
    "trailing": trailing_plant,
    "grass": grass,
    "rosette": rosette,
    "herb": herb,
}


def _soil(radius: float, z: float, wishes: Wishes) -> Mesh:
    rows = disc(radius, z, wishes.steps(60), 14)
    rows = [[(x, y, zz + 0.05 * radius * (noise(x * 2 + 30, y * 2 + 30) - 0.3)) for x, y, zz in row] for row in rows]
    return Mesh(rows, SOIL, lambda u, v: times(colour("#5b4332"), 0.6 + 0.8 * noise(u * 60, v * 12)))


def planter(wishes: Wishes) -> Model:
    """A pot, its saucer if asked for, and a plant if asked for."""
    high, wide = wishes.number("height", 17), wishes.number("width", 17)
    outside = curve([(r * wide, z * high) for r, z in _POTS[wishes.choice("shape", "classic")]], wishes.steps(80))
    finish = FINISHES[wishes.choice("finish", "matt")]
    iron = wishes.colour(1, "#4a372b") if wishes.choice("pattern", "plain") == "speckle" else None
    ribs = round(wishes.number("ribs", 0))
    model = vessel(
        outside,
        wide * 0.03,
        high * 0.84,
        wishes.steps(110 if not ribs else 200),
        finish,
        glaze(wishes),
        None,
        (ribs, 0.04) if ribs else None,
        iron,
        wishes.seed,
    )
    mouth = outside[-1][0]
    model.meshes.append(_soil(mouth * 0.93, high * 0.87, wishes))
    if wishes.number("saucer", 0):
        foot = outside[0][0]
        profile = curve(
            [
                (0.1, -1.0),
                (foot * 1.12, -1.0),
                (foot * 1.30, 0.6),
                (foot * 1.32, 0.9),
                (foot * 1.24, 0.7),
                (foot * 1.06, -0.5),
                (0.1, -0.5),
            ],
            wishes.steps(40),
        )
        model.meshes.append(Mesh(lathe(profile, wishes.steps(90)), finish, plain(wishes.colour(0))))
        model = model.moved(z=1.0)
    if wishes.number("legs", 0):
        model = model.moved(z=high * 0.55)
        model.add(_stand(wide * 0.44, high * 0.95, wishes))
    grown = wishes.choice("plant", "snake")
    if grown in PLANTS:
        base = (
            high * 0.87
            + (1.0 if wishes.number("saucer", 0) else 0.0)
            + (high * 0.55 if wishes.number("legs", 0) else 0.0)
        )
        model.add(PLANTS[grown](base, mouth * 0.9, wishes).turned(wishes.number("turn", 0)))
    return model


def _stand(wide: float, high: float, wishes: Wishes) -> Model:
    wood = wishes.colour(2, "#a97a4b")
    model = Model()
    for n in range(4):
        a = math.radians(38 + 90 * n)
        x, y = (wide * 1.2) * math.cos(a), (wide * 1.2) * math.sin(a)
        leg = [(x * 1.06, y * 1.06, 0.0), (x, y, high * 0.5), (x * 0.97, y * 0.97, high)]
        model.meshes.append(Mesh(tube(bent(leg, 24), 0.75, 16), WOOD, grained(wood, times(wood, 0.5), 6, 9, n)))
    for a in (38.0, 128.0):
        c, s = math.cos(math.radians(a)) * wide * 1.2, math.sin(math.radians(a)) * wide * 1.2
        model.meshes.append(
            Mesh(tube([(-c, -s, high * 0.54), (0, 0, high * 0.54), (c, s, high * 0.54)], 0.6, 12), WOOD, plain(wood))
        )
    return model


def window_box(wishes: Wishes) -> Model:
    """A long box of boards with herbs in a row."""
    wide, deep, high = wishes.number("width", 46) / 2, 8.0, 14.0
    tint = wishes.colour(0)

    def section(v: float) -> tuple[Vec, float, float, float]:
        foot = min(1.0, v / 0.02)
        return (0.0, 0.0, v * high), wide * (0.94 + 0.06 * v) * foot, deep * (0.92 + 0.08 * v) * foot, 14.0

    wood = wishes.choice("finish", "wood") == "wood"

    def boards(u: float, v: float) -> Colour:
        gap = 0.45 if wood and abs((v * 3) % 1 - 0.02) < 0.03 else 1.0
        return times(grain(v * 1.7 + int(v * 3) * 0.37, u * 6) if wood else tint, gap)

    grain = grained(tint, times(tint, 0.5), 4, 40, wishes.seed)
    model = Model(
        [Mesh(loft(section, wishes.steps(150), wishes.steps(60)), WOOD if wood else FINISHES["matt"], boards)]
    )
    lip = loft(
        lambda v: ((0.0, 0.0, high - 0.01), wide * (1 - 0.06 * v), deep * (1 - 0.16 * v), 14.0), wishes.steps(120), 3
    )
    model.meshes.append(Mesh(lip, WOOD, plain(times(tint, 0.9))))
    soil = loft(lambda v: ((0.0, 0.0, high - 0.6 * (v > 0)), wide * 0.94 * (1 - v), deep * 0.84 * (1 - v), 8.0), 80, 10)
    model.meshes.append(Mesh(soil, SOIL, lambda u, v: times(colour("#5b4332"), 0.6 + 0.8 * noise(u * 60, v * 30))))
    for n, x in enumerate((-0.72, -0.24, 0.24, 0.72)):
        own = Wishes(wishes.colours, wishes.options, wishes.seed + n, wishes.fine)
        grower = (herb, grass, herb, rosette)[(n + wishes.seed) % 4]
        model.add(grower(high - 0.5, 6.0, own).moved(x=x * wide))
    return model.turned(wishes.number("turn", 18))


def hanging_planter(wishes: Wishes) -> Model:
    """A bowl in cords, with a trailing plant."""
    model = planter(
        Wishes(
            wishes.colours,
            {
                "shape": "bowl",
                "width": 18,
                "height": 12,
                "finish": wishes.choice("finish", "satin"),
                "plant": "trailing",
                "pattern": wishes.choice("pattern", "plain"),
            },
            wishes.seed,
            wishes.fine,
        )
    )
    cord = wishes.colour(2, "#c9b48c")
    for n in range(3):
        a = math.radians(-90 + 120 * n + 18)
        x, y = 9.6 * math.cos(a), 9.6 * math.sin(a)
        model.meshes.append(
            Mesh(
                tube(
                    bent(
                        [
                            (x * 0.35, y * 0.35, -0.6),
                            (x * 0.95, y * 0.95, 4.6),
                            (x, y, 9.5),
                            (x * 0.5, y * 0.5, 27),
                            (0, 0, 42),
                        ],
                        40,
                    ),
                    0.24,
                    8,
                ),
                FINISHES["matt"],
                plain(cord),
            )
        )
    model.lines.append(Line([(0, 0, 42 + 6 * k) for k in range(9)], times(cord, 0.6), 0.6, lift=0))
    model.meshes.append(Mesh(tube([(0, 0, 40.6), (0, 0, 42.2)], 0.7, 14), FINISHES["matt"], plain(cord)))
    model.meshes.append(
        Mesh(tube([(0, 0, -3.6), (0, 0, -0.4)], lambda t: 0.8 - 0.3 * t, 12), FINISHES["matt"], plain(times(cord, 0.9)))
    )
    return model
