"""Still pictures: thumbnails and sprite sheets out, checked uploads in."""

import io
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Rgb = NDArray[np.uint8]
"""Shape (height, width, 3), sRGB."""

MAX_BYTES = 20 * 1024 * 1024
MAX_SIDE = 4096
_WALL_S = 10


class BadImage(Exception):
    """The upload is no picture that can be used; the message tells people what would be right."""


def webp(rgb: Rgb, max_side: int, quality: int = 80) -> bytes:
    """The picture as WebP, shrunk so that neither side exceeds `max_side`, never enlarged."""
    picture = Image.fromarray(rgb)
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _saved(picture, "WEBP", quality=quality, method=4)


def spritesheet(frames: Sequence[Rgb], columns: int, tile_width: int, quality: int = 75) -> bytes:
    """The frames as tiles of one JPEG, row by row; all frames share the first one's shape."""
    height, width, _ = frames[0].shape
    tile_height = max(1, round(tile_width * height / width))
    rows = -(-len(frames) // columns)
    sheet = Image.new("RGB", (columns * tile_width, rows * tile_height))
    for index, frame in enumerate(frames):
        tile = Image.fromarray(frame).resize((tile_width, tile_height), Image.Resampling.BOX)
        sheet.paste(tile, (index % columns * tile_width, index // columns * tile_height))
    return _saved(sheet, "JPEG", quality=quality)


def check_image(data: bytes, *, width: int, height: int) -> bytes:
    """Turns a stranger's JPEG, PNG or WebP into a clean PNG of `width` by `height` pixels, cropped to cover it, without metadata.

    What is see-through becomes white; of an animation the first picture counts.

    The picture is opened in a process of its own with little memory and time, so that a hostile file harms nothing. Blocks for up to
    10 s: call it on a thread. Raises BadImage.
    """
    if len(data) > MAX_BYTES:
        raise BadImage(f"The picture has {len(data)} bytes; at most {MAX_BYTES} are allowed.")
    command = [sys.executable, "-I", "-m", "kinora_media.open_image", sniff(data), str(width), str(height), str(MAX_SIDE)]
    try:
        opened = subprocess.run(command, input=data, capture_output=True, timeout=_WALL_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadImage("The picture takes too long to open.") from error
    if opened.returncode == 0:
        return opened.stdout
    refused = opened.stderr.decode(errors="replace").strip() if opened.returncode == 2 else ""
    raise BadImage(refused or "The picture is broken or takes too much memory to open.")


def sniff(data: bytes) -> str:
    """The kind, "JPEG", "PNG" or "WEBP", by the first bytes, whatever the file calls itself; raises BadImage for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise BadImage("The file is no JPEG, PNG or WebP picture.")


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
