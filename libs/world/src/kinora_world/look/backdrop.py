"""A picture hung in depth, and the shadows that fall on its ground."""

from typing import Any

import moderngl
import numpy as np

from kinora_world.look.matrices import column_major
from kinora_world.look.meshes import Drawn
from kinora_world.look.uniforms import PICTURE_UNIT, Values, placed
from kinora_world.scene import F8, Backdrop

_MARGIN = 0.6  # metres around where shadows fall, for their soft edges


class BackdropMesh(Drawn):
    """On the graphics side. `own` and `shaded` are what the programs are to be told."""

    def __init__(self, context: Any, backdrop: Backdrop) -> None:
        super().__init__(context)
        self._vertices, self._index = self._keep(backdrop.vertices), self._keep(backdrop.triangles)
        self._square = self._keep(np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32))
        height, width = backdrop.picture.shape[:2]
        self._picture = context.texture((width, height), 3, backdrop.picture[::-1].tobytes(), alignment=1)
        self._picture.build_mipmaps()
        self._picture.filter = moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR
        self._owned.append(self._picture)
        stands = np.eye(4)
        stands[1, 3] = -backdrop.distance
        self.own: Values = {**placed(stands), "picture": PICTURE_UNIT, "gain": backdrop.gain, "grey": backdrop.grey}
        self._strength = backdrop.shade

    def draw(self, program: Any) -> None:
        self._picture.use(PICTURE_UNIT)
        self._array(program, "all", [(self._vertices, "3f 2f", ("in_position", "in_place"))], self._index).render()

    def shaded(self, corners: F8) -> Values:
        """The rectangle on the ground around corners (n, 3), between which shadows fall."""
        low, high = corners[:, :2].min(0) - _MARGIN, corners[:, :2].max(0) + _MARGIN
        spread = np.diag([*(high - low) / 2, 1.0, 1.0])
        spread[:2, 3] = (high + low) / 2
        return {"model": column_major(spread), "strength": self._strength}

    def shade(self, program: Any) -> None:
        self._array(program, "square", [(self._square, "2f", ("in_corner",))], None).render(moderngl.TRIANGLE_STRIP)
