"""Where a creature goes: turns on the spot and ways across the floor, and how far it has come at every moment."""

from dataclasses import dataclass

import numpy as np

from kinora_world.motion.creatures.rigs import Gait
from kinora_world.motion.paths import Path
from kinora_world.motion.segments import turn_between
from kinora_world.motion.track import smooth
from kinora_world.scene import F8


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of a route: first `turn` radians on the spot from `heading`, then along `path`. Distances are metres."""

    start: float
    end: float
    gait: Gait
    stride: float
    place: tuple[float, float]
    heading: float
    turn: float
    lever: float  # metres a foot goes for a turn of one radian
    path: Path | None

    @property
    def turning(self) -> float:
        return abs(self.turn) * self.lever

    @property
    def length(self) -> float:
        return self.turning + (self.path.length if self.path else 0.0)

    def progress(self, times: F8) -> F8:
        """Metres gone (k,), from rest to rest."""
        grid = np.linspace(self.start, self.end, 200)
        ramp = max(1e-3, min(0.45, 0.4 * (self.end - self.start)))
        speed = smooth((grid - self.start) / ramp) * smooth((self.end - grid) / ramp)
        gone = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
        return np.asarray(np.interp(times, grid, gone / max(float(gone[-1]), 1e-9) * self.length))

    def at(self, gone: F8) -> tuple[F8, F8]:
        """Place (k, 2) and heading (k,) after so many metres."""
        turned = np.clip(gone / max(self.turning, 1e-9), 0, 1) if self.turning > 1e-6 else np.ones_like(gone)
        heading = self.heading + self.turn * turned
        place = np.tile(self.place, (len(gone), 1))
        if self.path is None:
            return place, heading
        along = np.clip(gone - self.turning, 0, self.path.length)
        first = float(self.path.headings[0])
        bend = turn_between(self.heading + self.turn, first) * smooth(along / min(1.2, self.path.length))
        heading = heading + bend + self.path.heading(along) - first
        return self.path.place(along), heading

    @property
    def last(self) -> tuple[tuple[float, float], float]:
        place, heading = self.at(np.array([self.length]))
        return (float(place[0, 0]), float(place[0, 1])), float(heading[0])


def circle(place: tuple[float, float], heading: float, radius: float, rounds: float) -> Path:
    """Leftwards from `place`, back to it."""
    angle = np.linspace(0, 2 * np.pi * rounds, max(9, int(65 * rounds)))
    left = np.array([np.cos(heading), np.sin(heading)])
    ahead = np.array([np.sin(heading), -np.cos(heading)])
    points = np.array(place) + radius * ((1 - np.cos(angle))[:, None] * left + np.sin(angle)[:, None] * ahead)
    along = radius * angle
    return Path(float(along[-1]), along, points, heading + angle)


@dataclass(frozen=True, slots=True)
class Going:
    """The whole shot's way, sampled: where, which way, how far of which stretch."""

    place: F8  # (k, 2)
    heading: F8  # (k,) without jumps
    phase: F8  # (k,) strides of the running stretch
    speed: F8  # (k,) m/s
    share: F8  # (k,) 1 while under way
    legs: list[Leg]
    which: F8  # (k,) index of the running or last stretch, -1 before the first


def travelled(legs: list[Leg], start: tuple[float, float], heading: float, times: F8) -> Going:
    place, facing = np.tile(np.asarray(start, float), (len(times), 1)), np.full(len(times), heading)
    phase, speed, share, which = np.zeros(len(times)), np.zeros(len(times)), np.zeros(len(times)), np.full(len(times), -1)
    for number, leg in enumerate(legs):
        after = times >= leg.start
        gone = leg.progress(times[after])
        place[after], facing[after] = leg.at(gone)
        phase[after] = gone / leg.stride
        speed[after] = np.gradient(gone, times[after]) if after.sum() > 1 else 0.0
        ramp = min(0.3, 0.35 * (leg.end - leg.start))
        share[after] = smooth((times[after] - leg.start) / ramp) * smooth((leg.end - times[after]) / ramp)
        which[after] = number
    return Going(place, np.unwrap(facing), phase, speed, share, legs, which)
