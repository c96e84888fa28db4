"""Sprites on the graphics side: a square per sprite, its place and look read from one buffer."""

from typing import Any

import numpy as np

from kinora_world.look.context import release
from kinora_world.look.meshes import wanted
from kinora_world.scene import Sprites

_ATTRIBUTES = ("in_centre", "in_u", "in_v", "in_colour", "in_trait")
_FLOATS = 15


class SpriteMesh:
    """One buffer for whatever sprites are drawn next."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._room = 2048
        self._buffer = context.buffer(reserve=self._room * _FLOATS * 4, dynamic=True)
        self._arrays: dict[int, Any] = {}

    def draw(self, program: Any, sprites: Sprites) -> None:
        count = len(sprites.centre)
        if not count:
            return
        if count > self._room:
            self.close()
            self._room = 2 * count
            self._buffer = self._context.buffer(reserve=self._room * _FLOATS * 4, dynamic=True)
        rows = np.hstack([sprites.centre, sprites.u, sprites.v, sprites.colour, sprites.trait])
        self._buffer.orphan()
        self._buffer.write(rows.astype(np.float32))
        if id(program) not in self._arrays:
            layout, *read = wanted(program, "3f 3f 3f 4f 2f", _ATTRIBUTES)
            self._arrays[id(program)] = self._context.vertex_array(program, [(self._buffer, layout + " /i", *read)])
        self._arrays[id(program)].render(self._context.TRIANGLE_STRIP, vertices=4, instances=count)

    def close(self) -> None:
        release(*self._arrays.values(), self._buffer)
        self._arrays.clear()
