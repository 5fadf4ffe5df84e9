"""The studio's light: a tall lamp upper left in front, a pale reflector right, warm light from the paper below."""

from __future__ import annotations

import math

from demo.pictures.geometry import Vec, unit
from demo.pictures.materials import Colour, Material

KEY = unit((-0.74, -0.42, 0.70))
FILL = unit((0.9, -0.5, 0.35))
_BOX = (-0.66, -0.75)
_STRIP = unit((0.93, -0.30, 0.22))
_SUN = (1.16, 1.09, 0.99)
_SKY = (0.34, 0.36, 0.40)
_FLOOR = (0.30, 0.25, 0.20)
_FILL = 0.10


def _tone(x: float) -> int:
    y = x if x < 0.62 else 0.62 + 0.38 * (1 - math.exp(-(x - 0.62) / 0.38))
    s = 12.92 * y if y <= 0.0031308 else 1.055 * y ** (1 / 2.4) - 0.055
    return max(0, min(255, round(255 * s)))


_TONES = [_tone(k / 512) for k in range(512 * 4 + 1)]
_BRIGHTEST = len(_TONES) - 1


def _ramp(x: float, soft: float) -> float:
    """1 inside, 0 outside, with an edge `soft` wide around x = 0."""
    t = 0.5 - x / soft
    if t <= 0.0:
        return 0.0
    if t >= 1.0:
        return 1.0
    return t * t * (3 - 2 * t)


def _reflected(rx: float, ry: float, rz: float, soft: float) -> float:
    """What a mirror facing this way would see of the studio: window lamp, strip reflector, pale room."""
    light = 0.22 + 0.16 * rz
    k = rx * _BOX[0] + ry * _BOX[1]
    if k > 0.05:
        a = (rx * _BOX[1] - ry * _BOX[0]) / k
        tall = _ramp(rz - 0.86, 0.1 + soft * 0.3) * _ramp(-0.42 - rz, 0.5)
        light += 3.2 / (1 + 4 * soft) * _ramp(abs(a) - 0.36, 0.08 + soft) * tall
    k = rx * _STRIP[0] + ry * _STRIP[1] + rz * _STRIP[2]
    if k > 0.0:
        a = abs(rx * 0.307 + ry * 0.952) / k
        light += 0.9 / (1 + 3 * soft) * _ramp(a - 0.10, 0.12 + soft) * _ramp(abs(rz) - 0.55, 0.3)
    return light


def _mirrored(rx: float, ry: float, rz: float, soft: float) -> float:
    """The same room for metal, with the dark gap between floor and wall that makes it look like metal."""
    dark = _ramp(abs(rz + 0.05) - 0.12, 0.25 + soft * 0.4)
    room = 0.50 + 0.34 * rz - 0.42 * dark - 0.20 * _ramp(abs(rx - 0.35) - 0.12, 0.5)
    return max(0.05, room) + _reflected(rx, ry, rz, soft) * 0.62


def lit(
    surface: Material,
    base: tuple[float, float, float],
    normal: Vec,
    at: Vec,
    eye: Vec,
    shadow: float,
    skylight: float,
    reach: float,
    openness: float,
) -> tuple[int, int, int, int]:
    nx, ny, nz = normal
    x, y, z = at
    vx, vy, vz = eye[0] - x, eye[1] - y, eye[2] - z
    n = 1 / math.sqrt(vx * vx + vy * vy + vz * vz)
    vx, vy, vz = vx * n, vy * n, vz * n
    facing = nx * vx + ny * vy + nz * vz
    towards = nx * KEY[0] + ny * KEY[1] + nz * KEY[2]
    wrap = surface.wrap
    direct = (towards + wrap) / (1 + wrap)
    direct = direct * (0.12 * wrap + (1 - 0.12 * wrap) * shadow) * 0.86 * openness if direct > 0.0 else 0.0
    fill = nx * FILL[0] + ny * FILL[1] + nz * FILL[2]
    fill = _FILL * fill * openness if fill > 0.0 else 0.0
    up = 0.5 + 0.5 * nz
    open_sky = (0.42 + 0.58 * skylight) * openness
    near = 1 - 0.45 * math.exp(-max(z, 0.0) / reach * 4) * (1 - up * 0.5)
    floor = (1 - up) * near * openness
    up *= open_sky * near
    red = direct * _SUN[0] + fill + up * _SKY[0] + floor * _FLOOR[0]
    green = direct * _SUN[1] + fill + up * _SKY[1] + floor * _FLOOR[1]
    blue = direct * _SUN[2] + fill + up * _SKY[2] + floor * _FLOOR[2]
    red, green, blue = base[0] * red, base[1] * green, base[2] * blue
    if surface.gloss:
        k = 2 * facing
        rx, ry, rz = k * nx - vx, k * ny - vy, k * nz - vz
        if surface.metal:
            mirror = _mirrored(rx, ry, rz, surface.soft) * (0.35 + 0.65 * shadow * open_sky) * surface.gloss
            red = red * 0.12 + base[0] * mirror
            green = green * 0.12 + base[1] * mirror
            blue = blue * 0.12 + base[2] * mirror
        else:
            edge = 1 - facing if facing < 1 else 0.0
            fresnel = 0.045 + 0.5 * edge * edge * edge * edge * edge
            mirror = fresnel * _reflected(rx, ry, rz, surface.soft) * surface.gloss * (0.3 + 0.7 * shadow) * open_sky
            red, green, blue = red + mirror * 1.02, green + mirror, blue + mirror * 0.96
    if surface.sheen:
        edge = 1 - facing if facing < 1 else 0.0
        haze = surface.sheen * edge * edge * edge * open_sky
        red, green, blue = (
            red + haze * (base[0] + 0.06),
            green + haze * (base[1] + 0.06),
            blue + haze * (base[2] + 0.05),
        )
    if surface.glow:
        red, green, blue = (
            red + base[0] * surface.glow,
            green + base[1] * surface.glow * 0.86,
            blue + base[2] * surface.glow * 0.66,
        )
    r, g, b = int(red * 512), int(green * 512), int(blue * 512)
    return (
        _TONES[r if r < _BRIGHTEST else _BRIGHTEST],
        _TONES[g if g < _BRIGHTEST else _BRIGHTEST],
        _TONES[b if b < _BRIGHTEST else _BRIGHTEST],
        255,
    )


def toned(tint: Colour) -> tuple[int, int, int, int]:
    """A colour as it appears in even light."""
    red, green, blue = (_TONES[min(_BRIGHTEST, int(channel * 512))] for channel in tint)
    return red, green, blue, 255
