"""A creature's finished performance: a face whose jaw speaks and barks, and joints under a person's names."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kinora_world.motion import quaternion as qt
from kinora_world.motion.face import FaceTrack
from kinora_world.motion.performance import SampledPerformance
from kinora_world.motion.track import RATE
from kinora_world.scene import F8, Footfall, Hold, Launch, Pose

_WIDE = 1.9  # an animal's jaw shows a word only when it moves more than a person's


@dataclass(frozen=True, slots=True)
class CreatureFace:
    """Callable: seconds to face weights."""

    words: FaceTrack
    jaw: F8  # (k,) 0..1
    shut: F8  # (k,) how far the eyes are closed

    def __call__(self, time: float) -> Mapping[str, float]:
        at = float(np.clip(time * RATE, 0, len(self.jaw) - 1))
        rows = np.arange(len(self.jaw))
        weights = dict(self.words(time))
        weights["jawOpen"] = max(min(1.0, _WIDE * weights.get("jawOpen", 0.0)), float(np.interp(at, rows, self.jaw)))
        for side in ("Left", "Right"):
            lid = f"eyeBlink{side}"
            weights[lid] = max(weights.get(lid, 0.0), float(np.interp(at, rows, self.shut)))
        return weights


@dataclass(frozen=True, slots=True)
class MouthPath:
    """Callable: seconds to the (4, 4) pose of what is carried; it turns with its carrier."""

    places: F8  # (k, 3) of the prop's base at RATE
    heading: F8  # (k,)

    def __call__(self, time: float) -> F8:
        at, rows = float(np.clip(time * RATE, 0, len(self.heading) - 1)), np.arange(len(self.heading))
        pose = np.eye(4)
        pose[:3, :3] = qt.matrix(qt.about("z", float(np.interp(at, rows, self.heading))))
        pose[:3, 3] = [np.interp(at, rows, column) for column in self.places.T]
        return pose


@dataclass(frozen=True, slots=True)
class CreaturePerformance:
    """Implements `scene.Performance`. A joint the body lacks is read at the hips."""

    sampled: SampledPerformance

    @property
    def footfalls(self) -> tuple[Footfall, ...]:
        return self.sampled.footfalls

    @property
    def holds(self) -> tuple[Hold, ...]:
        return self.sampled.holds

    @property
    def launches(self) -> tuple[Launch, ...]:
        return self.sampled.launches

    def pose(self, time: float) -> Pose:
        return self.sampled.pose(time)

    def joint(self, name: str, time: float) -> F8:
        return self.sampled.joint(name if name in self.sampled.skeleton.bones else "Hips", time)
