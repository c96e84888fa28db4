"""The CPU world engine: a storyboard is checked, played, and stored."""

import io
import resource
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from kinora.engine.v1.engine_pb2 import CONDITIONING_KIND_FIRST_FRAME, Capabilities, RenderRequest, RenderResult
from kinora_engine.contract import Refused, Studio
from kinora_engine.sheets import shipped
from kinora_media.planes import rgb
from kinora_media.store import MediaMissing, MediaStore
from kinora_world import output
from kinora_world.likeness import BadLikeness, Likeness, Thing, read_likeness
from kinora_world.render import StoryboardError, prepare
from kinora_world.scene import U1
from kinora_world.storyboard import Storyboard
from PIL import Image
from pydantic import ValidationError

SMALLEST, LARGEST = 32, 2048  # pixels a side
LONGEST_S = 120.0
SHAPE = 0.01  # by how much a picture's shape may differ from the clip's
_STORED = {
    "video": "video/mp4",
    "thumbnail": "image/webp",
    "spritesheet": "image/jpeg",
    "captions": "text/vtt",
    "descriptions": "text/vtt",
    "events": "application/json",
}


class WorldEngine:
    """Keeps nothing from clip to clip."""

    def __init__(self) -> None:
        self._sheet = shipped("world")
        self._sheet.engine_version = version("kinora-world")

    def sheet(self) -> Capabilities:
        return self._sheet

    def render(self, asked: RenderRequest, studio: Studio) -> RenderResult:
        began = _cpu_seconds()
        storyboard = _storyboard(asked)
        first_frame, likenesses = _first_frame(asked, studio.media), _likenesses(asked, storyboard)
        try:
            clip = prepare(
                storyboard,
                width=asked.width,
                height=asked.height,
                fps=asked.fps,
                first_frame=first_frame,
                likenesses=likenesses,
                on_progress=partial(_progress, studio),
            )
        except StoryboardError as error:
            raise Refused("invalid_storyboard", str(error)) from error
        with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
            files = output.write(clip, Path(folder))
            keys = _store(files, asked.output_prefix, studio)
            passes = output.write_passes(clip, Path(folder), asked.passes) if asked.passes else {}
            pass_keys = _store_passes(passes, asked.output_prefix, studio)
        return RenderResult(
            **keys,
            pass_keys=pass_keys,
            notes=files.notes,
            engine=self._sheet.engine,
            engine_version=self._sheet.engine_version,
            trained=self._sheet.trained,
            cpu_seconds=_cpu_seconds() - began,
        )


def _storyboard(asked: RenderRequest) -> Storyboard:
    sides = asked.width, asked.height
    if any(side % 2 or not SMALLEST <= side <= LARGEST for side in sides):
        raise Refused("invalid_size", f"{sides[0]}x{sides[1]}: both sides must be even, {SMALLEST} to {LARGEST} pixels")
    if not 1 <= asked.fps <= 60:
        raise Refused("invalid_fps", f"{asked.fps} frames per second; it must be 1 to 60")
    try:
        storyboard = Storyboard.model_validate_json(asked.storyboard_json)
    except ValidationError as error:
        raise Refused("invalid_storyboard", _explained(error)) from error
    if storyboard.duration > LONGEST_S:
        raise Refused("too_long", f"{storyboard.duration:.1f} s; at most {LONGEST_S:.0f} s are made in one go")
    return storyboard


def _first_frame(asked: RenderRequest, media: MediaStore) -> U1 | None:
    keys = [given.key for given in asked.conditioning if given.kind == CONDITIONING_KIND_FIRST_FRAME]
    if not keys:
        return None
    try:
        return _fitting(Image.open(io.BytesIO(media.get_now(keys[0]))), (asked.width, asked.height))
    except MediaMissing as error:
        raise Refused("first_frame_missing", "the picture to open on is not in the media store") from error
    except OSError as error:
        raise Refused("first_frame_broken", "the picture to open on cannot be read; store a PNG, JPEG or WebP") from error


def _fitting(picture: Image.Image, size: tuple[int, int]) -> U1:
    if abs(picture.width * size[1] - picture.height * size[0]) > picture.width * size[1] * SHAPE:  # known before any pixel is decoded
        raise Refused("first_frame_size", f"the picture has {picture.size} pixels, which is not the shape of {size[0]}x{size[1]}")
    if max(picture.size) > LARGEST:
        raise Refused("first_frame_size", f"the picture has {picture.size} pixels; at most {LARGEST} a side are read")
    drawn = picture.convert("RGB")
    return np.asarray(drawn if drawn.size == size else drawn.resize(size, Image.Resampling.LANCZOS))  # a draft is smaller


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


def _progress(studio: Studio, fraction: float, stage: str, frame: U1 | None) -> None:
    if frame is None:
        studio.tell(fraction, stage)
    else:
        studio.count()
        studio.tell(fraction, stage, lambda: rgb(frame))


def _store(files: output.Files, prefix: str, studio: Studio) -> dict[str, str]:
    keys = {}
    for name, content_type in _STORED.items():
        studio.check()
        path: Path = getattr(files, name)
        keys[f"{name}_key"] = key = f"{prefix}/{path.name}"
        studio.media.put_now(key, path, content_type=content_type)
    return keys


def _store_passes(made: dict[str, Path], prefix: str, studio: Studio) -> dict[str, str]:
    keys = {}
    for name, path in made.items():
        studio.check()
        keys[name] = key = f"{prefix}/passes/{path.name}"
        studio.media.put_now(key, path, content_type="application/json" if path.suffix == ".json" else "video/x-matroska")
    return keys


def _explained(error: ValidationError) -> str:
    """Every problem with its path, without repeating what was sent."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'storyboard'}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)
    )


def _cpu_seconds() -> float:
    """Of this process and of the helpers it has waited for, e.g. the speech synthesiser."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
