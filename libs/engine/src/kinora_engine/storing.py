"""What an engine leaves behind: its files in the media store, and how long it computed."""

import resource
from collections.abc import Mapping
from pathlib import Path

from kinora_world.output import Files

from .contract import Studio

_FILM = {
    "video": "video/mp4",
    "thumbnail": "image/webp",
    "spritesheet": "image/jpeg",
    "captions": "text/vtt",
    "descriptions": "text/vtt",
    "events": "application/json",
}


def of_film(files: Files) -> dict[str, tuple[Path, str]]:
    """What every film has: files and their content types, by their names in RenderResult."""
    return {f"{name}_key": (getattr(files, name), kind) for name, kind in _FILM.items()}


def store(studio: Studio, prefix: str, made: Mapping[str, tuple[Path, str]]) -> dict[str, str]:
    """Keys beneath `prefix`, by the same names. Raises Cancelled."""
    keys = {}
    for name, (path, kind) in made.items():
        studio.check()
        keys[name] = key = f"{prefix}/{path.name}"
        studio.media.put_now(key, path, content_type=kind)
    return keys


def cpu_seconds() -> float:
    """Of this process and of the helpers it has waited for, e.g. the speech synthesiser."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
