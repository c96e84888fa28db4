"""Who sounds how: a character's voice of the catalogue, fitted to the language, manner and mood of a line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Literal, NamedTuple
from zlib import crc32

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from kinora_world.catalogue import base_language, entries
from kinora_world.sound.vocoder import Manner
from kinora_world.storyboard import Character, Line, Storyboard

Treatment = Literal["none", "robot", "ghost", "radio", "alien"]
_STRANGER = 100.0  # how badly another species' voice fits
_TONES = 0.85  # as flat as a tonal language may be spoken
_PERSONAL = 0.045  # share by which people with one voice differ in pitch, and half as much in size


class VoiceEntry(BaseModel):
    """One voice: `hertz` its middle pitch, `lively` times the usual melody of speech, `rate` words a minute; for the rest see `Manner`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str
    variant: str = Field(description="The synthesiser's variant whose mouth it has.")
    hertz: Annotated[float, Field(ge=50, le=450)]
    rate: Annotated[int, Field(ge=90, le=260)]
    lively: float = 1.0
    size: float = 1.0
    breath: float = 0.0
    rough: float = 0.0
    bright: float = 0.0
    feminine: Literal[0, 1]
    ages: tuple[float, float] = (4, 95)
    species: tuple[str, ...] = ("person",)
    treatment: Treatment = "none"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one line is spoken."""

    language: str  # the synthesiser's name of it
    variant: str
    rate: float
    hertz: float
    lively: float
    loudness: float
    manner: Manner
    sung: bool = False
    treatment: Treatment = "none"
    speaker: str = ""


class _Change(NamedTuple):
    """Factors of rate, pitch, liveliness and loudness; what is added to breath, roughness and brightness."""

    rate: float = 1.0
    hertz: float = 1.0
    lively: float = 1.0
    loudness: float = 1.0
    breath: float = 0.0
    rough: float = 0.0
    bright: float = 0.0


_MANNERS = {
    "say": _Change(),
    "whisper": _Change(rate=0.92, loudness=0.6),
    "shout": _Change(rate=0.98, hertz=1.42, lively=1.35, loudness=1.35, rough=0.06, bright=2.5),
    "sing": _Change(rate=0.6, hertz=1.12, loudness=1.1, breath=0.05),
}
_MOODS = {
    "neutral": _Change(),
    "joyful": _Change(1.07, 1.1, 1.4, 1.08, bright=0.8),
    "playful": _Change(1.06, 1.12, 1.5),
    "calm": _Change(0.92, 0.97, 0.8, 0.9, breath=0.06),
    "romantic": _Change(0.9, 0.95, 0.85, 0.8, breath=0.22, bright=-1.0),
    "sad": _Change(0.84, 0.93, 0.6, 0.8, breath=0.14, bright=-1.2),
    "tense": _Change(1.1, 1.06, 0.85, 1.0, rough=0.03, bright=0.8),
    "scary": _Change(0.86, 0.88, 0.65, 0.85, breath=0.25, rough=0.08),
    "mysterious": _Change(0.88, 0.93, 0.85, 0.8, breath=0.22),
    "epic": _Change(0.93, 0.97, 1.25, 1.25, bright=1.0),
    "surprised": _Change(1.08, 1.16, 1.6, 1.1, bright=0.6),
    "disgusted": _Change(0.94, 0.95, 1.1, 1.0, rough=0.05),
    "sleepy": _Change(0.8, 0.92, 0.55, 0.75, breath=0.2, bright=-1.2),
    "proud": _Change(0.94, 0.98, 1.2, 1.15, bright=0.8),
    "shy": _Change(0.94, 1.04, 0.8, 0.7, breath=0.18, bright=-0.8),
    "confused": _Change(0.9, 1.04, 1.25, 0.95),
}


@cache
def entry_of(name: str) -> VoiceEntry:
    """The catalogue's entry for a voice."""
    return VoiceEntry.model_validate(dict(entries("voices")[name]))


def cast_voices(storyboard: Storyboard) -> Mapping[str, str]:
    """A voice of the catalogue for every character: as asked, else the best fit that nobody before them has."""
    taken: dict[str, str] = {}
    for character in storyboard.characters:
        free = [name for name in _by_fit(character) if name not in taken.values()]
        fitting = [name for name in free if _misfit(character, entry_of(name)) < _STRANGER] or _by_fit(character)
        asked = character.voice
        taken[character.id] = asked if asked is not None and asked in entries("voices") else fitting[0]
    return taken


def _by_fit(character: Character) -> list[str]:
    return sorted(entries("voices"), key=lambda name: (_misfit(character, entry_of(name)), name))


def _misfit(character: Character, voice: VoiceEntry) -> float:
    youngest, oldest = voice.ages
    outside = max(youngest - character.age_years, character.age_years - oldest, 0)
    stature = (
        (voice.hertz < 110) * (1 - character.weight) * 0.4 + (voice.hertz > 125) * character.muscle * 0.4 if voice.feminine == 0 else 0
    )
    stranger = _STRANGER * (character.species not in voice.species)
    return float(stranger + outside / 10 + 2 * round(abs(character.feminine - voice.feminine)) + stature)


def delivery_of(character: Character, name: str, line: Line, *, hurry: float = 1.0) -> Delivery:
    """`hurry` multiplies the speaking rate. Two people with one voice still differ a little, by their names."""
    entry = entry_of(name)
    own = crc32(character.id.encode()) % 1000 / 500 - 1
    child = float(np.interp(character.age_years, (4, 8, 15), (1.22, 1.1, 1.0))) if entry.ages[1] <= 16 else 1.0
    manner = Manner(entry.size * (1 + _PERSONAL / 2 * own) * child**0.4, entry.breath, entry.rough, entry.bright)
    language = entries("words")["languages"][base_language(line.language) or "en"]
    plain = Delivery(
        language=language["voice"],
        variant=entry.variant,
        rate=entry.rate * hurry,
        hertz=entry.hertz * (1 + _PERSONAL * own) * child * character.size ** (-0.3),
        lively=entry.lively,
        loudness=1.0,
        manner=replace(manner, whispered=line.manner == "whisper"),
        sung=line.manner == "sing",
        treatment=entry.treatment,
        speaker=character.id,
    )
    delivery = _changed(_changed(plain, _MANNERS[line.manner]), _MOODS[line.mood])
    return replace(delivery, lively=max(delivery.lively, _TONES)) if language.get("tonal") else delivery


def _changed(delivery: Delivery, change: _Change) -> Delivery:
    manner = delivery.manner
    return replace(
        delivery,
        rate=delivery.rate * change.rate,
        hertz=min(520.0, delivery.hertz * change.hertz),
        lively=delivery.lively * change.lively,
        loudness=delivery.loudness * change.loudness,
        manner=replace(
            manner,
            breath=min(1.0, manner.breath + change.breath),
            rough=min(1.0, manner.rough + change.rough),
            bright=manner.bright + change.bright,
        ),
    )
