"""Where pictures are drawn: the frame, a copy of what rests in it, and what becomes of it."""

from math import ceil
from typing import Any

from kinora_world.look.context import release
from kinora_world.look.picturing import Picturing

FULL = 540  # pixels of the shorter side up to which a frame is drawn as large as the picture
MOST = 4 / 3  # of the frame's sides, a picture's


class Targets:
    """`rows`: about how many pixels high the frame is drawn, where that is coarser than the picture; each becomes a square of pixels.

    Other frames of large pictures are drawn smaller too unless they are to be `fine`, and enlarged smoothly: most of the work is per pixel.
    """

    def __init__(self, context: Any, width: int, height: int, rows: int | None = None, *, fine: bool = False) -> None:
        self.grain = max(1, round(min(width, height) / rows)) if rows else 1
        self.picture = (width, height)
        self.picturing = Picturing(self.picture)
        coarseness = self.grain if rows else 1.0 if fine else min(max(1.0, min(width, height) / FULL), MOST)
        self.size = ceil(width / coarseness), ceil(height / coarseness)
        self.colour, self.smoothed = (context.texture(self.size, 4) for _ in range(2))
        self.depth = context.depth_texture(self.size)
        self.depth.compare_func = ""
        for texture in (self.colour, self.smoothed, self.depth):
            texture.repeat_x = texture.repeat_y = False
        self.frame = context.framebuffer([self.colour], self.depth)
        self.smooth = context.framebuffer([self.smoothed])
        self.swept = context.framebuffer([self.colour])  # once it has been smoothed
        self._kept = context.renderbuffer(self.size, 4), context.depth_texture(self.size)
        self.backdrop = context.framebuffer([self._kept[0]], self._kept[1])
        self.backdrop_of: object = None  # what the backdrop is a copy of
        self.last_drawn: object = None
        self.halved, self.blurred = (_picture(context, self.size[0] // 2, self.size[1] // 2) for _ in range(2))
        self.print_size = self.picture if rows else self.size
        self._final = context.renderbuffer(self.print_size, 4)
        self.printed = context.framebuffer([self._final])

    def close(self) -> None:
        release(self.frame, self.smooth, self.swept, self.backdrop, self.printed)
        release(*reversed(self.halved), *reversed(self.blurred))
        release(self.colour, self.smoothed, self.depth, *self._kept, self._final)


def _picture(context: Any, width: int, height: int) -> tuple[Any, Any]:
    """A texture, and the framebuffer that draws into it."""
    texture = context.texture((width, height), 4)
    texture.repeat_x = texture.repeat_y = False
    return texture, context.framebuffer([texture])
