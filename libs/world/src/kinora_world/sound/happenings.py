"""What of the catalogue of sounds is heard in a shot: what is asked for, and what actions, effects, things and animals make."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from zlib import crc32

import numpy as np

from kinora_world.scene import F8
from kinora_world.sound import library
from kinora_world.sound.types import ShotSound, Where
from kinora_world.storyboard import Action, Character, Shot

_SAMPLED = 96  # looks at the hands in a second
_TOGETHER_M = 0.14  # hands this near have met
_MOVING = 0.5  # m/s of a vehicle whose engine is heard
_FAR_M = 9.0  # where a sound without a source comes from
_STORM_EVERY = 6.5
_FIRST_S = 1.0
_TOGETHER_S = 0.15


@dataclass(frozen=True, slots=True)
class Happening:
    """A sound of the catalogue from `time` on, seconds of the shot. Without a place it is all around."""

    sound: str
    time: float
    where: Where | None = None
    until: float | None = None  # it repeats for as long
    pitch: float = 1.0
    gain: float = 1.0


def happenings(heard: ShotSound) -> list[Happening]:
    """In order of time. The same shot makes the same."""
    if heard.shot is None:
        return []
    found = [*_asked(heard, heard.shot), *_effects(heard, heard.shot), *_weather(heard, heard.shot), *_things(heard)]
    for action in heard.shot.actions:
        found.extend(_acted(heard, heard.shot, action))
    found.extend(_animals(heard, heard.shot, {happening.sound for happening in found}))
    return sorted((h for h in found if h.time < heard.duration), key=lambda h: (h.time, h.sound))


def _asked(heard: ShotSound, shot: Shot) -> Iterator[Happening]:
    for sound in shot.sounds:
        goes_on = library.entry_of(sound.kind).goes_on
        where = _place(heard, sound.source) if sound.source else None
        yield Happening(sound.kind, sound.start, where, heard.duration if goes_on else None, _pitch(heard, sound.source))


def _effects(heard: ShotSound, shot: Shot) -> Iterator[Happening]:
    """What bursts is heard as often as it does, what burns for as long."""
    sounds = library.made_by("effects")
    for kind, time in _apart(heard.bursts):
        if kind in sounds:
            at = next((effect.at for effect in shot.effects if effect.kind == kind), None)
            yield Happening(sounds[kind], time + library.entry_of(sounds[kind]).late, _spot(heard, at), gain=0.6 + 0.4 * (time < _FIRST_S))
    for effect in shot.effects:
        if effect.kind in sounds and effect.kind not in {kind for kind, _ in heard.bursts}:
            sound = sounds[effect.kind]
            end = effect.end if effect.end is not None else heard.duration
            yield Happening(sound, effect.start, _spot(heard, effect.at), end if library.entry_of(sound).goes_on else None)


def _apart(bursts: Sequence[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Without those that go off together."""
    last: dict[str, float] = {}
    for kind, time in sorted(bursts, key=lambda burst: burst[1]):
        if time - last.get(kind, -1.0) > _TOGETHER_S:
            yield kind, time
            last[kind] = time


def _weather(heard: ShotSound, shot: Shot) -> Iterator[Happening]:
    """Behind walls no lightning is seen, but thunder rolls."""
    if shot.weather == "storm" and not any(kind == "lightning" for kind, _ in heard.bursts):
        for number in range(1 + int(max(0.0, heard.duration - _FIRST_S) / _STORM_EVERY)):
            yield Happening("thunder", _FIRST_S + number * _STORM_EVERY, gain=0.6)


def _things(heard: ShotSound) -> Iterator[Happening]:
    """Vehicles while they move; clocks, fires and fountains all the time."""
    for name, kind in sorted(heard.kinds.items()):
        sound = library.made_by("props").get(kind.name)
        if sound is None or name not in heard.props:
            continue
        steps = np.linalg.norm(np.diff(heard.props[name][:, :3, 3], axis=0), axis=1) * heard.fps
        moving = np.flatnonzero(steps > _MOVING)
        if kind.fixed or sound in ("fire_crackle", "clock_tick", "stream"):
            yield Happening(sound, 0.0, _place(heard, name), heard.duration)
        elif len(moving):
            yield Happening(sound, moving[0] / heard.fps, _place(heard, name), moving[-1] / heard.fps)


def _acted(heard: ShotSound, shot: Shot, action: Action) -> Iterator[Happening]:
    sound = library.made_by("verbs").get(action.verb)
    if sound is None:
        return
    where, end = _place(heard, action.actor), action.end if action.end is not None else _next(heard, shot, action)
    entry, pitch = library.entry_of(sound), _pitch(heard, action.actor)
    if entry.voiced and entry.goes_on and any(line.speaker == action.actor for line in shot.dialogue):
        return  # who has words to sing or say has no breath for more
    if entry.hands_meet:
        for time in _claps(heard, action, end):
            yield Happening(sound, time, where)
    else:
        yield Happening(sound, action.start, where, end if entry.goes_on else None, pitch if entry.voiced else 1.0)


def _next(heard: ShotSound, shot: Shot, action: Action) -> float:
    """When the actor does something else."""
    return min((a.start for a in shot.actions if a.actor == action.actor and a.start > action.start), default=heard.duration)


def _animals(heard: ShotSound, shot: Shot, made: set[str]) -> Iterator[Happening]:
    """An animal is heard once in a shot, unless it has been already."""
    for number, mark in enumerate(shot.marks):
        character = heard.people.get(mark.character)
        sound = library.made_by("species").get(character.species) if character else None
        speaks = any(line.speaker == mark.character for line in shot.dialogue)
        if sound is not None and sound not in made and not speaks and heard.duration >= 1.5:
            time = 0.4 + (crc32(mark.character.encode()) % 100 / 100 + number) * 0.25 * min(heard.duration, 4)
            yield Happening(sound, time % heard.duration, _place(heard, mark.character), None, _pitch(heard, mark.character))
            made.add(sound)


def _claps(heard: ShotSound, action: Action, end: float) -> Iterator[float]:
    """When two hands meet, one's own or those of two people: their distance is smallest, and small."""
    actor = heard.performances.get(action.actor)
    if actor is None:
        return
    other = heard.performances.get(action.target or "")
    pairs = list(product(("LeftHand", "RightHand"), repeat=2)) if other else [("LeftHand", "RightHand")]
    clock = np.arange(action.start, end, 1 / _SAMPLED)
    gaps = [[np.linalg.norm(actor.joint(a, t) - (other or actor).joint(b, t)) for t in clock] for a, b in pairs]
    gap = np.min(gaps, axis=0)
    least = np.flatnonzero((gap[1:-1] <= gap[:-2]) & (gap[1:-1] < gap[2:]) & (gap[1:-1] < _TOGETHER_M)) + 1
    yield from clock[least]


def _place(heard: ShotSound, name: str) -> Where:
    if name in heard.props:
        poses = heard.props[name]
        return lambda time: np.asarray(poses[min(len(poses) - 1, max(0, round(time * heard.fps)))][:3, 3])
    return lambda time: heard.speaker_positions(name, time)


def _spot(heard: ShotSound, at: str | tuple[float, float, float] | None) -> Where | None:
    if at is None:
        return None
    return _place(heard, at) if isinstance(at, str) else lambda _: np.array(at)


def far_ahead(heard: ShotSound, time: float) -> F8:
    """(3,) where what has no source is heard from."""
    view = heard.listener(time)
    ahead = np.asarray(view.target, float) - np.asarray(view.eye, float)
    return np.asarray(np.asarray(view.eye) + _FAR_M * ahead / (np.linalg.norm(ahead) or 1.0))


def _pitch(heard: ShotSound, name: str | None) -> float:
    return pitch_of(heard.people[name]) if name is not None and name in heard.people else 1.0


def pitch_of(character: Character) -> float:
    """Times a grown man's and woman's middle: women and children laugh higher, small animals bark higher."""
    if character.species != "person":
        return float(np.clip(character.size**-0.5, 0.6, 1.6))
    grown = 0.72 + 0.5 * character.feminine
    child = np.interp(character.age_years, (4, 9, 14), (1.75, 1.5, 1.25))
    share = np.clip((character.age_years - 9) / 9, 0, 1)
    return float(child * (1 - share) + grown * share)
