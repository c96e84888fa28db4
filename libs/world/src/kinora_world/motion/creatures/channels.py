"""The courses of an act's channels through the shot."""

from dataclasses import dataclass

import numpy as np

from kinora_world.motion.creatures.rigs import Act
from kinora_world.motion.gesture import window
from kinora_world.motion.timing import natural_times
from kinora_world.motion.track import smooth
from kinora_world.scene import F8
from kinora_world.storyboard import Action

# How an animal carries itself in a mood, degrees: the neck and head down, the head to its side, the ears back; and how far the lids close.
BEARINGS: dict[str, dict[str, float]] = {
    "joyful": {"head": -8, "ears": -6},
    "playful": {"tilt": 12, "head": -6},
    "romantic": {"tilt": 10, "ears": 10},
    "sad": {"neck": 22, "head": 10, "ears": 26, "blink": 0.25},
    "tense": {"neck": 8, "ears": 30},
    "scary": {"neck": 16, "ears": 34, "pelvis": -0.08},
    "surprised": {"neck": -10, "head": -6, "ears": -12},
    "disgusted": {"turn": 28, "head": 6, "ears": 22, "blink": 0.3},
    "sleepy": {"neck": 20, "head": 8, "ears": 14, "blink": 0.55},
    "proud": {"neck": -14, "head": 6},
    "shy": {"neck": 14, "head": 14, "turn": 14, "ears": 26},
    "confused": {"tilt": 24, "head": -4, "ears": -10},
}


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

    def bear(self, doing: Doing) -> None:
        """Shows the mood that the action is done in."""
        share = window(self.times, doing.start, doing.end + 0.4, 0.35, 0.4)
        for name, value in BEARINGS.get(doing.action.mood, {}).items():
            self.add(name, value * share)


def _through(keys: list[tuple[float, float]], at: F8) -> F8:
    """From key to key with flat turns."""
    times, values = np.array([k[0] for k in keys]), np.array([k[1] for k in keys])
    if len(keys) == 1:
        return np.full(len(at), values[0])
    after = np.clip(np.searchsorted(times, at, side="right"), 1, len(times) - 1)
    share = smooth((at - times[after - 1]) / np.maximum(times[after] - times[after - 1], 1e-6))
    return np.asarray(values[after - 1] * (1 - share) + values[after] * share)
