"""What comes with a request: its storyboard, likenesses of the cast, pictures from the media store. What is broken is refused."""

import io

import numpy as np
from kinora.engine.v1.engine_pb2 import RenderRequest
from kinora_media.store import MediaMissing, MediaStore
from kinora_world.likeness import BadLikeness, Likeness, Thing, read_likeness
from kinora_world.storyboard import Storyboard
from PIL import Image
from pydantic import ValidationError

from .contract import Picture, Refused

LARGEST = 4096  # pixels a side
SHAPE = 0.01  # by how much a picture's shape may differ from the clip's


def read_storyboard(asked: RenderRequest) -> Storyboard:
    """Raises Refused: "invalid_storyboard"."""
    try:
        return Storyboard.model_validate_json(asked.storyboard_json)
    except ValidationError as error:
        raise Refused("invalid_storyboard", _explained(error)) from error


def read_likenesses(asked: RenderRequest, storyboard: Storyboard) -> dict[str, Likeness | Thing]:
    """By handle. Raises Refused: "invalid_likeness"."""
    found: dict[str, Likeness | Thing] = {}
    for given in asked.likenesses:
        if given.handle not in storyboard.handles or given.handle in found:
            told = "is given twice" if given.handle in found else "belongs to nobody in the storyboard"
            raise Refused("invalid_likeness", f"The likeness {given.handle!r} {told}.")
        try:
            found[given.handle] = read_likeness(given.package)
        except BadLikeness as error:
            raise Refused("invalid_likeness", f"{given.handle}: {error}") from error
    return found


def read_picture(media: MediaStore, key: str, size: tuple[int, int], *, code: str, what: str) -> Picture:
    """In the clip's size (width, height). Raises Refused: `code` with "_missing", "_broken" or "_size"; `what` names it to people."""
    try:
        with Image.open(io.BytesIO(media.get_now(key)), formats=["PNG", "JPEG", "WEBP"]) as picture:
            return _fitted(picture, size, code)
    except MediaMissing as error:
        raise Refused(f"{code}_missing", f"{what} is not in the media store") from error
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(f"{code}_broken", f"{what} cannot be read; store a PNG, JPEG or WebP") from error


def _fitted(picture: Image.Image, size: tuple[int, int], code: str) -> Picture:
    if abs(picture.width * size[1] - picture.height * size[0]) > picture.width * size[1] * SHAPE:  # known before any pixel is decoded
        raise Refused(f"{code}_size", f"the picture has {picture.size} pixels, which is not the shape of {size[0]}x{size[1]}")
    if max(picture.size) > LARGEST:
        raise Refused(f"{code}_size", f"the picture has {picture.size} pixels; at most {LARGEST} a side are read")
    drawn = picture.convert("RGB")
    return np.asarray(drawn if drawn.size == size else drawn.resize(size, Image.Resampling.LANCZOS))  # a draft is smaller


def _explained(error: ValidationError) -> str:
    """Every problem with its path, without repeating what was sent."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'storyboard'}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)
    )
