"""Other people's invisible marks, of single pictures, put into each frame: `blind-watermark` and `invisible-watermark`.

Of the latter its `dwtDctSvd`: `dwtDct` loses a third of its bits on plain pictures before any encode.

They are no dependencies of the project. Into .cache/baselines, without what they ask for and do not need here (torch):

    uv pip install --target .cache/baselines --no-deps blind-watermark==0.4.4 invisible-watermark==0.2.0 PyWavelets
"""

import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from kinora_media.planes import Planes, planes, rgb
from numpy.typing import NDArray
from provenance_clips import ROOT

BITS = 64
Picture = NDArray[np.uint8]  # blue, green, red


class Baseline(NamedTuple):
    """`put(picture, bits)` and `got(picture)`, what it says of each bit, 0 to 1."""

    name: str
    put: Callable[[Picture, NDArray[np.uint8]], Picture]
    got: Callable[[Picture], NDArray[np.float64]]

    def mark(self, pictured: Planes, identity: int) -> Planes:
        with redirect_stdout(StringIO()):
            return planes(self.put(rgb(pictured)[..., ::-1].copy(), bits(identity))[..., ::-1])

    def read(self, path: Path, size: tuple[int, int]) -> int:
        """By the mean over all frames, which are brought back to their first size: it expects no less."""
        with av.open(str(path)) as clip, redirect_stdout(StringIO()):
            said = [self.got(cv2.resize(frame.to_ndarray(format="bgr24"), size)) for frame in clip.decode(video=0)]
        return int.from_bytes(np.packbits(np.mean(said, 0) > 0.5).tobytes(), "big")


def bits(identity: int) -> NDArray[np.uint8]:
    return np.unpackbits(np.frombuffer(identity.to_bytes(BITS // 8, "big"), np.uint8))


def baselines() -> Iterable[Baseline]:
    """Those that are installed."""
    sys.path.insert(0, str(ROOT / "baselines"))
    for make in (_blind, _invisible):
        try:
            yield make()
        except ImportError:
            print(f"Not installed (see provenance_baselines.py): {make.__doc__}")


def _blind() -> Baseline:
    """blind-watermark."""
    from blind_watermark import WaterMark, bw_notes  # noqa: PLC0415

    bw_notes.close()

    def put(picture: Picture, said: NDArray[np.uint8]) -> Picture:
        mark = WaterMark(password_img=1, password_wm=1)
        mark.read_img(img=picture)
        mark.read_wm(said.astype(bool), mode="bit")
        return np.clip(mark.embed(), 0, 255).astype(np.uint8)

    def got(picture: Picture) -> NDArray[np.float64]:
        mark: Any = WaterMark(password_img=1, password_wm=1)
        return np.asarray(mark.extract(embed_img=picture, wm_shape=BITS, mode="bit"), np.float64)

    return Baseline("blind-watermark", put, got)


def _invisible() -> Baseline:
    """invisible-watermark."""
    sys.modules.setdefault("torch", ModuleType("torch"))  # imported by a variant that is not used here
    from imwatermark import WatermarkDecoder, WatermarkEncoder  # noqa: PLC0415

    def put(picture: Picture, said: NDArray[np.uint8]) -> Picture:
        encoder = WatermarkEncoder()
        encoder.set_watermark("bits", said.tolist())
        return encoder.encode(picture, "dwtDctSvd")

    def got(picture: Picture) -> NDArray[np.float64]:
        return np.asarray(WatermarkDecoder("bits", BITS).decode(picture, "dwtDctSvd"), np.float64)

    return Baseline("invisible-watermark", put, got)
