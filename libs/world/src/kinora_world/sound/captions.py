"""Captions from the script itself: who says what when, and the sounds that matter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kinora_world.scene import Contact, SpokenLine
from kinora_world.sound import ambience, library
from kinora_world.sound.foley import audible
from kinora_world.sound.happenings import happenings
from kinora_world.sound.score import bed_of
from kinora_world.sound.types import ShotSound

_CUE_S, _QUIET_NS, _APART_S = 1.2, 0.3, 1.5
_SHORTEST_S = 0.7


class Cue(NamedTuple):
    """Seconds of the clip; `speaker` is the id of who speaks, None for a sound, whose text stands in brackets."""

    start: float
    end: float
    speaker: str | None
    text: str
    words: tuple[tuple[float, str], ...] = ()  # when each word of a line is spoken


def cues(lines: Sequence[SpokenLine], shots: Sequence[ShotSound] = (), *, kinds: Mapping[str, str] | None = None) -> list[Cue]:
    """Every line word for word, and what is heard in between. `kinds` tells a prop's kind by its id, for "[basketball bounces]"."""
    end = max((shot.start + shot.duration for shot in shots), default=float("inf"))
    heard = [cue for shot in shots for cue in _apart([*_contacts(shot, kinds or {}), *_happenings(shot)])]
    found = sorted([*(_spoken(line) for line in lines), *heard, *_ambience(shots), *_music(shots)], key=lambda cue: (cue.start, cue.text))
    return [cue._replace(end=min(cue.end, end)) for cue in found if cue.start < end]


def _spoken(line: SpokenLine) -> Cue:
    words = tuple((line.start + time, word) for time, word in line.words)
    return Cue(line.start, max(line.end, line.start + _SHORTEST_S), line.speaker, line.text, words)


def _sound(start: float, text: str) -> Cue:
    return Cue(start, start + _CUE_S, None, f"[{text}]")


def _ambience(shots: Sequence[ShotSound]) -> Iterator[Cue]:
    before = None
    for shot in shots:
        told = [shot.stage.ambience, _weather(shot)]
        if told != before:
            text = ", ".join(dict.fromkeys(ambience.entry_of(name).caption for name in told if name))
            yield Cue(shot.start, shot.start + min(_CUE_S, shot.duration), None, f"[{text}]")
        before = told


def _weather(shot: ShotSound) -> str | None:
    if shot.shot is None:
        return None
    return ambience.weather_of(ambience.Air(shot.stage.ambience, weather=shot.shot.weather, indoor=shot.stage.indoor))


def _music(shots: Sequence[ShotSound]) -> Iterator[Cue]:
    before = "none"
    for shot in shots:
        bed = bed_of(shot.shot) if shot.shot else "none"
        if bed not in ("none", before):
            yield _sound(shot.start, f"{bed.replace('_', ' ')} music")
        before = bed


def _happenings(shot: ShotSound) -> Iterator[Cue]:
    for happening in happenings(shot):
        yield _sound(shot.start + happening.time, library.entry_of(happening.sound).caption)


def _contacts(shot: ShotSound, kinds: Mapping[str, str]) -> Iterator[Cue]:
    for contact in audible(shot.contacts):
        if contact.impulse >= _QUIET_NS:
            yield _sound(shot.start + contact.time, _words(contact, kinds))


def _apart(found: Sequence[Cue]) -> Iterator[Cue]:
    """The same sound is told again only after a while."""
    last: dict[str, float] = {}
    for cue in sorted(found, key=lambda cue: cue.start):
        if cue.start - last.get(cue.text, -9.0) >= _APART_S:
            yield cue
            last[cue.text] = cue.start


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
