"""What stands on the ground keeps the sky's light from it: baked once per stage into a map that darkens what is drawn there."""

from collections.abc import Sequence
from typing import Any

import moderngl
import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import uniform_filter

from kinora_world.look.context import release
from kinora_world.look.primitives import primitive, stood
from kinora_world.look.uniforms import OPEN_UNIT, Values
from kinora_world.scene import F4, F8, Shape, StageSet

SIDE, TEXEL = 512, 0.05  # pixels, and metres each
MIDDLE = np.array([0.0, 3.0])  # of the map, on the stage
# Metres below which a shape counts, how far its shade spreads, and how dark it is: a leg's foot, a seat, a table or a bush.
_BANDS = ((0.06, 0.07, 0.4), (0.5, 0.25, 0.4), (1.2, 0.7, 0.35))
_FLAT = 0.05  # metres; lower things are part of the ground
_THIN = {"glow", "haze", "daylight", "water", "still_water", "space", "cloud", "net", "tuft"}
_WAYS = np.stack([np.cos(np.arange(16) * np.pi / 8), np.sin(np.arange(16) * np.pi / 8)], -1)


def darkness(shapes: Sequence[Shape]) -> F4:
    """(SIDE, SIDE), 0 open to 1 covered, from the lower left of the map: the shapes' footprints, blurred the wider the higher they are."""
    prints = [found for shape in shapes if (found := _footprint(shape)) is not None]
    open_sky = np.ones((SIDE, SIDE), np.float32)
    for below, spread, dark in _BANDS:
        image = Image.new("L", (SIDE, SIDE))
        drawing = ImageDraw.Draw(image)
        for corners, low in prints:
            if low < below:
                drawing.polygon([(float(x), float(y)) for x, y in corners], fill=255)
        width = 2 * round(spread / TEXEL / 2) + 1
        soft = np.asarray(image, np.float32) / 255
        for _ in range(2):
            soft = uniform_filter(soft, max(width, 3), mode="nearest")
        open_sky *= 1 - dark * soft
    return 1 - open_sky


def _footprint(shape: Shape) -> tuple[F8, float] | None:
    """Corners (16, 2) in pixels of the convex shape around it, and its lowest point; None where it does not matter."""
    reach = max(shape.size)
    if not shape.visible or shape.finish in _THIN or shape.position[2] - 2 * reach > _BANDS[-1][0]:
        return None
    if np.abs(np.asarray(shape.position[:2]) - MIDDLE).max() - 2 * reach > SIDE * TEXEL / 2:
        return None
    at = stood(primitive(shape), shape).position
    low, high = float(at[:, 2].min()), float(at[:, 2].max())
    if low > _BANDS[-1][0] or high < _FLAT or len(at) < 3:
        return None
    flat = at[:, :2]
    outline = flat[np.argmax(flat @ _WAYS.T, axis=0)]
    return (outline - MIDDLE) / TEXEL + SIDE / 2, max(low, 0.0)


class Grounding:
    """The map on the graphics side."""

    def __init__(self, context: Any, stage: StageSet) -> None:
        dark = np.round(darkness(stage.shapes) * 255 * (1 - 0.6 * stage.snow)).astype(np.uint8)
        self._map = context.texture((SIDE, SIDE), 1, dark.tobytes(), alignment=1)
        self._map.build_mipmaps()
        self._map.filter = moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR
        self._map.repeat_x = self._map.repeat_y = False

    def values(self) -> Values:
        """What the program is to be told, with the map at hand."""
        self._map.use(OPEN_UNIT)
        half = SIDE * TEXEL / 2
        return {"covered": OPEN_UNIT, "spread": (float(MIDDLE[0]), float(MIDDLE[1]), half, half)}

    def close(self) -> None:
        release(self._map)
