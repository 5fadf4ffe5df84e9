"""Thrown and cast clay: vases, mugs, cups, bowls, plates, jugs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from demo.pictures.geometry import Flat, Mesh, Model, bent, curve, lathe, tube
from demo.pictures.materials import (
    CLAY,
    GLAZE,
    SATIN,
    Colour,
    Material,
    Paint,
    dipped,
    mixed,
    noise,
    plain,
    smooth,
    speckles,
    times,
    uneven,
)
from demo.pictures.spec import Wishes

FINISHES = {"glaze": GLAZE, "satin": SATIN, "matt": CLAY}

_VASES: dict[str, tuple[Flat, ...]] = {
    "bottle": (
        (0.20, 0),
        (0.30, 0.02),
        (0.36, 0.16),
        (0.34, 0.34),
        (0.20, 0.52),
        (0.095, 0.66),
        (0.085, 0.88),
        (0.12, 1),
    ),
    "belly": ((0.18, 0), (0.27, 0.02), (0.44, 0.24), (0.47, 0.48), (0.34, 0.72), (0.19, 0.84), (0.19, 0.93), (0.24, 1)),
    "column": ((0.20, 0), (0.20, 0), (0.215, 0.02), (0.225, 0.2), (0.22, 0.6), (0.215, 0.9), (0.22, 1)),
    "moon": ((0.15, 0), (0.20, 0.015), (0.42, 0.2), (0.50, 0.47), (0.40, 0.76), (0.17, 0.92), (0.14, 0.95), (0.15, 1)),
    "tulip": ((0.16, 0), (0.22, 0.02), (0.27, 0.15), (0.22, 0.36), (0.17, 0.55), (0.21, 0.76), (0.30, 0.92), (0.33, 1)),
    "bud": (
        (0.24, 0),
        (0.32, 0.02),
        (0.42, 0.18),
        (0.36, 0.40),
        (0.14, 0.56),
        (0.085, 0.72),
        (0.085, 0.92),
        (0.115, 1),
    ),
    "amphora": (
        (0.12, 0),
        (0.17, 0.015),
        (0.24, 0.2),
        (0.37, 0.46),
        (0.36, 0.64),
        (0.20, 0.78),
        (0.145, 0.86),
        (0.20, 1),
    ),
}


def hollow(outside: Sequence[Flat], wall: float, floor: float) -> list[Flat]:
    """The profile of a vessel: outside from the foot up, over a rounded lip, inside down to the floor."""
    inside = [(max(r - wall, 0.05), z) for r, z in reversed(outside) if z > floor]
    r, z = outside[-1]
    lip = [(r - wall * (0.5 - 0.5 * math.cos(t)), z + wall * 0.5 * math.sin(t)) for t in (0.6, 1.2, 1.9, 2.5)]
    return [(0.02, outside[0][1] + 0.01), *outside, *lip, *inside, (inside[-1][0] * 0.5, floor), (0.02, floor)]


def vessel(
    outside: Sequence[Flat],
    wall: float,
    floor: float,
    across: int,
    material: Material,
    paint: Paint,
    inner: Paint | None = None,
    flute: tuple[int, float] | None = None,
    iron: Colour | None = None,
    seed: int = 1,
) -> Model:
    """A turned vessel. The inner surface has its own paint and grows darker with depth."""
    profile = hollow(outside, wall, floor)
    cut = len(outside) + 3
    ribs = None
    if flute:
        count, deep = flute
        ribs = _flutes(count, deep)
    high, deepest = outside[-1][1], floor
    mouth = outside[-1][0]
    inside = profile[cut:]

    def open_to_light(u: float, v: float) -> float:
        z = inside[min(len(inside) - 1, round(v * (len(inside) - 1)))][1]
        depth = (high - z) / max(mouth, 0.1)
        return 1 / (1 + 0.75 * depth * depth + 0.25 * depth)

    size = 0.010 * max(high, 2 * mouth)
    spots = speckles(cut, across, iron, seed, size=size, count=520) if iron else None
    return Model(
        [
            Mesh(lathe(profile[: cut + 1], across, ribs), material, paint, spots=spots),
            Mesh(lathe(inside, across), material, inner or paint, enclosed=open_to_light, casts_shadow=deepest >= 0),
        ]
    )


def _flutes(count: int, deep: float) -> Callable[[float, float], float]:
    def flute(u: float, v: float) -> float:
        wave = abs(math.sin(u * math.pi * count))
        return 1 - deep * (1 - wave) * smooth(0.04, 0.12, v) * (1 - smooth(0.86, 0.95, v))

    return flute


def glaze(wishes: Wishes, *, pale: str = "#efe6d6") -> Paint:
    """The pattern asked for with the option "pattern", in the first two colours."""
    one, two = wishes.colour(0), wishes.colour(1, pale)
    match wishes.choice("pattern", "plain"):
        case "dip":
            return dipped(two, one, wishes.number("line", 0.42))
        case "stripes":
            return _stripes(one, two, round(wishes.number("count", 7)))
        case "brush":
            return _brushed(one, two, wishes.number("line", 0.5))
        case "reactive":
            return _reactive(one, two)
        case _:
            return uneven(one, 0.05)


def _iron(wishes: Wishes) -> Colour | None:
    return wishes.colour(1, "#4a372b") if wishes.choice("pattern", "plain") == "speckle" else None


def _stripes(one: Colour, two: Colour, count: int) -> Paint:
    def paint(u: float, v: float) -> Colour:
        wave = v * count + 0.05 * math.sin(u * math.tau * 3)
        near = abs(wave % 1 - 0.5)
        return mixed(one, two, smooth(0.21, 0.15, near)) if 0.06 < v < 0.95 else one

    return paint


def _brushed(one: Colour, two: Colour, at: float) -> Paint:
    def paint(u: float, v: float) -> Colour:
        edge = at + 0.035 * (noise(u * 11, 3.0) - 0.5) + 0.018 * math.sin(u * math.tau)
        streak = noise(u * 7, v * 46)
        inside = smooth(0.0, 0.02, v - edge + 0.13) * (1 - smooth(0.0, 0.02, v - edge - 0.13))
        return mixed(one, two, inside * (0.72 + 0.28 * streak))

    return paint


def _reactive(one: Colour, two: Colour) -> Paint:
    """A glaze that breaks to its second colour towards the lip and in runs."""

    def paint(u: float, v: float) -> Colour:
        run = noise(u * 22, v * 2.5) * 0.35 + noise(u * 60, v * 12) * 0.12
        return mixed(one, two, smooth(0.42, 0.98, v * 0.86 + run))

    return paint


def vase(wishes: Wishes) -> Model:
    high = wishes.number("height", 26)
    wide = wishes.number("width", 1.0)
    shape = _VASES[wishes.choice("shape", "belly")]
    outside = curve([(r * high * wide, z * high) for r, z in shape], wishes.steps(110))
    finish = FINISHES[wishes.choice("finish", "satin")]
    ribs = round(wishes.number("ribs", 0))
    return vessel(
        outside,
        high * 0.022,
        high * 0.05,
        wishes.steps(120 if not ribs else 200),
        finish,
        glaze(wishes),
        plain(times(wishes.colour(0), 0.8)),
        (ribs, 0.05) if ribs else None,
        _iron(wishes),
        wishes.seed,
    )


_MUGS: dict[str, tuple[Flat, ...]] = {
    "straight": ((0.36, 0), (0.40, 0.01), (0.44, 0.06), (0.45, 0.2), (0.45, 0.6), (0.45, 1)),
    "round": ((0.27, 0), (0.32, 0.012), (0.44, 0.16), (0.495, 0.42), (0.475, 0.74), (0.45, 1)),
    "taper": ((0.28, 0), (0.32, 0.012), (0.36, 0.08), (0.41, 0.4), (0.455, 0.75), (0.48, 1)),
    "foot": ((0.25, 0), (0.26, 0.0), (0.25, 0.07), (0.25, 0.07), (0.40, 0.17), (0.47, 0.42), (0.485, 0.75), (0.49, 1)),
}


def mug(wishes: Wishes) -> Model:
    """A mug; with the option handle = 0 a beaker."""
    high = wishes.number("height", 9.5)
    wide = wishes.number("width", 1.0)
    outside = curve(
        [(r * high * wide, z * high) for r, z in _MUGS[wishes.choice("shape", "straight")]], wishes.steps(80)
    )
    finish = FINISHES[wishes.choice("finish", "glaze")]
    inner = wishes.colour(2, wishes.colours[0]) if len(wishes.colours) > 2 else times(wishes.colour(0), 0.96)
    body = vessel(
        outside,
        0.36,
        high * 0.07,
        wishes.steps(110),
        finish,
        glaze(wishes),
        plain(inner),
        None,
        _iron(wishes),
        wishes.seed,
    )
    if wishes.number("handle", 1) > 0:
        body.add(Model([handle(outside, high, wishes.number("loop", 0.36) * high, wishes.colour(0), finish, wishes)]))
    return body.turned(wishes.number("turn", -28))


def handle(
    outside: Sequence[Flat],
    high: float,
    reach: float,
    tint: Colour,
    finish: Material,
    wishes: Wishes,
    foot_at: float = 0.24,
) -> Mesh:
    def wall(z: float) -> float:
        return min(outside, key=lambda p: abs(p[1] - z))[0]

    top, foot = high * 0.84, high * foot_at
    start, end = wall(top), wall(foot)
    out = max(start, end) + reach
    drop = top - foot
    path = bent(
        [
            (start - 0.2, 0, top - high * 0.01),
            (start + (out - start) * 0.42, 0, top + high * 0.025),
            (start + (out - start) * 0.82, 0, top - drop * 0.08),
            (out, 0, top - drop * 0.36),
            (end + (out - end) * 0.93, 0, top - drop * 0.63),
            (end + (out - end) * 0.66, 0, foot + drop * 0.13),
            (end + (out - end) * 0.3, 0, foot + drop * 0.01),
            (end - 0.15, 0, foot - high * 0.01),
        ],
        wishes.steps(66),
    )
    thick = high * 0.068
    swell = lambda t: thick * (1 + 0.35 * (2 * t - 1) ** 4)  # noqa: E731
    rows = tube(path, swell, wishes.steps(28), flat=1.5, up=(0.0, 1.0, 0.0))
    return Mesh(rows, finish, uneven(tint, 0.04))


def bowl(wishes: Wishes) -> Model:
    wide, high = wishes.number("width", 16), wishes.number("height", 7)
    shape = ((0.22, 0), (0.23, 0), (0.22, 0.06), (0.22, 0.06), (0.36, 0.22), (0.46, 0.52), (0.5, 1))
    outside = curve([(r * wide, z * high) for r, z in shape], wishes.steps(70))
    finish = FINISHES[wishes.choice("finish", "glaze")]
    inner = wishes.colour(2, wishes.colours[0]) if len(wishes.colours) > 2 else times(wishes.colour(0), 0.97)
    return vessel(
        outside,
        wide * 0.022,
        high * 0.13,
        wishes.steps(130),
        finish,
        glaze(wishes),
        uneven(inner, 0.05),
        None,
        _iron(wishes),
        wishes.seed,
    )


def bowls(wishes: Wishes) -> Model:
    """Nested bowls, the smallest on top, each in its own colour."""
    model = Model()
    lift = 0.0
    for place, share in enumerate((1.0, 0.86, 0.73)):
        one = Wishes(
            (wishes.colours[place % len(wishes.colours)],), dict(wishes.options), wishes.seed, wishes.fine * 0.72
        )
        one.options["width"] = wishes.number("width", 20) * share
        one.options["height"] = wishes.number("height", 8) * share
        model.add(bowl(one).moved(x=place * 0.25, z=lift))
        lift += wishes.number("height", 8) * share * 0.36
    return model


def plate_at(wide: float, wishes: Wishes, finish: Material) -> Model:
    shape = ((0.26, 0), (0.28, 0.1), (0.38, 0.35), (0.47, 0.8), (0.5, 1.0))
    outside = curve([(r * wide, z * wide * 0.085) for r, z in shape], wishes.steps(40))
    one, rim = wishes.colour(0), wishes.colour(1, wishes.colours[0])

    def face(u: float, v: float) -> Colour:
        return rim if v < 0.10 else times(one, 0.97 + 0.05 * math.sin(v * 60) ** 2)

    return vessel(outside, wide * 0.014, wide * 0.022, wishes.steps(110), finish, plain(rim), face)


def plates(wishes: Wishes) -> Model:
    """A stack of plates, seen from above."""
    count = round(wishes.number("count", 4))
    wide = wishes.number("width", 22)
    finish = FINISHES[wishes.choice("finish", "satin")]
    model = Model()
    for n in range(count):
        share = 1.0 if n < count - 1 or wishes.number("side", 0) == 0 else 0.74
        one = plate_at(wide * share, wishes, finish)
        if n < count - 1:
            # The faces below are never seen, and lie too close under the next plate to be sorted by distance.
            one = Model(one.meshes[:1])
        model.add(one.moved(x=0.16 * math.sin(n * 2.1), z=n * wide * 0.03))
    return model


def jug(wishes: Wishes) -> Model:
    """A pouring jug: a belly drawn out to a lip on one side, a handle on the other."""
    high = wishes.number("height", 19)
    shape = ((0.22, 0), (0.27, 0.012), (0.36, 0.16), (0.38, 0.36), (0.30, 0.62), (0.24, 0.80), (0.255, 0.92), (0.28, 1))
    outside = curve([(r * high, z * high) for r, z in shape], wishes.steps(90))
    finish = FINISHES[wishes.choice("finish", "satin")]
    body = vessel(
        outside,
        high * 0.022,
        high * 0.05,
        wishes.steps(120),
        finish,
        glaze(wishes),
        plain(wishes.colour(0)),
        None,
        _iron(wishes),
        wishes.seed,
    )

    def drawn_out(p: tuple[float, float, float]) -> tuple[float, float, float]:
        x, y, z = p
        toward = smooth(0.72, 1.0, z / high) * math.exp(-((math.atan2(y, -x) / 0.42) ** 2))
        return x * (1 + 0.42 * toward), y * (1 - 0.15 * toward), z + high * 0.035 * toward

    body = body.mapped(drawn_out)
    body.add(Model([handle(outside, high, high * 0.13, wishes.colour(0), finish, wishes, 0.42)]))
    return body.turned(wishes.number("turn", -22))
