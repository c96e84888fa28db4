"""Gloves: the hand's own skin, let out a little, over the end of the sleeve."""

import numpy as np

from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, cut, hemmed, inflated
from kinora_world.scene import F8

_CUFF = 0.05  # metres up the forearm


def glove_line(m: Measures, surface: Surface) -> F8:
    """Metres within the gloves (n,)."""
    return np.asarray(surface.mix @ m.arm - m.arm_length + _CUFF * m.unit)


def make_gloves(m: Measures, body: Surface) -> Surface:
    hand = cut(body, glove_line(m, body))
    cuff = np.clip(1 - glove_line(m, hand) / (_CUFF * m.unit), 0, 1)
    return hemmed(inflated(hand, (0.003 + 0.014 * cuff) * m.unit), 0.004 * m.unit)
