"""The courses of an act's channels through the shot."""

from dataclasses import dataclass

import numpy as np

from kinora_world.motion.creatures.rigs import Act
from kinora_world.motion.gesture import window
from kinora_world.motion.timing import natural_times
from kinora_world.motion.track import smooth
from kinora_world.scene import F8
from kinora_world.storyboard import Action


@dataclass(frozen=True, slots=True)
class Doing:
    """An act with its actual times, and the place it is about."""

    verb: str
    act: Act
    start: float
    length: float
    action: Action

    @property
    def fades(self) -> float:
        """Seconds to settle into a posture; what is keyed from rest to rest needs next to none."""
        return 0.4 if self.act.stays or self.act.hold is not None else 0.06

    @property
    def end(self) -> float:
        return self.start + self.length


class Channels:
    """Every channel at the shot's sample times (k,); 0 unless an act says otherwise."""

    def __init__(self, times: F8) -> None:
        self.times = times
        self._values: dict[str, F8] = {}

    def __getitem__(self, name: str) -> F8:
        return self._values.get(name, np.zeros(len(self.times)))

    def add(self, name: str, value: F8) -> None:
        self._values[name] = self[name] + value

    def play(self, doing: Doing) -> None:
        natural = natural_times(doing.act, np.clip(self.times - doing.start, 0, doing.length), doing.length)
        share = window(self.times, doing.start, doing.end + (doing.fades if doing.act.stays else 0.0), doing.fades, doing.fades)
        for name in sorted({channel for key in doing.act.keys for channel in key.set}):
            keys = [(key.at, key.set[name]) for key in doing.act.keys if name in key.set]
            self.add(name, _through(keys, natural) * share)


def _through(keys: list[tuple[float, float]], at: F8) -> F8:
    """From key to key with flat turns."""
    times, values = np.array([k[0] for k in keys]), np.array([k[1] for k in keys])
    if len(keys) == 1:
        return np.full(len(at), values[0])
    after = np.clip(np.searchsorted(times, at, side="right"), 1, len(times) - 1)
    share = smooth((at - times[after - 1]) / np.maximum(times[after] - times[after - 1], 1e-6))
    return np.asarray(values[after - 1] * (1 - share) + values[after] * share)
