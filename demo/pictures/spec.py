"""What a picture is of, as plain data."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from demo.pictures.materials import Colour, colour


@dataclass(frozen=True)
class PictureSpec:
    """One picture: a form in its colours, seen from one of the `VIEWS`, before one of the backdrops.

    `colours` are web colours whose meaning belongs to the form (body first, then accents); `options` are the form's
    proportions and choices. A "group" shows the form once per colourway: its own, then each of `beside`.
    """

    form: str
    colours: tuple[str, ...]
    options: tuple[tuple[str, float | str], ...] = ()
    view: str = "front"
    backdrop: str = "sand"
    beside: tuple[tuple[str, ...], ...] = ()
    seed: int = 1


VIEWS = ("front", "angle", "close", "group")


@dataclass
class Wishes:
    """What a form builder is asked for: its colours, numbers and choices, with defaults the form knows itself."""

    colours: Sequence[str]
    options: dict[str, float | str] = field(default_factory=dict)
    seed: int = 1
    fine: float = 1.0

    def colour(self, place: int, default: str = "#e9e1d3") -> Colour:
        return colour(self.colours[place] if place < len(self.colours) else default)

    def number(self, name: str, default: float) -> float:
        value = self.options.get(name, default)
        if isinstance(value, str):
            raise ValueError(f"{name} is a number, not {value!r}")
        return value

    def choice(self, name: str, default: str) -> str:
        return str(self.options.get(name, default))

    def steps(self, count: int) -> int:
        """How finely to divide a shape; close views ask for more."""
        return max(3, round(count * self.fine))

    def rng(self) -> random.Random:
        return random.Random(self.seed)
