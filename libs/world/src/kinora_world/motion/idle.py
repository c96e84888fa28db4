"""Standing: relaxed arms, breath, shifting weight. Slow sums of sines with a phase per person, so nobody moves in step."""

import numpy as np

from kinora_world.cast.shape import chance
from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.track import Track
from kinora_world.scene import F8

FINGERS = ("Index", "Middle", "Ring", "Pinky")


def wander(person: str, purpose: str, times: F8, period: float) -> F8:
    """Smooth noise within about -1..1."""
    total = np.zeros_like(times)
    for k, weight in enumerate((0.55, 0.3, 0.25)):
        phase = 2 * np.pi * chance(person, f"{purpose}{k}")
        total += weight * np.sin(2 * np.pi * times / (period * (1.0, 0.61, 0.37)[k]) + phase)
    return total


def curl(turns: F8, skeleton: Skeleton, side: str, amount: F8 | float, *, index: F8 | float | None = None) -> None:
    """Bend the fingers of one hand, 0 flat to 1 a fist; `index` for the pointing finger alone. Writes into `turns` (k, b, 4)."""
    sign = 1.0 if side == "Left" else -1.0
    for finger in FINGERS:
        bend = np.asarray(index if finger == "Index" and index is not None else amount)
        along = skeleton.offsets[skeleton.index(f"{side}Hand{finger}2")]
        fan = np.arctan2(along[1], -along[2])  # fingers close up as they bend
        together = qt.about("x", np.broadcast_to(-fan * (0.35 + 0.65 * bend), len(turns)))
        for joint, degrees in ((1, 75.0), (2, 95.0), (3, 60.0)):
            turns[:, skeleton.index(f"{side}Hand{finger}{joint}")] = qt.about(
                "y", sign * np.radians(degrees) * np.broadcast_to(bend, len(turns))
            )
        first = skeleton.index(f"{side}Hand{finger}1")
        turns[:, first] = qt.times(turns[:, first], together)
    for joint, degrees in ((2, 25.0), (3, 40.0)):
        angle = np.radians(degrees) * np.broadcast_to(np.asarray(amount), len(turns))
        turns[:, skeleton.index(f"{side}HandThumb{joint}")] = qt.about("x", angle)


def relaxed(skeleton: Skeleton, count: int) -> F8:
    """Arms hanging clear of the body, elbows a little bent, soft hands, (count, b, 4)."""
    turns = np.broadcast_to(qt.ONE, (count, len(skeleton.bones), 4)).copy()
    for side, sign in SIDES:
        turns[:, skeleton.index(f"{side}Arm")] = qt.times(qt.about("y", -sign * skeleton.clearance), qt.about("x", 0.06))
        turns[:, skeleton.index(f"{side}ForeArm")] = qt.times(qt.about("y", sign * 0.6 * skeleton.clearance), qt.about("x", -0.30))
        curl(turns, skeleton, side, 0.22)
    return turns


def hang(turns: F8, skeleton: Skeleton, pitch: F8) -> None:
    """Let the arms hang straight down from a chest that is bent forwards by `pitch` degrees (k,)."""
    back = qt.about("x", -np.radians(np.clip(pitch, 0, 75)) * 0.85)
    for side, _ in SIDES:
        i = skeleton.index(f"{side}Arm")
        turns[:, i] = qt.times(back, turns[:, i])


def stand(skeleton: Skeleton, person: str, times: F8, place: F8, heading: F8) -> Track:
    """Standing over `place` (k, 2) facing `heading` (k,) at shot times (k,)."""
    turns = relaxed(skeleton, len(times))
    breath = np.sin(2 * np.pi * (times / 3.6 + chance(person, "breath")))
    lean, sway = wander(person, "lean", times, 7.3), wander(person, "sway", times, 9.1)
    turns[:, skeleton.index("Spine1")] = qt.times(qt.about("x", 0.012 * breath), qt.about("y", 0.018 * sway))
    turns[:, skeleton.index("Spine2")] = qt.times(qt.about("x", 0.010 * breath), qt.about("z", 0.02 * lean))
    turns[:, skeleton.index("Neck")] = qt.about("x", 0.03 * wander(person, "nod", times, 5.3) - 0.008 * breath)
    turns[:, skeleton.index("Head")] = qt.times(qt.about("z", 0.06 * wander(person, "look", times, 6.1)), qt.about("y", 0.025 * lean))
    for side, sign in SIDES:
        turns[:, skeleton.index(f"{side}Shoulder")] = qt.about("y", -sign * 0.012 * breath)
        turns[:, skeleton.index(f"{side}UpLeg")] = qt.times(
            qt.about("z", sign * 0.12), qt.times(qt.about("y", -sign * 0.03), qt.about("x", -0.05))
        )
        turns[:, skeleton.index(f"{side}Leg")] = qt.about("x", 0.10)
        turns[:, skeleton.index(f"{side}Foot")] = qt.about("x", -0.05)
    scale = skeleton.offsets[0, 2]
    turns[:, 0] = qt.times(qt.about("z", heading), qt.about("y", -0.022 * sway))
    aside = 0.020 * scale * sway
    hips = np.column_stack(
        [place[:, 0] + np.cos(heading) * aside, place[:, 1] + np.sin(heading) * aside, np.full(len(times), scale * 0.992)]
    )
    return Track(turns, hips, heading.copy(), np.ones((len(times), 2)), np.zeros(len(times)), np.zeros((len(times), 3)))
