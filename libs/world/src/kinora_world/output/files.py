"""Drawing a clip into files."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from kinora_media import captions
from kinora_media.encode import Mp4Writer
from kinora_media.image import spritesheet, webp
from kinora_media.planes import Planes, rgb, thinned

from kinora_world import sound
from kinora_world.output.events import events
from kinora_world.output.flashes import SEEN, Flashes
from kinora_world.render import Clip

THUMBNAIL_SIDE = 1280
# Quick, and so near to the drawn pictures that the encode for delivery, which follows, loses little: 52 dB at half the cost of CRF 18.
MASTER: dict[str, Any] = {"crf": 12, "preset": "ultrafast", "sound_bit_rate": 256_000}
TILES, COLUMNS, TILE_WIDTH = 16, 4, 320
_NAMES = ("raw.mp4", "thumbnail.webp", "spritesheet.jpg", "captions.vtt", "descriptions.vtt", "events.json")
_FLASHES = "Warning: from {:.1f} s on it flashes more than three times a second, which can harm people with photosensitive epilepsy."


@dataclass(frozen=True, slots=True)
class Files:
    video: Path  # MP4, a master: nearly lossless and large
    thumbnail: Path  # WebP
    spritesheet: Path  # JPEG
    captions: Path  # WebVTT
    descriptions: Path  # WebVTT, an audio description as text
    events: Path  # JSON
    notes: tuple[str, ...] = ()  # what people should know of the clip, in sentences


def named(folder: Path) -> Files:
    """The files of a clip in that folder; nothing is made yet."""
    video, thumbnail, sheet, script, described, log = (folder / name for name in _NAMES)
    return Files(video, thumbnail, sheet, script, described, log)


def write(clip: Clip, folder: Path) -> Files:
    """Draw and encode `clip` into `folder`. Nothing but whole files is left there; the film is the last to appear."""
    files = named(folder)
    names = {character.id: character.name for character in clip.storyboard.characters}
    cues = [captions.Cue(cue.start, cue.end, names.get(cue.speaker or "", ""), cue.text, cue.words) for cue in clip.cues]
    files.captions.write_text(captions.webvtt(cues))
    told = [captions.Cue(cue.start, cue.end, "", cue.text) for cue in sound.descriptions(clip.storyboard, clip.lines)]
    files.descriptions.write_text(captions.webvtt(told))
    with Mp4Writer(files.video, clip.width, clip.height, clip.fps, **MASTER) as film:
        film.audio(clip.audio)
        with closing(clip.frames(planes=True)) as frames:
            flashes = pictures(frames, clip.n_frames, film, files, clip.fps)
        files.events.write_text(json.dumps(events(clip) | {"flashes": flashes}, ensure_ascii=False))
        clip.pulse.tell(0.98, "finishing the film")
    return replace(files, notes=(*clip.notes, *warnings(flashes)))


def warnings(flashes: list[float]) -> list[str]:
    """What viewers must be told of flashes at these seconds."""
    return [_FLASHES.format(time) for time in flashes[:1]]


def pictures(frames: Iterable[Planes], count: int, film: Mp4Writer, files: Files, fps: int) -> list[float]:
    """Films `count` frames in one pass, and takes thumbnail and contact sheet from them. When it flashes too much, in seconds.

    Of the pictures kept for the sheet only a thinned copy stays in memory.
    """
    wanted = {round(i) for i in np.linspace(0, count - 1, TILES)}
    tiles, flashes = [], Flashes(fps)
    for index, frame in enumerate(frames):
        film.frame(frame)
        flashes.show(thinned(frame, *SEEN))
        if index in wanted:
            height, width = frame.shape[0] * 2 // 3, frame.shape[1]
            tiles.append(thinned(frame, max(1, height * 2 * TILE_WIDTH // width), 2 * TILE_WIDTH))
        if index == count // 3:
            files.thumbnail.write_bytes(webp(rgb(frame), THUMBNAIL_SIDE))
    files.spritesheet.write_bytes(spritesheet(tiles, COLUMNS, TILE_WIDTH))
    return flashes.dangerous_seconds()
