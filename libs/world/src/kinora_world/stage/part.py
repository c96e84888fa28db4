"""What scenery is made of."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import Lamp, Shape
from kinora_world.stage.shapes import RGB, euler


@dataclass(frozen=True, slots=True)
class Part:
    shapes: tuple[Shape, ...]
    lamps: tuple[Lamp, ...] = ()


WARM: RGB = (5.0, 3.3, 1.6)


def limb(start: RGB, end: RGB, radius: float, **look: Any) -> Shape:
    """A capsule from `start` to `end`."""
    a, b = np.asarray(start), np.asarray(end)
    length = float(np.linalg.norm(b - a))
    turn, _ = Rotation.align_vectors([(b - a) / length], [(0, 0, 1)])
    x, y, z = (float(v) for v in (a + b) / 2)
    return Shape("capsule", (radius, length / 2), (x, y, z), euler(turn), **look)
