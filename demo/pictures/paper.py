"""Printed things lying on the paper and seen from above: a gift card tied with ribbon, a booklet, a folded pattern."""

from __future__ import annotations

import math
from collections.abc import Callable

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


_PAGE_HALF, _PAGE_LONG = 5.4, 14.4
"""Half the width of a booklet, and its length."""


def _near(value: float, line: float, half: float = 0.09) -> bool:
    return abs(value - line) <= half


def _cover(tint: Colour, ink: Colour) -> Paint:
    """A casserole with its lid on, below two lines for a title."""

    def is_printed(x: float, y: float) -> bool:
        inset = min(_PAGE_HALF - abs(x), y, _PAGE_LONG - y)
        if 0.45 <= inset <= 0.6:
            return True
        if (_near(y, 11.9, 0.28) and abs(x) < 2.7) or (_near(y, 10.9, 0.14) and abs(x) < 1.8):
            return True
        body = 2.9 <= y <= 5.5 and abs(x) <= 2.9 - 0.5 * max(0.0, 3.6 - y)
        handles = 4.6 <= y <= 5.1 and abs(x) <= 3.7
        lid = y >= 5.75 and (x / 3.0) ** 2 + ((y - 5.75) / 1.25) ** 2 <= 1
        knob = x**2 + (y - 7.35) ** 2 <= 0.16
        return body or handles or lid or knob

    return _page(tint, ink, is_printed)


def _pieces(tint: Colour, ink: Colour) -> Paint:
    """Two sizes of a piece within one another, dashed and solid, with the thread's direction beside the folds."""

    def is_printed(x: float, y: float) -> bool:
        for half, low, high, is_dashed in ((4.3, 1.0, 12.9, False), (2.7, 1.0, 9.2, True)):
            beside = _near(abs(x), half) and low <= y <= high
            across = (_near(y, low) or _near(y, high)) and abs(x) <= half
            if (beside or across) and not (is_dashed and (y if beside else x) % 0.9 > 0.55):
                return True
        if _near(x, 0, 0.07) and 3.2 <= y <= 7.2:
            return True
        return 6.6 <= y <= 7.4 and abs(x) <= (7.4 - y) * 0.6

    return _page(tint, ink, is_printed, folds=(_PAGE_LONG / 3, _PAGE_LONG * 2 / 3))


def _page(
    tint: Colour, ink: Colour, is_printed: Callable[[float, float], bool], folds: tuple[float, ...] = ()
) -> Paint:
    def paint(u: float, v: float) -> Colour:
        x, y = (u - 0.5) * 2 * _PAGE_HALF, (0.5 - 0.5 * math.cos(math.pi * v)) * _PAGE_LONG
        if is_printed(x, y):
            return ink
        shade = 0.93 if any(_near(y, fold, 0.1) for fold in folds) else 0.97 + 0.05 * noise(u * 40, v * 50)
        return times(tint, shade)

    return paint


def booklet(wishes: Wishes) -> Model:
    """Colours: the cover, what is printed on it, the pages below. `print`: a pot, or a pattern's pieces."""
    tint, ink, pages = wishes.colour(0), wishes.colour(1, "#efe6d6"), wishes.colour(2, "#efe6d6")
    is_pattern = wishes.choice("print", "pot") == "pattern"
    printed = (_pieces if is_pattern else _cover)(tint, ink)
    thick = 0.25 if is_pattern else 0.7
    below = _sheet(_PAGE_HALF * 0.95, _PAGE_LONG * 0.95, thick, plain(pages), times(pages, 0.9), wishes.steps(60))
    top = _sheet(_PAGE_HALF, _PAGE_LONG, 0.34, printed, times(tint, 0.85), wishes.steps(230))
    whole = below.moved(y=_PAGE_LONG * 0.02) if not is_pattern else below.moved(y=0.9).turned(-6)
    whole.add(top.moved(z=thick + 0.16))
    return whole.turned(wishes.number("turn", -14))
