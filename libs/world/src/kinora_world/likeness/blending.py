"""A likeness's skin made to go over into the skin of a head: what is hair, hat or background at its rim is not shown."""

import numpy as np
from scipy.ndimage import gaussian_filter

from kinora_world.likeness.lighting import evened
from kinora_world.likeness.package import Likeness
from kinora_world.scene import F8, U1

_MIDDLE, _RADII = (0.5, 0.58), (0.25, 0.37)  # of an ellipse from above the brows to the chin: what is within is always shown
_SOFT = (0.85, 1.2)  # of its radius
_UNLIKE = (0.3, 0.5)  # distance in RGB from the cheeks: shaded skin is nearer than the first, hair mostly further than the second
_SHARP, _FINE = 0.8, 0.006  # how much of what is finer than this share of the texture is added to it
_CONTRAST, _FADED = 0.5, 0.85  # power of the light over that of the cheeks; share of the colour that is kept
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_IRISES = ((159, 145), (386, 374))  # landmarks above and below each


def blended(likeness: Likeness) -> U1:
    """The texture (h, w, 4). Broad light and shade give way to the tone of the cheeks, at the rim wholly; its alpha is of skin alone.

    What was lit and filmed once loses contrast when it is lit and filmed again, so it is given more.
    """
    colours, own = likeness.skin[..., :3] / 255.0, likeness.skin[..., 3] / 255.0
    tone, rim = _rgb(likeness.complexion), _rim(own.shape[0], own.shape[1])
    unlike = np.clip((np.linalg.norm(colours - tone, axis=2) - _UNLIKE[0]) / (_UNLIKE[1] - _UNLIKE[0]), 0, 1)
    unlike = gaussian_filter(unlike, 0.01 * len(own))
    lit = evened(colours, own * (1 - unlike), rim, tone, likeness.uv)
    shown = np.dstack([_contrasted(_sharpened(lit), tone), own * (1 - rim * unlike)])
    return np.asarray(np.clip(255 * shown, 0, 255), np.uint8)


def _sharpened(colours: F8) -> F8:
    return np.clip(colours + _SHARP * (colours - _soft(colours, _FINE)), 0, 1)


def _contrasted(colours: F8, tone: F8) -> F8:
    """Skin of the cheeks' own tone stays as it is: there is no seam."""
    light, middle = colours**2.2, float(tone**2.2 @ _LUMA)
    luma = (light @ _LUMA)[..., None]
    return np.asarray(np.clip((luma + _FADED * (light - luma)) * (luma / middle) ** _CONTRAST, 0, 1) ** (1 / 2.2))


def _soft(colours: F8, share: float) -> F8:
    """Blurred by a share of the texture's height."""
    return np.stack([gaussian_filter(channel, share * len(colours)) for channel in np.moveaxis(colours, 2, 0)], 2)


def iris(likeness: Likeness) -> str:
    """The colour of the eyes, "#rrggbb": the middle of what lies between the lids."""
    side, found = len(likeness.skin), []
    for pair in _IRISES:
        x, y = (round(float(v) * side) for v in likeness.uv[list(pair)].mean(0))
        found.append(likeness.skin[y - 2 : y + 3, x - 4 : x + 5, :3].reshape(-1, 3))
    return "#" + "".join(f"{round(float(part)):02x}" for part in np.median(np.concatenate(found), axis=0))


def _rim(height: int, width: int) -> F8:
    """0 in the middle of the face, 1 at its rim."""
    down, across = (np.mgrid[:height, :width] + 0.5) / np.array([height, width])[:, None, None]
    out = np.hypot((across - _MIDDLE[0]) / _RADII[0], (down - _MIDDLE[1]) / _RADII[1])
    share = np.clip((out - _SOFT[0]) / (_SOFT[1] - _SOFT[0]), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _rgb(colour: str) -> F8:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
