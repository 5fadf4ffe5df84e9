"""Colours and surfaces: what light does to clay, cloth, wood, wax, metal and leaves."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

Colour = tuple[float, float, float]
"""Linear light, 0 to 1 per channel."""
Paint = Callable[[float, float], Colour]

_FADE = 0.14
"""Shade deepens colours; a little grey beforehand keeps the picture close to the colour asked for."""


@dataclass(frozen=True)
class Material:
    """How a surface answers light.

    gloss: strength of the reflected lamps; soft: how blurred they are (0.05 glaze, 0.6 satin); wrap: how far light
    creeps round into the shade; sheen: the pale edge of cloth; metal: reflections take the surface's own colour;
    glow: light of its own.
    """

    gloss: float = 0.0
    soft: float = 0.3
    wrap: float = 0.15
    sheen: float = 0.0
    metal: bool = False
    glow: float = 0.0


GLAZE = Material(gloss=1.0, soft=0.10)
SATIN = Material(gloss=0.55, soft=0.55)
CLAY = Material(gloss=0.12, soft=0.9, wrap=0.22)
CLOTH = Material(wrap=0.35, sheen=0.22)
KNIT = Material(wrap=0.4, sheen=0.3)
LEATHER = Material(gloss=0.35, soft=0.7, wrap=0.2)
WOOD = Material(gloss=0.22, soft=0.7, wrap=0.2)
WAX = Material(gloss=0.3, soft=0.6, wrap=0.55)
LEAF = Material(gloss=0.5, soft=0.5, wrap=0.35)
ENAMEL = Material(gloss=1.1, soft=0.12)
STEEL = Material(gloss=1.0, soft=0.25, metal=True)
BRASS = Material(gloss=1.0, soft=0.35, metal=True)
IRON = Material(gloss=0.5, soft=0.6)
SOIL = Material(wrap=0.3)
SHADE = Material(wrap=0.6, glow=0.35)


@cache
def colour(code: str) -> Colour:
    """Linear light from a web colour such as #b5563c."""
    r, g, b = (linear(int(code[i : i + 2], 16) / 255) for i in (1, 3, 5))
    grey = 0.3 * r + 0.55 * g + 0.15 * b
    return mixed((r, g, b), (grey, grey, grey), _FADE)


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def mixed(a: Colour, b: Colour, t: float) -> Colour:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


def times(a: Colour, k: float) -> Colour:
    return a[0] * k, a[1] * k, a[2] * k


def smooth(low: float, high: float, x: float) -> float:
    t = min(1.0, max(0.0, (x - low) / (high - low)))
    return t * t * (3 - 2 * t)


def plain(base: Colour) -> Paint:
    return lambda u, v: base


_table = random.Random(7).choices(range(1000), k=4096)
_NOISE = [n / 1000 for n in _table]


def noise(x: float, y: float) -> float:
    """Smooth noise, 0 to 1, the same everywhere and always; it repeats every 64 units."""
    i, j = math.floor(x), math.floor(y)
    s, t = x - i, y - j
    s, t = s * s * (3 - 2 * s), t * t * (3 - 2 * t)
    i, k, j, m = i & 63, (i + 1) & 63, (j & 63) << 6, ((j + 1) & 63) << 6
    top = _NOISE[i | j] + (_NOISE[k | j] - _NOISE[i | j]) * s
    low = _NOISE[i | m] + (_NOISE[k | m] - _NOISE[i | m]) * s
    return top + (low - top) * t


def speckles(
    rows: int, columns: int, spot: Colour, seed: int, *, size: float, count: int
) -> dict[tuple[int, int], tuple[Colour, float]]:
    """Stoneware: dark iron spots, most of them tiny."""
    rng = random.Random(seed)
    return {
        (rng.randrange(rows), rng.randrange(columns)): (spot, size * (0.35 + rng.random() ** 3)) for _ in range(count)
    }


def uneven(base: Colour, amount: float = 0.08, scale: float = 24) -> Paint:
    return lambda u, v: times(base, 1 - amount / 2 + amount * noise(u * scale, v * scale))


def dipped(lower: Colour, upper: Colour, at: float, wave: float = 0.012, edge: float = 0.008) -> Paint:
    """Two glazes that meet at height `at` in a slightly wavering line."""

    def paint(u: float, v: float) -> Colour:
        line = at + wave * math.sin(u * math.tau * 2 + 1) + wave * 0.6 * math.sin(u * math.tau * 5)
        return mixed(lower, upper, smooth(line - edge, line + edge, v))

    return paint


def banded(base: Colour, band: Colour, edges: tuple[tuple[float, float], ...]) -> Paint:
    def paint(u: float, v: float) -> Colour:
        return band if any(low <= v <= high for low, high in edges) else base

    return paint


def grained(base: Colour, dark: Colour, along: float = 3.0, across: float = 40.0, seed: int = 0) -> Paint:
    """Wood: growth lines that run along v and waver a little."""
    shift = seed * 5.3

    def paint(u: float, v: float) -> Colour:
        drift = noise(v * along + shift, u * 4 + shift) * 0.12
        rings = 0.5 + 0.5 * math.sin((u + drift) * across + 4 * noise(u * 6 + shift, v * 1.5))
        pores = noise(u * across * 3 + shift, v * along * 4)
        return mixed(base, dark, 0.62 * rings * rings * noise(u * 9 + shift, v * 2 + 3) + 0.22 * pores)

    return paint


def woven(base: Colour, thread: Colour, across: int, along: int, depth: float = 0.16) -> Paint:
    """Plain weave at the grain of the grid: neighbouring threads catch light differently."""

    def paint(u: float, v: float) -> Colour:
        i, j = int(u * across), int(v * along)
        tone = 1 - depth / 2 + depth * ((i + j) & 1) + 0.10 * (noise(u * 60, v * 9) - 0.5)
        return times(thread if (i + j) & 1 else base, tone)

    return paint
