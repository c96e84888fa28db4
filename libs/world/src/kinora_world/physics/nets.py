"""A ball through a hoop stirs its net: heard, though nothing stops the ball."""

from collections.abc import Iterator, Mapping

import numpy as np

from kinora_world.physics.launching import Aim, aim_at_prop
from kinora_world.physics.world import Placed, Thing
from kinora_world.scene import F8
from kinora_world.solids import bounds

STIRRED = 0.35  # of a ball's momentum goes into the net's sound


def stirred(
    props: Mapping[str, Placed], things: Mapping[str, Thing], frames: Mapping[str, F8], times: F8
) -> Iterator[tuple[float, F8, float, str, str]]:
    """(time, place, impulse, thing, hoop) of every fall through a ring."""
    hoops = [aim for aim in (aim_at_prop(name, placed, bounds(placed[0].shapes)) for name, placed in props.items()) if aim.ring is not None]
    for name, thing in things.items():
        path = frames[name][:, :3] @ np.append(thing.centre, 1.0)
        for hoop in hoops:
            for time, speed in _falls(path, hoop, times):
                yield time, hoop.point, STIRRED * thing.kind.mass * speed, name, hoop.name


def _falls(path: F8, hoop: Aim, times: F8) -> Iterator[tuple[float, float]]:
    """When, and how fast, m/s."""
    height = path[:, 2] - hoop.point[2]
    for i in np.flatnonzero((height[:-1] > 0) & (height[1:] <= 0)):
        share = float(height[i] / (height[i] - height[i + 1]))
        crossing = path[i] * (1 - share) + path[i + 1] * share
        if np.hypot(*(crossing - hoop.point)[:2]) < (hoop.ring or 0.0):
            span = float(times[i + 1] - times[i])
            yield float(times[i]) + share * span, float(np.linalg.norm(path[i + 1] - path[i])) / max(span, 1e-6)
