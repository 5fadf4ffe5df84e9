"""Backpacks, totes and pouches: soft bodies with seams, straps and leather."""

from __future__ import annotations

import math

from demo.pictures.geometry import Line, Mesh, Model, Rows, Vec, bent, curve, loft, rounded, surface, tube
from demo.pictures.materials import BRASS, CLOTH, LEATHER, Colour, Paint, colour, noise, plain, smooth, times
from demo.pictures.spec import Wishes

_THREAD = 1.9


def canvas(tint: Colour, lower: Colour | None = None, at: float = 0.0, across: int = 120, along: int = 120) -> Paint:
    """Heavy plain weave, with a second colour below a seam."""

    def paint(u: float, v: float) -> Colour:
        base = lower if lower and v < at else tint
        thread = 0.965 + 0.05 * ((int(u * across) + int(v * along)) & 1)
        return times(base, thread * (0.90 + 0.16 * noise(u * 26, v * 14)))

    return paint


def _soft(p: Vec, wide: float, high: float, amount: float, seed: float) -> Vec:
    """Cloth never hangs quite flat: a few broad dents and slanting creases."""
    x, y, z = p
    k = z / high
    broad = noise(x / wide * 3.0 + seed, k * 3.2 + seed) - 0.5
    crease = noise((x / wide + k * 0.7) * 6 + seed, (k - x / wide * 0.3) * 2.2) - 0.5
    d = amount * (broad * 1.0 + crease * 0.55)
    return x + d * 0.15 * (1 if x > 0 else -1), y + d, z


def backpack(wishes: Wishes) -> Model:
    """Upright day bag. The option top is "roll", "flap" or "zip"."""
    wide, deep, high = (wishes.number("width", 29) / 2, wishes.number("depth", 14) / 2, wishes.number("height", 42))
    tint, trim = wishes.colour(0), wishes.colour(1, "#8a5a34")
    top = wishes.choice("top", "zip")

    def section(v: float) -> tuple[Vec, float, float, float]:
        z = v * high
        foot = smooth(0.0, 0.07, v) ** 0.5
        if top == "zip":
            close = math.sqrt(max(0.0, 1 - max(0.0, (v - 0.62) / 0.38) ** 2.4))
            w, d = (
                wide * (0.90 + 0.10 * foot) * (0.16 + 0.84 * close),
                deep * (0.86 + 0.14 * foot) * (0.10 + 0.90 * close),
            )
        elif top == "roll":
            w, d = (wide * (0.90 + 0.10 * foot), deep * (0.86 + 0.14 * foot) * (1 - 0.80 * smooth(0.62, 1.0, v)))
        else:
            w, d = (
                wide * (0.90 + 0.10 * foot) * (1 - 0.08 * smooth(0.7, 1, v)),
                deep * (0.86 + 0.14 * foot) * (1 - 0.22 * smooth(0.7, 1, v)),
            )
        if v < 0.012:
            w, d = w * v / 0.012, d * v / 0.012
        return (0.0, 0.0, z), w, d, 3.4

    across, along = wishes.steps(130), wishes.steps(110)
    body = loft(section, across, along, math.pi / 2)
    body.append([(0.0, 0.0, high) for _ in body[0]])
    body = [[_soft(p, wide, high, 1.1, wishes.seed) for p in row] for row in body]
    model = Model([Mesh(body, CLOTH, canvas(tint, wishes.colour(2, wishes.colours[0]), wishes.number("line", 0.0)))])
    _pocket(model, wide, deep, high, wishes)
    if top == "roll":
        _roll(model, wide, deep, high, tint, trim, wishes)
    elif top == "flap":
        _flap(model, wide, deep, high, tint, trim, wishes)
    else:
        _zip_arch(model, wide, deep, high, trim)
    _harness(model, wide, deep, high, tint, trim, wishes)
    return model.turned(wishes.number("turn", 22))


def _panel(
    cx: float, cz: float, w: float, h: float, y: float, bulge: float, wishes: Wishes, power: float = 5.0
) -> Rows:
    """A puffed, rounded patch on the front: rows of nested outlines from the rim to the middle."""
    rows: Rows = []
    rings = wishes.steps(26)
    for k in range(rings + 1):
        share = 1 - k / rings
        rise = bulge * (1 - share**5) ** 0.6
        row = []
        for i in range(wishes.steps(90) + 1):
            a, b = rounded(math.tau * i / wishes.steps(90), power)
            row.append((cx + w * a * share, y - rise, cz + h * b * share))
        rows.append(row)
    return rows


def _stitch(cx: float, cz: float, w: float, h: float, y: float, tint: Colour, power: float = 5.0) -> Line:
    points = []
    for i in range(161):
        a, b = rounded(math.tau * i / 160, power)
        points.append((cx + w * a, y, cz + h * b))
    return Line(points, tint, 0.16, dash=True, lift=0.9)


def _pocket(model: Model, wide: float, deep: float, high: float, wishes: Wishes) -> None:
    tint, thread = wishes.colour(3, wishes.colours[0]), times(wishes.colour(0), _THREAD)
    w, h, cz = wide * 0.74, high * 0.175, high * 0.265
    y = -deep * 0.97
    rows = _panel(0, cz, w, h, y, 2.0, wishes)
    model.meshes.append(Mesh(rows, CLOTH, canvas(tint, across=90, along=40), lift=0.2))
    model.lines.append(_stitch(0, cz, w * 0.93, h * 0.90, y - 2.1, thread))
    zipper = [(w * (2 * n / 30 - 1) * 0.78, y - 2.15, cz + h * 0.62) for n in range(31)]
    model.meshes.append(Mesh(tube(zipper, 0.34, 8, flat=0.5), LEATHER, plain(times(tint, 0.35)), lift=0.3))
    pull = [(w * 0.70, y - 2.4, cz + h * 0.62), (w * 0.72, y - 2.5, cz + h * 0.28)]
    model.meshes.append(
        Mesh(tube(pull, 0.42, 10, flat=0.4, up=(0, 1, 0)), LEATHER, plain(wishes.colour(1, "#8a5a34")), lift=0.5)
    )


def _roll(model: Model, wide: float, deep: float, high: float, tint: Colour, trim: Colour, wishes: Wishes) -> None:
    path = [
        (wide * (2 * n / 40 - 1) * 0.98, -0.8 + 0.15 * math.sin(n * 0.4), high + 0.9 + 0.15 * math.sin(n * 0.3))
        for n in range(41)
    ]
    model.meshes.append(
        Mesh(
            tube(path, lambda t: 2.1 + 0.08 * math.sin(t * 20), wishes.steps(40), flat=0.9, up=(0, 0, 1)),
            CLOTH,
            canvas(tint, across=40, along=60),
            lift=0.2,
        )
    )
    strap = bent(
        [
            (0, -1.0, high + 3.1),
            (0, -3.0, high + 1.6),
            (0, -2.6, high - 1.5),
            (0, -deep * 0.80, high * 0.72),
            (0, -deep * 1.12, high * 0.50),
        ],
        50,
    )
    model.meshes.append(Mesh(_band(strap, 1.35), LEATHER, plain(trim), two_sided=True, lift=1.2))
    _buckle(model, (0, -deep * 0.86, high * 0.70), trim)


def _band(path: list[Vec], half: float, side: Vec = (1.0, 0.0, 0.0)) -> Rows:
    """A flat strap along a path: a thin ribbon with a slightly rounded face."""
    return [
        [
            (x + side[0] * half * s, y + side[1] * half * s - 0.18 * (1 - s * s), z + side[2] * half * s)
            for s in (-1, -0.8, -0.4, 0, 0.4, 0.8, 1)
        ]
        for x, y, z in path
    ]


def _buckle(model: Model, at: Vec, trim: Colour) -> None:
    x, y, z = at
    ring = [(x + 1.9 * a, y - 0.35, z + 1.35 * b) for a, b in (rounded(math.tau * n / 40, 5.0) for n in range(41))]
    model.meshes.append(Mesh(tube(ring, 0.24, 10, up=(0, 1, 0)), BRASS, plain(colour("#d0a75c")), lift=1.8))
    model.meshes.append(
        Mesh(
            tube([(x, y - 0.45, z - 1.3), (x, y - 0.5, z + 1.2)], 0.18, 8, up=(0, 1, 0)),
            BRASS,
            plain(colour("#d0a75c")),
            lift=1.9,
        )
    )


def _flap(model: Model, wide: float, deep: float, high: float, tint: Colour, trim: Colour, wishes: Wishes) -> None:
    w = wide * 0.99

    def at(u: float, v: float) -> Vec:
        a = 2 * u - 1
        x = a * w * (1 - 0.03 * v)
        corner = 1 - 0.10 * abs(a) ** 6
        if v < 0.45:
            t = v / 0.45
            return (
                x * (0.88 + 0.12 * t),
                deep * (0.25 - 1.05 * t) - 0.3,
                high + 1.1 * math.sin(math.pi * (0.12 + 0.76 * t)) - 0.6 * abs(a) ** 8 - 0.8 * (1 - t),
            )
        t = (v - 0.45) / 0.55
        return (
            x,
            -deep * (0.8 + 0.32 * math.sin(min(1.0, t * 1.6) * math.pi / 2)) - 0.7,
            high - 0.2 - high * 0.36 * t * corner,
        )

    rows = surface(
        lambda u, v: _soft(at(u, 1 - v), wide, high, 0.5, wishes.seed + 3), wishes.steps(90), wishes.steps(70)
    )
    model.meshes.append(Mesh(rows, CLOTH, canvas(tint, across=90, along=70), two_sided=True, lift=0.4))
    edge = [_soft(at(0.03 + 0.94 * n / 80, 0.975), wide, high, 0.5, wishes.seed + 3) for n in range(81)]
    model.lines.append(Line([(x, y - 0.2, z) for x, y, z in edge], times(tint, _THREAD), 0.16, dash=True, lift=1.2))
    for x in (-wide * 0.5, wide * 0.5):
        strap = bent(
            [
                (x, -deep * 1.22, high * 0.80),
                (x, -deep * 1.26, high * 0.66),
                (x, -deep * 1.24 - 0.7, high * 0.50),
                (x, -deep * 1.2 - 1.2, high * 0.40),
            ],
            40,
        )
        model.meshes.append(Mesh(_band(strap, 1.15), LEATHER, plain(trim), two_sided=True, lift=1.5))
        _buckle(model, (x, -deep * 1.32 - 0.7, high * 0.53), trim)


def _zip_arch(model: Model, wide: float, deep: float, high: float, trim: Colour) -> None:
    points = [
        (wide * 0.92 * math.cos(a), -deep * 0.62 - 0.15, high * 0.60 + high * 0.335 * math.sin(a))
        for a in (math.pi * (0.02 + 0.96 * n / 70) for n in range(71))
    ]
    model.lines.append(Line(points, (0.02, 0.018, 0.015), 0.55, lift=2.6))
    model.lines.append(Line(points, (0.30, 0.24, 0.12), 0.18, dash=True, lift=2.8))
    x, y, z = points[22]
    model.meshes.append(
        Mesh(
            tube([(x, y - 0.8, z), (x + 0.5, y - 1.5, z - 3.0)], 0.46, 10, flat=0.4, up=(0, 1, 0)),
            LEATHER,
            plain(trim),
            lift=3.0,
        )
    )


def _harness(model: Model, wide: float, deep: float, high: float, tint: Colour, trim: Colour, wishes: Wishes) -> None:
    """Grab loop at the top, shoulder straps behind, leather badge in front."""
    lift = 2.6 if wishes.choice("top", "zip") == "roll" else 0.0
    loop = bent(
        [
            (-3.2, deep * 0.55, high * 0.965),
            (-2.9, deep * 0.6, high + 2.6 + lift),
            (0, deep * 0.62, high + 4.0 + lift),
            (2.9, deep * 0.6, high + 2.6 + lift),
            (3.2, deep * 0.55, high * 0.965),
        ],
        40,
    )
    model.meshes.append(Mesh(tube(loop, 0.75, 14, flat=0.5, up=(0, 1, 0)), LEATHER, plain(trim)))
    for side in (-1, 1):
        path = bent(
            [
                (side * wide * 0.40, deep * 0.9, high * 0.94),
                (side * wide * 0.66, deep * 1.7, high * 0.78),
                (side * wide * 1.02, deep * 1.75, high * 0.46),
                (side * wide * 0.98, deep * 1.2, high * 0.14),
                (side * wide * 0.84, deep * 0.9, high * 0.05),
            ],
            46,
        )
        model.meshes.append(
            Mesh(tube(path, 1.8, 26, flat=0.34, up=(0, 1, 0)), CLOTH, canvas(times(tint, 0.9), across=20, along=50))
        )
    badge = _panel(0, high * 0.535, 2.6, 1.5, -deep * 1.02, 0.25, Wishes((), fine=0.5), 4.0)
    if wishes.choice("top", "zip") == "zip":
        model.meshes.append(Mesh(badge, LEATHER, plain(trim), lift=1.4))
        model.lines.append(_stitch(0, high * 0.535, 2.25, 1.15, -deep * 1.02 - 0.3, times(trim, 2.2), 4.0))


def tote(wishes: Wishes) -> Model:
    """An open bag with two handles; pattern "block", "stripe" or "plain"."""
    wide, deep, high = (wishes.number("width", 40) / 2, wishes.number("depth", 11) / 2, wishes.number("height", 36))
    tint, other = wishes.colour(0), wishes.colour(1, "#8a5a34")
    pattern = wishes.choice("pattern", "plain")

    def section(v: float) -> tuple[Vec, float, float, float]:
        foot = min(1.0, v / 0.015)
        w = wide * (0.80 + 0.20 * smooth(0, 0.9, v)) * foot
        d = deep * (1 - 0.55 * smooth(0.15, 1.0, v)) * foot
        return (0.0, 0.0, v * high), w, d, 3.2

    across, along = wishes.steps(150), wishes.steps(104)
    outer = loft(section, across, along, math.pi / 2)

    def hang(p: Vec) -> Vec:
        x, y, z = _soft(p, wide, high, 1.9, wishes.seed)
        dip = 1.3 * smooth(0.8, 1.0, z / high) * math.cos(x / wide * math.pi * 0.5) ** 2
        return x, y, z - dip

    outer = [[hang(p) for p in row] for row in outer]
    inner = [[(x * 0.985, y * 0.94, z) for x, y, z in row] for row in reversed(outer[len(outer) // 2 :])]

    def paint(u: float, v: float) -> Colour:
        base = canvas(tint, other, 0.30)(u, v) if pattern == "block" else weave(u, v)
        if pattern == "stripe" and (v * 13) % 1 < 0.40 and 0.05 < v < 0.93:
            return times(other, 0.93 + 0.1 * noise(u * 60, v * 60))
        return times(base, 0.86) if 0.925 < v < 0.932 else base

    weave = canvas(tint)
    model = Model(
        [
            Mesh(outer, CLOTH, paint),
            Mesh(inner, CLOTH, plain(times(tint, 0.7)), enclosed=lambda u, v: 0.85 - 0.5 * v, casts_shadow=False),
        ]
    )
    strap_tint = other if wishes.choice("straps", "leather") == "leather" else wishes.colour(2, wishes.colours[0])
    _handles(model, wide, deep, high, strap_tint, wishes)
    thread = times(tint, _THREAD)
    hem = [outer[round(along * 0.955)][i] for i in range(across + 1)]
    model.lines.append(Line([(x, y - 0.15, z) for x, y, z in hem], thread, 0.15, dash=True, lift=0.3))
    return model.turned(wishes.number("turn", -16))


def _handles(model: Model, wide: float, deep: float, high: float, tint: Colour, wishes: Wishes) -> None:
    rise = wishes.number("strap", 0.45) * high
    material = LEATHER if wishes.choice("straps", "leather") == "leather" else CLOTH
    for front in (1, -1):
        y = -front * deep * 0.56
        x = wide * 0.42
        path = bent(
            [
                (-x, y - front * 0.9, high * 0.76),
                (-x, y - front * 0.5, high * 0.97),
                (-x * 0.90, y * 0.8 - front * 1.2, high + rise * 0.55),
                (-x * 0.42, y * 0.5 - front * 2.2, high + rise * 0.96),
                (x * 0.42, y * 0.5 - front * 2.2, high + rise * 0.96),
                (x * 0.90, y * 0.8 - front * 1.2, high + rise * 0.55),
                (x, y - front * 0.5, high * 0.97),
                (x, y - front * 0.9, high * 0.76),
            ],
            84,
        )
        model.meshes.append(
            Mesh(tube(path, 1.05, 16, flat=0.30, up=(0, 1, 0)), material, plain(times(tint, 0.96)), lift=0.4 * front)
        )
        if front == 1:
            for side in (-x, x):
                box = [
                    (side - 0.7, high * 0.775),
                    (side + 0.7, high * 0.775),
                    (side + 0.7, high * 0.86),
                    (side - 0.7, high * 0.86),
                    (side - 0.7, high * 0.775),
                ]
                points = [(px, y - 1.5, pz) for px, pz in box]
                model.lines.append(Line(points, times(tint, 0.45 if max(tint) > 0.5 else 2.2), 0.14, lift=1.4))


def pouch(wishes: Wishes) -> Model:
    """A zipped pouch; the option line puts a second colour below a seam."""
    wide, deep, high = (wishes.number("width", 22) / 2, wishes.number("depth", 6) / 2, wishes.number("height", 15))
    tint, other = wishes.colour(0), wishes.colour(1, wishes.colours[0])
    leather = wishes.choice("skin", "cloth") == "leather"

    def section(v: float) -> tuple[Vec, float, float, float]:
        foot = min(1.0, v / 0.03)
        swell = math.sin(math.pi * (0.22 + 0.78 * min(v, 0.985)) ** 1.0) ** 0.75
        return (
            (0.0, 0.0, v * high),
            wide * (0.93 + 0.07 * math.sin(math.pi * v)) * foot**0.3,
            deep * swell * foot + 0.12,
            2.9,
        )

    across, along = wishes.steps(140), wishes.steps(84)
    body = [
        [_soft(p, wide, high, 0.5 if leather else 0.75, wishes.seed) for p in row]
        for row in loft(section, across, along, math.pi / 2)
    ]
    at = wishes.number("line", 0.0)
    paint: Paint = (
        (lambda u, v: times(other if v < at else tint, 0.93 + 0.12 * noise(u * 60, v * 40)))
        if leather
        else canvas(tint, other, at)
    )
    model = Model([Mesh(body, LEATHER if leather else CLOTH, paint)])
    zip_tint = wishes.colour(2, "#d8c7a8")
    tape = [
        (wide * 0.95 * (2 * n / 120 - 1), 0.0, high + 0.05 - 0.12 * math.sin(n / 120 * math.pi)) for n in range(121)
    ]
    model.meshes.append(Mesh(tube(tape[::4], 0.42, 12), CLOTH, plain(zip_tint)))
    model.meshes.append(
        Mesh(
            tube([(x, y - 0.1, z + 0.2) for x, y, z in tape], 0.26, 10),
            BRASS,
            lambda u, v: times(colour("#d0a75c"), 0.5 + 0.7 * (int(v * 62) & 1)),
            lift=0.4,
        )
    )
    x, y, z = tape[105]
    model.meshes.append(
        Mesh(
            tube(
                bent(
                    [
                        (x, y - 0.4, z + 0.1),
                        (x + 0.3, y - 1.2, z - 0.6),
                        (x + 0.5, y - 2.1, z - 2.6),
                        (x + 0.5, y - 2.3, z - 4.0),
                    ],
                    16,
                ),
                0.55,
                12,
                flat=0.35,
                up=(0, 1, 0),
            ),
            LEATHER,
            plain(colour("#8a5a34")),
            lift=1.0,
        )
    )
    thread = times(other if at else tint, _THREAD)
    for level in (0.93, at - 0.02 if at else 0.95):
        row = body[max(0, round(along * level))]
        model.lines.append(Line([(px, py - 0.12, pz) for px, py, pz in row], thread, 0.11, dash=True, lift=0.25))
    return model.tipped(6).turned(wishes.number("turn", 14)).grounded()


def drawstring(wishes: Wishes) -> Model:
    """A soft bag gathered by a cord."""
    wide, high = wishes.number("width", 9), wishes.number("height", 24)
    tint, cord = wishes.colour(0), wishes.colour(1, "#c9b48c")
    steps = wishes.steps(110)
    rows: Rows = []
    shape = (
        (0.0, 0.0),
        (0.70, 0.0),
        (0.92, 0.03),
        (1.05, 0.14),
        (1.08, 0.34),
        (0.86, 0.56),
        (0.44, 0.70),
        (0.30, 0.755),
        (0.40, 0.82),
        (0.60, 0.93),
        (0.66, 1.0),
    )
    profile = curve(shape, wishes.steps(110))
    for r, z in profile:
        gather = smooth(0.30, 0.74, z)
        row = []
        for i in range(steps + 1):
            a = math.tau * i / steps
            fold = (
                1
                + gather * 0.16 * math.sin(a * 13 + 0.6 * math.sin(a * 3))
                + 0.05 * (noise(math.cos(a) * 2 + 9, math.sin(a) * 2 + z * 3) - 0.5) * 2
            )
            row.append(
                (
                    r * wide * fold * math.cos(a),
                    r * wide * fold * math.sin(a),
                    z * high * (1 - 0.03 * math.cos(a * 2) * gather),
                )
            )
        rows.append(row)
    ring = [
        (wide * 0.36 * math.cos(math.tau * n / 60), wide * 0.36 * math.sin(math.tau * n / 60), high * 0.755)
        for n in range(61)
    ]
    model = Model(
        [
            Mesh(
                rows,
                CLOTH,
                canvas(tint, wishes.colour(2, wishes.colours[0]), wishes.number("line", 0.0)),
                two_sided=True,
            )
        ]
    )
    for dz in (-0.2, 0.35):
        model.meshes.append(Mesh(tube([(x, y, z + dz) for x, y, z in ring], 0.3, 10), CLOTH, plain(cord), lift=0.6))
    for side in (-1, 1):
        tail = bent(
            [
                (side * 0.6, -wide * 0.38, high * 0.755),
                (side * 2.2, -wide * 0.70, high * 0.70),
                (side * 2.8, -wide * 0.98, high * 0.54),
                (side * 2.5, -wide * 1.12, high * 0.40),
            ],
            24,
        )
        model.meshes.append(Mesh(tube(tail, 0.27, 10), CLOTH, plain(cord), lift=0.8))
        x, y, z = tail[-1]
        model.meshes.append(Mesh(tube([(x, y, z + 0.3), (x, y, z - 0.5)], 0.48, 12), CLOTH, plain(cord), lift=0.8))
    return model
