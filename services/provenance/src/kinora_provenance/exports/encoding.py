"""Pictures and sound into a file of the wanted format."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kinora_media import animate
from kinora_media.encode import FilmWriter, Mp4Writer, WebmWriter
from kinora_media.film import Picture, Sound
from kinora_media.image import Rgb
from kinora_media.planes import rgb

from kinora_provenance.exports.domain import PREVIEW_FPS, Facts, Format

CRF, PRESET = 21, "veryfast"
WEBM_CRF, WEBM_PRESET = 29, 8
_HALF_A_TICK = 1e-4


def encode(parts: Iterable[Picture | Sound], kind: Format, target: Path, facts: Facts, size: tuple[int, int], *, sound: bool) -> None:
    """`size` is (width, height) of the pictures. Blocks."""
    if kind.is_preview:
        write = animate.gif if kind is Format.GIF else animate.webp
        write(_thinned(parts), PREVIEW_FPS, target)
        return
    with _writer(kind, target, facts, size, sound=sound) as out:
        for part in parts:
            if isinstance(part, Picture):
                out.frame(part.planes)
            else:
                out.audio(part.samples)


def _writer(kind: Format, target: Path, facts: Facts, size: tuple[int, int], *, sound: bool) -> FilmWriter:
    if kind is Format.WEBM:
        return WebmWriter(target, *size, facts.fps, crf=WEBM_CRF, preset=WEBM_PRESET, sound=sound)
    return Mp4Writer(target, *size, facts.fps, crf=CRF, preset=PRESET, sound=sound, fragmented=kind is Format.FMP4)


def _thinned(parts: Iterable[Picture | Sound]) -> Iterator[Rgb]:
    """So many pictures a second that each shows what was seen when its turn begins."""
    due = 0.0
    for part in parts:
        if isinstance(part, Picture) and part.at_s >= due - _HALF_A_TICK:
            due += 1 / PREVIEW_FPS
            yield rgb(part.planes)
