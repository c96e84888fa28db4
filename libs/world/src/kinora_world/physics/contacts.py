"""What can be heard of the collisions: one entry per blow, not one per step and pair of triangles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kinora_world.physics.world import World
from kinora_world.scene import Contact

MERGE = 0.03  # s: what one pair does within this time is one blow
APART = 0.06  # s: a pair that has not touched for this long strikes anew
SETTLED = 0.02  # s: pairs touching this early lay against each other from the start
AUDIBLE = 0.45  # m/s times the lighter mass: just above what a thing's own weight presses in MERGE seconds
FAINTEST = 0.004  # N s


@dataclass(slots=True)
class _Blow:
    time: float
    position: tuple[float, float, float]
    materials: tuple[str, str]
    names: tuple[str, str]
    impulse: float = 0.0


@dataclass(slots=True)
class _Pair:
    last: float
    blow: _Blow | None


class ContactLog:
    """Read after every step."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pairs: dict[tuple[str, str], _Pair] = {}
        self._blows: list[_Blow] = []

    def read(self, data: Any, time: float) -> None:
        """Take in the contacts of the step that ended at `time`."""
        contact = data.contact
        rows = np.flatnonzero(contact.efc_address >= 0)
        if not len(rows):
            return
        pushes = data.efc_force[contact.efc_address[rows]]  # elliptic cones: a contact's first row is its normal force
        for row, push in zip(rows[pushes > 0], pushes[pushes > 0], strict=True):
            self._touch(contact.geom[row], contact.pos[row], float(push), time)

    def _touch(self, geoms: Any, position: Any, push: float, time: float) -> None:
        names = self._world.names[geoms[0]], self._world.names[geoms[1]]
        if names[0] == names[1]:
            return
        key = names if names[0] < names[1] else (names[1], names[0])
        pair = self._pairs.get(key)
        if pair is None or time - pair.last > APART:
            materials = self._world.materials[geoms[0]], self._world.materials[geoms[1]]
            place = (float(position[0]), float(position[1]), float(position[2]))
            pair = self._pairs[key] = _Pair(time, None if time < SETTLED else _Blow(time, place, materials, names))
            if pair.blow:
                self._blows.append(pair.blow)
        pair.last = time
        if pair.blow and time - pair.blow.time < MERGE:
            pair.blow.impulse += push * self._world.model.opt.timestep

    def add(self, time: float, position: Any, impulse: float, names: tuple[str, str], materials: tuple[str, str]) -> None:
        """A blow that the solver did not see: a foot that strikes, a hand that catches, a net that is stirred."""
        place = (float(position[0]), float(position[1]), float(position[2]))
        self._blows.append(_Blow(time, place, materials, names, impulse))

    def audible(self) -> tuple[Contact, ...]:
        """Every blow worth a sound, in order."""
        masses = {name: thing.kind.mass for name, thing in self._world.things.items()}
        loud = [b for b in self._blows if b.impulse > _threshold(b.names, masses)]
        return tuple(Contact(b.time, b.position, b.impulse, b.materials, b.names) for b in sorted(loud, key=lambda b: b.time))


def _threshold(names: tuple[str, str], masses: Mapping[str, float]) -> float:
    return max(FAINTEST, AUDIBLE * min((masses[name] for name in names if name in masses), default=1.0))
