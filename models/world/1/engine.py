"""The CPU world engine: a storyboard is checked, played, and stored."""

import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

from kinora.engine.v1.engine_pb2 import CONDITIONING_KIND_FIRST_FRAME, Capabilities, RenderRequest, RenderResult
from kinora_engine.contract import Refused, Studio
from kinora_engine.given import read_likenesses, read_picture, read_storyboard
from kinora_engine.sheets import shipped
from kinora_engine.storing import cpu_seconds, of_film, store
from kinora_media.planes import rgb
from kinora_media.store import MediaStore
from kinora_world import output
from kinora_world.render import StoryboardError, prepare
from kinora_world.scene import U1
from kinora_world.storyboard import Storyboard

SMALLEST, LARGEST = 32, 2048  # pixels a side
LONGEST_S = 120.0


class WorldEngine:
    """Keeps nothing from clip to clip."""

    def __init__(self) -> None:
        self._sheet = shipped("world")
        self._sheet.engine_version = version("kinora-world")

    def sheet(self) -> Capabilities:
        return self._sheet

    def render(self, asked: RenderRequest, studio: Studio) -> RenderResult:
        began = cpu_seconds()
        storyboard = _storyboard(asked)
        first_frame, likenesses = _first_frame(asked, studio.media), read_likenesses(asked, storyboard)
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
            keys = store(studio, asked.output_prefix, of_film(files))
            passes = output.write_passes(clip, Path(folder), asked.passes) if asked.passes else {}
            pass_keys = store(studio, f"{asked.output_prefix}/passes", {name: (path, _kind(path)) for name, path in passes.items()})
        return RenderResult(
            **keys,
            pass_keys=pass_keys,
            notes=files.notes,
            engine=self._sheet.engine,
            engine_version=self._sheet.engine_version,
            trained=self._sheet.trained,
            cpu_seconds=cpu_seconds() - began,
        )


def _storyboard(asked: RenderRequest) -> Storyboard:
    sides = asked.width, asked.height
    if any(side % 2 or not SMALLEST <= side <= LARGEST for side in sides):
        raise Refused("invalid_size", f"{sides[0]}x{sides[1]}: both sides must be even, {SMALLEST} to {LARGEST} pixels")
    if not 1 <= asked.fps <= 60:
        raise Refused("invalid_fps", f"{asked.fps} frames per second; it must be 1 to 60")
    storyboard = read_storyboard(asked)
    if storyboard.duration > LONGEST_S:
        raise Refused("too_long", f"{storyboard.duration:.1f} s; at most {LONGEST_S:.0f} s are made in one go")
    return storyboard


def _first_frame(asked: RenderRequest, media: MediaStore) -> U1 | None:
    keys = [given.key for given in asked.conditioning if given.kind == CONDITIONING_KIND_FIRST_FRAME]
    if not keys:
        return None
    return read_picture(media, keys[0], (asked.width, asked.height), code="first_frame", what="the picture to open on")


def _progress(studio: Studio, fraction: float, stage: str, frame: U1 | None) -> None:
    if frame is None:
        studio.tell(fraction, stage)
    else:
        studio.count()
        studio.tell(fraction, stage, lambda: rgb(frame))


def _kind(path: Path) -> str:
    return "application/json" if path.suffix == ".json" else "video/x-matroska"
