"""The studio: paper backdrop, camera positions, contact shadows, and the finished photograph."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.pictures.geometry import Model, fewer
from demo.pictures.light import KEY
from demo.pictures.render import Camera, ground_shadows, paint_layer, shade

BACKDROPS = {
    "sand": (224, 213, 198),
    "oat": (231, 225, 214),
    "clay": (214, 193, 177),
    "blush": (224, 208, 198),
    "sage": (207, 208, 195),
    "mist": (214, 214, 210),
    "honey": (225, 209, 181),
}
_SHADE = (74, 52, 40)


def photograph(
    model: Model,
    *,
    pitch: float,
    backdrop: str,
    size: int,
    fill: float = 0.66,
    low: float = 0.80,
    focus: tuple[float, float, float] | None = None,
    hung: bool = False,
) -> Image.Image:
    """The model on the paper. `fill` is the share of the frame, `low` where its foot stands (0 top, 1 bottom).

    `focus` is (zoom, x, y): a closer look at the place x, y (0 to 1) of the full view. Something `hung` casts its
    shadow on the wall instead of the floor.
    """
    return compose(
        model, pitch=pitch, backdrop=backdrop, width=size, height=size, fill=fill, low=low, focus=focus, hung=hung
    )


def compose(
    model: Model,
    *,
    pitch: float,
    backdrop: str,
    width: int,
    height: int,
    fill: float,
    low: float,
    focus: tuple[float, float, float] | None = None,
    hung: bool = False,
    middle: float = 0.5,
) -> Image.Image:
    """Like `photograph`, in any proportion; `middle` is where the model stands across the frame (0 left, 1 right)."""
    camera = _framed(model, pitch, width, height, fill, low, hung)
    camera = replace(camera, cx=camera.cx + (middle - 0.5) * width)
    if focus:
        zoom, x, y = focus
        camera = Camera(
            camera.pitch,
            camera.distance,
            camera.scale * zoom,
            width / 2 + (camera.cx - x * width) * zoom,
            height / 2 + (camera.cy - y * height) * zoom,
        )
    picture = paper(backdrop, width, height, pitch >= 40 or hung).copy()
    if hung:
        _shade_wall(picture, model, camera)
    else:
        _shade_floor(picture, model, camera)
    layer = paint_layer(shade(model, camera.zoomed(2), max(width, height) * 2), (width * 2, height * 2))
    picture.paste(layer, (0, 0), layer)
    return _grain(picture)


def _framed(model: Model, pitch: float, width: int, height: int, fill: float, low: float, hung: bool) -> Camera:
    (x0, y0, z0), (x1, y1, z1) = model.bounds()
    reach = max(x1 - x0, y1 - y0, z1 - z0)
    plain = Camera(pitch, reach * 4.2)
    seen = [p for mesh in model.meshes for row in fewer(mesh) for p in plain.project_row(row)]
    xs, ys = [p[0] for p in seen], [p[1] for p in seen]
    left, right, top, foot = min(xs), max(xs), min(ys), max(ys)
    scale = min(fill * width / (right - left), fill * height / (foot - top))
    middle = width / 2 - (left + right) / 2 * scale
    if pitch >= 40:
        return Camera(pitch, plain.distance, scale, middle, height * 0.5 - (top + foot) / 2 * scale)
    # A low object stands nearer the middle than a tall one.
    base = min(low * height, 0.54 * height + (foot - top) * scale / 2)
    if hung:
        base = min(0.60 * height + (foot - top) * scale / 2, 0.88 * height)
    return Camera(pitch, plain.distance, scale, middle, base - foot * scale)


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    return mask.filter(ImageFilter.GaussianBlur(radius))


def _dimmed(mask: Image.Image, share: float) -> Image.Image:
    return mask.point([round(k * share) for k in range(256)])


def _shade_floor(picture: Image.Image, model: Model, camera: Camera) -> None:
    """Contact shadow, then the lamp's shadow, which softens with the height of what throws it."""
    width, height = picture.size
    small = camera.zoomed(0.5)
    half = (width // 2, height // 2)
    (x0, y0, _), (x1, y1, top) = model.bounds()
    unit = small.scale * min(max(x1 - x0, y1 - y0, top), 45) / 100
    slant = (KEY[0] * 0.92, KEY[1] * 0.35, KEY[2])
    cast = Image.new("L", half, 0)
    bands = ((-9 * top, 0.22 * top), (0.12 * top, 0.5 * top), (0.42 * top, 9 * top))
    parts = ground_shadows(model, small, half, slant, bands)
    for part, radius, strength in zip(parts, (1.4, 3.2, 6.0), (0.50, 0.42, 0.32), strict=True):
        cast = ImageChops.lighter(cast, _dimmed(_blurred(part, radius * unit), strength))
    cast = _blurred(cast, 1.2 * unit)
    below, touching = ground_shadows(
        model, small, half, (0.0, 0.0, 1.0), ((-9 * top, 9 * top), (-9 * top, max(0.05 * top, 0.4)))
    )
    wide, touch = _dimmed(_blurred(below, 7.0 * unit), 0.34), _dimmed(_blurred(touching, 0.9 * unit), 0.62)
    shadow = ImageChops.screen(ImageChops.screen(cast, wide), touch).resize((width, height), Image.Resampling.BICUBIC)
    picture.paste(_SHADE, (0, 0, width, height), shadow)


def _shade_wall(picture: Image.Image, model: Model, camera: Camera) -> None:
    width, height = picture.size
    mask = Image.new("L", (width // 2, height // 2), 0)
    pen = ImageDraw.Draw(mask)
    (x0, _, z0), (x1, _, z1) = model.bounds()
    offset = 0.30 * max(x1 - x0, (z1 - z0) * 0.5)
    for mesh in model.meshes:
        flat = [camera.project_row([(x + offset, y, z - offset * 0.8) for x, y, z in row]) for row in fewer(mesh)]
        for one, two in pairwise(flat):
            for p, q, r, s in zip(one, one[1:], two[1:], two, strict=False):
                pen.polygon([(c[0] / 2, c[1] / 2) for c in (p, q, r, s)], fill=255)
    shadow = _dimmed(_blurred(mask, width * 0.022), 0.30)
    picture.paste(_SHADE, (0, 0, width, height), shadow.resize((width, height), Image.Resampling.BICUBIC))


@lru_cache(maxsize=16)
def paper(backdrop: str, width: int, height: int, level: bool) -> Image.Image:
    """A roll of paper lit from the upper left; its floor is a little brighter than its wall, if it has one."""
    base = BACKDROPS[backdrop]
    small = (width // 4, height // 4)
    sheet = Image.new("RGB", small, base)
    fall = Image.linear_gradient("L").resize(small)
    if not level:
        floor = fall.point([max(0, min(255, round((k - 138) * 4.2))) for k in range(256)])
        sheet.paste(_toned(base, 0.955), (0, 0, *small))
        sheet.paste(_toned(base, 1.035), (0, 0, *small), _blurred(floor, small[1] * 0.05))
    round_light = Image.radial_gradient("L")
    pool = ImageChops.invert(round_light.resize((round(small[0] * 1.9), round(small[1] * 1.9))))
    lit = Image.new("L", small, 0)
    lit.paste(pool, (round(-small[0] * 0.72), round(-small[1] * 0.66)))
    sheet.paste(_toned(base, 1.13), (0, 0, *small), _dimmed(lit, 0.62))
    gloom = Image.new("L", small, 255)
    gloom.paste(
        round_light.resize((round(small[0] * 2.1), round(small[1] * 2.1))),
        (round(-small[0] * 0.68), round(-small[1] * 0.62)),
    )
    dark = gloom.point([max(0, round((k - 70) * 0.42)) for k in range(256)])
    sheet.paste(_toned(base, 0.72), (0, 0, *small), dark)
    return sheet.resize((width, height), Image.Resampling.BICUBIC)


def _toned(base: tuple[int, int, int], k: float) -> tuple[int, int, int]:
    r, g, b = (min(255, round(channel * k)) for channel in base)
    return r, g, b


@lru_cache(maxsize=4)
def _film(width: int, height: int) -> Image.Image:
    """A fixed grain, from a small random tile so that every run draws the same."""
    tile = Image.frombytes("L", (256, 256), bytes(random.Random(11).choices(range(125, 132), k=65536)))
    sheet = Image.new("L", (width, height))
    for x in range(0, width, 256):
        for y in range(0, height, 256):
            sheet.paste(tile, (x, y))
    return Image.merge("RGB", (sheet, sheet, sheet))


def _grain(picture: Image.Image) -> Image.Image:
    """Film grain hides the steps of the gradients."""
    return ImageChops.add(picture, _film(*picture.size), 1, -128)
