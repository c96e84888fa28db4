"""Markings: the coat divided along smooth lines into parts of one colour each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from kinora_world.cast.colour import Linear, linear
from kinora_world.cast.creatures.implicit import Mesh
from kinora_world.cast.surface import Surface, cut
from kinora_world.scene import F8
from kinora_world.species import Marking

_LIGHT, _DARK = 0.45, 0.35
_FRAYED = 0.012  # of the body's length: how far a border wanders


@dataclass(frozen=True, slots=True)
class Coat:
    """The coat before it is painted; `bone_shares` are skin weights (n, bones)."""

    mesh: Mesh
    bone_shares: F8
    bones: tuple[str, ...]
    eyes: F8  # (e, 3)
    size: float  # metres: the scale that markings are measured in

    def on(self, bones: Sequence[str]) -> F8:
        """How much of each vertex moves with the given bones, -0.5..0.5."""
        columns = [i for i, bone in enumerate(self.bones) if any(bone.endswith(wanted) for wanted in bones)]
        return np.asarray(self.bone_shares[:, columns].sum(1) - 0.5)


def tint(colour: str, coat: Linear) -> Linear:
    """A colour, or the coat's own made lighter or darker."""
    if colour == "light":
        r, g, b = (c + _LIGHT * (0.9 - c) for c in coat)
    elif colour == "dark":
        r, g, b = (c * _DARK for c in coat)
    else:
        return coat if colour == "coat" else linear(colour)
    return r, g, b


def painted(coat: Coat, markings: Sequence[Marking], colour: Linear) -> list[tuple[Linear, Surface]]:
    """The coat in pieces by colour. A surface's mix refers to the coat's vertices."""
    left = Surface(sp.identity(len(coat.mesh.positions), format="csr"), coat.mesh.positions, coat.mesh.triangles)
    found: list[tuple[Linear, Surface]] = []
    for marking in reversed(markings):
        field = _FIELDS[marking.kind](coat, marking)
        if marking.bones:
            field = np.minimum(field, coat.on(marking.bones))
        here = left.mix @ (field + 1e-7)
        if (here > 0).any():
            found.append((tint(marking.colour, colour), cut(left, here)))
        if (here > 0).all():
            return found
        left = cut(left, -here) if (here > 0).any() else left
    return [*found, (colour, left)]


def triangles(budget: int, markings: Sequence[Marking]) -> int:
    """How many to build a coat of, so that it has about `budget` once borders have divided it."""
    busy = {"stripes": 0.55, "cells": 0.55, "spots": 0.5}
    return int(budget * min((busy.get(m.kind, 1.0) for m in markings), default=1.0))


def _wobble(points: F8, scale: float, seed: int = 3) -> F8:
    """Smooth noise within about -1..1 that changes over `scale` metres: a sum of plane waves."""
    rng = np.random.default_rng(seed)
    waves = rng.normal(size=(14, 3)) / scale * 2.2
    return np.asarray(np.sin(points @ waves.T + rng.uniform(0, 2 * np.pi, 14)).sum(1) / 4.5)


def _frayed(coat: Coat) -> F8:
    return np.asarray(_wobble(coat.mesh.positions, 0.06 * coat.size, 5) * 0.5 + _wobble(coat.mesh.positions, 0.02 * coat.size, 6) * 0.35)


def _under(coat: Coat, m: Marking) -> F8:
    return np.asarray(-coat.mesh.normals[:, 2] - m.size + 0.12 * _frayed(coat))


def _top(coat: Coat, m: Marking) -> F8:
    return np.asarray(coat.mesh.normals[:, 2] - m.size + 0.15 * _frayed(coat))


def _below(coat: Coat, m: Marking) -> F8:
    return np.asarray(m.size * coat.size - coat.mesh.positions[:, 2] + _FRAYED * coat.size * _frayed(coat))


def _front(coat: Coat, m: Marking) -> F8:
    return np.asarray(-coat.mesh.normals[:, 1] - m.size + 0.1 * _frayed(coat))


def _stripes(coat: Coat, m: Marking) -> F8:
    """Rings around trunk, limbs and tail, that come and go."""
    p = coat.mesh.positions
    bend = 0.45 * m.size * coat.size * _wobble(p, 0.35 * coat.size, 7)
    along = p[:, 1] + 0.5 * np.where(coat.on(("Arm", "ForeArm", "Hand", "Leg", "Foot", "ToeBase")) > 0, p[:, 2], 0.0)
    wave = np.cos(2 * np.pi * (along + bend) / (m.size * coat.size))
    side = np.clip(coat.mesh.normals[:, 2] + 0.75, 0, 1)  # they fade towards the belly
    return np.asarray(wave - 1 + 2 * m.share * side + 0.35 * _wobble(p, 0.25 * coat.size, 8))


def _seeds(coat: Coat, m: Marking) -> tuple[F8, F8]:
    """Distances to the nearest two of seeds spread evenly over the coat."""
    p, rng = coat.mesh.positions, np.random.default_rng(11)
    spread = m.size * coat.size
    chosen: list[F8] = []
    for i in rng.permutation(len(p)):
        if all(np.abs(p[i] - q).max() > spread or np.linalg.norm(p[i] - q) > spread for q in chosen[-400:]):
            chosen.append(p[i])
    distance, _ = cKDTree(np.array(chosen)).query(p + 0.12 * spread * _wobble(p, 0.6 * spread, 9)[:, None], k=2)
    return distance[:, 0], distance[:, 1]


def _spots(coat: Coat, m: Marking) -> F8:
    near, _ = _seeds(coat, m)
    return np.asarray(m.share * m.size * coat.size - near)


def _cells(coat: Coat, m: Marking) -> F8:
    """Patches with narrow seams between them, as on a giraffe."""
    near, second = _seeds(coat, m)
    return np.asarray(second - near - (1 - m.share) * 0.5 * m.size * coat.size)


def _patches(coat: Coat, m: Marking) -> F8:
    return np.asarray(_wobble(coat.mesh.positions, m.size * coat.size, 21) - 1 + 2 * m.share + 0.12 * _frayed(coat))


def _eyes(coat: Coat, m: Marking) -> F8:
    p = coat.mesh.positions
    distances = np.stack([np.linalg.norm((p - eye) * [1, 1, 0.8] + [0, 0, 0.25 * m.size * coat.size], axis=1) for eye in coat.eyes])
    return np.asarray(m.size * coat.size - distances.min(0))


def _bones(coat: Coat, m: Marking) -> F8:
    return np.asarray(coat.on(m.bones) + 0.15 * (m.size - 0.1) + 0.08 * _frayed(coat))


_FIELDS: dict[str, Callable[[Coat, Marking], F8]] = {
    "under": _under,
    "top": _top,
    "below": _below,
    "front": _front,
    "stripes": _stripes,
    "spots": _spots,
    "cells": _cells,
    "patches": _patches,
    "eyes": _eyes,
    "bones": _bones,
}
