"""Clips to mark, made once and kept without loss in .cache/provenance: rendered ones of several looks, and photographs with a camera that
pans over them, zooms and has grain. The photographs are those that scikit-image carries.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
from kinora_media.planes import Planes, planes
from kinora_world.director import direct
from kinora_world.render import prepare

FPS = 24
SECONDS = 4
ROOT = Path(__file__).parents[1] / ".cache"
PICTURES = ROOT / "carriers/skimage/data"


class Rendered(NamedTuple):
    prompt: str
    size: tuple[int, int] = (1280, 720)

    def frames(self) -> Iterator[Planes]:
        width, height = self.size
        directed = direct(self.prompt, seconds=SECONDS, width=width, height=height, seed=3)
        return prepare(directed.storyboard, width=width, height=height).frames(planes=True)


class Photograph(NamedTuple):
    """Pans over the whole picture while it zooms; grain in grey levels."""

    file: str
    zoom: tuple[float, float] = (1.0, 1.15)
    grain: float = 2.0
    size: tuple[int, int] = (1280, 720)

    def frames(self) -> Iterator[Planes]:
        picture = cv2.cvtColor(cv2.imread(str(PICTURES / self.file)), cv2.COLOR_BGR2RGB)
        (width, height), (rows, columns) = self.size, picture.shape[:2]
        random = np.random.default_rng(1)
        for way in np.linspace(0, 1, FPS * SECONDS):
            zoom = 1.25 * max(width / columns, height / rows) * float(np.interp(way, (0, 1), self.zoom))
            across = columns / 2 + (way - 0.5) * (columns - width / zoom)
            down = rows / 2 + (way - 0.5) * 0.5 * (rows - height / zoom)
            matrix = np.array([[zoom, 0, width / 2 - zoom * across], [0, zoom, height / 2 - zoom * down]])
            seen = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
            grain = random.normal(0, self.grain, (height, width, 1))
            yield planes(np.clip(seen + grain, 0, 255).astype(np.uint8))


CLIPS: dict[str, Rendered | Photograph] = {
    "realistic": Rendered("Two friends talk in a sunny park, realistic"),
    "cartoon": Rendered("A cartoon dog runs across a meadow, cartoon style"),
    "dark": Rendered("A woman walks down a dark street at night, realistic, rain"),
    "fast": Rendered("A man runs along the beach, fast pan, realistic"),
    "static": Rendered("An old man sits still in a kitchen, static camera, anime style"),
    "snow": Rendered("Children dance in heavy snow in the mountains"),
    "portrait": Rendered("A woman talks to the camera in a cafe, realistic", (720, 1280)),
    "1080p": Rendered("A cat walks through a garden, orbit camera", (1920, 1080)),
    "astronaut": Photograph("astronaut.png"),
    "coffee": Photograph("coffee.png"),
    "retina": Photograph("retina.jpg", grain=1),
    "motorcycle": Photograph("motorcycle_left.png"),
    "rocket": Photograph("rocket.jpg", zoom=(1.2, 1), grain=1),
}


def clip(name: str) -> list[Planes]:
    """Its frames."""
    path = ROOT / "provenance" / f"{name}.mkv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep(path, CLIPS[name])
    with av.open(str(path)) as kept:
        return [frame.to_ndarray(format="yuv420p") for frame in kept.decode(video=0)]


def _keep(path: Path, source: Rendered | Photograph) -> None:
    part = path.with_suffix(".part")
    with av.open(str(part), "w", format="matroska") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"qp": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *source.size, "yuv420p"
        for number, pictured in enumerate(source.frames()):
            frame = av.VideoFrame.from_ndarray(pictured, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    part.replace(path)
