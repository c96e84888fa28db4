"""Where pictures are drawn: the frame, and the finished picture."""

from typing import Any

import numpy as np

from kinora_world.look.context import release
from kinora_world.scene import U1


class Targets:
    """`rows`: about how many pixels high the frame is drawn, where that is coarser than the picture; each becomes a square of pixels."""

    def __init__(self, context: Any, width: int, height: int, rows: int | None = None) -> None:
        self.grain = max(1, round(min(width, height) / rows)) if rows else 1
        self.picture = (width, height)
        self.size = (-(-width // self.grain), -(-height // self.grain))
        self.colour = context.texture(self.size, 4)
        self.colour.repeat_x = self.colour.repeat_y = False
        self.depth = context.depth_renderbuffer(self.size)
        self.frame = context.framebuffer([self.colour], self.depth)
        self._kept = context.renderbuffer(self.size, 4), context.depth_renderbuffer(self.size)
        self.backdrop = context.framebuffer([self._kept[0]], self._kept[1])
        self.backdrop_of: object = None  # what the backdrop is a copy of
        self.last_drawn: object = None
        self.final = context.renderbuffer(self.picture, 4)
        self.smooth = context.framebuffer([self.final])

    def read(self) -> U1:
        """(height, width, 3): the finished picture, top row first."""
        width, height = self.picture
        pixels = np.frombuffer(self.smooth.read(components=4, alignment=1), np.uint8).reshape(height, width, 4)
        return np.ascontiguousarray(pixels[..., :3])

    def close(self) -> None:
        release(self.smooth, self.frame, self.backdrop, *self._kept, self.final, self.depth, self.colour)
