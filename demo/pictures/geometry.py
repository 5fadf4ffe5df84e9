"""Solid shapes as grids of points: x to the right, y away from the viewer, z up, lengths in centimetres.

Every shape is a grid sampled from a parametric surface. With `u` running along a row and `v` from row to row, the
outside of the shape is the side that `du x dv` points to; the renderer leaves out quads that turn away from the viewer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from demo.pictures.materials import Material, Paint

Vec = tuple[float, float, float]
Flat = tuple[float, float]
Rows = list[list[Vec]]


@dataclass(frozen=True)
class Mesh:
    """A grid of points with what it is made of.

    `paint` gives the colour at (u, v); `lift` (cm) brings decoration in front of the surface it lies on;
    `enclosed` darkens surfaces that see little of the room, such as the inside of a pot; `spots` are small discs of
    a colour and radius (cm) at a row and column.
    """

    rows: Rows
    material: Material
    paint: Paint
    two_sided: bool = False
    lift: float = 0.0
    enclosed: Callable[[float, float], float] | None = None
    spots: dict[tuple[int, int], tuple[tuple[float, float, float], float]] | None = None
    casts_shadow: bool = True


@dataclass(frozen=True)
class Line:
    """A thread, seam or edge drawn along points on a surface; `dash` draws every other piece only."""

    points: list[Vec]
    colour: tuple[float, float, float]
    width: float
    dash: bool = False
    lift: float = 0.15


@dataclass
class Model:
    """What one form is built of."""

    meshes: list[Mesh] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add(self, other: Model) -> None:
        self.meshes.extend(other.meshes)
        self.lines.extend(other.lines)

    def mapped(self, change: Callable[[Vec], Vec]) -> Model:
        return Model(
            [replace(mesh, rows=[[change(p) for p in row] for row in mesh.rows]) for mesh in self.meshes],
            [replace(line, points=[change(p) for p in line.points]) for line in self.lines],
        )

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Model:
        return self.mapped(lambda p: (p[0] + x, p[1] + y, p[2] + z))

    def turned(self, degrees: float) -> Model:
        """Turned about the upright axis, anticlockwise seen from above."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return self.mapped(lambda p: (p[0] * c - p[1] * s, p[0] * s + p[1] * c, p[2]))

    def tipped(self, degrees: float) -> Model:
        """Leaning back, about the axis that runs left to right."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return self.mapped(lambda p: (p[0], p[1] * c + p[2] * s, -p[1] * s + p[2] * c))

    def rolled(self, degrees: float) -> Model:
        """Leaning to the right, about the axis that runs away from the viewer."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return self.mapped(lambda p: (p[0] * c + p[2] * s, p[1], -p[0] * s + p[2] * c))

    def scaled(self, factor: float) -> Model:
        return self.mapped(lambda p: (p[0] * factor, p[1] * factor, p[2] * factor))

    def bounds(self) -> tuple[Vec, Vec]:
        points = [p for mesh in self.meshes for row in (*mesh.rows[::2], mesh.rows[-1]) for p in row[::2]]
        xs, ys, zs = [p[0] for p in points], [p[1] for p in points], [p[2] for p in points]
        return (min(xs), min(ys), min(zs)), (max(xs), max(ys), max(zs))

    def grounded(self) -> Model:
        return self.moved(z=-self.bounds()[0][2])


def surface(point: Callable[[float, float], Vec], across: int, along: int) -> Rows:
    return [[point(i / across, j / along) for i in range(across + 1)] for j in range(along + 1)]


def curve(points: Sequence[Flat], samples: int) -> list[Flat]:
    """A smooth line through the points, evenly sampled; a point given twice makes a corner."""
    dense: list[Flat] = []
    last = len(points) - 1
    for i in range(last):
        p0, p1, p2, p3 = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]
        if p1 == p2:
            continue
        for k in range(24):
            dense.append(_catmull(p0, p1, p2, p3, k / 24))
    dense.append(points[-1])
    return evenly(dense, samples)


def _catmull(p0: Flat, p1: Flat, p2: Flat, p3: Flat, t: float) -> Flat:
    a, b = t * t, t * t * t
    x, y = (
        0.5
        * (
            2 * p1[n]
            + (p2[n] - p0[n]) * t
            + (2 * p0[n] - 5 * p1[n] + 4 * p2[n] - p3[n]) * a
            + (3 * p1[n] - p0[n] - 3 * p2[n] + p3[n]) * b
        )
        for n in (0, 1)
    )
    return x, y


def evenly(points: Sequence[Flat], samples: int) -> list[Flat]:
    """The same line, cut into `samples` pieces of equal length."""
    lengths = [0.0]
    for (ax, ay), (bx, by) in pairwise(points):
        lengths.append(lengths[-1] + math.hypot(bx - ax, by - ay))
    result: list[Flat] = []
    at = 0
    for k in range(samples + 1):
        want = lengths[-1] * k / samples
        while at < len(points) - 2 and lengths[at + 1] < want:
            at += 1
        span = lengths[at + 1] - lengths[at] or 1.0
        t = min(1.0, (want - lengths[at]) / span)
        (ax, ay), (bx, by) = points[at], points[at + 1]
        result.append((ax + (bx - ax) * t, ay + (by - ay) * t))
    return result


def lathe(profile: Sequence[Flat], across: int, flute: Callable[[float, float], float] | None = None) -> Rows:
    """A surface of revolution; `flute(u, v)` multiplies the radius, for ribs and facets."""
    last = len(profile) - 1
    turn = [(math.cos(math.tau * i / across), math.sin(math.tau * i / across)) for i in range(across + 1)]
    if flute is None:
        return [[(r * c, r * s, z) for c, s in turn] for r, z in profile]
    return [
        [
            (r * f * c, r * f * s, z)
            for f, (c, s) in zip([flute(i / across, j / last) for i in range(across + 1)], turn, strict=True)
        ]
        for j, (r, z) in enumerate(profile)
    ]


def tube(
    path: Sequence[Vec],
    radius: float | Callable[[float], float],
    sides: int = 20,
    flat: float = 1.0,
    up: Vec = (0.0, 0.0, 1.0),
) -> Rows:
    """A rod along a path, its ends closed; `flat` squeezes it along `up`, which makes straps and handles."""
    rows: Rows = []
    last = len(path) - 1
    ends: list[tuple[int, float]] = [(0, 0.0), (0, 0.7), *((k, 1.0) for k in range(last + 1)), (last, 0.7), (last, 0.0)]
    for k, swell in ends:
        ahead = unit(minus(path[min(k + 1, last)], path[max(k - 1, 0)]))
        side = unit(cross(ahead, up)) if abs(dot(ahead, up)) < 0.999 else unit(cross(ahead, (1.0, 0.0, 0.0)))
        top = cross(side, ahead)
        r = (radius(k / last) if callable(radius) else radius) * swell
        x, y, z = path[k]
        row = []
        for i in range(sides + 1):
            a = math.tau * i / sides
            s, t = -math.cos(a) * r, math.sin(a) * r * flat
            row.append((x + side[0] * s + top[0] * t, y + side[1] * s + top[1] * t, z + side[2] * s + top[2] * t))
        rows.append(row)
    return rows


def bent(points: Sequence[Vec], samples: int) -> list[Vec]:
    """A smooth line in space through the points."""
    last = len(points) - 1
    result: list[Vec] = []
    for k in range(samples + 1):
        at = min(last - 1, int(k / samples * last))
        t = k / samples * last - at
        p0, p1, p2, p3 = points[max(at - 1, 0)], points[at], points[at + 1], points[min(at + 2, last)]
        x, y = _catmull(p0[:2], p1[:2], p2[:2], p3[:2], t)
        z, _ = _catmull((p0[2], 0.0), (p1[2], 0.0), (p2[2], 0.0), (p3[2], 0.0), t)
        result.append((x, y, z))
    return result


def rounded(angle: float, power: float) -> Flat:
    """A point of a superellipse: power 2 is a circle, larger ones tend to a rounded square."""
    c, s = math.cos(angle), math.sin(angle)
    k = (abs(c) ** power + abs(s) ** power) ** (-1 / power)
    return c * k, s * k


def loft(
    section: Callable[[float], tuple[Vec, float, float, float]], across: int, along: int, turn: float = 0.0
) -> Rows:
    """An upright body: `section(v)` gives the centre, half width, half depth and roundness at each height."""
    rows: Rows = []
    for j in range(along + 1):
        (x, y, z), w, d, power = section(j / along)
        row = []
        for i in range(across + 1):
            c, s = rounded(turn + math.tau * i / across, power)
            row.append((x + w * c, y + d * s, z))
        rows.append(row)
    return rows


def minus(a: Vec, b: Vec) -> Vec:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def unit(a: Vec) -> Vec:
    n = math.sqrt(dot(a, a)) or 1.0
    return a[0] / n, a[1] / n, a[2] / n


def disc(radius: float, z: float, across: int, rings: int = 4) -> Rows:
    """A level disc that faces up."""
    return lathe([(radius * (1 - 0.999 * k / rings), z) for k in range(rings + 1)], across)


def slab(
    left: Callable[[float], float],
    right: Callable[[float], float],
    length: float,
    thick: float,
    across: int,
    along: int,
    bevel: float = 0.25,
) -> tuple[Rows, Rows]:
    """A flat piece lying on the floor along y: its upper face and its edge.

    `left` and `right` give the outline (x) at each share of the length; the edge is rounded by `bevel` cm.
    """
    stations = [0.5 - 0.5 * math.cos(math.pi * k / along) for k in range(along + 1)]
    edges = [(left(t), right(t), t * length) for t in stations]
    inset = [
        (min(a + bevel, (a + b) / 2), max(b - bevel, (a + b) / 2), min(max(y, bevel), length - bevel))
        for a, b, y in edges
    ]
    face = [[(a + (b - a) * i / across, y, thick) for i in range(across + 1)] for a, b, y in inset]
    loop = [(b, y) for _, b, y in edges] + [(a, y) for a, _, y in reversed(edges)]
    inner = [(b, y) for _, b, y in inset] + [(a, y) for a, _, y in reversed(inset)]
    loop.append(loop[0])
    inner.append(inner[0])
    rim: Rows = [[(x, y, 0.0) for x, y in loop], [(x, y, thick - bevel) for x, y in loop]]
    for share in (0.35, 0.7, 1.0):
        a = share * math.pi / 2
        rim.append(
            [
                (
                    ox + (ix - ox) * (1 - math.cos(a)),
                    oy + (iy - oy) * (1 - math.cos(a)),
                    thick - bevel * (1 - math.sin(a)),
                )
                for (ox, oy), (ix, iy) in zip(loop, inner, strict=True)
            ]
        )
    return face, rim


def fewer(mesh: Mesh) -> Rows:
    """Every second row and column: enough for a shadow."""
    rows = [*mesh.rows[:-1:2], mesh.rows[-1]] if len(mesh.rows) > 8 else mesh.rows
    return [[*row[:-1:2], row[-1]] if len(row) > 12 else row for row in rows]
