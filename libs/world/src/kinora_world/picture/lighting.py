"""The light in a picture, by its colours: how bright and which hue above, below and where it is brightest, and the brighter side."""

from math import cos, radians, sin

import numpy as np

from kinora_world.picture.patches import linear
from kinora_world.picture.regions import Regions
from kinora_world.scene import F8, U1, Light

LUMA = np.array([0.2126, 0.7152, 0.0722])
_USUAL = 0.2  # mean linear luminance of a picture that needs no more and no less than daylight
_DIMMEST, _BRIGHTEST = 0.14, 1.2
_KEY, _SKY, _GROUND = 2.7, 0.62, 0.3  # of daylight
_HUE = 0.6  # how much of the picture's hue the light has: some of it is of the things in it
_ASIDE = 75.0  # degrees of azimuth at most
_HIGH, _LOW = 46.0, 24.0  # degrees of elevation, of white and of red light


def light_of(picture: U1, found: Regions) -> Light:
    """Of a small picture (height, width, 3)."""
    colours = linear(picture)
    bright = colours @ LUMA
    height = len(colours)
    exposure = float(np.clip(bright.mean() / _USUAL, _DIMMEST, _BRIGHTEST))
    key = _hue(colours[bright >= np.percentile(bright, 92)].mean(0))
    above, below = (_hue(part.reshape(-1, 3).mean(0)) for part in (colours[: height // 2], colours[height // 2 :]))
    haze = colours[found.sky].mean(0) if found.sky.any() else colours.reshape(-1, 3).mean(0)
    warm = float(np.clip((key[0] - key[2]) / 0.8, 0, 1))
    direction = _direction(_side(bright), _HIGH + (_LOW - _HIGH) * warm)
    red, green, blue = (_tuple(hue * strength * exposure) for hue, strength in ((key, _KEY), (above, _SKY), (below, _GROUND)))
    return Light(direction, red, green, blue, _tuple(haze), 0.0)


def _hue(colour: F8) -> F8:
    """Of luminance 1, and paler."""
    pure = colour / max(float(LUMA @ colour), 1e-4)
    return np.asarray(np.clip(1 + (pure - 1) * _HUE, 0.3, 2.0))


def _side(bright: F8) -> float:
    """-1 where the light is on the left, 1 where it is on the right."""
    columns = (bright**2).sum(0)
    middle = float((columns * np.linspace(-1, 1, len(columns))).sum() / max(float(columns.sum()), 1e-9))
    return float(np.clip(2.5 * middle, -1, 1))


def _direction(side: float, elevation: float) -> tuple[float, float, float]:
    azimuth, up = radians(side * _ASIDE), radians(elevation)
    return sin(azimuth) * cos(up), -cos(azimuth) * cos(up), sin(up)


def _tuple(colour: F8) -> tuple[float, float, float]:
    red, green, blue = (float(c) for c in colour)
    return red, green, blue
