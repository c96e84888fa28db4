"""Whom a camera that goes with the action looks at: those who are at something, their company, and the things it is done with."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kinora_world.catalogue import entries
from kinora_world.scene import F8
from kinora_world.storyboard import LAUNCHES, Action, Shot

ATTENTIVE = frozenset({"follow", "handheld", "pan"})  # moves that choose whom they see
_COMPANY = 2.4  # metres from somebody who is at something: these stay in the picture
_RUN_AFTER = 3.5  # metres that what is thrown to nobody may get away from them
_AFTERWARDS = 0.7  # seconds that a thing is worth looking at after what was thrown was nearest to it
_RESTS = 0.6  # metres a second: what is slower has come to rest
_LETTERS = 14  # spoken in a second


def attended(shot: Shot, names: Sequence[str], where: Sequence[Mapping[str, F8]], times: F8) -> list[tuple[str, ...]]:
    """Those of `names` to be seen at each of the times (n,), seconds; `where` gives their positions (3,) at each, metres."""
    people = {mark.character for mark in shot.marks}.intersection(names)
    launches = [action for action in shot.actions if action.verb in LAUNCHES]
    leave = {name: _worth(name, launches, where, times) for name in names if name not in people}
    loose = {action.prop for action in launches if action.target is None}
    found = []
    for index, (busy, at) in enumerate(zip(_busy(shot, people, times), where, strict=True)):
        near = {name for name in people if not busy or _away(at, name, busy) < _COMPANY}
        worth = {name for name in leave if leave[name][index] and (name not in loose or _away(at, name, busy) < _RUN_AFTER)}
        found.append(tuple(name for name in names if name in near | worth))
    return found


def _away(at: Mapping[str, F8], name: str, others: Iterable[str]) -> float:
    """Metres to the nearest of the others."""
    return min((float(np.linalg.norm(at[name] - at[one])) for one in others), default=0.0)


def _busy(shot: Shot, people: set[str], times: F8) -> list[set[str]]:
    """Who acts or speaks at each time; in a pause, who did before it."""
    spans = [(a.start, _end(a), a.actor) for a in shot.actions if a.verb != "look_at"]
    spans += [(line.start, line.start + len(line.text) / _LETTERS, line.speaker) for line in shot.dialogue if line.start is not None]
    spans = [span for span in spans if span[2] in people]
    found: list[set[str]] = []
    last = {who for start, _, who in spans if start <= min(spans)[0]}
    for time in times:
        last = {who for start, end, who in spans if start <= time <= end} or last
        found.append(last)
    return found


def _end(action: Action) -> float:
    return action.start + float(entries("actions").get(action.verb, {}).get("duration", 1.5)) if action.end is None else action.end


def _worth(name: str, launches: Sequence[Action], where: Sequence[Mapping[str, F8]], times: F8) -> Sequence[bool]:
    """Whether a thing is worth a look at each time: what is thrown while it moves, what it is thrown at until just after it came there."""
    thrown = next((action for action in launches if action.prop == name), None)
    aimed = next((action for action in launches if action.target == name and action.prop is not None), None)
    if thrown is not None:
        speed = np.linalg.norm(np.gradient(np.array([at[name] for at in where]), times, axis=0), axis=1)
        return [bool(time < _end(thrown) or fast > _RESTS) for time, fast in zip(times, speed, strict=True)]
    if aimed is not None:
        away = [float(np.linalg.norm((at[str(aimed.prop)] - at[name])[:2])) for at in where]
        return [bool(aimed.start <= time <= times[int(np.argmin(away))] + _AFTERWARDS) for time in times]
    return [True] * len(times)
