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
