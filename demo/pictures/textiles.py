"""Cloth: cushions, folded blankets, stacked towels."""

from __future__ import annotations

import math
import random

from demo.pictures.geometry import Line, Mesh, Model, Rows, Vec, bent, rounded, surface, tube
from demo.pictures.materials import CLOTH, KNIT, Colour, Paint, mixed, noise, smooth, times
from demo.pictures.spec import Wishes


def cloth(wishes: Wishes, across: int, along: int) -> Paint:
    """The woven pattern asked for, at the grain of the grid; u across the cloth, v along it."""
    one, two = wishes.colour(0), wishes.colour(1, "#efe6d6")
    three = wishes.colour(2, wishes.colours[min(1, len(wishes.colours) - 1)])
    pattern = wishes.choice("pattern", "plain")
    count = wishes.number("count", 9)

    def tint(u: float, v: float) -> Colour:
        match pattern:
            case "stripes":
                return two if (u * count) % 1 < 0.34 else one
            case "bands":
                near = min(v, 1 - v)
                return two if 0.10 < near < 0.17 or 0.20 < near < 0.225 else three if 0.055 < near < 0.08 else one
            case "check":
                dark = ((u * count) % 1 < 0.5) + ((v * count) % 1 < 0.5)
                return mixed(one, two, dark / 2)
            case "windowpane":
                return two if (u * count) % 1 < 0.09 or (v * count) % 1 < 0.09 else one
            case "herringbone":
                zig = abs((u * count) % 2 - 1) * 0.9
                return two if ((v * count * 2.2 + zig) % 1) < 0.5 else one
            case "diamond":
                a, b = abs((u * count) % 1 - 0.5), abs((v * count) % 1 - 0.5)
                return two if a + b < 0.20 else three if 0.40 < a + b < 0.48 else one
            case "block":
                return two if v > 0.62 + 0.02 * math.sin(u * 9) else three if v < 0.18 else one
            case _:
                return one

    def paint(u: float, v: float) -> Colour:
        thread = 0.93 + 0.10 * ((int(u * across) + int(v * along)) & 1)
        slub = 0.90 + 0.14 * noise(u * 7, v * 120) + 0.10 * (noise(u * 120, v * 9) - 0.3)
        return times(tint(u, v), thread * slub)

    return paint


def cushion(wishes: Wishes) -> Model:
    """A filled cushion standing on its edge; fringe, piping or tassels along the seam."""
    wide, high = wishes.number("width", 45), wishes.number("height", 45)
    thick = wishes.number("thick", 0.27) * min(wide, high)
    across, along = wishes.steps(104), wishes.steps(104)
    paint = cloth(wishes, across, along)

    def at(u: float, v: float, side: float) -> Vec:
        a, b = 2 * u - 1, 2 * v - 1
        inward_x, inward_z = 1 - 0.075 * (1 - b * b), 1 - 0.075 * (1 - a * a)
        swell = max(0.0, (1 - abs(a) ** 2.3) * (1 - abs(b) ** 2.1)) ** 0.62
        edge = max(abs(a), abs(b))
        crease = 0.085 * smooth(0.35, 0.95, edge) * (noise(a * 7 + 20, b * 7 + 20) - 0.5)
        rim = (
            (noise(math.atan2(b, a) * 6 + 30, edge * 2.0) - 0.5)
            * 0.10
            * smooth(0.55, 0.97, edge)
            * (1 - smooth(0.97, 1.0, edge))
        )
        depth = thick * (swell * (1 + crease) + rim * swell)
        dent = 0.10 * math.exp(-((a + 0.05) ** 2 + (b - 0.75) ** 2 * 3) * 5) * high * 0.5
        return (
            a * inward_x * wide / 2,
            -side * depth,
            (b * inward_z * high / 2 + high / 2) - dent * smooth(-0.2, 1, b),
        )

    front = Mesh(surface(lambda u, v: at(u, v, 1), across, along), CLOTH, paint)
    back = Mesh(surface(lambda u, v: at(1 - u, v, 1), wishes.steps(40), wishes.steps(40)), CLOTH, paint)
    back = Mesh([[(x, -y, z) for x, y, z in row] for row in back.rows], CLOTH, paint)
    model = Model([front, back])
    trim = wishes.choice("trim", "piping")
    seam = [at(n / 60, 0, 1) for n in range(61)] + [at(1, n / 60, 1) for n in range(61)]
    seam += [at(1 - n / 60, 1, 1) for n in range(61)] + [at(0, 1 - n / 60, 1) for n in range(61)]
    edge = wishes.colour(2, wishes.colours[min(1, len(wishes.colours) - 1)]) if trim != "self" else wishes.colour(0)
    if trim == "fringe":
        model.lines.extend(_fringe(seam, edge, wide / 2, high / 2, wishes))
    else:
        path = [p for n, p in enumerate(seam) if n % 61 or n == 0]
        model.meshes.append(
            Mesh(tube([*path, path[0]], 0.34 if trim == "piping" else 0.2, 10), CLOTH, lambda u, v: edge)
        )
    return model.tipped(13).turned(wishes.number("turn", 14)).grounded()


def _fringe(seam: list[Vec], tint: Colour, cx: float, cz: float, wishes: Wishes) -> list[Line]:
    rng = random.Random(wishes.seed)
    lines = []
    for x, y, z in seam:
        for _ in range(9):
            dx, dz = x / cx, (z - cz) / cz
            big = max(abs(dx), abs(dz))
            out = (
                math.copysign(1.0, dx) if abs(dx) > big - 0.03 else 0.0,
                math.copysign(1.0, dz) if abs(dz) > big - 0.03 else 0.0,
            )
            long = 1.9 + rng.random() * 0.7
            sx, sz = rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.7)
            end = (x + out[0] * long + sx * 0.7, y + rng.uniform(-0.5, 0.5), z + out[1] * long + sz * 0.7)
            lines.append(Line([(x + sx * 0.5, y, z + sz * 0.5), end], times(tint, rng.uniform(0.45, 0.95)), 0.13))
    return lines


def _fold(length: float, depth: float, thick: float, wishes: Wishes, wobble: float, top: bool) -> Mesh:
    """One folded layer: a soft flat roll along x with a rounded front. Only the top one shows its weave."""
    across, along = (wishes.steps(96), wishes.steps(88)) if top else (wishes.steps(44), wishes.steps(64))
    paint = cloth(wishes, across, along)
    shift = wobble * 13.7
    rows: Rows = []
    for j in range(along + 1):
        t = j / along
        ends = min(1.0, 0.25 + 0.75 * math.sqrt(max(0.0, 1 - abs(2 * t - 1) ** 26)))
        row = []
        for i in range(across + 1):
            y, z = rounded(math.tau * i / across - math.pi, 2.8)
            bump = 1 + 0.16 * (noise(t * 4 + shift, i / across * 5) - 0.5)
            sag = 0.10 * thick * (noise(t * 3 + shift, 9.0) - 0.5)
            row.append(
                (
                    length * (t - 0.5),
                    y * depth / 2 * (1 + 0.012 * math.sin(t * 7 + shift)),
                    thick / 2 + z * thick / 2 * ends * bump + sag,
                )
            )
        rows.append(row)
    return Mesh(rows, KNIT, paint)


def blanket(wishes: Wishes) -> Model:
    """A blanket folded in layers, with a fringe at its open end."""
    layers = round(wishes.number("layers", 3))
    thick = wishes.number("thick", 4.6)
    wide, deep = wishes.number("width", 42), wishes.number("depth", 30)
    model = Model()
    for n in range(layers):
        one = Model(
            [_fold(wide * (1 - 0.012 * n), deep * (1 - 0.01 * n), thick, wishes, n + wishes.seed, n == layers - 1)]
        )
        model.add(one.moved(x=0.5 * math.sin(n * 2.3), y=0.4 * math.cos(n * 1.7), z=n * thick * 0.86))
    if wishes.number("fringe", 1) > 0:
        model.lines.extend(_tassels(wide, deep, thick, layers, wishes))
    return model.turned(wishes.number("turn", -24))


def _tassels(wide: float, deep: float, thick: float, layers: int, wishes: Wishes) -> list[Line]:
    rng = random.Random(wishes.seed)
    tint = wishes.colour(1, wishes.colours[0])
    lines = []
    for n in range(layers):
        for k in range(46):
            y = -deep / 2 + deep * (k + 0.5) / 46
            z = n * thick * 0.86 + thick * 0.5
            x = wide / 2 - 0.4
            drop = min(z - 0.1, 2.6 + rng.random())
            path = bent(
                [
                    (x, y, z),
                    (x + 1.2, y + rng.uniform(-0.3, 0.3), z - drop * 0.2),
                    (x + 1.9 + rng.random(), y + rng.uniform(-0.5, 0.5), z - drop),
                ],
                5,
            )
            lines.append(Line(path, times(tint, rng.uniform(0.5, 0.95)), 0.34, lift=0.1))
    return lines


def towels(wishes: Wishes) -> Model:
    """A stack of folded linen, each piece with its own stripe."""
    model = Model()
    lift = 0.0
    for n in range(round(wishes.number("count_of", 3))):
        own = Wishes(
            (wishes.colours[n % len(wishes.colours)], *wishes.colours[1:]),
            dict(wishes.options),
            wishes.seed + n,
            wishes.fine,
        )
        if n % 2:
            own.colours = (wishes.colours[n % len(wishes.colours)], wishes.colours[0], *wishes.colours[2:])
        one = Model()
        for k in range(2):
            one.add(Model([_fold(24 - 0.2 * k, 18, 1.25, own, n * 2.0 + k, (n, k) == (2, 1))]).moved(z=k * 1.1))
        model.add(one.turned(3 * math.sin(n * 2.2 + 0.5)).moved(x=0.4 * math.cos(n * 2), z=lift))
        lift += 2.2
    return model.turned(wishes.number("turn", -28))
