"""Whose platform it was: a name in the line of words, and a small drawing beside it."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from kinora_marks.visible import raster

_MOST_BYTES = 256 * 1024
_LEAST_SHOWN = 0.01  # of the drawing's area
_GLYPH = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<path fill="#fff" d="M3 2h4v20H3zM9.2 12 18 3.2l2.9 2.9-5.9 5.9 5.9 5.9-2.9 2.9z"/></svg>'
)


class BrandUnusable(Exception):
    """The operator's drawing cannot be shown; the message tells why."""


@dataclass(frozen=True)
class Brand:
    """`drawing` is SVG; `aspect` its width by its height."""

    name: str
    drawing: str
    aspect: float = 1.0

    @property
    def link(self) -> str:
        """The drawing as a data URL."""
        return "data:image/svg+xml;base64," + b64encode(self.drawing.encode()).decode()

    @classmethod
    def load(cls, path: Path, name: str) -> "Brand":
        """Draws it once, so that what cannot be shown is told at the start. Raises BrandUnusable."""
        try:
            drawing = path.read_text("utf-8")
            if len(drawing) > _MOST_BYTES:
                raise BrandUnusable(f"{path} has more than {_MOST_BYTES // 1024} KiB.")
            picture = raster.draw(drawing, height=64)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise BrandUnusable(f"{path} cannot be read as an SVG drawing: {error}") from error
        if (picture[..., 3] > 0).mean() < _LEAST_SHOWN:
            raise BrandUnusable(f"{path} shows nothing, or words in a typeface other than Inter; turn words into paths.")
        height, width = picture.shape[:2]
        if not 0.25 <= width / height <= 6:
            raise BrandUnusable(f"{path} is {width / height:.2f} times as wide as it is high; 0.25 to 6 times fits.")
        return cls(name, drawing, width / height)


KINORA = Brand("Kinora", _GLYPH)
