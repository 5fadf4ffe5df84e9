"""A gift card on its envelope, tied with ribbon, lying on the paper and seen from above."""

from __future__ import annotations

import math

from demo.pictures.geometry import Mesh, Model, Vec, bent, slab, tube
from demo.pictures.materials import CLOTH, Colour, Material, Paint, noise, plain, times
from demo.pictures.spec import Wishes

_CARD = Material(gloss=0.35, soft=0.5)
_LONG, _WIDE, _THICK = 10.0, 7.8, 0.3
"""The card's length, half its width, and its thickness in centimetres."""
_TIED = -2.6
"""Where the ribbon crosses the card."""


def _edge(half: float, corner: float, share: float, length: float) -> float:
    """Half the width at a share of the length: a rectangle with round corners."""
    near = min(share, 1 - share) * length
    return half if near >= corner else half - corner + math.sqrt(max(0.0, corner**2 - (corner - near) ** 2))


def _sheet(half: float, length: float, thick: float, paint: Paint, rim: Colour, steps: int) -> Model:
    face, side = slab(
        lambda t: -_edge(half, 0.8, t, length), lambda t: _edge(half, 0.8, t, length), length, thick, steps, steps, 0.08
    )
    return Model([Mesh(face, _CARD, paint), Mesh(side, _CARD, plain(rim))])


def _printed(tint: Colour, ink: Colour) -> Paint:
    """A thin frame of ink."""

    def paint(u: float, v: float) -> Colour:
        x, y = (u - 0.5) * 2 * _WIDE, (0.5 - 0.5 * math.cos(math.pi * v)) * _LONG
        inset = min(_WIDE - abs(x), y, _LONG - y)
        base = times(tint, 0.97 + 0.06 * noise(u * 40, v * 30))
        if 0.62 <= inset <= 0.76:
            return ink
        return base

    return paint


def _bow(tint: Colour) -> list[Mesh]:
    """Two loops, two ends and a knot, at the middle of the card's length."""
    y, top = _LONG / 2, _THICK + 0.3
    paths: list[list[Vec]] = []
    for side in (-1, 1):
        paths.append(
            [
                (_TIED, y, top),
                (_TIED + side * 1.3, y + 0.9, top + 1.3),
                (_TIED + side * 2.6, y + 0.7, top + 1.0),
                (_TIED + side * 2.4, y - 0.2, top + 0.5),
                (_TIED, y, top + 0.2),
            ]
        )
        paths.append(
            [(_TIED, y, top), (_TIED + side * 0.9, y - 1.4, top + 0.3), (_TIED + side * 1.7, y - 2.9, top - 0.2)]
        )
    ribbons = [tube(bent(path, 28), 0.52, 14, flat=0.16) for path in paths]
    knot = tube([(_TIED - 0.45, y, top + 0.35), (_TIED + 0.45, y, top + 0.35)], 0.5, 14)
    return [Mesh(rows, CLOTH, plain(tint), lift=0.4) for rows in (*ribbons, knot)]


def gift_card(wishes: Wishes) -> Model:
    """Colours: the card, the ribbon, the envelope."""
    tint, ribbon, envelope = wishes.colour(0), wishes.colour(1, "#d29a3c"), wishes.colour(2, "#c9a679")
    steps = wishes.steps(150)
    below = _sheet(
        _WIDE + 0.9,
        _LONG + 1.6,
        0.25,
        lambda u, v: times(envelope, 0.95 + 0.1 * noise(u * 70, v * 60)),
        times(envelope, 0.85),
        wishes.steps(70),
    )
    card = _sheet(_WIDE, _LONG, _THICK, _printed(tint, ribbon), times(tint, 0.9), steps)
    across = [(_WIDE * 1.006 * (n / 30 - 1), _LONG / 2, _THICK) for n in range(61)]
    along = [(_TIED, _LONG * n / 40, _THICK) for n in range(41)]
    tied = [Mesh(tube(path, 0.5, 12, flat=0.14), CLOTH, plain(ribbon), lift=0.3) for path in (across, along)]
    whole = below.moved(y=-0.8).turned(9)
    whole.add(Model([*card.meshes, *tied, *_bow(ribbon)]).moved(z=0.3))
    return whole.turned(wishes.number("turn", -16))
