"""Depth, segmentation, motion and pose of a clip as files: they steer other engines, and let tests see what a picture shows.

Pictures are lossless FFV1 in Matroska, a frame for each of the film. `passes.json` tells how to read them back.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
import numpy as np
from numpy.typing import NDArray

from kinora_world.cast import Figure
from kinora_world.look import Moment, Passes, Renderer
from kinora_world.look.matrices import view_projection
from kinora_world.render import Clip, Scene, moment
from kinora_world.scene import F8

KINDS = ("depth", "segmentation", "motion", "pose")
FARTHEST = 65_535  # mm
PER_PIXEL, MIDDLE = 64, 32_768  # motion: steps for each pixel, and what stands for none
_LIMBS = ("Arm", "ForeArm", "Hand", "UpLeg", "Leg", "Foot", "ToeBase")
JOINTS = ("Head", "Neck", "Hips", *(f"{side}{bone}" for side in ("Left", "Right") for bone in _LIMBS))
_READING = {
    "depth": "gray16le: millimetres along the camera's axis; 65535 is that far or farther, or nothing",
    "segmentation": "gray: keys of the legend of the shot",
    "motion": "gbrp16le: red rightwards, green downwards, to where the same point was a frame before: pixels = (value - 32768) / 64",
    "pose": "JSON: for each frame and person, joints as [x, y in pixels from the top left, x, y, z on the stage in metres]",
}


def write_passes(clip: Clip, folder: Path, wanted: Sequence[str]) -> dict[str, Path]:
    """The files of the `wanted` KINDS, and the one that explains them, by kind. Raises ValueError for a kind that there is not."""
    if unknown := set(wanted) - set(KINDS):
        raise ValueError(f"passes: unknown {min(unknown)!r}; known: {', '.join(KINDS)}")
    legends: list[dict[int, str]] = []
    made = {kind: folder / f"{kind}.mkv" for kind in wanted if kind in _PIXELS}
    with ExitStack() as open_files:
        films = {kind: open_files.enter_context(_Film(path, clip, _PIXELS[kind][0])) for kind, path in made.items()}
        for passes in _drawn(clip, legends) if made else ():
            for kind, film in films.items():
                film.frame(_PIXELS[kind][1](passes))
    if "pose" in wanted:
        made["pose"] = folder / "pose.json"
        made["pose"].write_text(json.dumps([posed(clip, scene, index) for scene, index in _moments(clip)]))
    made["passes"] = folder / "passes.json"
    reading = {kind: _READING[kind] for kind in wanted}
    shots = [{"start": scene.start, "legend": legend} for scene, legend in zip(clip.scenes, legends, strict=False)]
    made["passes"].write_text(json.dumps({"fps": clip.fps, "reading": reading, "shots": shots}))
    return made


def _moments(clip: Clip) -> Iterator[tuple[Scene, int]]:
    for scene in clip.scenes:
        for index in range(scene.n_frames):
            yield scene, index


def _drawn(clip: Clip, legends: list[dict[int, str]]) -> Iterator[Passes]:
    before: Moment | None = None
    with closing(Renderer(clip.width, clip.height)) as renderer:
        for scene, index in _moments(clip):
            now = moment(scene, index, clip.fps)
            passes = renderer.passes(scene.stage, now, before if index else None)
            if index == 0:
                legends.append(dict(passes.legend))
            clip.pulse.check()
            yield passes
            before = now


def _depth(passes: Passes) -> NDArray[np.uint16]:
    return np.minimum(np.nan_to_num(passes.depth * 1000, posinf=FARTHEST), FARTHEST).astype(np.uint16)


def _segmentation(passes: Passes) -> NDArray[np.uint8]:
    return passes.segmentation.astype(np.uint8)


def _motion(passes: Passes) -> NDArray[np.uint16]:
    """(height, width, 3) as red, green, blue."""
    steps = np.clip(np.rint(passes.motion * PER_PIXEL) + MIDDLE, 0, 65_535)
    return np.dstack([steps, np.zeros(steps.shape[:2])]).astype(np.uint16)


_PIXELS: dict[str, tuple[str, Callable[[Passes], NDArray[Any]]]] = {
    "depth": ("gray16le", _depth),
    "segmentation": ("gray", _segmentation),
    "motion": ("gbrp16le", _motion),
}


class _Film:
    """One lossless film."""

    def __init__(self, path: Path, clip: Clip, pixels: str) -> None:
        self._container = av.open(str(path), "w", format="matroska")
        self._stream = self._container.add_stream("ffv1", rate=Fraction(clip.fps))
        self._stream.width, self._stream.height, self._stream.pix_fmt = clip.width, clip.height, pixels
        self._pixels = pixels

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def frame(self, values: NDArray[Any]) -> None:
        self._container.mux(self._stream.encode(av.VideoFrame.from_ndarray(values, format=self._pixels)))


def posed(clip: Clip, scene: Scene, index: int) -> dict[str, dict[str, list[float]]]:
    """JOINTS by person in a frame of a shot, as the pose pass has them."""
    time = index / clip.fps
    project = view_projection(scene.view(time), clip.width / clip.height)
    people = {name: performance for name, performance in scene.performances.items() if isinstance(scene.bodies[name], Figure)}
    return {
        name: {joint: _point(performance.joint(joint, time), project, clip.width, clip.height) for joint in JOINTS}
        for name, performance in people.items()
    }


def _point(place: F8, project: F8, width: int, height: int) -> list[float]:
    x, y, _, w = project @ np.append(place, 1.0)
    w = max(float(w), 1e-6)
    pixels = ((x / w + 1) / 2 * width, (1 - y / w) / 2 * height)
    return [round(float(value), 3) for value in (*pixels, *place)]
