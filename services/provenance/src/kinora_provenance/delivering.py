"""From an engine's master to the film that leaves: one pass, decode → mark → encode. Blocks: call it on a thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from kinora_marks.keys import KeyRing
from kinora_marks.picture import Marker
from kinora_marks.sound import Embedder
from kinora_media.encode import Mp4Writer
from kinora_media.film import SAMPLE_RATE, Picture, Sound, film
from kinora_media.planes import Planes
from kinora_media.probe import BadVideo, Probe, probe
from numpy.typing import NDArray

from kinora_provenance.domain import Unsealable

CRF, PRESET = 20, "veryfast"
SOUND_BIT_RATE = 160_000
_SILENT = 1e-4  # of full scale: sound that never exceeds it bears no mark


class Watch(Protocol):
    """Who looks on: shown every picture as it is delivered, and all of the sound, each in order."""

    def picture(self, at_s: float, planes: Planes) -> None:
        """`at_s` seconds from the beginning; the array may be kept."""

    def sound(self, samples: NDArray[np.float32], rate: int) -> None:
        """The next (samples, 2)."""


@dataclass(frozen=True)
class Delivered:
    """How many pictures, and whether there is sound that bears a mark."""

    pictures: int
    sound_marked: bool


def deliver(
    master: Path,
    target: Path,
    identity: int,
    ring: KeyRing,
    *,
    watch: Watch | None = None,
    beat: Callable[[], None] = lambda: None,
) -> Delivered:
    """Marks the master with the 64-bit id and encodes it for delivery; same size, same times. A few frames are in memory at once.

    `beat` is called for each picture; what it raises ends the work. Raises Unsealable for a master that is broken.
    """
    try:
        about = probe(master)
        _check(about)
        with _writer(target, about) as out:
            work = _Delivery(out, Marker(identity, ring, about.width, about.height), Embedder(identity, ring, 2), watch)
            for part in film(master):
                beat()
                work.take(part)
            return work.finish()
    except BadVideo as error:
        raise Unsealable("The rendered file is broken.") from error


def _writer(target: Path, about: Probe) -> Mp4Writer:
    kept = about.width, about.height, about.fps
    return Mp4Writer(target, *kept, crf=CRF, preset=PRESET, sound=about.has_audio, sound_bit_rate=SOUND_BIT_RATE)


def _check(about: Probe) -> None:
    if about.duration <= 0 or about.fps <= 0:
        raise Unsealable("The rendered file is empty.")
    if about.width % 2 or about.height % 2:
        raise Unsealable("The rendered file has odd sides.")


class _Delivery:
    """What one film has come to."""

    def __init__(self, out: Mp4Writer, marker: Marker, embedder: Embedder, watch: Watch | None) -> None:
        self._out, self._marker, self._embedder, self._watch = out, marker, embedder, watch
        self._pictures, self._loudest, self._heard = 0, 0.0, False

    def take(self, part: Picture | Sound) -> None:
        if isinstance(part, Picture):
            self._show(part.at_s, self._marker.mark(part.planes))
        else:
            self._heard = True
            self._loudest = max(self._loudest, float(np.abs(part.samples).max(initial=0)))
            self._sound(self._embedder.push(part.samples))

    def finish(self) -> Delivered:
        if self._heard:
            self._sound(self._embedder.finish())
        return Delivered(self._pictures, self._loudest > _SILENT)

    def _show(self, at_s: float, planes: Planes) -> None:
        self._out.frame(planes)
        self._pictures += 1
        if self._watch is not None:
            self._watch.picture(at_s, planes)

    def _sound(self, samples: NDArray[np.float32]) -> None:
        if len(samples) == 0:
            return
        self._out.audio(samples)
        if self._watch is not None:
            self._watch.sound(samples, SAMPLE_RATE)
