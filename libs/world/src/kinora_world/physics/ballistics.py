"""Flights without air: which velocity brings a thing where it is wanted. Metres, seconds, (3,) vectors."""

import math

import numpy as np

from kinora_world.scene import F8

GRAVITY = 9.81
UP = np.array([0.0, 0.0, 1.0])


def arrive(delta: F8, flight: float) -> F8:
    """Velocity that covers `delta` in `flight` seconds: d = v t - g t^2 / 2."""
    return delta / flight + UP * (GRAVITY * flight / 2)


def lob(delta: F8, elevation: float) -> F8:
    """Velocity at `elevation` degrees that passes through `delta`; steeper where that angle is too flat: t^2 = 2 (d tan a - h) / g."""
    distance = max(1e-3, math.hypot(delta[0], delta[1]))
    least = math.degrees(math.atan2(delta[2], distance)) + 8
    rise = distance * math.tan(math.radians(min(85.0, max(elevation, least)))) - delta[2]
    return arrive(delta, math.sqrt(2 * rise / GRAVITY))


def easiest_elevation(delta: F8) -> float:
    """Degrees at which the least speed reaches `delta`: 45 + half the slope."""
    return 45 + math.degrees(math.atan2(delta[2], math.hypot(delta[0], delta[1]))) / 2


def along(forward: F8, elevation: float, speed: float) -> F8:
    """Velocity of `speed` m/s over level `forward`, raised by `elevation` degrees."""
    angle = math.radians(elevation)
    return speed * (forward * math.cos(angle) + UP * math.sin(angle))


def level(vector: F8) -> F8:
    """Unit vector of the part in the ground plane; towards the audience when there is none."""
    flat = np.array([vector[0], vector[1], 0.0])
    length = float(np.linalg.norm(flat))
    return flat / length if length > 1e-6 else np.array([0.0, -1.0, 0.0])
