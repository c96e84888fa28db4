"""What happens to a drawn frame until it is a picture."""

from typing import Any

import moderngl
import numpy as np

from kinora_world.look.focus import focused
from kinora_world.look.gpu import Gpu
from kinora_world.look.styles import style_entry
from kinora_world.look.targets import Targets
from kinora_world.look.uniforms import FRAME_UNIT, PALETTE_UNIT, Values, put
from kinora_world.scene import U1, View


def finished(gpu: Gpu, targets: Targets, view: View, style: str, shared: Values) -> U1:
    """(height, width, 3), top row first: edges smoothed, blurred out of focus, and printed as the style does."""
    gpu.context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
    drawn = targets.frame, targets.colour
    if targets.grain == 1:
        drawn = _smoothed(gpu, targets)
        if view.blur:
            focused(gpu, targets, view)
    program = gpu.programs.printing(style)
    if program is None:
        return _read(drawn[0], targets.picture, turned=True)
    _print(gpu, targets, program, style, shared, drawn[1])
    return _read(targets.printed, targets.picture, turned=False)


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


def _read(framebuffer: Any, size: tuple[int, int], *, turned: bool) -> U1:
    """(height, width, 3), the framebuffer's last row first if `turned`."""
    width, height = size
    pixels = np.frombuffer(framebuffer.read(components=4, alignment=1), np.uint8).reshape(height, width, 4)
    picture = np.empty((height, width, 3), np.uint8)
    for channel in range(3):  # four times as fast as all at once
        picture[..., channel] = pixels[::-1, :, channel] if turned else pixels[..., channel]
    return picture
