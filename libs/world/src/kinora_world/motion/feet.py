"""Feet on the floor: planted feet stay put, standing people step when they turn or drift, legs follow by two-bone inverse kinematics."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d, uniform_filter1d

from kinora_world.cast.skeleton import SIDES, Skeleton, unit
from kinora_world.motion import quaternion as qt
from kinora_world.motion.limbs import aimed, bend
from kinora_world.motion.track import RATE, Track, smooth
from kinora_world.scene import F8

_STEP = 0.30  # seconds
_EARLY = 2  # samples: a foot that comes down stops before it touches
_FAR = 0.27  # metres of a grown-up: how far behind a standing foot may stay
_CLEAR = 0.006  # metres that a moving foot is kept off the ground
_FADE = 0.09  # seconds: how fast a lifted foot forgets where it stood


@dataclass(slots=True)
class Planted:
    """What the feet do, (k, 2, ...): where each ball is to be, how far the foot is turned from its clip, lift, and whether it stands."""

    balls: F8  # (k, 2, 2)
    yaw: F8  # (k, 2) radians to add
    lift: F8  # (k, 2) metres
    standing: F8  # (k, 2) 0 or 1


class _Foot:
    """One foot through time."""

    def __init__(self, ball: F8, yaw: F8, grounded: F8, free: F8, reach: float) -> None:
        self.ball, self.toe, self.grounded, self.free, self.reach = ball, yaw, grounded, free, reach
        self.anchor: F8 | None = None
        self.anchor_yaw = 0.0
        self.offset, self.turn = np.zeros(2), 0.0
        self.stepping = -1  # the sample at which a step began

    def advance(self, k: int, *, may_step: bool) -> tuple[F8, float, float, bool]:
        if self.stepping >= 0:
            return self._step(k)
        if self.grounded[k] < 0.5:
            return self._swing(k)
        if self.anchor is None:
            self.anchor, self.anchor_yaw = self.ball[k] + self.offset, self.toe[k] + self.turn
        self.offset, self.turn = self.anchor - self.ball[k], _wrapped(self.anchor_yaw - self.toe[k])
        return self._stand(k, may_step=may_step)

    def _stand(self, k: int, *, may_step: bool) -> tuple[F8, float, float, bool]:
        assert self.anchor is not None  # noqa: S101  # set by advance
        far = float(np.linalg.norm(self.offset)) / self.reach
        if self.free[k] > 0.5:
            self.anchor_yaw = self.toe[k]  # a clip may pivot on the ball of the foot
            if far > _FAR and may_step:
                self.stepping = k
                return self._step(k)
            if far > _FAR:
                self.anchor = None
                return self._swing(k)
            return self.anchor, 0.0, 0.0, True
        if may_step and (far > 0.11 or abs(self.turn) > 0.42):
            self.stepping = k
            return self._step(k)
        return self.anchor, self.turn, 0.0, True

    def _step(self, k: int) -> tuple[F8, float, float, bool]:
        assert self.anchor is not None  # noqa: S101
        length = int(_STEP * RATE)
        end = min(self.stepping + length, len(self.ball) - 1)
        u = (k - self.stepping) / length
        share = float(smooth(np.array(u)))
        goal, goal_yaw = self.ball[end], self.toe[end]
        spot = self.anchor * (1 - share) + goal * share
        yaw = self.anchor_yaw + _wrapped(goal_yaw - self.anchor_yaw) * share
        self.offset, self.turn = spot - self.ball[k], _wrapped(yaw - self.toe[k])
        if k >= self.stepping + length or self.grounded[k] < 0.5:
            self.anchor, self.anchor_yaw, self.stepping = spot, yaw, -1
        return spot, self.turn, 0.055 * self.reach * float(np.sin(np.pi * min(u, 1.0))), False

    def _swing(self, k: int) -> tuple[F8, float, float, bool]:
        self.anchor = None
        fade = float(np.exp(-1 / (RATE * _FADE)))
        self.offset, self.turn = self.offset * fade, self.turn * fade
        return self.ball[k] + self.offset, self.turn, 0.0, False


def _wrapped(angle: float) -> float:
    return float(np.arctan2(np.sin(angle), np.cos(angle)))


def plant(skeleton: Skeleton, track: Track) -> Planted:
    turned, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    reach = skeleton.length("LeftUpLeg", "LeftFoot") / 0.83
    count = len(track)
    result = Planted(np.zeros((count, 2, 2)), np.zeros((count, 2)), np.zeros((count, 2)), np.zeros((count, 2)))
    feet = []
    soon = np.concatenate([track.grounded[_EARLY:], track.grounded[-_EARLY:]])
    early = np.maximum(track.grounded, soon * track.free[:, None])
    for f, (side, _) in enumerate(SIDES):
        forward = -turned[:, skeleton.index(f"{side}Foot"), :, 1]
        ball = placed[:, skeleton.index(f"{side}ToeBase"), :2]
        feet.append(_Foot(ball, np.arctan2(forward[:, 0], -forward[:, 1]), early[:, f], track.free, reach))
    for k in range(count):
        for f in (0, 1) if k % 2 else (1, 0):
            other = feet[1 - f]
            may = other.stepping < 0 and bool(other.grounded[k] > 0.5)
            result.balls[k, f], result.yaw[k, f], result.lift[k, f], standing = feet[f].advance(k, may_step=may)
            result.standing[k, f] = float(standing)
    return result


def set_feet(skeleton: Skeleton, track: Track, planted: Planted) -> None:
    """Write legs that reach the planted feet into `track`; hips sink where a leg would be too short. No sole goes under the floor."""
    track.hips += track.shift
    turned, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    goals, soles = [], []
    for f, (side, _) in enumerate(SIDES):
        foot, toe = skeleton.index(f"{side}Foot"), skeleton.index(f"{side}ToeBase")
        sole = qt.matrix(qt.about("z", planted.yaw[:, f])) @ turned[:, foot]
        weight = uniform_filter1d(minimum_filter1d(planted.standing[:, f], 5), 5)  # it comes down where it is going to stand
        swung = placed[:, toe, 2] - track.shift[:, 2]  # a crouch lowers the hips, not the foot that swings past
        bent = _toe_bend(sole, swung)
        low = _lowest(skeleton, side, sole, bent)  # of the foot, from the ball's joint
        height = np.maximum(swung * (1 - weight) - low * weight, -low) + planted.lift[:, f] + _CLEAR * (1 - planted.standing[:, f])
        ball = np.column_stack([planted.balls[:, f], height])
        goals.append(ball - np.einsum("kij,j->ki", sole, skeleton.offsets[toe]))
        soles.append((sole, bent))
    sink = _sink(skeleton, placed, goals, planted)
    track.hips[:, 2] -= sink
    placed[:, :, 2] -= sink[:, None]
    for f, (side, _) in enumerate(SIDES):
        _set_leg(skeleton, track, turned, placed, side, goals[f], *soles[f])


def _toe_bend(sole: F8, height: F8) -> F8:
    """Toes stay level while the heel rises: radians about X."""
    rise = np.arcsin(np.clip(sole[:, 2, 1], -1, 1))  # positive with the heel up
    return np.clip(rise, 0, 0.9) * np.clip((0.16 - height) / 0.08, 0, 1)


def _lowest(skeleton: Skeleton, side: str, sole: F8, bent: F8) -> F8:
    toe = skeleton.index(f"{side}ToeBase")
    heel = np.einsum("kj,pj->kp", sole[:, 2], skeleton.soles[f"{side}Foot"] - skeleton.offsets[toe])
    tip = np.einsum("kj,pj->kp", (sole @ qt.matrix(qt.about("x", -bent)))[:, 2], skeleton.soles[f"{side}ToeBase"])
    return np.asarray(np.concatenate([heel, tip], 1).min(1))


def _sink(skeleton: Skeleton, placed: F8, goals: list[F8], planted: Planted) -> F8:
    needed = np.zeros(len(placed))
    for f, (side, _) in enumerate(SIDES):
        hip = placed[:, skeleton.index(f"{side}UpLeg")]
        longest = 0.996 * (_length(skeleton, f"{side}Leg") + _length(skeleton, f"{side}Foot"))
        flat = np.linalg.norm(goals[f][:, :2] - hip[:, :2], axis=1)
        allowed = goals[f][:, 2] + np.sqrt(np.maximum(longest**2 - flat**2, 0.04))
        needed = np.maximum(needed, (hip[:, 2] - allowed) * (planted.standing[:, f] + (planted.lift[:, f] > 0) > 0))
    return np.asarray(gaussian_filter1d(maximum_filter1d(np.clip(needed, 0, 0.25), 9), 3))


def _length(skeleton: Skeleton, bone: str) -> float:
    return float(np.linalg.norm(skeleton.offsets[skeleton.index(bone)]))


def _set_leg(skeleton: Skeleton, track: Track, turned: F8, placed: F8, side: str, ankle: F8, sole: F8, bent: F8) -> None:
    up, low, foot, toe = (skeleton.index(side + b) for b in ("UpLeg", "Leg", "Foot", "ToeBase"))
    pole = -(turned[:, up, :, 1] + 0.35 * sole[:, :, 1])  # knees point where thigh and toes did
    thigh, shin = bend(ankle - placed[:, up], pole, _length(skeleton, f"{side}Leg"), _length(skeleton, f"{side}Foot"))
    hinge = unit(np.cross(pole, unit(ankle - placed[:, up])))
    upper = aimed(skeleton.offsets[low], np.array([1.0, 0, 0]), thigh, hinge)
    lower = aimed(skeleton.offsets[foot], np.array([1.0, 0, 0]), shin, hinge)
    track.turns[:, up] = qt.of_matrix(turned[:, 0].transpose(0, 2, 1) @ upper)
    track.turns[:, low] = qt.of_matrix(upper.transpose(0, 2, 1) @ lower)
    track.turns[:, foot] = qt.of_matrix(lower.transpose(0, 2, 1) @ sole)
    track.turns[:, toe] = qt.about("x", -bent)
