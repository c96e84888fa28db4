"""Small steps for fast things: the faster the fastest, the stiffer every contact and the finer the step.

A contact is a spring: a thing at `v` dents by about v / rate. With a rate that grows with the speed no thing sinks in by more than
ORDINARY / CONTACT_RATE metres, so that none comes out at the back of a wall.
"""

from typing import Any

import numpy as np

from kinora_world.physics.world import STEP, World

ORDINARY = 6.0  # m/s: up to here one step and the usual stiffness do
FINEST = 8
KEPT = 0.03  # s: a bounce that began stiff must end as stiff, or it would lose what it stored


class Pace:
    """Sets the model's step and its contacts' stiffness as things speed up and slow down."""

    def __init__(self, world: World) -> None:
        self._model = world.model
        self._dofs = np.array([thing.dof for thing in world.things.values() if thing.kind.hangs is None], int)[:, None] + np.arange(3)
        springs = world.model.geom_solref[:, 0] < 0  # flesh is given by time constant and stays as it is
        self._springs, self._usual = springs, world.model.geom_solref[springs].copy()
        self._level, self._until = 1, 0.0

    def mind(self, data: Any) -> float:
        """The step to take now, seconds."""
        fastest = float(np.sqrt((data.qvel[self._dofs] ** 2).sum(1).max(initial=0.0)))
        level = 1
        while level < FINEST and fastest > ORDINARY * level:
            level *= 2
        if level >= self._level:
            self._until = data.time + KEPT
        if level > self._level or data.time > self._until:
            self._level = level
            self._model.opt.timestep = STEP / level
            self._model.geom_solref[self._springs] = self._usual * (level**2, level)
        return STEP / level
