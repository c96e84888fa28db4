"""Drawn pixels become a picture of the size asked for: its edges smoothed, enlarged, as colours or as an encoder's planes."""

from typing import Any, cast

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from kinora_media.planes import TO_PLANES, TO_RGB

from kinora_world.look.edges import smoothed
from kinora_world.scene import U1


class Picturing:
    """Of one size. Keeps what the conversions need from picture to picture."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._parting, self._joining = VideoReformatter(), VideoReformatter()

    def picture(self, pixels: U1, *, planes: bool, smooth: bool) -> U1:
        """(height, width, 3), or as planes; from (rows, columns, 4), enlarged by cubic interpolation where that is smaller."""
        drawn = _frame(pixels)
        colours = TO_PLANES if planes else {}
        if smooth:
            drawn = self._parting.reformat(drawn, format="yuv444p", **TO_PLANES)
            luma = _rows(drawn)
            luma[:] = smoothed(luma)
            colours = {} if planes else TO_RGB
        made = "yuv420p" if planes else "gbrp"
        picture = self._joining.reformat(drawn, *self._size, made, interpolation=Interpolation.BICUBIC, **colours)
        return np.asarray(picture.to_ndarray(), np.uint8)


def _frame(pixels: U1) -> av.VideoFrame:
    height, width, _ = pixels.shape
    frame = av.VideoFrame(width, height, "rgba")
    _rows(frame)[:] = pixels.reshape(height, -1)
    return frame


def _rows(frame: av.VideoFrame) -> U1:
    """The first plane's rows, (height, bytes), to be read and written."""
    plane = frame.planes[0]
    used = frame.width * (4 if frame.format.name == "rgba" else 1)
    return np.frombuffer(memoryview(cast("Any", plane)), np.uint8).reshape(plane.height, plane.line_size)[:, :used]
