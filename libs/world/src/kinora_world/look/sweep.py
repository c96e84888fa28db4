"""Motion blur of a camera that turns or zooms fast: whip pans, crash zooms. Slower pictures stay as they are, and cost nothing."""

from typing import Any

import numpy as np

from kinora_world.look.gpu import Gpu
from kinora_world.look.matrices import column_major, view_projection
from kinora_world.look.targets import Targets
from kinora_world.look.uniforms import DEPTH_UNIT, FRAME_UNIT, Values, put
from kinora_world.scene import F8, View

_FAST = 0.025  # of the picture's height, by which something must move while the shutter is open


def is_fast(now: View, opened: View | None) -> bool:
    """Whether far things visibly sweep across the picture."""
    if opened is None:
        return False
    half = np.tan(np.radians(now.fov) / 2)
    turned = np.linalg.norm(_ahead(now) - _ahead(opened)) / half / 2
    zoomed = abs(np.tan(np.radians(opened.fov) / 2) / half - 1) / 2
    return bool(max(turned, zoomed) > _FAST)


def _ahead(view: View) -> F8:
    way = np.subtract(view.target, view.eye)
    return np.asarray(way / np.linalg.norm(way))


def swept(gpu: Gpu, targets: Targets, opened: View, shared: Values) -> tuple[Any, Any]:
    """The smoothed picture, blurred along its way: a framebuffer and its texture."""
    targets.swept.use()
    targets.smoothed.use(FRAME_UNIT)
    targets.depth.use(DEPTH_UNIT)
    width, height = targets.size
    program = gpu.programs.sweep()
    put(program, shared | {"frame": FRAME_UNIT, "depths": DEPTH_UNIT, "opened": column_major(view_projection(opened, width / height))})
    gpu.screen(program).render()
    return targets.swept, targets.colour
