"""What comes with a request beside its words: pictures and takes from the media store, likenesses of the cast. Broken ones are refused."""

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
from kinora_engine.given import read_likenesses, read_picture
from kinora_media.store import MediaMissing, MediaStore
from kinora_world.likeness import Likeness, Thing
from kinora_world.storyboard import Storyboard

from kinora_diffusion import takes
from kinora_diffusion.takes import Film

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
        likenesses=read_likenesses(asked, storyboard),
    )


def _shown(given: Conditioning, asked: RenderRequest, media: MediaStore, duration: float) -> Shown:
    code, what = _PICTURES[given.kind]
    if given.kind == CONDITIONING_KIND_KEYFRAME and given.at_s >= duration:
        raise Refused("keyframe_time", f"{what} at {given.at_s:g} s comes after the end at {duration:g} s")
    fitted = read_picture(media, given.key, (asked.width, asked.height), code=code, what=what)
    at_s = {CONDITIONING_KIND_FIRST_FRAME: 0.0, CONDITIONING_KIND_LAST_FRAME: None}.get(given.kind, given.at_s)
    return Shown(fitted, at_s, given.strength or 1.0)


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


def portrait(likeness: Likeness | Thing) -> Picture:
    """A picture of somebody or something to refer to: a face as it was enrolled, a cut-out on white."""
    drawn = likeness.picture if isinstance(likeness, Thing) else likeness.skin
    behind = (255, 255, 255) if isinstance(likeness, Thing) else tuple(int(likeness.complexion[at : at + 2], 16) for at in (1, 3, 5))
    share = drawn[..., 3:].astype(np.float32) / 255
    return np.rint(drawn[..., :3] * share + np.array(behind, np.float32) * (1 - share)).astype(np.uint8)
