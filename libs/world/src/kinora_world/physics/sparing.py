"""Who passes through what: hands reach into what they take, and a foot does not strike the ball it has just kicked a second time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mujoco

from kinora_world.physics.holding import Grip
from kinora_world.physics.world import EVERYTHING, THINGS, Thing, World
from kinora_world.scene import Hold, Launch

BEFORE, AFTER = 0.5, 0.5  # s around a hold or launch in which its actor and the thing pass through each other
INSIDE = -0.005  # m: a person this deep in a thing at the start sits on it or wears it
CLEAR = 0.015  # m between a person and a thing before they can touch again: nothing is flung away by what grew into it
LOOK_EVERY = 0.1  # s


@dataclass(slots=True)
class _Window:
    prop: str
    person: str
    start: float
    end: float


class Sparing:
    """Sets the collision masks of things as time goes on."""

    def __init__(self, world: World, data: Any, holds: Sequence[tuple[str, Hold]], launches: Sequence[tuple[str, Launch]]) -> None:
        self._world, self._data = world, data
        self._windows = [_Window(h.prop, actor, h.start - BEFORE, h.end + AFTER) for actor, h in holds]
        self._windows += [_Window(x.prop, actor, x.time - BEFORE, x.time + AFTER) for actor, x in launches]
        self._limbs = {name: [i for i, owner in enumerate(world.names) if owner == name] for name in world.bits}
        self._spare_who_is_inside()

    def _spare_who_is_inside(self) -> None:
        mujoco.mj_forward(self._world.model, self._data)
        for (one, other), depth in zip(self._data.contact.geom, self._data.contact.dist, strict=True):
            names = self._world.names[one], self._world.names[other]
            for thing, person in (names, names[::-1]):
                if depth < INSIDE and thing in self._world.things and person in self._world.bits:
                    self._world.things[thing].spared |= self._world.bits[person]

    def update(self, now: float, grips: Mapping[str, Grip]) -> None:
        """A held thing passes through people and the place, and still pushes other things."""
        masks = {name: EVERYTHING & ~thing.spared for name, thing in self._world.things.items()}
        for window in self._windows:
            if window.start <= now and (now <= window.end or self._still_close(window, now)):
                masks[window.prop] &= ~self._world.bits[window.person]
        for prop in grips:
            masks[prop] = THINGS
        for name, mask in masks.items():
            self._set(self._world.things[name], mask)

    def _still_close(self, window: _Window, now: float) -> bool:
        """Whether the window has to stay open for a while longer; asked once more at its new end."""
        if window.end < window.start:
            return False
        thing, limbs = self._world.things[window.prop], self._limbs[window.person]
        gaps = (mujoco.mj_geomDistance(self._world.model, self._data, a, b, 2 * CLEAR, None) for a in thing.geoms for b in limbs)
        close = any(gap < CLEAR for gap in gaps)
        window.end = now + LOOK_EVERY if close else window.start - 1
        return close

    def _set(self, thing: Thing, mask: int) -> None:
        affinity = self._world.model.geom_conaffinity
        if affinity[thing.geoms[0]] != mask:
            affinity[thing.geoms[0] : thing.geoms[-1] + 1] = mask
