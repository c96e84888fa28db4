"""One RenderRequest: checked, rendered, stored."""

import io
import resource
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from kinora.engine.v1.engine_pb2 import RenderEvent, RenderProgress, RenderRequest, RenderResult
from kinora_media.image import webp
from kinora_media.planes import rgb
from kinora_media.store import MediaMissing, MediaStore
from kinora_world import output
from kinora_world.likeness import BadLikeness, Likeness, Thing, read_likeness
from kinora_world.render import StoryboardError, prepare
from kinora_world.scene import U1
from kinora_world.storyboard import Storyboard
from PIL import Image
from pydantic import ValidationError

ENGINE = "kinora-world"
PREVIEW_SIDE = 320
REPORT_S = 0.5
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


class Cancelled(Exception):
    """Whoever asked no longer waits."""


class Refused(Exception):
    """The request can never succeed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Job:
    """One clip. `cancelled` is asked often, `tell` gets progress every half second, `drawn` counts frames."""

    def __init__(
        self,
        asked: RenderRequest,
        media: MediaStore,
        *,
        cancelled: Callable[[], bool],
        tell: Callable[[RenderEvent], None],
        drawn: Callable[[int], None],
    ) -> None:
        self._asked, self._media = asked, media
        self._cancelled, self._tell, self._drawn = cancelled, tell, drawn
        self._told = 0.0

    def run(self) -> RenderResult:
        """Raises Cancelled, Refused, or whatever went wrong."""
        began = _cpu_seconds()
        self._check_cancelled()
        storyboard = self._storyboard()
        self._check_passes()
        first_frame, likenesses = self._first_frame(), self._likenesses(storyboard)
        try:
            clip = prepare(
                storyboard,
                width=self._asked.width,
                height=self._asked.height,
                fps=self._asked.fps,
                first_frame=first_frame,
                likenesses=likenesses,
                on_progress=self._progress,
            )
        except StoryboardError as error:
            raise Refused("invalid_storyboard", str(error)) from error
        with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
            files = output.write(clip, Path(folder))
            keys = self._store(files)
            passes = self._store_passes(output.write_passes(clip, Path(folder), self._asked.passes)) if self._asked.passes else {}
        return RenderResult(
            **keys,
            pass_keys=passes,
            notes=files.notes,
            engine=ENGINE,
            engine_version=version("kinora-world"),
            trained=False,
            cpu_seconds=_cpu_seconds() - began,
        )

    def _storyboard(self) -> Storyboard:
        sides = self._asked.width, self._asked.height
        if any(side % 2 or not SMALLEST <= side <= LARGEST for side in sides):
            raise Refused("invalid_size", f"{sides[0]}x{sides[1]}: both sides must be even, {SMALLEST} to {LARGEST} pixels")
        if not 1 <= self._asked.fps <= 60:
            raise Refused("invalid_fps", f"{self._asked.fps} frames per second; it must be 1 to 60")
        try:
            storyboard = Storyboard.model_validate_json(self._asked.storyboard_json)
        except ValidationError as error:
            raise Refused("invalid_storyboard", _explained(error)) from error
        if storyboard.duration > LONGEST_S:
            raise Refused("too_long", f"{storyboard.duration:.1f} s; at most {LONGEST_S:.0f} s are made in one go")
        return storyboard

    def _check_passes(self) -> None:
        if unknown := set(self._asked.passes) - set(output.KINDS):
            raise Refused("invalid_passes", f"there is no pass {min(unknown)!r}; there are {', '.join(output.KINDS)}")

    def _store_passes(self, made: dict[str, Path]) -> dict[str, str]:
        keys = {}
        for name, path in made.items():
            self._check_cancelled()
            keys[name] = f"{self._asked.output_prefix}/passes/{path.name}"
            kind = "application/json" if path.suffix == ".json" else "video/x-matroska"
            self._media.put_now(keys[name], path, content_type=kind)
        return keys

    def _first_frame(self) -> U1 | None:
        if not self._asked.first_frame_key:
            return None
        try:
            return self._fitting(Image.open(io.BytesIO(self._media.get_now(self._asked.first_frame_key))))
        except MediaMissing as error:
            raise Refused("first_frame_missing", "the picture to open on is not in the media store") from error
        except OSError as error:
            raise Refused("first_frame_broken", "the picture to open on cannot be read; store a PNG, JPEG or WebP") from error

    def _fitting(self, picture: Image.Image) -> U1:
        size = self._asked.width, self._asked.height
        if abs(picture.width * size[1] - picture.height * size[0]) > picture.width * size[1] * SHAPE:  # known before any pixel is decoded
            raise Refused("first_frame_size", f"the picture has {picture.size} pixels, which is not the shape of {size[0]}x{size[1]}")
        if max(picture.size) > LARGEST:
            raise Refused("first_frame_size", f"the picture has {picture.size} pixels; at most {LARGEST} a side are read")
        drawn = picture.convert("RGB")
        return np.asarray(drawn if drawn.size == size else drawn.resize(size, Image.Resampling.LANCZOS))  # a draft is smaller

    def _likenesses(self, storyboard: Storyboard) -> dict[str, Likeness | Thing]:
        found: dict[str, Likeness | Thing] = {}
        for given in self._asked.likenesses:
            if given.handle not in storyboard.handles or given.handle in found:
                told = "is given twice" if given.handle in found else "belongs to nobody in the storyboard"
                raise Refused("invalid_likeness", f"The likeness {given.handle!r} {told}.")
            try:
                found[given.handle] = read_likeness(given.package)
            except BadLikeness as error:
                raise Refused("invalid_likeness", f"{given.handle}: {error}") from error
        return found

    def _progress(self, fraction: float, stage: str, frame: U1 | None) -> None:
        self._check_cancelled()
        if frame is not None:
            self._drawn(1)
        if time.monotonic() - self._told >= REPORT_S:
            self._told = time.monotonic()
            preview = webp(rgb(frame), PREVIEW_SIDE, quality=60) if frame is not None else b""
            self._tell(RenderEvent(progress=RenderProgress(fraction=fraction, stage=stage, preview_webp=preview)))

    def _check_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled

    def _store(self, files: output.Files) -> dict[str, str]:
        keys = {}
        for name, content_type in _STORED.items():
            self._check_cancelled()
            path: Path = getattr(files, name)
            key = f"{self._asked.output_prefix}/{path.name}"
            self._media.put_now(key, path, content_type=content_type)
            keys[f"{name}_key"] = key
        return keys


def _explained(error: ValidationError) -> str:
    """Every problem with its path, without repeating what was sent."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'storyboard'}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)
    )


def _cpu_seconds() -> float:
    """Of this process and of the helpers it has waited for, e.g. the speech synthesiser."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
