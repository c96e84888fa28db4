"""SVG to pixels, with one typeface, given by file: systems differ in theirs."""

import io
from importlib.resources import files
from typing import cast

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

Rgba = NDArray[np.uint8]
"""(height, width, 4), not premultiplied."""
FAMILY = "Inter"
_FONT = str(files("fontpkg_inter").joinpath("files", "Inter[opsz,wght].ttf"))


def draw(svg: str, *, height: int | None = None) -> Rgba:
    """At its own size, or `height` pixels high. Raises ValueError for what is no SVG."""
    png = resvg_py.svg_to_bytes(
        svg_string=svg, height=height, skip_system_fonts=True, font_files=[_FONT], font_family=FAMILY, sans_serif_family=FAMILY
    )
    with Image.open(io.BytesIO(bytes(png))) as picture:
        return cast("Rgba", np.asarray(picture.convert("RGBA")).copy())
