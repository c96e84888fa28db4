"""From measures to a verdict. Every gate is a function from the measures and the attempt to the reasons against it."""

from collections.abc import Callable, Iterator

import numpy as np

from kinora_faces.analysis import thresholds as limit
from kinora_faces.analysis.lips import agreement
from kinora_faces.analysis.measures import Measures
from kinora_faces.analysis.verdict import Outcome, Reason, Remark, Verdict
from kinora_faces.challenge import Attempt, Item, Move
from kinora_faces.landmarks import F8
from kinora_faces.matching import SAME

_WEIGHT = list(Outcome)


def decide(measures: Measures, attempt: Attempt) -> Verdict:
    """The heaviest reason's outcome; approved when there is none."""
    if not (measures.faces > 0).any():
        return Verdict(Outcome.RETRY, (Reason.NO_FACE,))
    reasons = tuple(dict.fromkeys(reason for gate in _GATES for reason in gate(measures, attempt)))
    outcome = max((reason.outcome for reason in reasons), key=_WEIGHT.index, default=Outcome.APPROVED)
    kept = outcome in {Outcome.APPROVED, Outcome.REVIEW} and len(measures.vectors) > 0
    return Verdict(outcome, reasons, tuple(_remarks(measures)), tuple(measures.vectors.mean(0).tolist()) if kept else None)


def _picture(m: Measures, _attempt: Attempt) -> Iterator[Reason]:
    light = np.nanmedian(m.light)
    if light < limit.DARKEST:
        yield Reason.TOO_DARK
    if light > limit.BRIGHTEST:
        yield Reason.TOO_BRIGHT
    if np.nanmedian(m.width) < limit.SMALLEST_FACE:
        yield Reason.FACE_TOO_SMALL
    if _sparse(m):
        yield Reason.TOO_FEW_FRAMES


def _one_face(m: Measures, _attempt: Attempt) -> Iterator[Reason]:
    others = np.convolve(m.faces > 1, np.ones(limit.OTHERS_FRAMES), "valid")
    if np.any(others == limit.OTHERS_FRAMES) or np.mean(m.faces > 1) > (1 - limit.ALONE) / 2:
        yield Reason.TWO_FACES
    if np.mean(m.faces > 0) < limit.ALONE or np.nanmean(m.inside) < limit.LEAST_INSIDE:
        yield Reason.FACE_LEFT_PICTURE


def _sparse(m: Measures) -> bool:
    return len(m.times) < limit.LEAST_FPS * m.seconds


def _clock(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    share = m.intervals / np.median(m.intervals)
    uneven = np.mean((share < limit.UNEVEN[0]) | (share > limit.UNEVEN[1])) > limit.UNEVEN_SHARE
    dropped = uneven and _sparse(m)  # by a device that is too slow: no reason to call it an attack
    if (uneven and not dropped) or (attempt.received_s is not None and abs(attempt.received_s - m.seconds) > limit.CLOCK_S):
        yield Reason.TIMES_DO_NOT_FIT


def _turns(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    asked = _revealed(attempt, lambda item: item.move is not None)
    if attempt.challenge.needs.cannot_turn:
        return
    if len(m.moves) < len(asked):
        yield Reason.MOVE_NOT_SEEN
        return
    if [made.move for made in m.moves] != [item.move for item, _ in asked]:
        yield Reason.MOVES_OUT_OF_ORDER
        return
    for made, (_, at) in zip(m.moves, asked, strict=True):
        hold = made.end_s - made.start_s
        if made.start_s - made.rise_s < at + limit.EARLIEST_S - 1 / limit.LEAST_FPS:
            yield Reason.MOVE_TOO_EARLY
        if made.start_s > at + attempt.challenge.window_s:
            yield Reason.MOVE_TOO_LATE
        if made.rise_s < limit.QUICKEST_RISE_S or hold < limit.SHORTEST_HOLD_S:
            yield Reason.MOVE_TOO_FAST
        if hold > limit.LONGEST_HOLD_S:
            yield Reason.MOVE_TOO_LATE


def _still_moves(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    """Moves without turning: each within its time, not begun before it, and none of the others."""
    if not attempt.challenge.needs.cannot_turn:
        return
    shown = {move: _shown(m, move, attempt.reveals[0]) for move in (Move.OPEN_MOUTH, Move.CLOSE_EYES, Move.LEAN_IN)}
    for item, at in _revealed(attempt, lambda item: item.move is not None):
        done = shown[item.move or Move.LEAN_IN]
        within = (m.times > at + limit.EARLIEST_S) & (m.times < at + attempt.challenge.window_s)
        if not _lasts(done & within, m.times):
            yield Reason.MOVE_NOT_SEEN
        elif done[np.searchsorted(m.times, at) : np.searchsorted(m.times, at + limit.EARLIEST_S) + 1].any():
            yield Reason.MOVE_TOO_EARLY
    for move in (Move.CLOSE_EYES, Move.LEAN_IN):
        at = next((at for item, at in _revealed(attempt, lambda item: item.move is not None) if item.move == move), np.inf)
        if _lasts(shown[move] & ((m.times < at) | (m.times > at + attempt.challenge.window_s)), m.times):
            yield Reason.MOVES_OUT_OF_ORDER


def _shown(m: Measures, move: Move, rest_s: float) -> np.ndarray:
    """In which frames the face does it, against how it rests."""
    rest = m.times <= rest_s
    if move == Move.OPEN_MOUTH:
        return m.lips - np.nanmedian(m.lips[rest]) > limit.MOUTH_OPENS
    if move == Move.CLOSE_EYES:
        return m.eyes / np.nanmedian(m.eyes[rest]) < limit.EYES_SHUT
    return m.width / np.nanmedian(m.width[rest]) > limit.COMES_CLOSER


def _lasts(done: np.ndarray, times: F8) -> bool:
    """True for long enough at a stretch."""
    begin: float | None = None
    for now, time in zip(done, times, strict=True):
        begin = (time if begin is None else begin) if now else None
        if begin is not None and time - begin >= limit.SUSTAINED_S:
            return True
    return False


def _depth(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    seen = [residual for residual in m.depth if np.isfinite(residual)]
    if not seen or float(np.median(seen)) < limit.LEAST_DEPTH:
        yield Reason.NEEDS_A_PERSON if attempt.challenge.needs.cannot_turn else Reason.LOOKS_FLAT


def _speech(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    asked = _revealed(attempt, lambda item: bool(item.word))
    if attempt.challenge.needs.cannot_speak:
        if tuple(word.strip().lower() for word in attempt.typed) != attempt.challenge.words:
            yield Reason.WORDS_NOT_TYPED
        yield Reason.NEEDS_A_PERSON
        return
    right = [heard for heard, (item, _) in zip(m.heard, asked, strict=True) if heard.word == item.word]
    if len(right) < len(asked) - limit.MISHEARD:
        yield Reason.WORDS_NOT_HEARD
    for heard, (_, at) in zip(m.heard, asked, strict=True):
        if heard.word and not at + limit.EARLIEST_S <= heard.start_s <= at + attempt.challenge.window_s:
            yield Reason.WORDS_NOT_IN_TIME


def _lips(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    if not attempt.challenge.needs.cannot_speak and agreement(m, attempt) < limit.LEAST_AGREEMENT:
        yield Reason.AUDIO_NOT_IN_STEP


def _identity(m: Measures, attempt: Attempt) -> Iterator[Reason]:
    if len(m.vectors) < limit.FEWEST_VECTORS:
        yield Reason.FACE_LEFT_PICTURE
        return
    spread = np.linalg.norm(m.vectors[:, None] - m.vectors[None], axis=2).max()
    if spread >= limit.LARGEST_SPREAD:
        yield Reason.FACE_CHANGED
    if attempt.enrolled is not None and np.linalg.norm(m.vectors.mean(0) - np.array(attempt.enrolled)) >= SAME:
        yield Reason.NOT_THE_SAME_PERSON


def _remarks(m: Measures) -> Iterator[Remark]:
    if not (m.eyes < limit.BLINK * np.nanmedian(m.eyes)).any():
        yield Remark.NO_BLINK
    if m.pattern > limit.PATTERN:
        yield Remark.SCREEN_PATTERN


def _revealed(attempt: Attempt, which: Callable[[Item], bool]) -> list[tuple[Item, float]]:
    return [(item, at) for item, at in zip(attempt.challenge.items, attempt.reveals, strict=True) if which(item)]


_GATES: tuple[Callable[[Measures, Attempt], Iterator[Reason]], ...] = (
    _picture,
    _one_face,
    _clock,
    _turns,
    _still_moves,
    _speech,
    _lips,
    _depth,
    _identity,
)
