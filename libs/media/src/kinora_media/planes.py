"""Pictures as encoders take them: luma, and two planes of chroma of half the sides, BT.709 in the range of television (I420).

`Planes` have the shape (height * 3 / 2, width): luma's rows, then those of U and V, two of them in each row. Sides are even.
"""

from typing import Any, cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

from kinora_media.image import Rgb

Planes = NDArray[np.uint8]

BLACK = 16, 128  # luma, chroma
TO_PLANES: dict[str, Any] = {"dst_colorspace": Colorspace.ITU709, "src_color_range": ColorRange.JPEG, "dst_color_range": ColorRange.MPEG}
TO_RGB: dict[str, Any] = {"src_colorspace": Colorspace.ITU709, "src_color_range": ColorRange.MPEG, "dst_color_range": ColorRange.JPEG}
# Of luma - 16 and chroma - 128, after ITU-R BT.709: red, green, blue.
_MATRIX = np.array([[1.1644, 0.0, 1.7927], [1.1644, -0.2132, -0.5329], [1.1644, 2.1124, 0.0]])


def planes(rgb: Rgb) -> Planes:
    """Of a picture with even sides."""
    drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    return cast("Planes", VideoReformatter().reformat(drawn, format="yuv420p", **TO_PLANES).to_ndarray())


def rgb(pictured: Planes) -> Rgb:
    """Of shape (height, width, 3)."""
    drawn = av.VideoFrame.from_ndarray(pictured, format="yuv420p")
    return cast("Rgb", VideoReformatter().reformat(drawn, format="rgb24", **TO_RGB).to_ndarray())


def thinned(pictured: Planes, rows: int, columns: int) -> Rgb:
    """(rows, columns, 3): so many of its pixels, evenly spread."""
    width = pictured.shape[1]
    height = pictured.shape[0] * 2 // 3
    y, x = (np.linspace(0, side - 1, count).astype(int) for side, count in ((height, rows), (width, columns)))
    luma = pictured[:height]
    u, v = pictured[height:].reshape(2, height // 2, width // 2)
    half = np.ix_(y // 2, x // 2)
    apart = np.stack([luma[np.ix_(y, x)], u[half], v[half]], -1) - np.array([BLACK[0], BLACK[1], BLACK[1]], np.float64)
    return cast("Rgb", np.clip(np.rint(apart @ _MATRIX.T), 0, 255).astype(np.uint8))
