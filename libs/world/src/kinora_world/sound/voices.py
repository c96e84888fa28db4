"""Who sounds how: a character's voice of the catalogue, fitted to the language and the manner of a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kinora_world.catalogue import base_language, entries
from kinora_world.storyboard import Character, Line, Storyboard

_MANNERS = {"say": (1.0, 0, 1.0), "whisper": (0.92, -4, 0.45), "shout": (1.04, 14, 1.5)}  # rate, pitch, loudness


@dataclass(frozen=True, slots=True)
class Voice:
    """Synthesiser settings of one line."""

    identifier: str
    rate: int
    pitch: int
    span: int
    loudness: float


def cast_voices(storyboard: Storyboard) -> Mapping[str, str]:
    """A voice of the catalogue for every character: as asked, else the best fit that nobody before them has."""
    taken: dict[str, str] = {}
    for character in storyboard.characters:
        free = [name for name in _by_fit(character) if name not in taken.values()] or _by_fit(character)
        asked = character.voice
        taken[character.id] = asked if asked is not None and asked in entries("voices") else free[0]
    return taken


def _by_fit(character: Character) -> list[str]:
    return sorted(entries("voices"), key=lambda name: (_misfit(character, entries("voices")[name]), name))


def _misfit(character: Character, voice: Mapping[str, Any]) -> float:
    youngest, oldest = voice["ages"]
    outside = max(youngest - character.age_years, character.age_years - oldest, 0)
    return float(outside / 10 + 2 * round(abs(character.feminine - voice["feminine"])))


def voice_of(character: Character, name: str, line: Line, *, hurry: float = 1.0) -> Voice:
    """`hurry` multiplies the speaking rate. Two people with one voice still differ a little in pitch, by their names."""
    entry = entries("voices")[name]
    rate, pitch, loudness = _MANNERS[line.manner]
    language = entries("words")["languages"][base_language(line.language) or "en"]["voice"]
    variant = ("whisperf" if character.feminine >= 0.5 else "whisper") if line.manner == "whisper" else entry["variant"]
    personal = sum(character.id.encode()) % 7 - 3
    return Voice(
        identifier=f"{language}+{variant}",
        rate=round(entry["rate"] * rate * hurry),
        pitch=max(0, min(99, entry["pitch"] + pitch + personal)),
        span=60 if line.manner == "say" else 75,
        loudness=loudness,
    )
