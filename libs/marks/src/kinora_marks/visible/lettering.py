"""The mark's drawing: a small brand, the maker's handle in bold, and below it that AI made this. White, with a dark edge and shadow."""

from xml.sax.saxutils import escape, quoteattr

import numpy as np

from kinora_marks.visible import raster
from kinora_marks.visible.brand import Brand
from kinora_marks.visible.raster import Rgba

LABEL = "Made with AI"
_OPACITY = 0.88
_WIDEST = 0.62  # of the picture's width
_CANVAS = 60  # letters' heights: wider than any handle


def lettering(credit: str, brand: Brand, width: int, height: int) -> Rgba:
    """For a picture of that size, cut to what is drawn. `credit` is "@ada", or empty where nobody is named."""
    size = letter_size(width, height)
    drawn = _cut(raster.draw(_svg(credit, brand, size)))
    widest = _WIDEST * width
    return drawn if drawn.shape[1] <= widest else _cut(raster.draw(_svg(credit, brand, size * widest / drawn.shape[1])))


def letter_size(width: int, height: int) -> float:
    """Pixels, of the first line: small pictures need larger letters for their size."""
    return 9.5 + 0.0165 * min(width, height)


def _svg(credit: str, brand: Brand, size: float) -> str:
    above, below = (credit, f"{LABEL} · {brand.name}") if credit else (LABEL, brand.name)
    small, edge, glyph = size * 0.8, max(1.0, size * 0.1), size * 1.72
    left = size + glyph * brand.aspect + size * 0.42
    words = (
        f'<text x="{left}" y="{size * 1.75}" font-size="{size}" font-weight="700">{escape(above)}</text>'
        f'<text x="{left}" y="{size * 2.78}" font-size="{small}" font-weight="600" letter-spacing="{size * 0.012}">{escape(below)}</text>'
    )
    image = f'<image x="{size}" y="{size * 1.02}" width="{glyph * brand.aspect}" height="{glyph}" href={quoteattr(brand.link)}/>'
    # The drawing's edge is its own shape, spread and darkened; letters have theirs as a stroke, which stays sharper.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * _CANVAS}" height="{size * 4}">'
        f"<defs><filter id='edge' x='-50%' y='-50%' width='200%' height='200%'><feMorphology in='SourceAlpha' operator='dilate'"
        f" radius='{edge / 2}'/><feComponentTransfer><feFuncA type='linear' slope='0.6'/></feComponentTransfer></filter>"
        f"<filter id='shadow' x='-20%' y='-60%' width='140%' height='220%'><feMorphology in='SourceAlpha' operator='dilate'"
        f" radius='{size * 0.09}'/><feGaussianBlur stdDeviation='{size * 0.2}'/>"
        f"<feComponentTransfer><feFuncA type='table' tableValues='0 0.58 0.74'/></feComponentTransfer></filter></defs>"
        f"<g opacity='{_OPACITY}' font-family='{raster.FAMILY}'>"
        f"<g filter='url(#shadow)'>{image}{words}</g><g filter='url(#edge)'>{image}</g>"
        f"<g fill='none' stroke='#000' stroke-opacity='0.6' stroke-width='{edge}' stroke-linejoin='round'>{words}</g>"
        f"{image}<g fill='#fff'>{words}</g></g></svg>"
    )


def _cut(drawn: Rgba) -> Rgba:
    """To what is seen; with even sides, since two pixels share their colour."""
    rows, columns = (np.flatnonzero((drawn[..., 3] > 2).any(axis)) for axis in (1, 0))
    cut = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.pad(cut, ((0, cut.shape[0] % 2), (0, cut.shape[1] % 2), (0, 0)))
