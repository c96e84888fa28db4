"""Fitting an action of natural length into the time it is given."""

from typing import Protocol

import numpy as np

from kinora_world.scene import F8

_SLOWEST, _FASTEST = 0.6, 1.8


class Timed(Protocol):
    """A course of so many seconds, with a part that may be repeated or a moment that may be held."""

    @property
    def duration(self) -> float: ...
    @property
    def loop(self) -> tuple[float, float] | None: ...
    @property
    def hold(self) -> float | None: ...


def length_of(kind: Timed, requested: float | None) -> float:
    """Seconds an action takes when asked to last `requested`; speed changes only within reason."""
    if requested is None or requested <= 0:
        return kind.duration
    if kind.loop or kind.hold is not None:
        return max(requested, kind.duration / _FASTEST)
    return float(np.clip(requested, kind.duration / _FASTEST, kind.duration / _SLOWEST))


def before_lasting(kind: Timed) -> float:
    """Natural seconds until one is at it: raising an instrument comes before playing it."""
    return kind.loop[0] if kind.loop else kind.hold or 0.0


def after_lasting(kind: Timed) -> float:
    """Natural seconds from the last of it until one is done."""
    return kind.duration - (kind.loop[1] if kind.loop else kind.hold or 0.0)


def natural_times(kind: Timed, since: F8, length: float) -> F8:
    """Seconds since the start of an action of `length` seconds, to seconds of its natural course."""
    extra = length - kind.duration
    if kind.hold is not None and extra > 0:
        return np.where(since < kind.hold, since, np.maximum(since - extra, kind.hold))
    if kind.loop and extra > 0:
        first, last = kind.loop
        span = last - first
        rounds = max(1, round((length - kind.duration) / span) + 1)
        paced = since * (kind.duration + (rounds - 1) * span) / length
        inside = first + (paced - first) % span
        return np.where(paced < first, paced, np.where(paced < first + rounds * span, inside, paced - (rounds - 1) * span))
    return since * (kind.duration / length)


def actual_time(kind: Timed, natural: float, length: float) -> float:
    """Seconds after the start at which the (last) natural moment comes."""
    extra = length - kind.duration
    if kind.hold is not None and extra > 0:
        return natural + (extra if natural > kind.hold else 0.0)
    if kind.loop and extra > 0:
        first, last = kind.loop
        rounds = max(1, round(extra / (last - first)) + 1)
        total = kind.duration + (rounds - 1) * (last - first)
        return (natural + (rounds - 1) * (last - first) * (natural >= last)) * length / total
    return natural * length / kind.duration
