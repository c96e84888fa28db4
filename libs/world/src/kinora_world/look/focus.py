"""Depth of field: what is not at the view's focus is blurred."""

from typing import Any

import moderngl

from kinora_world.look.gpu import Gpu
from kinora_world.look.matrices import FAR, NEAR
from kinora_world.look.targets import Targets
from kinora_world.look.uniforms import DEPTH_UNIT, FRAME_UNIT, Values, put
from kinora_world.scene import View


def focused(gpu: Gpu, targets: Targets, view: View) -> None:
    """Blurs the smoothed picture, by way of a copy of half the size."""
    targets.depth.use(DEPTH_UNIT)
    lens: Values = {"depths": DEPTH_UNIT, "range": (NEAR, FAR), "focus": view.focus, "spread": view.blur * targets.size[1] / 4}
    _pass(gpu, "halve", targets.halved[1], lens, "frame", targets.smoothed)
    _pass(gpu, "blur", targets.blurred[1], lens, "halved", targets.halved[0])
    gpu.context.enable(moderngl.BLEND)
    gpu.context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
    _pass(gpu, "mix", targets.smooth, lens, "blurred", targets.blurred[0])
    gpu.context.disable(moderngl.BLEND)


def _pass(gpu: Gpu, name: str, target: Any, lens: Values, source: str, texture: Any) -> None:
    target.use()
    texture.use(FRAME_UNIT)
    program = gpu.programs.focus(name)
    put(program, {**lens, source: FRAME_UNIT})
    gpu.screen(program).render()
