"""The key light's depth map."""

from collections.abc import Sequence
from typing import Any

import moderngl

from kinora_world.look.context import release
from kinora_world.look.matrices import column_major
from kinora_world.look.meshes import BodyMesh, StaticMesh
from kinora_world.look.scenery import Scenery
from kinora_world.look.uniforms import HERE, Values, put, shadow_view

SIDE = 1024  # 13 mm a texel; a wider one would cost more and look harder


class Shadows:
    """Scenery casts the same shadow in every frame: it is drawn once per stage and copied under what moves."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.map, self._still_map = (context.depth_texture((SIDE, SIDE)) for _ in range(2))
        self.map.compare_func = "<="
        self.map.repeat_x = self.map.repeat_y = False
        self._colour = context.renderbuffer((SIDE, SIDE), 1)  # never written: moderngl copies no framebuffer without one
        self._all, self._still = (context.framebuffer([self._colour], depth) for depth in (self.map, self._still_map))
        self._all.color_mask = self._still.color_mask = False, False, False, False
        self._still_of: Scenery | None = None

    def draw(self, program: Any, scenery: Scenery, bodies: Sequence[BodyMesh], props: Sequence[tuple[StaticMesh, Values]]) -> None:
        self._context.disable(moderngl.CULL_FACE)
        self._context.polygon_offset = 1.0, 3.0
        put(program, {"view_projection": column_major(shadow_view(scenery.stage.light)), **HERE})
        if self._still_of is not scenery:
            self._still.use()
            self._still.clear(depth=1.0)
            scenery.casting.draw(program, "cast")
            self._still_of = scenery
        self._context.copy_framebuffer(self._all, self._still)
        self._all.use()
        for body in bodies:
            body.draw(program, "cast")
        for prop, where in props:
            put(program, where)
            prop.draw(program, "cast")
        self._context.polygon_offset = 0.0, 0.0

    def close(self) -> None:
        release(self._all, self._still, self._colour, self.map, self._still_map)
