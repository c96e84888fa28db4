"""Drawing a clip into files."""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kinora_media import captions
from kinora_media.encode import Mp4Writer
from kinora_media.image import spritesheet, webp

from kinora_world.output.events import events
from kinora_world.render import Clip

THUMBNAIL_SIDE = 1280
TILES, COLUMNS, TILE_WIDTH = 16, 4, 320


@dataclass(frozen=True, slots=True)
class Files:
    video: Path  # MP4
    thumbnail: Path  # WebP
    spritesheet: Path  # JPEG
    captions: Path  # WebVTT
    events: Path  # JSON


def write(clip: Clip, folder: Path) -> Files:
    """Draw and encode `clip` into `folder`. Nothing but whole files is left there; the film is the last to appear."""
    files = Files(*(folder / name for name in ("raw.mp4", "thumbnail.webp", "spritesheet.jpg", "captions.vtt", "events.json")))
    names = {character.id: character.name for character in clip.storyboard.characters}
    cues = [captions.Cue(cue.start, cue.end, names.get(cue.speaker or "", ""), cue.text, cue.words) for cue in clip.cues]
    files.captions.write_text(captions.webvtt(cues))
    files.events.write_text(json.dumps(events(clip), ensure_ascii=False))
    with Mp4Writer(files.video, clip.width, clip.height, clip.fps) as film:
        film.audio(clip.audio)
        _pictures(clip, film, files)
        clip.pulse.tell(0.98, "finishing the film")
    return files


def _pictures(clip: Clip, film: Mp4Writer, files: Files) -> None:
    """One pass over the frames; of the pictures kept for the sheet only a thinned copy stays in memory."""
    wanted = {round(i) for i in np.linspace(0, clip.n_frames - 1, TILES)}
    thin = max(1, clip.width // TILE_WIDTH // 2)
    tiles = []
    with closing(clip.frames()) as frames:
        for index, frame in enumerate(frames):
            film.frame(frame)
            if index in wanted:
                tiles.append(frame[::thin, ::thin].copy())
            if index == clip.n_frames // 3:
                files.thumbnail.write_bytes(webp(frame, THUMBNAIL_SIDE))
    files.spritesheet.write_bytes(spritesheet(tiles, COLUMNS, TILE_WIDTH))
