"""Drawing a clip into files."""

import json
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from kinora_media import captions
from kinora_media.encode import Mp4Writer
from kinora_media.image import spritesheet, webp
from kinora_media.planes import rgb, thinned

from kinora_world import sound
from kinora_world.output.events import events
from kinora_world.output.flashes import SEEN, Flashes
from kinora_world.render import Clip

THUMBNAIL_SIDE = 1280
TILES, COLUMNS, TILE_WIDTH = 16, 4, 320
_NAMES = ("raw.mp4", "thumbnail.webp", "spritesheet.jpg", "captions.vtt", "descriptions.vtt", "events.json")
_FLASHES = "Warning: from {:.1f} s on it flashes more than three times a second, which can harm people with photosensitive epilepsy."


@dataclass(frozen=True, slots=True)
class Files:
    video: Path  # MP4
    thumbnail: Path  # WebP
    spritesheet: Path  # JPEG
    captions: Path  # WebVTT
    descriptions: Path  # WebVTT, an audio description as text
    events: Path  # JSON
    notes: tuple[str, ...] = ()  # what people should know of the clip, in sentences


def write(clip: Clip, folder: Path) -> Files:
    """Draw and encode `clip` into `folder`. Nothing but whole files is left there; the film is the last to appear."""
    video, thumbnail, sheet, script, described, log = (folder / name for name in _NAMES)
    files = Files(video, thumbnail, sheet, script, described, log)
    names = {character.id: character.name for character in clip.storyboard.characters}
    cues = [captions.Cue(cue.start, cue.end, names.get(cue.speaker or "", ""), cue.text, cue.words) for cue in clip.cues]
    files.captions.write_text(captions.webvtt(cues))
    told = [captions.Cue(cue.start, cue.end, "", cue.text) for cue in sound.descriptions(clip.storyboard, clip.lines)]
    files.descriptions.write_text(captions.webvtt(told))
    with Mp4Writer(files.video, clip.width, clip.height, clip.fps) as film:
        film.audio(clip.audio)
        flashes = _pictures(clip, film, files)
        files.events.write_text(json.dumps(events(clip) | {"flashes": flashes}, ensure_ascii=False))
        clip.pulse.tell(0.98, "finishing the film")
    return replace(files, notes=(*clip.notes, *(_FLASHES.format(time) for time in flashes[:1])))


def _pictures(clip: Clip, film: Mp4Writer, files: Files) -> list[float]:
    """One pass over the frames; of the pictures kept for the sheet only a thinned copy stays in memory. When it flashes too much."""
    wanted = {round(i) for i in np.linspace(0, clip.n_frames - 1, TILES)}
    tile = max(1, clip.height * 2 * TILE_WIDTH // clip.width), 2 * TILE_WIDTH
    tiles, flashes = [], Flashes(clip.fps)
    with closing(clip.frames(planes=True)) as frames:
        for index, frame in enumerate(frames):
            film.frame(frame)
            flashes.show(thinned(frame, *SEEN))
            if index in wanted:
                tiles.append(thinned(frame, *tile))
            if index == clip.n_frames // 3:
                files.thumbnail.write_bytes(webp(rgb(frame), THUMBNAIL_SIDE))
    files.spritesheet.write_bytes(spritesheet(tiles, COLUMNS, TILE_WIDTH))
    return flashes.dangerous_seconds()
