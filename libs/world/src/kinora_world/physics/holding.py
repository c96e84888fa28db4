"""Things in hands."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from kinora_world.physics.ballistics import level
from kinora_world.physics.people import Tracks
from kinora_world.physics.world import Thing
from kinora_world.scene import F8, Hold

PALM = 0.085  # m from the wrist
REACH = 0.15  # s in which a thing comes to hand


def forward(tracks: Tracks, actor: str, time: float) -> F8:
    """Level unit vector the actor's hips face."""
    across = tracks.joint(actor, "LeftUpLeg", time) - tracks.joint(actor, "RightUpLeg", time)
    return level(np.array([across[1], -across[0], 0.0]))  # across x up


def palm(tracks: Tracks, actor: str, side: str, time: float) -> F8:
    """(3,) of the middle of the hand."""
    wrist = tracks.joint(actor, f"{side}Hand", time)
    along = wrist - tracks.joint(actor, f"{side}ForeArm", time)
    middle: F8 = wrist + along * (PALM / max(1e-6, float(np.linalg.norm(along))))
    return middle


def hand_centre(tracks: Tracks, actor: str, hold: Hold, radius: float, time: float) -> F8:
    """Where the middle of a held thing of `radius` is: before one palm, or between and a little before both."""
    ahead = forward(tracks, actor, time)
    if hold.hand != "Both":
        side = "Right" if hold.hand == "Body" else hold.hand
        wrist = tracks.joint(actor, f"{side}Hand", time)
        out = palm(tracks, actor, side, time)
        return out + (out - wrist) * (0.6 * min(radius, 0.15) / PALM)
    left, right = (palm(tracks, actor, side, time) for side in ("Left", "Right"))
    gap = float(np.linalg.norm(left - right)) / 2
    return (left + right) / 2 + ahead * float(np.sqrt(max(0.0, radius**2 - gap**2))) * 0.8


@dataclass(slots=True)
class Grip:
    """A running hold. `taken` is the (4, 4) pose the thing was found in."""

    actor: str
    hold: Hold
    thing: Thing
    taken: F8
    tracks: Tracks

    def pose(self, time: float) -> F8:
        """(4, 4) of the thing: where the action says, else it turns with its holder and stays as upright as it was found."""
        if self.hold.path is not None:
            return self._reached(self.hold.path(time), time)
        turn = _yaw(forward(self.tracks, self.actor, time)) - _yaw(forward(self.tracks, self.actor, self.hold.start))
        held = np.eye(4)
        held[:3, :3] = Rotation.from_euler("z", turn).as_matrix() @ self.taken[:3, :3]
        held[:3, 3] = self._origin(held[:3, :3], time)
        return self._reached(held, time)

    def _reached(self, held: F8, time: float) -> F8:
        done = (time - self.hold.start) / REACH
        return held if done >= 1 or self.hold.start <= 0 else _blend(self.taken, held, max(0.0, done))

    def _origin(self, turn: F8, time: float) -> F8:
        grip = self.thing.kind.anchors.get("grip")
        if grip is not None and self.hold.hand != "Both":
            middle, anchor = palm(self.tracks, self.actor, self.hold.hand, time), np.array(grip)
        else:
            middle, anchor = hand_centre(self.tracks, self.actor, self.hold, self.thing.radius, time), self.thing.centre
        origin: F8 = middle - turn @ anchor
        return origin


def _yaw(direction: F8) -> float:
    return float(np.arctan2(direction[1], direction[0]))


def _blend(before: F8, after: F8, done: float) -> F8:
    between = np.eye(4)
    ends = Rotation.from_matrix(np.stack([before[:3, :3], after[:3, :3]]))
    between[:3, :3] = Slerp([0, 1], ends)(done).as_matrix()
    between[:3, 3] = before[:3, 3] * (1 - done) + after[:3, 3] * done
    return between
