"""Colours of the storyboard for the renderer."""

Linear = tuple[float, float, float]


def linear(colour: str) -> Linear:
    """From "#rrggbb" in sRGB to linear RGB (IEC 61966-2-1)."""
    red, green, blue = (_decode(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def _decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def scaled(colour: Linear, factor: float) -> Linear:
    """The colour times a factor, kept within 0..1."""
    red, green, blue = (min(1.0, c * factor) for c in colour)
    return red, green, blue


def luminance(colour: Linear) -> float:
    """Of linear RGB (BT.709), 0 black to 1 white."""
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def beside(colour: Linear) -> Linear:
    """A second colour that stands out from the first: off-white beside the dark, a deep shade of itself beside the light."""
    return (0.72, 0.70, 0.64) if luminance(colour) < 0.25 else scaled(colour, 0.28)


def shade(colour: Linear) -> Linear:
    """The colour a little darker, or lighter where it is nearly black already."""
    red, green, blue = colour
    return scaled(colour, 0.6) if luminance(colour) > 0.02 else (red + 0.03, green + 0.03, blue + 0.03)
