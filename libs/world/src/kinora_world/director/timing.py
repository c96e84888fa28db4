"""How long everything takes: shots share the clip by what happens in them, happenings share the shot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Draft, ShotDraft, Speech
from kinora_world.director.language import seconds
from kinora_world.director.lexicon import lists
from kinora_world.storyboard import LAUNCHES

_GRID = 0.125  # three frames, and exact in binary, so that shots sum to the clip
LONGEST_SHOT = 20.0  # seconds, as the storyboard allows
_SHORTEST_SHOT = 0.75
_LEAD, _TAIL, _BETWEEN = 0.15, 0.3, 0.1
_OVERLAP = 0.35  # how much of their own line a deed begins before its end
_FLIGHT, _LANDING = 1.1, 0.3  # from the hand to what it strikes, and the bounce off it
_HURRY = 1.3  # speech may go this much faster
_FASTEST_DEED = 0.62  # of its natural length
_SHORTEST_DEED = 0.6  # of what can last


@dataclass(slots=True)
class Timed:
    """A happening with its times; `end` None lets an action take its natural length."""

    what: Deed | Speech
    start: float
    end: float | None


def cut_off(entry: Timed, duration: float) -> bool:
    """A line that its shot ends before it does, however fast it is spoken."""
    return isinstance(entry.what, Speech) and entry.start + natural(entry.what) / 1.35 > duration


@cache
def travels() -> frozenset[str]:
    """Actions that go somewhere."""
    return frozenset(
        verb for verb, entry in entries("actions").items() if "to" in entry.get("needs", ()) or entry.get("kind") in {"travel", "ride"}
    )


def natural(what: Deed | Speech) -> float:
    """Seconds it takes at ease."""
    if isinstance(what, Speech):
        return seconds(what.text, what.language)
    own = lists("verbs").get(what.verb, {}).get("seconds", 1.8)
    return float(own if lasts(what) else entries("actions").get(what.verb, {}).get("duration", own)) / (what.pace or 1.0)


def lasts(deed: Deed) -> bool:
    """It can go on as long as wanted."""
    if deed.verb in lists("verbs"):
        return bool(lists("verbs")[deed.verb].get("lasts"))
    entry = entries("actions").get(deed.verb, {})
    return deed.verb in travels() or entry.get("kind") in {"stand", "look"} or any(entry.get(way) for way in ("looped", "loop", "hold"))


def speed(shot: ShotDraft) -> float:
    """Of what happens in the shot: below 1 in slow motion. Nobody speaks in slow motion."""
    return 1.0 if shot.pace is None or any(isinstance(what, Speech) for what in shot.happenings) else shot.pace


def beats(shot: ShotDraft) -> list[list[Deed | Speech]]:
    """Happenings in the order they come; those of one beat go together."""
    found: list[list[Deed | Speech]] = []
    for what in shot.happenings:
        if what.together and found:
            found[-1].append(what)
        else:
            found.append([what])
    return found


def needed(shot: ShotDraft) -> float:
    """Seconds the shot would like."""
    return max(1.2, (_LEAD + sum(most for _, most in _spans(beats(shot))) + _TAIL) / speed(shot))


def _pressed(shot: ShotDraft) -> float:
    """Seconds in which the shot can just be done."""
    return max(_SHORTEST_SHOT, (_LEAD + sum(least for least, _ in _spans(beats(shot))) + 0.1) / speed(shot))


def share(draft: Draft, total: float) -> list[float]:
    """Durations of the shots, which sum to `total` exactly."""
    least, most = [_pressed(shot) for shot in draft.shots], [needed(shot) for shot in draft.shots]
    if total <= sum(least):
        durations = [total * part / sum(least) for part in least]
    elif total >= sum(most):
        durations = [total * part / sum(most) for part in most]
    else:
        ease = (total - sum(least)) / (sum(most) - sum(least))
        durations = [low + ease * (high - low) for low, high in zip(least, most, strict=True)]
    snapped = [max(_GRID * 4, round(duration / _GRID) * _GRID) for duration in _capped(durations)]
    longest = max(range(len(snapped)), key=lambda i: snapped[i])
    snapped[longest] = total - sum(d for i, d in enumerate(snapped) if i != longest)
    return snapped


def _capped(durations: Sequence[float]) -> list[float]:
    """No shot longer than one may be: what is over goes to the others, as far as they have room."""
    over = sum(max(0.0, duration - LONGEST_SHOT) for duration in durations)
    room = sum(max(0.0, LONGEST_SHOT - duration) for duration in durations)
    part = min(1.0, over / room) if room else 0.0
    return [min(LONGEST_SHOT, duration + part * max(0.0, LONGEST_SHOT - duration)) for duration in durations]


def schedule(shot: ShotDraft, duration: float) -> tuple[list[Timed], list[Deed | Speech]]:
    """What fits, with its times on film, and what there was no time for. The first beat is always begun."""
    slow = speed(shot)
    timed, dropped = _on_stage(shot, duration * slow)
    for entry in timed:
        entry.start, entry.end = round(entry.start / slow, 3), None if entry.end is None else round(entry.end / slow, 3)
    return timed, dropped


def _on_stage(shot: ShotDraft, duration: float) -> tuple[list[Timed], list[Deed | Speech]]:
    rows = beats(shot)
    dropped: list[Deed | Speech] = []
    while len(rows) > 1 and _LEAD + sum(least for least, _ in _spans(rows)) > duration + 1e-6:
        dropped[:0] = rows.pop()
    spans = _spans(rows)
    least, most = sum(low for low, _ in spans), sum(high for _, high in spans)
    ease = min(1.0, max(0.0, (duration - _LEAD - _TAIL - least) / (most - least))) if most > least else 1.0
    return _lay(rows, [low + ease * (high - low) for low, high in spans], duration), dropped


def _spans(rows: Sequence[Sequence[Deed | Speech]]) -> list[tuple[float, float]]:
    """Each beat's shortest and natural seconds."""
    found = []
    for number, beat in enumerate(rows):
        spans = [_span(what, last=number == len(rows) - 1) for what in beat]
        saved = _OVERLAP if number and _follows_own_line(rows[number - 1], beat) else 0.0
        found.append((max(low for low, _ in spans) - saved, max(high for _, high in spans) + _BETWEEN - saved))
    return found


def _span(what: Deed | Speech, *, last: bool) -> tuple[float, float]:
    length = natural(what)
    if isinstance(what, Speech):
        return length / _HURRY, length
    if what.verb in LAUNCHES and last:
        release = _release(what)
        return _FASTEST_DEED * release + _FLIGHT, max(length, release + _FLIGHT + _LANDING)
    return (_SHORTEST_DEED if lasts(what) else _FASTEST_DEED * length), length


def _release(deed: Deed) -> float:
    """Seconds from the start of a throw, shot or kick until the ball is off."""
    entry = entries("actions").get(deed.verb, {})
    return float(entry.get("release", entry.get("strike", 0.7)))


def _lay(rows: Sequence[Sequence[Deed | Speech]], lengths: Sequence[float], duration: float) -> list[Timed]:
    found: list[Timed] = []
    clock = _LEAD
    for number, (beat, length) in enumerate(zip(rows, lengths, strict=True)):
        last = number == len(rows) - 1
        if number and _follows_own_line(rows[number - 1], beat):
            clock, length = clock - _OVERLAP, length + _OVERLAP  # noqa: PLW2901 - the beat reaches back
        found.extend(_timed(what, clock, length, duration if last else clock + length, last=last) for what in beat)
        clock += length
    return found


def _follows_own_line(before: Sequence[Deed | Speech], beat: Sequence[Deed | Speech]) -> bool:
    """`says … and shoots`: nobody waits for the last syllable."""
    speakers = {what.speaker for what in before if isinstance(what, Speech)}
    return any(isinstance(what, Deed) and speakers & set(what.actors) for what in beat)


def _timed(what: Deed | Speech, start: float, length: float, until: float, *, last: bool) -> Timed:
    """`length` is the beat's; an action that has room enough takes its natural time."""
    start = round(start, 3)
    if isinstance(what, Speech):
        return Timed(what, start, None)
    if lasts(what):
        return Timed(what, start, round(until, 3))
    full = natural(what)
    pace = (length - _FLIGHT - _LANDING) / _release(what) if last and what.verb in LAUNCHES else (length - _BETWEEN) / full
    pace = min(1.0, max(_FASTEST_DEED, pace))
    return Timed(what, start, round(start + full * pace, 3) if pace < 0.97 else None)
