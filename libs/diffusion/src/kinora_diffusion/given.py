"""What comes with a request beside its words: pictures and takes from the media store, likenesses of the cast. Broken ones are refused."""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from kinora.engine.v1.engine_pb2 import (
    CONDITIONING_KIND_EXTEND,
    CONDITIONING_KIND_FINISH,
    CONDITIONING_KIND_FIRST_FRAME,
    CONDITIONING_KIND_KEYFRAME,
    CONDITIONING_KIND_LAST_FRAME,
    CONDITIONING_KIND_REMIX,
    Capabilities,
    Conditioning,
    RenderRequest,
)
from kinora_engine.contract import Picture, Refused
from kinora_media.store import MediaMissing, MediaStore
from kinora_world.likeness import BadLikeness, Likeness, Thing, read_likeness
from kinora_world.storyboard import Storyboard
from PIL import Image

from kinora_diffusion import takes
from kinora_diffusion.takes import Film

LARGEST = 4096  # pixels a side
SHAPE = 0.01  # by how much a picture's shape may differ from the clip's
_PICTURES = {
    CONDITIONING_KIND_FIRST_FRAME: ("first_frame", "the picture to open on"),
    CONDITIONING_KIND_LAST_FRAME: ("last_frame", "the picture to end on"),
    CONDITIONING_KIND_KEYFRAME: ("keyframe", "the picture to pass through"),
}
_TAKES = {
    CONDITIONING_KIND_REMIX: "the take that is to be changed",
    CONDITIONING_KIND_EXTEND: "the take that is to go on",
    CONDITIONING_KIND_FINISH: "the draft's take",
}


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture in the clip's size; `at_s` is None at the clip's end."""

    picture: Picture
    at_s: float | None
    strength: float


@dataclass(frozen=True, eq=False)
class Given:
    """All of it, checked. At most one of `remix`, `extend` and `finish`."""

    pictures: tuple[Shown, ...] = ()
    remix: Film | None = None
    remix_strength: float = 0.0  # 0 for the engine's own measure
    extend: Film | None = None
    finish: Film | None = None
    likenesses: Mapping[str, Likeness | Thing] = field(default_factory=dict)


def read(asked: RenderRequest, media: MediaStore, storyboard: Storyboard, sheet: Capabilities) -> Given:
    """Raises Refused."""
    films = {given.kind: (given, _film(given, media, sheet)) for given in asked.conditioning if given.kind in _TAKES}
    if len(films) > 1:
        raise Refused("invalid_conditioning", "a film is changed, goes on, or is finished: one of these at a time")
    found = {kind: film for kind, (_, film) in films.items()}
    remix = films.get(CONDITIONING_KIND_REMIX)
    return Given(
        pictures=tuple(_shown(given, asked, media, storyboard.duration) for given in asked.conditioning if given.kind in _PICTURES),
        remix=found.get(CONDITIONING_KIND_REMIX),
        remix_strength=remix[0].strength if remix else 0.0,
        extend=found.get(CONDITIONING_KIND_EXTEND),
        finish=found.get(CONDITIONING_KIND_FINISH),
        likenesses=_likenesses(asked, storyboard),
    )


def _shown(given: Conditioning, asked: RenderRequest, media: MediaStore, duration: float) -> Shown:
    code, what = _PICTURES[given.kind]
    if given.kind == CONDITIONING_KIND_KEYFRAME and given.at_s >= duration:
        raise Refused("keyframe_time", f"{what} at {given.at_s:g} s comes after the end at {duration:g} s")
    try:
        with Image.open(io.BytesIO(media.get_now(given.key)), formats=["PNG", "JPEG", "WEBP"]) as picture:
            fitted = _fitted(picture, (asked.width, asked.height), code)
    except MediaMissing as error:
        raise Refused(f"{code}_missing", f"{what} is not in the media store") from error
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(f"{code}_broken", f"{what} cannot be read; store a PNG, JPEG or WebP") from error
    at_s = {CONDITIONING_KIND_FIRST_FRAME: 0.0, CONDITIONING_KIND_LAST_FRAME: None}.get(given.kind, given.at_s)
    return Shown(fitted, at_s, given.strength or 1.0)


def _fitted(picture: Image.Image, size: tuple[int, int], code: str) -> Picture:
    if abs(picture.width * size[1] - picture.height * size[0]) > picture.width * size[1] * SHAPE:  # known before any pixel is decoded
        raise Refused(f"{code}_size", f"the picture has {picture.size} pixels, which is not the shape of {size[0]}x{size[1]}")
    if max(picture.size) > LARGEST:
        raise Refused(f"{code}_size", f"the picture has {picture.size} pixels; at most {LARGEST} a side are read")
    drawn = picture.convert("RGB")
    return np.asarray(drawn if drawn.size == size else drawn.resize(size, Image.Resampling.LANCZOS))


def _film(given: Conditioning, media: MediaStore, sheet: Capabilities) -> Film:
    what = _TAKES[given.kind]
    try:
        size = media.head_now(given.key).size
        if size > takes.LARGEST:
            raise Refused("take_broken", f"{what} has {size} bytes; at most {takes.LARGEST} are read")
        with tempfile.NamedTemporaryFile(prefix="kinora-take-", suffix=".safetensors") as file:
            file.write(media.get_now(given.key))
            file.flush()
            film = takes.read(Path(file.name))
    except MediaMissing as error:
        raise Refused("take_missing", f"{what} is not in the media store") from error
    except takes.BadTakes as error:
        raise Refused("take_broken", f"{what} cannot be used: {error}") from error
    made_by, mine = (film.about.family, film.about.weights), (sheet.engine, sheet.engine_version)
    if made_by != mine:
        raise Refused("take_of_another_engine", f"{what} was made by {' '.join(made_by)}, and this is {' '.join(mine)}")
    return film


def _likenesses(asked: RenderRequest, storyboard: Storyboard) -> dict[str, Likeness | Thing]:
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


def portrait(likeness: Likeness | Thing) -> Picture:
    """A picture of somebody or something to refer to: a face as it was enrolled, a cut-out on white."""
    drawn = likeness.picture if isinstance(likeness, Thing) else likeness.skin
    behind = (255, 255, 255) if isinstance(likeness, Thing) else tuple(int(likeness.complexion[at : at + 2], 16) for at in (1, 3, 5))
    share = drawn[..., 3:].astype(np.float32) / 255
    return np.rint(drawn[..., :3] * share + np.array(behind, np.float32) * (1 - share)).astype(np.uint8)
