"""How a mood and the years show in the bearing: a bent back, hanging or lifted shoulders and head."""

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.gesture import window
from kinora_world.motion.track import Track
from kinora_world.scene import F8

# Degrees: the spine forwards, the head down, the shoulders up; how far the hips sink, in leg lengths; and the head to its left, degrees.
BEARINGS: dict[str, tuple[float, float, float, float, float]] = {
    "joyful": (-3, -4, 0, 0.0, 0),
    "playful": (-1, -3, 2, 0.0, 5),
    "romantic": (1, 3, 0, 0.0, 7),
    "sad": (11, 15, -3, 0.01, 0),
    "tense": (5, 2, 7, 0.02, 0),
    "scary": (8, -2, 12, 0.05, 0),
    "mysterious": (4, 5, 3, 0.01, 0),
    "epic": (-6, -5, -2, 0.0, 0),
    "surprised": (-5, -5, 7, 0.0, 0),
    "disgusted": (-7, 3, 5, 0.0, -6),
    "sleepy": (7, 9, -5, 0.02, 8),
    "proud": (-8, -8, -2, 0.0, 0),
    "shy": (5, 8, 8, 0.01, -9),
    "confused": (2, 0, 5, 0.0, 13),
}
_OLD, _VERY_OLD = 60.0, 90.0
_STOOP = (15.0, -11.0, 3.0, 0.02, 0.0)


def bear(track: Track, skeleton: Skeleton, times: F8, moods: list[tuple[str, float, float]], age_years: float) -> None:
    """Bend an upright body by its moods (name, start, end) and its years. Lying and tumbling bodies are left alone."""
    amounts = np.zeros((len(times), 5))
    for name, start, end in moods:
        if name in BEARINGS:
            amounts += window(times, start, end, 0.6, 0.8)[:, None] * BEARINGS[name]
    stoop = np.clip((age_years - _OLD) / (_VERY_OLD - _OLD), 0, 1)
    amounts += stoop * np.array(_STOOP)
    if not amounts.any():
        return
    upright = np.clip((qt.matrix(track.turns[:, 0])[:, 2, 2] - 0.7) / 0.25, 0, 1)
    spine, head, shoulders, sink, tilt = (amounts * upright[:, None]).T
    for bones, degrees, aside in ((("Spine", "Spine1", "Spine2"), spine, 0 * tilt), (("Neck", "Head"), head, tilt)):
        turn = qt.times(qt.about("x", np.radians(degrees) / len(bones)), qt.about("y", np.radians(aside) / len(bones)))
        for bone in bones:
            i = skeleton.index(bone)
            track.turns[:, i] = qt.times(turn, track.turns[:, i])
    for side, sign in SIDES:
        i = skeleton.index(f"{side}Shoulder")
        track.turns[:, i] = qt.times(qt.about("y", -sign * np.radians(shoulders)), track.turns[:, i])
    track.shift[:, 2] -= sink * skeleton.length("LeftUpLeg", "LeftFoot") * track.grounded.min(1)


def tempo_of(age_years: float, height: float) -> float:
    """How fast somebody moves beside a grown-up: children quicker, old people slower."""
    young = float(np.clip((1.5 - height) / 0.5, 0, 1)) * 0.4
    return 1.0 + young - 0.25 * float(np.clip((age_years - _OLD) / (_VERY_OLD - _OLD), 0, 1))
