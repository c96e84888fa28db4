"""What happens to a drawn frame until it is a picture."""

from typing import Any

import moderngl
import numpy as np

from kinora_world.look.focus import focused
from kinora_world.look.gpu import Gpu
from kinora_world.look.styles import style_entry
from kinora_world.look.sweep import is_fast, swept
from kinora_world.look.targets import Targets
from kinora_world.look.uniforms import FRAME_UNIT, PALETTE_UNIT, Values, put
from kinora_world.scene import U1, View


def finished(gpu: Gpu, targets: Targets, view: View, style: str, shared: Values, opened: View | None = None, *, planes: bool = False) -> U1:
    """(height, width, 3), or its planes: blurred out of focus and by speed, printed as the style does, and edges smoothed."""
    gpu.context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
    entry, program = style_entry(style), gpu.programs.printing(style)
    drawn = targets.frame, targets.colour
    if entry.grained:
        drawn = _smoothed(gpu, targets)
    before = opened if is_fast(view, opened) else None
    if targets.grain == 1 and (view.blur or before):
        if not entry.grained:
            drawn = _copied(gpu, targets)
        if view.blur:
            focused(gpu, targets, view)
        if before:
            drawn = swept(gpu, targets, before, shared)
    if program is None:
        pixels = _rows(drawn[0], targets.size)[::-1]
    else:
        _print(gpu, targets, program, style, shared, drawn[1])
        pixels = _rows(targets.printed, targets.print_size)
    return targets.picturing.picture(pixels, planes=planes, smooth=targets.grain == 1 and not entry.grained)


def _copied(gpu: Gpu, targets: Targets) -> tuple[Any, Any]:
    gpu.context.copy_framebuffer(targets.smooth, targets.frame)
    return targets.smooth, targets.smoothed


def _smoothed(gpu: Gpu, targets: Targets) -> tuple[Any, Any]:
    targets.smooth.use()
    targets.colour.use(FRAME_UNIT)
    program = gpu.programs.antialias()
    put(program, {"frame": FRAME_UNIT, "texel": _texel(targets)})
    gpu.screen(program).render()
    return targets.smooth, targets.smoothed


def _print(gpu: Gpu, targets: Targets, program: Any, style: str, shared: Values, drawn: Any) -> None:
    targets.printed.use()
    drawn.use(FRAME_UNIT)
    palette = style_entry(style).palette
    if palette:
        gpu.palette(palette).use(PALETTE_UNIT)
    put(program, shared | {"frame": FRAME_UNIT, "texel": _texel(targets), "palette": PALETTE_UNIT, "grain": targets.grain})
    gpu.screen(program).render()


def _texel(targets: Targets) -> tuple[float, float]:
    width, height = targets.size
    return 1 / width, 1 / height


def _rows(framebuffer: Any, size: tuple[int, int]) -> U1:
    """(height, width, 4), in the framebuffer's order."""
    width, height = size
    return np.frombuffer(framebuffer.read(components=4, alignment=1), np.uint8).reshape(height, width, 4)
