"""Who passes through what: hands reach into what they take, and a foot does not strike the ball it has just kicked a second time."""

from collections.abc import Mapping, Sequence
from typing import Any

import mujoco

from kinora_world.physics.holding import Grip
from kinora_world.physics.world import EVERYTHING, THINGS, Thing, World
from kinora_world.scene import Hold, Launch

BEFORE, AFTER = 0.5, 0.5  # s around a hold or launch in which its actor and the thing pass through each other
INSIDE = -0.005  # m: a person this deep in a thing at the start sits on it or wears it


class Sparing:
    """Sets the collision masks of things as time goes on."""

    def __init__(self, world: World, data: Any, holds: Sequence[tuple[str, Hold]], launches: Sequence[tuple[str, Launch]]) -> None:
        self._world = world
        self._windows = [(h.prop, world.bits[actor], h.start - BEFORE, h.end + AFTER) for actor, h in holds]
        self._windows += [(x.prop, world.bits[actor], x.time - BEFORE, x.time + AFTER) for actor, x in launches]
        self._spare_who_is_inside(data)

    def _spare_who_is_inside(self, data: Any) -> None:
        mujoco.mj_forward(self._world.model, data)
        for (one, other), depth in zip(data.contact.geom, data.contact.dist, strict=True):
            names = self._world.names[one], self._world.names[other]
            for thing, person in (names, names[::-1]):
                if depth < INSIDE and thing in self._world.things and person in self._world.bits:
                    self._world.things[thing].spared |= self._world.bits[person]

    def update(self, now: float, grips: Mapping[str, Grip]) -> None:
        """A held thing passes through people and the place, and still pushes other things."""
        masks = {name: EVERYTHING & ~thing.spared for name, thing in self._world.things.items()}
        for prop, bit, start, end in self._windows:
            if start <= now <= end:
                masks[prop] &= ~bit
        for prop in grips:
            masks[prop] = THINGS
        for name, mask in masks.items():
            self._set(self._world.things[name], mask)

    def _set(self, thing: Thing, mask: int) -> None:
        affinity = self._world.model.geom_conaffinity
        if affinity[thing.geoms[0]] != mask:
            affinity[thing.geoms[0] : thing.geoms[-1] + 1] = mask
