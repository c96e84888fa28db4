"""People as physics sees them: capsules that follow the performance and push what they meet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kinora_world.scene import F8, Performance

RATE = 60.0  # joints are sampled this often and joined by straight lines, Hz
GROWN = 1.7  # m: the height that limb radii are given for


@dataclass(frozen=True, slots=True)
class Limb:
    """A capsule between two joints, lengthened by `beyond` metres at its far end."""

    name: str
    start: str
    end: str
    radius: float
    beyond: float = 0.0


LIMBS = (
    Limb("torso", "Hips", "Neck", 0.14),
    Limb("head", "Neck", "Head", 0.09, 0.12),
    *(
        limb
        for side in ("Left", "Right")
        for limb in (
            Limb(f"{side}Forearm", f"{side}ForeArm", f"{side}Hand", 0.045, 0.13),
            Limb(f"{side}Thigh", f"{side}UpLeg", f"{side}Leg", 0.075),
            Limb(f"{side}Shin", f"{side}Leg", f"{side}Foot", 0.055),
            Limb(f"{side}Foot", f"{side}Foot", f"{side}ToeBase", 0.045, 0.06),
        )
    ),
)
JOINTS = tuple(dict.fromkeys(joint for limb in LIMBS for joint in (limb.start, limb.end)))
_COLUMN = {joint: index for index, joint in enumerate(JOINTS)}


class Tracks:
    """Joint positions of everyone through the shot, sampled once."""

    def __init__(self, performances: Mapping[str, Performance], duration: float, check: Callable[[], None]) -> None:
        self.performances = performances
        self._samples: dict[str, F8] = {}  # (n, joints, 3)
        for name, performance in performances.items():
            times = np.arange(int(np.ceil(duration * RATE)) + 2) / RATE
            self._samples[name] = np.array([_joints(performance, time, check) for time in times])

    def at(self, name: str, time: float) -> F8:
        """(joints, 3) in the order of JOINTS."""
        return _between(self._samples[name], time)

    def capsules(self, name: str) -> F8:
        """(n, limbs, 6): the middle of each limb and the direction it points in, at RATE."""
        ends = [[_ends(joints, limb) for limb in LIMBS] for joints in self._samples[name]]
        return np.array([[np.concatenate([(start + end) / 2, end - start]) for start, end in limbs] for limbs in ends])

    def joint(self, name: str, joint: str, time: float) -> F8:
        place: F8 = self.at(name, time)[_COLUMN[joint]]
        return place

    def half_length(self, name: str, limb: Limb) -> float:
        start, end = _ends(self.at(name, 0.0), limb)
        return max(0.01, float(np.linalg.norm(end - start)) / 2)

    def scale(self, name: str) -> float:
        """How big the person is beside a grown-up, by the length of the thigh."""
        joints = self.at(name, 0.0)
        leg = np.linalg.norm(joints[_COLUMN["LeftUpLeg"]] - joints[_COLUMN["LeftLeg"]])
        return float(np.clip(leg / 0.42, 0.5, 1.2))


def _joints(performance: Performance, time: float, check: Callable[[], None]) -> list[F8]:
    check()
    return [performance.joint(joint, float(time)) for joint in JOINTS]


def _ends(joints: F8, limb: Limb) -> tuple[F8, F8]:
    start, end = joints[_COLUMN[limb.start]], joints[_COLUMN[limb.end]]
    along = end - start
    return start, end + along * (limb.beyond / max(1e-6, float(np.linalg.norm(along))))


class Puppets:
    """Moves the mocap bodies of the model along the tracks, everyone at once."""

    def __init__(self, model: Any, tracks: Tracks) -> None:
        names = list(tracks.performances)
        self._rows = np.array([model.body(f"{name}.{limb.name}").mocapid[0] for name in names for limb in LIMBS], int)
        self._samples = np.concatenate([tracks.capsules(name) for name in names], axis=1) if names else None

    def follow(self, data: Any, time: float) -> None:
        """Set where the capsules are at `time`; the solver makes their speed of it."""
        if self._samples is None:
            return
        now = _between(self._samples, time)
        along = now[:, 3:]
        along *= np.where(along[:, 2:] < 0, -1, 1)  # a capsule has no front: upwards, the turn from Z is never ambiguous
        data.mocap_pos[self._rows] = now[:, :3]
        along[:, 2] += 1e-9  # one without length stands upright
        quats = np.stack([np.sqrt((along**2).sum(1)) + along[:, 2], -along[:, 1], along[:, 0], 0 * along[:, 0]], 1)
        data.mocap_quat[self._rows] = quats / np.sqrt((quats**2).sum(1, keepdims=True))


def _between(samples: F8, time: float) -> F8:
    """`samples` (n, ...) at `time`, joined by straight lines."""
    place = min(max(0.0, time * RATE), len(samples) - 1.001)
    before = int(place)
    blend = place - before
    now: F8 = samples[before] * (1 - blend) + samples[before + 1] * blend
    return now
