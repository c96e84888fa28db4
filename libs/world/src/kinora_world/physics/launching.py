"""Throws, shots, kicks and pushes: candidate velocities, and how to tell whether a flight did what the story asks."""

import math
from dataclasses import dataclass

import numpy as np

from kinora_world.physics.ballistics import GRAVITY, UP, along, arrive, easiest_elevation, level, lob
from kinora_world.physics.geoms import matrix
from kinora_world.physics.world import Placed, Thing
from kinora_world.scene import F8, Launch

KICK_SPEED, THROW_SPEED = 9.0, 7.0  # m/s, of a ball; heavier things leave slower
SLIDE, SLIDING = 0.8, 8.0  # m that a pushed thing slides, and kg m for what is heavy
BALL = 0.5  # kg
FASTEST = 18.0  # m/s
NEAR = 0.35  # m: so close to its aim a thing has reached it
WIDE = 0.7  # m: how far beside its aim a miss goes, from the aim's edge
_AHEAD = {"kick": (14, KICK_SPEED), "throw": (25, THROW_SPEED), "shoot": (58, THROW_SPEED)}  # degrees, m/s


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a launch is meant to go."""

    name: str
    point: F8
    width: float  # m, half
    ring: float | None = None  # radius of the hoop that it should fall through
    flight: float | None = None  # s, when somebody waits to catch it


@dataclass(frozen=True, slots=True)
class Flight:
    """What became of a try: the thing's centre after each step, and whom it touched."""

    path: F8  # (n, 3)
    touched: frozenset[str]


def aim_at_prop(name: str, placed: Placed, extent: tuple[F8, F8]) -> Aim:
    """The goal of a prop that has one, else its middle; `extent` is its bounding box, unturned."""
    kind, position, facing = placed
    low, high = extent
    local = np.array(kind.anchors["goal"]) if "goal" in kind.anchors else (low + high) / 2
    point = (matrix(position, facing) @ np.append(local, 1.0))[:3]
    rings = [s.size[0] for s in kind.shapes if s.kind == "torus" and np.linalg.norm(local - s.position) < NEAR]
    return Aim(name, point, float(max(high[0] - low[0], high[1] - low[1])) / 2, ring=rings[0] if rings else None)


def velocities(launch: Launch, thing: Thing, start: F8, forward: F8, aim: Aim | None) -> list[F8]:
    """Velocities to try, the likeliest first."""
    ease = min(1.0, (BALL / thing.kind.mass) ** 0.5) if thing.kind.mass > BALL else 1.0
    if launch.manner == "drop":
        return [np.zeros(3)]
    if launch.manner == "push":
        return [_slide(thing, forward if aim is None else aim.point - start, aim is not None)]
    if aim is None:
        return [_ahead(launch, forward, ease)]
    points = [aim.point] if launch.outcome == "hit" else _beside(aim, start, thing.radius)
    tries = [_at(launch, point - start, aim, extra) for point in points for extra in (0, 4, -4, 8)]
    return [velocity for velocity in tries if np.linalg.norm(velocity) < FASTEST] or tries[:1]


def _ahead(launch: Launch, forward: F8, ease: float) -> F8:
    elevation, speed = {"kick": (14, KICK_SPEED), "throw": (25, THROW_SPEED), "shoot": (58, THROW_SPEED)}[launch.manner]
    return along(forward, elevation, speed * ease)


def _slide(thing: Thing, way: F8, aimed: bool) -> F8:  # noqa: FBT001 - private
    """Just fast enough to slide `way` against friction, or as far as a push goes: v^2 = 2 mu g d."""
    distance = float(np.hypot(way[0], way[1])) if aimed else min(SLIDE, SLIDING / thing.kind.mass)
    return along(level(way), 0, float(np.clip((2 * thing.kind.friction * GRAVITY * distance) ** 0.5, 0.8, 6.0)))


def _at(launch: Launch, delta: F8, aim: Aim, extra: float) -> F8:
    if aim.flight is not None and launch.outcome == "hit":
        return arrive(delta, aim.flight)
    if launch.manner == "shoot" or aim.ring is not None:
        return lob(delta, easiest_elevation(delta) + 5 + extra)
    speed = KICK_SPEED if launch.manner == "kick" else THROW_SPEED
    return arrive(delta, float(np.clip(np.linalg.norm(delta) / speed * (1 + extra / 40), 0.25, 1.6)))


def _beside(aim: Aim, start: F8, radius: float) -> list[F8]:
    """Points of a miss: a hoop's edge, half sideways first, so that it springs away from rim or board; of anything else a way past it."""
    ahead = level(aim.point - start)
    side = np.cross(UP, ahead)
    if aim.ring is None:
        return [aim.point + sign * side * (aim.width + radius + WIDE) for sign in (1, -1)]
    edge = aim.ring + 0.35 * radius
    around = [math.radians(degrees) for degrees in (130, -130, 90, -90, 180)]  # from the far edge
    board = aim.point + ahead * (aim.ring + radius) + UP * 0.3
    return [*(aim.point + edge * (ahead * math.cos(a) + side * math.sin(a)) for a in around), board]


def as_told(flight: Flight, launch: Launch, aim: Aim) -> bool:
    """Did it hit, or miss, as the story says? A missed hoop must at least be touched."""
    if aim.ring is not None:
        through = falls_through(flight.path, aim.point, aim.ring)
        return through if launch.outcome == "hit" else (not through and aim.name in flight.touched)
    reached = aim.name in flight.touched or float(np.linalg.norm(flight.path - aim.point, axis=1).min()) < NEAR
    return reached if launch.outcome == "hit" else not reached


def falls_through(path: F8, centre: F8, ring: float) -> bool:
    """Whether the (n, 3) path goes down through the level ring."""
    above = path[:, 2] > centre[2]
    crossing = np.flatnonzero(above[:-1] & ~above[1:])
    return any(float(np.hypot(*(path[i] - centre)[:2])) < ring for i in crossing)
