"""Shade: how much of a light, or of the open sky, reaches each place of a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import cast

from PIL import Image, ImageDraw

from demo.pictures.geometry import Mesh, Vec, cross, fewer, unit

_TAPS = 18


class Occlusion:
    """How much of a light reaches a point: a depth map seen from the light, asked at several places around."""

    def __init__(
        self, meshes: Sequence[Mesh], towards: Vec, cells: int, spread: float, bias: float, soft: float
    ) -> None:
        self._to = towards
        self._a = unit(cross(towards, (0.0, 1.0, 0.02)))
        self._b = cross(self._a, towards)
        quads, low, high = self._flattened(meshes)
        span = max(high[0] - low[0], high[1] - low[1]) or 1.0
        self._cells = cells
        margin = math.ceil(spread) + 2
        self._k = (cells - 2 * margin) / span
        self._x0, self._y0 = low[0] - margin / self._k, low[1] - margin / self._k
        self._floor = min(q[0] for q in quads) if quads else 0.0
        self._bias = bias * span
        self._map = self._depths(quads)
        self._soft = soft * span
        self._taps = [
            (
                spread * math.sqrt((n + 0.5) / _TAPS) * math.cos(n * 2.4),
                spread * math.sqrt((n + 0.5) / _TAPS) * math.sin(n * 2.4),
            )
            for n in range(_TAPS)
        ]

    def _flattened(
        self, meshes: Sequence[Mesh]
    ) -> tuple[list[tuple[float, list[tuple[float, float]]]], tuple[float, float], tuple[float, float]]:
        (ax, ay, az), (bx, by, bz), (lx, ly, lz) = self._a, self._b, self._to
        quads = []
        xs: list[float] = []
        ys: list[float] = []
        for mesh in meshes:
            if not mesh.casts_shadow:
                continue
            flat = [
                [(x * ax + y * ay + z * az, x * bx + y * by + z * bz, x * lx + y * ly + z * lz) for x, y, z in row]
                for row in fewer(mesh)
            ]
            for one, two in pairwise(flat):
                for p, q, r, s in zip(one, one[1:], two[1:], two, strict=False):
                    quads.append(
                        ((p[2] + q[2] + r[2] + s[2]) / 4, [(p[0], p[1]), (q[0], q[1]), (r[0], r[1]), (s[0], s[1])])
                    )
                    xs.append(p[0])
                    ys.append(p[1])
        if not xs:
            return quads, (0.0, 0.0), (1.0, 1.0)
        return quads, (min(xs), min(ys)), (max(xs), max(ys))

    def _depths(self, quads: list[tuple[float, list[tuple[float, float]]]]) -> list[float]:
        image = Image.new("F", (self._cells, self._cells), self._floor - 1000)
        pen = ImageDraw.Draw(image)
        quads.sort(key=itemgetter(0))
        k, x0, y0 = self._k, self._x0, self._y0
        for depth, corners in quads:
            pen.polygon([((x - x0) * k, (y - y0) * k) for x, y in corners], fill=depth)
        return _numbers(image)

    def reach(self, x: float, y: float, z: float) -> float:
        (ax, ay, az), (bx, by, bz), (lx, ly, lz) = self._a, self._b, self._to
        cx = (x * ax + y * ay + z * az - self._x0) * self._k
        cy = (x * bx + y * by + z * bz - self._y0) * self._k
        limit = x * lx + y * ly + z * lz + self._bias
        cells, depths = self._cells, self._map
        soft = self._soft
        blocked = 0.0
        for dx, dy in self._taps:
            i, j = int(cx + dx), int(cy + dy)
            if 0 <= i < cells and 0 <= j < cells:
                over = depths[j * cells + i] - limit
                if over > 0.0:
                    blocked += over / soft if over < soft else 1.0
        return 1 - blocked / _TAPS

    def over(self, mesh: Mesh) -> list[float]:
        """The light on every quad of a mesh, row by row; asked at some of them and spread smoothly over the rest."""
        along, across = len(mesh.rows) - 1, len(mesh.rows[0]) - 1
        rows_at = _spaced(along, 24)
        columns_at = _spaced(across, 36)
        image = Image.new("F", (len(columns_at), len(rows_at)))
        image.putdata([self._at(mesh.rows, i, j, mesh.two_sided) for j in rows_at for i in columns_at])
        return _numbers(image.resize((across, along), Image.Resampling.BICUBIC))

    def _at(self, rows: list[list[Vec]], i: int, j: int, either: bool) -> float:
        x, y, z = rows[j][i]
        if either:
            return self.reach(x, y, z)
        p, q = rows[j][max(i - 1, 0)], rows[j][min(i + 1, len(rows[j]) - 1)]
        r, s = rows[max(j - 1, 0)][i], rows[min(j + 1, len(rows) - 1)][i]
        n = unit(cross((q[0] - p[0], q[1] - p[1], q[2] - p[2]), (s[0] - r[0], s[1] - r[1], s[2] - r[2])))
        away = self._bias * 0.35
        return self.reach(x + n[0] * away, y + n[1] * away, z + n[2] * away)


def _spaced(count: int, most: int) -> list[int]:
    few = max(2, min((count + 1) // 2, most))
    return [round(k * count / few) for k in range(few + 1)]


def _numbers(image: Image.Image) -> list[float]:
    """The values of a one-channel picture of floating-point numbers, row by row."""
    return cast(list[float], list(image.get_flattened_data()))
