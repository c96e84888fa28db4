"""Motion clips fitted to one skeleton: DeepMimic joints onto our bones, feet on the floor, contacts found."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinora_world.assets import Clip, load_clips
from kinora_world.cast.skeleton import Skeleton
from kinora_world.keeping import kept_with
from kinora_world.motion import quaternion as qt
from kinora_world.scene import F8

# DeepMimic has X forward, Y up, Z right; we face -Y with Z up.
_AXES = np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
_LEG = 0.83  # metres, hip to ankle of the recorded figure
_BALLS = {"Neck": 12, "RightUpLeg": 16, "RightFoot": 21, "RightArm": 25, "LeftUpLeg": 30, "LeftFoot": 35, "LeftArm": 39}
_HINGES = {"RightLeg": 20, "RightForeArm": 29, "LeftLeg": 34, "LeftForeArm": 43}
_AIRBORNE = 0.045  # metres over the floor


@dataclass(frozen=True, slots=True)
class FittedClip:
    """f frames; starts over the origin, facing -Y. `turns[:, 0]` is the hips' whole rotation."""

    times: F8  # (f,)
    turns: F8  # (f, b, 4)
    hips: F8  # (f, 3)
    grounded: F8  # (f, 2)
    stride: F8  # (3,) displacement of one whole pass
    passing: float = 0.0  # the share of a pass at which one foot swings past the other

    @property
    def duration(self) -> float:
        return float(self.times[-1])

    def at(self, times: F8) -> tuple[F8, F8, F8]:
        """Turns (k, b, 4), hips (k, 3) and grounded (k, 2) at clip times, held at both ends."""
        place = np.interp(times, self.times, np.arange(len(self.times)))
        low = np.minimum(place.astype(int), len(self.times) - 2)
        share = place - low
        wide = np.broadcast_to(share[:, None], (len(times), self.turns.shape[1]))
        turns = qt.slerp(self.turns[low], self.turns[low + 1], wide)
        hips = self.hips[low] * (1 - share[:, None]) + self.hips[low + 1] * share[:, None]
        return turns, hips, self.grounded[np.round(place).astype(int)]

    def looping(self, phase: F8) -> tuple[F8, F8, F8]:
        """As `at`, for passes counted by `phase` (k,), with the steady advance taken out."""
        share = phase % 1.0
        turns, hips, grounded = self.at(share * self.duration)
        middle = (self.hips - np.outer(self.times / self.duration, self.stride)).mean(0) * [1, 1, 0]
        return turns, hips - share[:, None] * self.stride - middle, grounded


def _turn(q: F8) -> F8:
    """A rotation in DeepMimic's axes, in ours: the axis is carried over."""
    return np.concatenate([q[..., :1], q[..., 1:] @ _AXES.T], -1)


def _hinge(angle: F8) -> F8:
    half = angle / 2
    axis = _AXES @ np.array([0.0, 0.0, 1.0])
    return np.concatenate([np.cos(half)[:, None], np.sin(half)[:, None] * axis], 1)


def _joints(clip: Clip, skeleton: Skeleton) -> F8:
    frames = clip.frames
    turns = np.broadcast_to(qt.ONE, (len(frames), len(skeleton.bones), 4)).copy()
    turns[:, 0] = _turn(frames[:, 4:8])
    chest = qt.scaled(_turn(frames[:, 8:12]), 1 / 3)
    for bone in ("Spine", "Spine1", "Spine2"):
        turns[:, skeleton.index(bone)] = chest
    for bone, column in _BALLS.items():
        turns[:, skeleton.index(bone)] = _turn(frames[:, column : column + 4])
    for bone, column in _HINGES.items():
        turns[:, skeleton.index(bone)] = _hinge(frames[:, column])
    half = qt.scaled(turns[:, skeleton.index("Neck")], 0.5)
    turns[:, skeleton.index("Neck")] = turns[:, skeleton.index("Head")] = half
    return turns


def _faced(turns: F8, hips: F8, aside: float) -> tuple[F8, F8]:
    """Start over the origin, facing -Y, or so that what lies `aside` (radians) to the left comes to the front."""
    back = qt.about("z", -qt.heading(turns[0, 0]) - aside)
    moved = turns.copy()
    moved[:, 0] = qt.times(np.broadcast_to(back, moved[:, 0].shape), moved[:, 0])
    level = (hips - [hips[0, 0], hips[0, 1], 0]) @ qt.matrix(back).T
    return moved, level


def ground_points(skeleton: Skeleton, turns: F8, hips: F8) -> tuple[F8, F8]:
    """Heights (k, n) of everything that may touch the floor, and the balls of the feet (k, 2, 3)."""
    turned, placed = skeleton.forward(qt.matrix(turns), hips)
    heights = [
        placed[:, skeleton.index(bone), None, 2] + np.einsum("kj,pj->kp", turned[:, skeleton.index(bone), 2], points)
        for bone, points in (skeleton.soles | skeleton.tips).items()
    ]
    balls = placed[:, [skeleton.index(f"{side}ToeBase") for side in ("Left", "Right")]]
    return np.concatenate(heights, 1), balls


def _landed(lowest: F8, *, looped: bool) -> F8:
    """How far to lift each frame so that grounded ones touch the floor and airborne ones keep their flight."""
    base = np.percentile(lowest, 25)
    down = lowest - base < _AIRBORNE
    frames = np.arange(len(lowest))
    lift = np.interp(frames, frames[down], -lowest[down])
    return np.asarray(np.maximum(gaussian_filter1d(lift, 1.0, mode="wrap" if looped else "nearest"), -lowest))


def _contacts(skeleton: Skeleton, turns: F8, hips: F8, times: F8) -> F8:
    turned, placed = skeleton.forward(qt.matrix(turns), hips)
    flags = []
    for side in ("Left", "Right"):
        soles = [
            placed[:, skeleton.index(b), None, 2] + np.einsum("kj,pj->kp", turned[:, skeleton.index(b), 2], skeleton.soles[b])
            for b in (f"{side}Foot", f"{side}ToeBase")
        ]
        ball = placed[:, skeleton.index(f"{side}ToeBase")]
        speed = np.linalg.norm(np.gradient(ball[:, :2], times, axis=0), axis=1)
        flags.append((np.concatenate(soles, 1).min(1) < 0.03) & (speed < 0.75))
    return np.stack(flags, 1).astype(np.float64)


@kept_with(1)
def fit(name: str, skeleton: Skeleton, aside: float = 0.0) -> FittedClip:
    """A clip on a skeleton. Raises KeyError for an unknown name."""
    clip = load_clips()[name]
    times = np.concatenate([[0.0], np.cumsum(clip.frames[:-1, 0])])
    scale = skeleton.length("LeftUpLeg", "LeftFoot") / _LEG
    turns, hips = _faced(qt.continuous(_joints(clip, skeleton)), clip.frames[:, 1:4] @ _AXES.T * scale, float(np.radians(aside)))
    heights, _ = ground_points(skeleton, turns, hips)
    hips[:, 2] += _landed(heights.min(1), looped=clip.looped)
    stride = (hips[-1] - hips[0]) * [1, 1, 0]
    _, balls = ground_points(skeleton, turns, hips)
    passing = float(times[np.abs(balls[:, 0, 1] - balls[:, 1, 1])[: len(times) * 3 // 4].argmin()] / times[-1])
    return FittedClip(times, turns, hips, _contacts(skeleton, turns, hips, times), stride, passing)
