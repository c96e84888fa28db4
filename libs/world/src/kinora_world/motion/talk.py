"""What hands and head do while someone speaks: a small gesture space in front of the body, beats on the words."""

import numpy as np

from kinora_world.cast.shape import chance
from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.gesture import HandPath, lay_hand, window
from kinora_world.motion.idle import wander
from kinora_world.scene import F8, SpokenLine


def beats(line: SpokenLine, times: F8, width: float = 0.13) -> F8:
    """A soft pulse on every second word or so, (k,)."""
    total = np.zeros_like(times)
    for number, (at, word) in enumerate(line.words):
        strength = 1.0 if len(word) > 4 else 0.5
        if number % 2 == 0 or len(word) > 6:
            total += strength * np.exp(-(((times - line.start - at - 0.08) / width) ** 2))
    return np.clip(total, 0, 1.2)


def gesticulate(turns: F8, skeleton: Skeleton, person: str, line: SpokenLine, times: F8, free: dict[str, F8]) -> None:
    """Lay talking hands and nods over `turns` (k, b, 4); `free` says per side how far the hand is not otherwise engaged (k,)."""
    pulse = beats(line, times)
    nod = np.radians(3.2) * pulse * window(times, line.start - 0.1, line.end + 0.2)
    sideways = np.radians(3.0) * wander(person, f"tilt{line.start:.2f}", times, 1.7) * window(times, line.start, line.end + 0.2)
    turns[:, skeleton.index("Head")] = qt.times(qt.times(qt.about("x", nod), qt.about("y", sideways)), turns[:, skeleton.index("Head")])
    if line.end - line.start < 0.7:
        return
    both = chance(person, f"hands{line.start:.2f}")
    for side, odds in (("Right", both < 0.8), ("Left", both > 0.45)):
        if odds:
            share = window(times, line.start - 0.15, line.end + 0.1, 0.45, 0.55) * free[side]
            lay_hand(turns, skeleton, side, _speaking_hand(person, side, line, times, pulse), share)


def _speaking_hand(person: str, side: str, line: SpokenLine, times: F8, pulse: F8) -> HandPath:
    name = f"{side}{line.start:.2f}"
    roam = [wander(person, f"{name}{axis}", times, 2.6) for axis in "xyz"]
    reach = np.column_stack(
        [0.10 + 0.07 * roam[0] + 0.05 * pulse, 0.42 + 0.06 * roam[1] + 0.05 * pulse, -0.50 + 0.07 * roam[2] + 0.10 * pulse]
    )
    opening = 0.5 + 0.5 * roam[0]
    fingers = np.column_stack([-0.25 + 0.3 * opening, np.full_like(times, 0.9), 0.25 + 0.25 * pulse])
    palm = np.column_stack([-0.9 + 0.3 * opening, 0.1 + 0 * times, 0.25 + 0.5 * opening])
    elbow = np.tile([0.45, -0.8, -0.6], (len(times), 1))
    return HandPath(reach, fingers, palm, elbow, 0.24 - 0.12 * opening, 0.18 - 0.10 * opening)
