"""What may come in, and how much of it is kept to look at."""

from dataclasses import dataclass

_MB = 1024 * 1024
SAMPLE_RATE = 24_000  # of the sound that is kept: marks reach up to 7.2 kHz, and 9 kHz when it is played faster


@dataclass(frozen=True)
class Limits:
    """`seconds`, and `frames` of an animation; `side` and `pixels` of a picture, `film_pixels` of each picture of a video.

    `per_second` pictures of a video are kept, and its whole ones.
    `kept_side`: pixels of the shorter side of what is kept.
    """

    file_bytes: int = 40 * _MB
    seconds: float = 65.0
    frames: int = 1_200
    side: int = 8_192
    pixels: int = 40_000_000
    film_pixels: int = 4_096 * 2_304
    per_second: int = 12
    kept_side: int = 450
    kept_bytes: int = 560 * _MB
