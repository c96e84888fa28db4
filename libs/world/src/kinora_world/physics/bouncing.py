"""Balls bounce by Newton's law of restitution: off what stands still they leave with just that share of the speed they came with.

The solver's contact is a spring and a damper in small steps. How much such a bounce gives back depends a little on where between two steps
it begins, and gravity takes some while the ball is dented: it would rise 3 to 17 % too low. So the speed is set right as it leaves.
"""

import math
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

from kinora_world.physics.ballistics import GRAVITY
from kinora_world.physics.world import Thing, World, pose_of
from kinora_world.scene import F8

SLOWEST = 0.3  # m/s: what comes slower comes to rest
LONGEST = 0.05  # s: what stays longer lies or rolls


@dataclass(frozen=True, slots=True)
class _Touch:
    since: float
    normal: F8  # (3,) away from what is touched
    speed: float  # m/s towards it
    surface: float  # m along the normal, where the ball's base touches without a dent


class Bounces:
    """Call `before` and `after` around every step."""

    def __init__(self, world: World) -> None:
        model = world.model
        self._balls = {int(thing.geoms[0]): thing for thing in world.things.values() if _is_ball(model, thing)}
        still = (model.body_dofnum[model.geom_bodyid] == 0) & (model.body_mocapid[model.geom_bodyid] < 0)
        self._still = np.asarray(still, bool)
        self._touches: dict[int, _Touch] = {}
        self._came: dict[int, tuple[F8, F8]] = {}  # place and velocity before the step

    def state(self) -> dict[int, _Touch]:
        """What is going on, to be put back by `restore`."""
        return dict(self._touches)

    def restore(self, state: dict[int, _Touch]) -> None:
        self._touches = state

    def before(self, data: Any) -> None:
        self._came = {geom: (self._centre(data, ball), data.qvel[ball.dof : ball.dof + 3].copy()) for geom, ball in self._balls.items()}

    def after(self, data: Any) -> None:
        touching = self._touching(data) if self._balls and data.ncon else {}
        for geom, ball in self._balls.items():
            if geom in touching:
                if geom not in self._touches:
                    (normal, gap), (place, velocity) = touching[geom], self._came[geom]
                    self._touches[geom] = _Touch(data.time, normal, -float(velocity @ normal), float(place @ normal) - gap)
            elif geom in self._touches:
                self._leave(data, ball, self._touches.pop(geom))

    @staticmethod
    def _centre(data: Any, ball: Thing) -> F8:
        return np.asarray((pose_of(ball, data.qpos) @ np.append(ball.centre, 1.0))[:3])

    def _touching(self, data: Any) -> dict[int, tuple[F8, float]]:
        """Per ball the normal and the gap (below 0) of its deepest contact with something that stands still, before the step."""
        found: dict[int, tuple[F8, float]] = {}
        for index in np.argsort(data.contact.dist):
            one, other = (int(g) for g in data.contact.geom[index])
            normal = data.contact.frame[index, :3]  # from the first to the second
            for ball, wall, away in ((one, other, -normal), (other, one, normal)):
                if ball in self._balls and self._still[wall] and data.contact.efc_address[index] >= 0:
                    found.setdefault(ball, (away.copy(), float(data.contact.dist[index])))
        return found

    def _leave(self, data: Any, ball: Thing, touch: _Touch) -> None:
        if touch.speed < SLOWEST or data.time - touch.since > LONGEST:
            return
        gone = float(self._centre(data, ball) @ touch.normal) - touch.surface  # in the step that ended the touch
        given_back = (ball.kind.restitution * touch.speed) ** 2 - 2 * GRAVITY * float(touch.normal[2]) * gone
        velocity = data.qvel[ball.dof : ball.dof + 3]
        velocity += touch.normal * (math.sqrt(max(given_back, 0.0)) - float(velocity @ touch.normal))


def _is_ball(model: Any, thing: Thing) -> bool:
    return thing.kind.hangs is None and len(thing.geoms) == 1 and model.geom_type[thing.geoms[0]] == mujoco.mjtGeom.mjGEOM_SPHERE
