"""How long everything takes: shots share the clip by what happens in them, happenings share the shot."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Draft, ShotDraft, Speech
from kinora_world.director.language import seconds
from kinora_world.director.lexicon import lists

_GRID = 0.125  # three frames, and exact in binary, so that shots sum to the clip
_SHORTEST_SHOT, _LONGEST_SHOT = 1.0, 20.0
_LEAD, _TAIL, _BETWEEN = 0.15, 0.3, 0.1
_OVERLAP = 0.35  # how much of their own line a deed begins before its end
_FLIGHT = 1.2  # after a throw, shot or kick: until it has landed
_HURRY = 1.3  # speech may go this much faster
_SHORTEST_DEED = 0.6


@dataclass(slots=True)
class Timed:
    """A happening with its times; `end` None lets an action take its natural length."""

    what: Deed | Speech
    start: float
    end: float | None


def natural(what: Deed | Speech) -> float:
    """Seconds it takes at ease."""
    if isinstance(what, Speech):
        return seconds(what.text, what.language)
    own = lists("verbs").get(what.verb, {}).get("seconds", 1.5)
    return float(own if lasts(what) else entries("actions").get(what.verb, {}).get("duration", own))


def lasts(deed: Deed) -> bool:
    """It can go on as long as wanted."""
    return bool(lists("verbs").get(deed.verb, {}).get("lasts"))


def beats(shot: ShotDraft) -> list[list[Deed | Speech]]:
    """Happenings in the order they come; those of one beat go together."""
    found: list[list[Deed | Speech]] = []
    for what in shot.happenings:
        if what.together and found:
            found[-1].append(what)
        else:
            found.append([what])
    return found


def _aftermath(shot: ShotDraft) -> float:
    last = shot.happenings[-1] if shot.happenings else None
    return _FLIGHT if isinstance(last, Deed) and last.verb in {"shoot", "throw", "kick"} else 0.0


def needed(shot: ShotDraft) -> float:
    """Seconds the shot would like."""
    rows = beats(shot)
    content = sum(map(_length, rows)) - sum(_OVERLAP for one, two in pairwise(rows) if _follows_own_line(one, two))
    return max(1.2, _LEAD + content + _aftermath(shot) + _TAIL)


def share(draft: Draft, total: float) -> list[float]:
    """Durations of the shots, which sum to `total` exactly."""
    wanted = [needed(shot) for shot in draft.shots]
    floor = min(_SHORTEST_SHOT, total / len(wanted))
    spare = total - floor * len(wanted)
    extra = [max(0.0, want - floor) for want in wanted]
    durations = [floor + spare * part / (sum(extra) or 1) if sum(extra) else total / len(wanted) for part in extra]
    snapped = [max(_GRID * 4, round(duration / _GRID) * _GRID) for duration in durations]
    longest = max(range(len(snapped)), key=lambda i: snapped[i])
    snapped[longest] = total - sum(d for i, d in enumerate(snapped) if i != longest)
    return snapped


def schedule(shot: ShotDraft, duration: float) -> tuple[list[Timed], list[Deed | Speech]]:
    """What fits, with its times, and what there was no time for."""
    rows = beats(shot)
    dropped: list[Deed | Speech] = []
    while rows and _LEAD + sum(_least(beat) for beat in rows) > duration:
        dropped[:0] = rows.pop()
    flexible = sum(map(_length, rows)) - sum(_OVERLAP for one, two in pairwise(rows) if _follows_own_line(one, two))
    room = duration - _LEAD - min(_TAIL + _aftermath(shot), 0.35 * duration)
    squeeze = min(1.0, room / flexible) if flexible else 1.0
    return _lay(rows, squeeze, duration), dropped


def _length(beat: Sequence[Deed | Speech]) -> float:
    return max(natural(what) for what in beat) + _BETWEEN


def _least(beat: Sequence[Deed | Speech]) -> float:
    return max(natural(what) / _HURRY if isinstance(what, Speech) else _SHORTEST_DEED for what in beat)


def _lay(rows: Sequence[Sequence[Deed | Speech]], squeeze: float, duration: float) -> list[Timed]:
    found: list[Timed] = []
    clock = _LEAD
    for number, beat in enumerate(rows):
        if number and _follows_own_line(rows[number - 1], beat):
            clock -= _OVERLAP
        length = _length(beat) * squeeze
        until = duration if number == len(rows) - 1 else clock + length
        found.extend(_timed(what, clock, squeeze, until) for what in beat)
        clock += length
    return found


def _follows_own_line(before: Sequence[Deed | Speech], beat: Sequence[Deed | Speech]) -> bool:
    """`says … and shoots`: nobody waits for the last syllable."""
    speakers = {what.speaker for what in before if isinstance(what, Speech)}
    return any(isinstance(what, Deed) and speakers & set(what.actors) for what in beat)


def _timed(what: Deed | Speech, start: float, squeeze: float, until: float) -> Timed:
    start = round(start, 3)
    if isinstance(what, Speech):
        return Timed(what, start, None)
    if lasts(what):
        return Timed(what, start, round(until, 3))
    return Timed(what, start, round(start + natural(what) * squeeze, 3) if squeeze < 0.95 else None)
