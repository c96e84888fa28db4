"""The key light's depth map."""

from collections.abc import Sequence
from typing import Any

import moderngl
import numpy as np

from kinora_world.look.context import release
from kinora_world.look.matrices import column_major, on_screen
from kinora_world.look.meshes import BodyMesh, StaticMesh
from kinora_world.look.scenery import Scenery
from kinora_world.look.uniforms import HERE, Values, put, shadow_view
from kinora_world.scene import F4, F8, Light

SIDE = 1024  # 13 mm a texel; a wider one would cost more and look harder
_ALL = (0, 0, SIDE, SIDE)
_MARGIN = 12 / SIDE  # for a shadow's soft edge, in clip space


class Shadows:
    """Scenery casts the same shadow in every frame: it is drawn once per stage and copied under what moves."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.map, self.still = (context.depth_texture((SIDE, SIDE)) for _ in range(2))  # of everything, of scenery alone
        for depth in (self.map, self.still):
            depth.compare_func = "<="
            depth.repeat_x = depth.repeat_y = False
        self._colour = context.renderbuffer((SIDE, SIDE), 1)  # never written: moderngl copies no framebuffer without one
        self._all, self._scenery = (context.framebuffer([self._colour], depth) for depth in (self.map, self.still))
        self._all.color_mask = self._scenery.color_mask = False, False, False, False
        self._still_of: Scenery | None = None
        self._touched = _ALL  # pixels (x, y, width, height) where something moving cast the last frame's shadow

    def draw(
        self, program: Any, scenery: Scenery, bodies: Sequence[BodyMesh], props: Sequence[tuple[StaticMesh, Values]], shade: F8
    ) -> None:
        """`shade` is the space (8, 3) that bodies and props may shade."""
        self._context.disable(moderngl.CULL_FACE)
        self._context.polygon_offset = 1.0, 3.0
        put(program, {"view_projection": column_major(shadow_view(scenery.stage.light.direction)), **HERE})
        if self._still_of is not scenery:
            self._scenery.use()
            self._scenery.clear(depth=1.0)
            scenery.casting.draw(program, "cast")
            self._still_of, self._touched = scenery, _ALL
        self._all.use()
        self._all.scissor = self._touched
        self._context.copy_framebuffer(self._all, self._scenery)
        self._all.scissor = None
        for body in bodies:
            body.draw(program, "cast")
        for prop, where in props:
            put(program, where)
            prop.draw(program, "cast")
        self._context.polygon_offset = 0.0, 0.0
        self._touched = on_screen(shade[:4], shadow_view(scenery.stage.light.direction), (SIDE, SIDE))

    def close(self) -> None:
        release(self._all, self._scenery, self._colour, self.map, self.still)


def moving_shade(light: Light, bodies: Sequence[tuple[BodyMesh, F4]], props: Sequence[tuple[float, F8]]) -> F8:
    """Corners (8, 3) of the space that what moves may shade, none where nothing does; the last four are where it meets the ground.

    `props` are reaches in metres with poses (4, 4).
    """
    view = shadow_view(light.direction)
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for mesh, positions in bodies:
        at = positions[mesh.casting] @ view[:3, :3].T.astype(np.float32) + view[:3, 3].astype(np.float32)
        low, high = np.minimum(low, at.min(0)), np.maximum(high, at.max(0))
    for reach, pose in props:
        middle, around = view[:3, :3] @ pose[:3, 3] + view[:3, 3], reach * np.linalg.norm(view[:3, :3], axis=1)
        low, high = np.minimum(low, middle - around), np.maximum(high, middle + around)
    if not np.isfinite(low).all():
        return np.zeros((0, 3))
    x, y = (np.array([low[axis] - _MARGIN, high[axis] + _MARGIN]) for axis in (0, 1))
    lit = np.array([(a, b, low[2], 1.0) for a in x for b in y]) @ np.linalg.inv(view).T[:, :3]
    ground = lit - lit[:, 2:] / light.direction[2] * np.asarray(light.direction)
    return np.concatenate([lit, ground])
