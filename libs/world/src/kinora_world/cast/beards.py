"""Beards and moustaches: patches of the face let out, so that they move with it."""

import numpy as np

from kinora_world.cast.hair import polar
from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, cut, from_base, hemmed, inflated, smoothed
from kinora_world.scene import F8
from kinora_world.storyboard import Beard

_THICK = {"moustache": 0.0035, "goatee": 0.007, "full": 0.008}
_UNDER = 0.006  # metres of an adult's head that skin goes on under a beard
_EARS = 0.07  # metres of an adult's head from its middle to the lobes, above the jaw


def make_beard(beard: Beard, m: Measures) -> Surface | None:
    """None for a shaven or barely unshaven face."""
    if beard not in _THICK:
        return None
    body = from_base(m.vertices, m.data.groups["body"])
    patch = smoothed(cut(body, _field(beard, m, body)), 4)  # over creases
    deep = np.clip(_field(beard, m, patch) / 0.008, 0, 1)
    chin = np.clip((m.landmarks["mouth"][2] - 0.012 * m.face - patch.positions[:, 2]) / (0.03 * m.face), 0, 1)
    thick = (_THICK[beard] * (1 + 0.7 * chin) * np.sqrt(deep) + 0.0004) * m.face
    return hemmed(inflated(patch, thick), 0.002 * m.face)


def shaven(beard: Beard, m: Measures, skin: Surface) -> Surface:
    """The skin without what lies under a beard, which would show through its creases."""
    return cut(skin, _UNDER - _field(beard, m, skin)) if beard in _THICK else skin


def _field(beard: Beard, m: Measures, surface: Surface) -> F8:
    """Metres of an adult's head within the hair (n,)."""
    points = surface.positions
    angle, height = polar(points, m)
    x = np.abs(points[:, 0]) / m.face
    eye, mouth, chin = (float(m.landmarks[name][2]) for name in ("eye_left", "mouth", "chin"))
    lips, bottom = (mouth - eye) / m.face, (chin - eye) / m.face
    up = height - lips
    outer = points[:, 1] < float(m.landmarks["mouth"][1]) + 0.1 * m.face  # not within the mouth
    behind_lips = (points[:, 1] - float(m.landmarks["mouth"][1])) / m.face - 0.4 * x  # as cheeks recede from there
    inside_mouth = (x < 0.03) & (np.abs(up) < 0.02) & (behind_lips > 0.016)
    moustache = np.minimum(0.0056 - np.abs(up - 0.0115 + 0.26 * x), 0.03 - x)
    mouth_hole = np.hypot(x / 1.0, 2.4 * (up + 0.001)) - 0.0255
    goatee = np.minimum(np.minimum(0.021 - x, mouth_hole), np.minimum(-0.006 - up, height - bottom + 0.012))
    cheek = np.interp(angle, (0, 25, 45, 62, 76, 84), (lips + 0.004, lips + 0.002, lips + 0.006, lips + 0.024, -0.03, -0.012))
    jaw = np.minimum(np.minimum(cheek - height, mouth_hole), np.minimum(height - bottom + 0.024 - 0.0002 * angle, (86 - angle) * 0.0016))
    jaw = np.minimum(jaw, np.where(height > bottom + 0.03, _EARS - x, 1.0))
    fields = {"moustache": moustache, "goatee": np.maximum(moustache, goatee), "full": np.maximum(moustache, jaw)}
    return np.where(outer & ~inside_mouth & (surface.mix @ m.arm < 0), fields[beard], -0.05)
