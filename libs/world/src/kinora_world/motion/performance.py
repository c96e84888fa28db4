"""The finished performance: sampled motion, read between samples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.track import RATE, Track
from kinora_world.scene import F8, Footfall, Hold, Launch, Pose

Face = Callable[[float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class SampledPerformance:
    """Implements `scene.Performance`. Times outside the shot read its ends."""

    skeleton: Skeleton
    track: Track
    heads: F8  # (k, b, 3) bone heads on the stage
    face: Face
    footfalls: tuple[Footfall, ...] = ()
    holds: tuple[Hold, ...] = ()
    launches: tuple[Launch, ...] = ()
    falls: tuple[float, ...] = ()  # when balance is lost: from then on physics may have the body

    def pose(self, time: float) -> Pose:
        low, share = self._place(time)
        turns = qt.slerp(self.track.turns[low], self.track.turns[low + 1], np.full(len(self.skeleton.bones), share))
        hips = self.track.hips[low] * (1 - share) + self.track.hips[low + 1] * share
        heading = float(self.track.heading[low] * (1 - share) + self.track.heading[low + 1] * share)
        yaw = qt.about("z", heading)
        turns[0] = qt.times(qt.inverse(yaw), turns[0])
        root = np.eye(4)
        root[:3, :3] = qt.matrix(yaw)
        root[:3, 3] = hips - root[:3, :3] @ self.skeleton.offsets[0]
        matrices = qt.matrix(turns)
        return Pose(dict(zip(self.skeleton.bones, matrices, strict=True)), root, dict(self.face(time)))

    def joint(self, name: str, time: float) -> F8:
        low, share = self._place(time)
        bone = self.skeleton.index(name)
        return np.asarray(self.heads[low, bone] * (1 - share) + self.heads[low + 1, bone] * share)

    def _place(self, time: float) -> tuple[int, float]:
        place = min(max(time * RATE, 0.0), len(self.track) - 1.0)
        low = min(int(place), len(self.track) - 2)
        return low, place - low
