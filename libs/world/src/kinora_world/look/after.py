"""What happens to a drawn frame until it is a picture."""

from typing import Any

import av
import moderngl
import numpy as np
from av.video.reformatter import Interpolation

from kinora_world.look.focus import focused
from kinora_world.look.gpu import Gpu
from kinora_world.look.styles import style_entry
from kinora_world.look.sweep import is_fast, swept
from kinora_world.look.targets import Targets
from kinora_world.look.uniforms import FRAME_UNIT, PALETTE_UNIT, Values, put
from kinora_world.scene import U1, View


def finished(gpu: Gpu, targets: Targets, view: View, style: str, shared: Values, opened: View | None = None) -> U1:
    """(height, width, 3), top row first: edges smoothed, blurred out of focus and by speed, and printed as the style does."""
    gpu.context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
    drawn = targets.frame, targets.colour
    if targets.grain == 1:
        drawn = _smoothed(gpu, targets)
        if view.blur:
            focused(gpu, targets, view)
        if opened is not None and is_fast(view, opened):
            drawn = swept(gpu, targets, opened, shared)
    program = gpu.programs.printing(style)
    if program is None:
        return _enlarged(_rows(drawn[0], targets.size)[::-1], targets.picture)
    _print(gpu, targets, program, style, shared, drawn[1])
    return _enlarged(_rows(targets.printed, targets.print_size), targets.picture)


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


def _enlarged(pixels: U1, size: tuple[int, int]) -> U1:
    """(height, width, 3) of that width and height, by cubic interpolation, from (rows, columns, 4)."""
    width, height = size
    if pixels.shape[:2] != (height, width):
        drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgba")
        return np.asarray(drawn.reformat(width, height, "gbrp", interpolation=Interpolation.BICUBIC).to_ndarray(), np.uint8)
    picture = np.empty((height, width, 3), np.uint8)
    for channel in range(3):  # four times as fast as all at once
        picture[..., channel] = pixels[..., channel]
    return picture
