"""Which moves a head made, read from its angles over time."""

from dataclasses import dataclass

import numpy as np

from kinora_faces.challenge import Move
from kinora_faces.landmarks import F8

# Degrees from rest that count as a turn: half of the 25 that people are asked for, of which landmarks show as little as three quarters.
YAW_DEG, PITCH_DEG = 12.0, 9.0
_STAYS = 0.55  # of the threshold: hysteresis
_BEGINS = 0.15
_SWAYS = 0.5  # thresholds a second: slower, a head does not move but sways
_ARRIVED = 0.85  # of the peak


@dataclass(frozen=True, slots=True)
class Made:
    """A move seen: seconds at which it crossed its threshold and came back, and how long it took from rest to its peak."""

    move: Move
    start_s: float
    end_s: float
    rise_s: float


def turns(times: F8, yaw: F8, pitch: F8, rest_s: float) -> list[Made]:
    """Turns in the order of time. Degrees as in `landmarks.angles`, NaN where no face was seen; until `rest_s` the face is at rest."""
    seen = np.isfinite(yaw)
    if seen.sum() < 5 or not (seen & (times <= rest_s)).any():
        return []
    yaw, pitch = (_from_rest(times, angle, seen, rest_s) for angle in (yaw, pitch))
    strength = {Move.LEFT: yaw / YAW_DEG, Move.RIGHT: -yaw / YAW_DEG, Move.UP: pitch / PITCH_DEG, Move.DOWN: -pitch / PITCH_DEG}
    return [_described(times, move, strength[move], begin, end) for move, begin, end in _spells(strength)]


def _from_rest(times: F8, angle: F8, seen: np.ndarray, rest_s: float) -> F8:
    level = np.interp(times, times[seen], angle[seen]) - np.median(angle[seen & (times <= rest_s)])
    return np.convolve(np.pad(level, 1, "edge"), [0.25, 0.5, 0.25], "valid")


def _spells(strength: dict[Move, F8]) -> list[tuple[Move, int, int]]:
    """First and last frame of every stretch in which one direction prevails."""
    found: list[tuple[Move, int, int]] = []
    current: Move | None = None
    for i in range(len(next(iter(strength.values())))):
        if current is not None and strength[current][i] > _STAYS:
            found[-1] = (*found[-1][:2], i)
            continue
        strongest = max(strength, key=lambda move: float(strength[move][i]))
        current = strongest if strength[strongest][i] > 1 else None
        if current is not None:
            found.append((current, i, i))
    return found


def _described(times: F8, move: Move, strength: F8, begin: int, end: int) -> Made:
    first = begin
    speed = np.diff(strength, prepend=strength[0]) / np.diff(times, prepend=times[0] - 1)
    while first > 0 and strength[first] > _BEGINS and speed[first] > _SWAYS:
        first -= 1
    peak = strength[begin : end + 1].max()
    arrived = first + int(np.argmax(strength[first : end + 1] > _ARRIVED * peak))
    return Made(move, float(times[begin]), float(times[end]), float(times[arrived] - times[first]))
