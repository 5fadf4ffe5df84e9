"""The camera: turns models into a picture layer with shading, and into shadows on the floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from PIL import Image, ImageDraw, ImageFilter

from demo.pictures.geometry import Line, Mesh, Model, Vec, fewer, unit
from demo.pictures.light import KEY, lit, toned
from demo.pictures.occlusion import Occlusion


@dataclass(frozen=True)
class Camera:
    """Looks down by `pitch` degrees from `distance` cm; `scale` px per cm, `cx` and `cy` where the origin appears."""

    pitch: float
    distance: float
    scale: float = 1.0
    cx: float = 0.0
    cy: float = 0.0
    sine: float = field(init=False)
    cosine: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sine", math.sin(math.radians(self.pitch)))
        object.__setattr__(self, "cosine", math.cos(math.radians(self.pitch)))

    def project(self, p: Vec) -> Vec:
        """Screen x, screen y (downwards) and the distance beyond the origin."""
        return self.project_row((p,))[0]

    def project_row(self, points: Sequence[Vec]) -> list[Vec]:
        sine, cosine, away, scale, cx, cy = self.sine, self.cosine, self.distance, self.scale, self.cx, self.cy
        seen = []
        for x, y, z in points:
            far = y * cosine - z * sine
            k = away / (away + far) * scale
            seen.append((cx + x * k, cy - (y * sine + z * cosine) * k, far))
        return seen

    def place(self) -> Vec:
        return 0.0, -self.cosine * self.distance, self.sine * self.distance

    def zoomed(self, factor: float) -> Camera:
        return Camera(self.pitch, self.distance, self.scale * factor, self.cx * factor, self.cy * factor)


Drawn = tuple[float, tuple[float, ...], tuple[int, int, int, int], int]


def shade(model: Model, camera: Camera, size: int) -> list[Drawn]:
    """Every visible quad and line as (distance, corners, colour, line width), unsorted."""
    sun = Occlusion(model.meshes, KEY, 150, 2.6, 0.028, 0.04)
    sky = Occlusion(model.meshes, unit((0.08, -0.16, 1.0)), 90, 8.0, 0.03, 0.12)
    low, high = model.bounds()
    reach = 0.16 * max(high[0] - low[0], high[2] - low[2])
    drawn: list[Drawn] = []
    for mesh in model.meshes:
        drawn.extend(_shaded(mesh, camera, size, sun, sky, reach))
    for line in model.lines:
        drawn.extend(_traced(line, camera))
    return drawn


def _shaded(mesh: Mesh, camera: Camera, size: int, sun: Occlusion, sky: Occlusion, reach: float) -> list[Drawn]:
    drawn: list[Drawn] = []
    spots = mesh.spots
    eye = camera.place()
    seen = [camera.project_row(row) for row in mesh.rows]
    rows, paint, surface, enclosed = mesh.rows, mesh.paint, mesh.material, mesh.enclosed
    along, across = len(rows) - 1, len(rows[0]) - 1
    two_sided, lift = mesh.two_sided, mesh.lift
    sunlit, skylit = sun.over(mesh), sky.over(mesh)
    for j in range(along):
        one, two, sone, stwo = rows[j], rows[j + 1], seen[j], seen[j + 1]
        v = (j + 0.5) / along
        for i in range(across):
            a, b, c, d = sone[i], sone[i + 1], stwo[i + 1], stwo[i]
            turn = (c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])
            if turn >= 0.0 and not two_sided:
                continue
            left, right = (a[0], c[0]) if a[0] < c[0] else (c[0], a[0])
            top, foot = (a[1], c[1]) if a[1] < c[1] else (c[1], a[1])
            if right < -20 or left > size + 20 or foot < -20 or top > size + 20:
                continue
            p, q, r, s = one[i], one[i + 1], two[i + 1], two[i]
            x1, y1, z1 = r[0] - p[0], r[1] - p[1], r[2] - p[2]
            x2, y2, z2 = s[0] - q[0], s[1] - q[1], s[2] - q[2]
            nx, ny, nz = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
            n = math.sqrt(nx * nx + ny * ny + nz * nz)
            if n < 1e-12:
                continue
            if turn >= 0.0:
                n = -n
            x, y, z = (p[0] + r[0]) / 2, (p[1] + r[1]) / 2, (p[2] + r[2]) / 2
            u = (i + 0.5) / across
            at = j * across + i
            ink = lit(
                surface,
                paint(u, v),
                (nx / n, ny / n, nz / n),
                (x, y, z),
                eye,
                sunlit[at],
                skylit[at],
                reach,
                enclosed(u, v) if enclosed else 1.0,
            )
            drawn.append(
                ((a[2] + b[2] + c[2] + d[2]) / 4 - lift, (a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]), ink, 0)
            )
            if spots and (j, i) in spots:
                tint, radius = spots[j, i]
                mark = lit(surface, tint, (nx / n, ny / n, nz / n), (x, y, z), eye, sunlit[at], skylit[at], reach, 1.0)
                drawn.append((drawn[-1][0] - radius * 1.5, _spot(p, q, s, radius, camera), mark, 0))
    return drawn


def _spot(p: Vec, q: Vec, s: Vec, radius: float, camera: Camera) -> tuple[float, ...]:
    """A small disc that lies on the surface at p."""
    a, b = unit((q[0] - p[0], q[1] - p[1], q[2] - p[2])), unit((s[0] - p[0], s[1] - p[1], s[2] - p[2]))
    corners: list[float] = []
    for n in range(9):
        c, t = radius * math.cos(n * 0.698), radius * math.sin(n * 0.698)
        corners.extend(
            camera.project((p[0] + a[0] * c + b[0] * t, p[1] + a[1] * c + b[1] * t, p[2] + a[2] * c + b[2] * t))[:2]
        )
    return tuple(corners)


def _traced(line: Line, camera: Camera) -> list[Drawn]:
    drawn: list[Drawn] = []
    ink = toned(line.colour)
    seen = camera.project_row(line.points)
    wide = max(1, round(line.width * camera.scale))
    for k, (a, b) in enumerate(pairwise(seen)):
        if line.dash and k % 2:
            continue
        drawn.append(((a[2] + b[2]) / 2 - line.lift, (a[0], a[1], b[0], b[1]), ink, wide))
    return drawn


def paint_layer(drawn: list[Drawn], size: tuple[int, int]) -> Image.Image:
    """The quads drawn back to front on a clear layer."""
    layer = Image.new("RGBA", size, (120, 105, 92, 0))
    pen = ImageDraw.Draw(layer)
    for _, corners, ink, width in sorted(drawn, key=itemgetter(0), reverse=True):
        if width:
            pen.line(corners, fill=ink, width=width)
        else:
            pen.polygon(corners, fill=ink)
    return _softened(layer)


def _softened(layer: Image.Image) -> Image.Image:
    """Half the size, the facets blended into each other, the outline kept sharp."""
    half = layer.reduce(2)
    box = half.getbbox()
    if box is None:
        return half
    part = half.crop(box)
    outline = part.getchannel("A")
    blended = part.convert("RGBa").filter(ImageFilter.GaussianBlur(1.25)).convert("RGBA")
    blended.putalpha(outline)
    half.paste(blended, box)
    return half


def ground_shadows(
    model: Model, camera: Camera, size: tuple[int, int], towards: Vec, bands: Sequence[tuple[float, float]]
) -> list[Image.Image]:
    """Where parts keep the light `towards` off the floor, one mask per band of heights; white is shadow, unblurred."""
    masks = [Image.new("L", size, 0) for _ in bands]
    pens = [(low, high, ImageDraw.Draw(mask)) for (low, high), mask in zip(bands, masks, strict=True)]
    dx, dy = towards[0] / towards[2], towards[1] / towards[2]
    for mesh in model.meshes:
        if not mesh.casts_shadow:
            continue
        rows = fewer(mesh)
        flat = [[p[:2] for p in camera.project_row([(x - z * dx, y - z * dy, 0.0) for x, y, z in row])] for row in rows]
        for (one, two), heights in zip(pairwise(flat), rows, strict=False):
            for p, q, r, s, corner in zip(one, one[1:], two[1:], two, heights, strict=False):
                for low, high, pen in pens:
                    if low <= corner[2] < high:
                        pen.polygon((p, q, r, s), fill=255)
    return masks
