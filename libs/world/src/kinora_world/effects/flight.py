"""Where particles fly: closed forms, so that any moment can be asked for."""

from collections.abc import Sequence

import numpy as np

from kinora_world.effects.births import Alive
from kinora_world.effects.dice import I8, dice
from kinora_world.effects.schema import Emitter
from kinora_world.scene import F8, View

REST = 0.012  # metres above the ground, where what has fallen lies


def flown(speed: F8, age: F8, fall: float, drag: float, air: F8) -> tuple[F8, F8]:
    """Displacement and velocity (n, 3) after `age` (n,) seconds from `speed` (n, 3), under gravity `fall` and linear drag in moving air.

    With dv/dt = g - k (v - w): v = u + (v0 - u) exp(-k t), u = w + g / k.
    """
    t = age[:, None]
    pull = np.array([0.0, 0.0, -fall])
    if drag == 0:
        return speed * t + 0.5 * pull * t**2, speed + pull * t
    steady = air + pull / drag
    slowed = np.exp(-drag * t)
    return steady * t + (speed - steady) * (1 - slowed) / drag, steady + (speed - steady) * slowed


def launched(emitter: Emitter, seed: int, birth: I8) -> tuple[F8, F8]:
    """Where each is born, from the emitter's middle, and with what speed: (n, 3) both."""
    chance = dice(seed, birth, 8, first=2)
    place = (chance[:, :3] * 2 - 1) * emitter.box
    speed = np.asarray(emitter.speed) + (chance[:, 3:6] * 2 - 1) * emitter.vary
    slow, fast = emitter.burst
    if fast > 0:
        height, turn = chance[:, 6] * 2 - 1, chance[:, 7] * 2 * np.pi
        height = np.where(height < 0, height * (1 - 2 * emitter.rise), height)
        flat = np.sqrt(np.maximum(1 - height**2, 0))
        way = np.stack([flat * np.cos(turn), flat * np.sin(turn), height], -1)
        speed = speed + way * (slow + (fast - slow) * np.sqrt(dice(seed, birth, 1, first=10)))
    return place, speed


def positions(emitter: Emitter, seed: int, there: Alive, source: F8, wind: float, view: View) -> tuple[F8, F8]:
    """Positions and velocities (n, 3). `source` (n, 3) is where the effect was at each birth, `wind` m/s towards +X."""
    place, speed = launched(emitter, seed, there.birth)
    away, velocity = flown(speed, there.age, emitter.fall, emitter.drag, np.array([wind * emitter.drift, 0.0, 0.0]))
    centre = source + np.asarray(emitter.at) + (dice(seed, there.burst, 3, first=20) * 2 - 1) * emitter.wander
    position = centre + place + away
    if emitter.sway:
        position[:, :2] += _swinging(emitter, seed, there)
    if emitter.fills:
        position = _wrapped(position, emitter.box, ahead_of(view, emitter.box[1]))
    if emitter.bounded:
        landed = position[:, 2] < REST
        position[landed, 2] = REST
        velocity[landed] = 0
    return position, velocity


def _swinging(emitter: Emitter, seed: int, there: Alive) -> F8:
    phase = dice(seed, there.birth, 3, first=11) * 2 * np.pi
    swing = 2 * np.pi * emitter.swings * there.age[:, None] * (0.7 + 0.1 * phase[:, 2:])
    return np.asarray(emitter.sway * (np.sin(swing + phase[:, :2]) - np.sin(phase[:, :2])))


def _wrapped(position: F8, box: Sequence[float], ahead: F8) -> F8:
    """Each stays where it is in the world while the camera moves; one that leaves the box on one side enters on the other as another."""
    half = np.maximum(box, 1e-6)
    middle = np.array([ahead[0], ahead[1], box[2]])
    return np.asarray((position - middle + half) % (2 * half) - half + middle)


def ahead_of(view: View, reach: float) -> F8:
    """The middle of a box of air that begins at the camera: (3,)."""
    along = np.subtract(view.target, view.eye)[:2]
    length = float(np.linalg.norm(along))
    return np.array([*(np.asarray(view.eye)[:2] + along / max(length, 1e-6) * reach * 0.9), 0.0])
