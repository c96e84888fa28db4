"""Captions from the script itself: who says what when, and the sounds that matter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kinora_world.scene import Contact, SpokenLine
from kinora_world.sound.ambience import entry_of
from kinora_world.sound.foley import audible
from kinora_world.sound.types import ShotSound

_CUE_S, _QUIET_NS, _APART_S = 1.2, 0.3, 1.5
_SHORTEST_S = 0.7


class Cue(NamedTuple):
    """Seconds of the clip; `speaker` is the id of who speaks, None for a sound, whose text stands in brackets."""

    start: float
    end: float
    speaker: str | None
    text: str


def cues(lines: Sequence[SpokenLine], shots: Sequence[ShotSound] = (), *, kinds: Mapping[str, str] | None = None) -> list[Cue]:
    """Every line word for word, and what is heard in between. `kinds` tells a prop's kind by its id, for "[basketball bounces]"."""
    spoken = [Cue(line.start, max(line.end, line.start + _SHORTEST_S), line.speaker, line.text) for line in lines]
    end = max((shot.start + shot.duration for shot in shots), default=float("inf"))
    heard = [cue for shot in shots for cue in _contacts(shot, kinds or {})]
    found = sorted([*spoken, *heard, *_ambience(shots)])
    return [cue._replace(end=min(cue.end, end)) for cue in found if cue.start < end]


def _ambience(shots: Sequence[ShotSound]) -> Iterator[Cue]:
    before = None
    for shot in shots:
        if shot.stage.ambience != before:
            yield Cue(shot.start, shot.start + min(_CUE_S, shot.duration), None, f"[{entry_of(shot.stage.ambience).caption}]")
        before = shot.stage.ambience


def _contacts(shot: ShotSound, kinds: Mapping[str, str]) -> Iterator[Cue]:
    last: dict[str, float] = {}
    for contact in audible(shot.contacts):
        text = _words(contact, kinds)
        if contact.impulse >= _QUIET_NS and contact.time - last.get(text, -9.0) >= _APART_S:
            start = shot.start + contact.time
            yield Cue(start, start + _CUE_S, None, f"[{text}]")
            last[text] = contact.time


_SURFACES = ("backboard", "board", "rim", "pole", "wall")


def _words(contact: Contact, kinds: Mapping[str, str]) -> str:
    first, second = sorted(contact.names, key=lambda name: (name == "floor", name not in kinds, name))
    what = kinds.get(first, first).replace("_", " ")
    if second == "floor":
        return f"{what} bounces" if "ball" in what else f"{what} hits the ground"
    if what == "hoop":
        return f"{kinds.get(second, second).replace('_', ' ')} hits the hoop"
    other = next((surface for surface in _SURFACES if surface in second), kinds.get(second, second).replace("_", " "))
    return f"{what} hits the {other}"
