"""Which particles of an emitter are in the air, and how old they are."""

from dataclasses import dataclass

import numpy as np

from kinora_world.effects.dice import I8, dice
from kinora_world.effects.schema import Emitter
from kinora_world.scene import F8

LONG_AGO = -1e6  # when what is there from a shot's beginning began
_MANY = 4096  # births a particle's place in a steady stream may have before they repeat


@dataclass(frozen=True, slots=True)
class Alive:
    """n particles: a number that tells each birth from every other, seconds since it, how long it lives, and the burst it belongs to."""

    birth: I8
    age: F8
    life: F8
    burst: I8

    @property
    def over(self) -> F8:
        """The share of life that is past."""
        return np.asarray(self.age / self.life)


def alive(emitter: Emitter, seed: int, time: float, start: float, end: float) -> Alive:
    """Times are from the shot's start. What was born before `end` lives on until its own."""
    if emitter.every is None:
        return _steady(emitter, seed, time, start + emitter.delay, end)
    return _bursts(emitter, seed, time, start, end)


def _steady(emitter: Emitter, seed: int, time: float, start: float, end: float) -> Alive:
    """Each of `count` places has one particle after another, in a rhythm of its own."""
    place = np.arange(emitter.count)
    chance = dice(seed, place, 2)
    life = emitter.life[0] + (emitter.life[1] - emitter.life[0]) * chance[:, 0]
    turns = time / life + chance[:, 1]
    age = (turns % 1.0) * life
    birth = place + emitter.count * (np.floor(turns).astype(np.int64) % _MANY)
    born = time - age
    there = (born >= start) & (born < end)
    return Alive(birth[there], age[there], life[there], np.zeros(int(there.sum()), np.int64))


def _bursts(emitter: Emitter, seed: int, time: float, start: float, end: float) -> Alive:
    found = [(number, time - at) for number, at in burst_times(emitter.every or 0.0, seed, start, end, time)]
    recent = [(number, age - emitter.delay) for number, age in found if 0 <= age - emitter.delay < emitter.life[1]]
    number = np.repeat(np.array([n for n, _ in recent], np.int64), emitter.count)
    age = np.repeat(np.array([a for _, a in recent], np.float64), emitter.count)
    birth = number * emitter.count + np.tile(np.arange(emitter.count), len(recent))
    life = emitter.life[0] + (emitter.life[1] - emitter.life[0]) * dice(seed, birth, 1)[:, 0]
    there = age < life
    return Alive(birth[there], age[there], life[there], number[there])


def burst_times(every: float, seed: int, start: float, end: float, until: float) -> list[tuple[int, float]]:
    """Number and moment of each burst up to `until`; the first is at the start, or a little after the shot's beginning."""
    first = max(start, 0.15)
    if every == 0:
        return [(0, first)] if first <= until else []
    count = max(0, int((min(until, end) - first) / every) + 2)
    late = dice(seed, np.arange(count), 1, first=40)[:, 0]
    times = first + every * (np.arange(count) + 0.6 * late * (np.arange(count) > 0))
    return [(number, float(at)) for number, at in enumerate(times) if at <= until and at < end]
