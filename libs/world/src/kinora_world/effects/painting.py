"""Particles become sprites: how they are turned, how large, of what colour."""

import numpy as np

from kinora_world.effects.dice import I8, dice
from kinora_world.effects.schema import Emitter
from kinora_world.scene import F4, F8, Sprites, View
from kinora_world.stage.shapes import linear

_UP = np.array([0.0, 0.0, 1.0])
_NEAR = 0.5, 1.4  # metres from the camera, where a sprite would hide the stage


def painted(emitter: Emitter, seed: int, birth: I8, over: F8, age: F8, position: F8, velocity: F8, view: View) -> Sprites:
    """The furthest first. `over` is the share of each life that is past, `age` its seconds."""
    depth = np.linalg.norm(position - view.eye, axis=1)
    order = np.argsort(-depth, kind="stable")
    birth = birth[order]
    over, age, position, velocity, depth = (a[order] for a in (over, age, position, velocity, depth))
    chance = dice(seed, birth, 5, first=14)
    size = _ramp(emitter.size, over) * (1 + emitter.vary_size * (2 * chance[:, 0] - 1))
    u, v = _axes(emitter, chance, age, position, velocity, view)
    colour = np.column_stack([_colours(emitter, over, chance[:, 1]) * emitter.bright, _ramp(emitter.opacity, over)])
    colour[:, 3] *= np.clip((depth - _NEAR[0]) / (_NEAR[1] - _NEAR[0]), 0, 1)
    wide = size[:, None]
    tall = wide * emitter.shape
    trait = np.column_stack([over, chance[:, 2]])
    parts = (position, u * wide, v * tall, colour, trait)
    centre, right, up, shown, traits = (_f4(part) for part in parts)
    return Sprites(emitter.drawing, centre, right, up, shown, traits, emitter.adds, emitter.glows)


def _f4(values: F8) -> F4:
    return np.ascontiguousarray(values, np.float32)


def _ramp(values: tuple[float, ...], over: F8) -> F8:
    return np.interp(over, np.linspace(0, 1, len(values)), values) if len(values) > 1 else np.full(len(over), values[0])


def _colours(emitter: Emitter, over: F8, chance: F8) -> F8:
    colours = np.array([linear(colour) for colour in emitter.colours])
    if emitter.picks:
        return np.asarray(colours[(chance * len(colours)).astype(int)])
    steps = np.linspace(0, 1, len(colours))
    return np.stack([np.interp(over, steps, colours[:, i]) for i in range(3)], -1)


def _axes(emitter: Emitter, chance: F8, age: F8, position: F8, velocity: F8, view: View) -> tuple[F8, F8]:
    """Unit vectors to each sprite's right and top."""
    count = len(position)
    if emitter.facing == "flat":
        return np.tile((1.0, 0.0, 0.0), (count, 1)), np.tile((0.0, 1.0, 0.0), (count, 1))
    away = _unit(position - view.eye)
    if emitter.facing == "way":
        along = _unit(velocity + _UP * 1e-9)
        return _unit(np.cross(along, away)), along
    side = _unit(np.cross(away, _UP))
    if emitter.facing == "upright":
        return side, np.tile(_UP, (count, 1))
    moving = np.linalg.norm(velocity, axis=1) > 0 if emitter.bounded else np.ones(count, bool)
    turn = 2 * np.pi * (chance[:, 3] + emitter.spin * (2 * chance[:, 4] - 1) * np.where(moving, age, 0.0))[:, None]
    up = np.cross(side, away)
    if emitter.facing == "camera":
        return side * np.cos(turn) + up * np.sin(turn), up * np.cos(turn) - side * np.sin(turn)
    return _tumbling(turn, chance, moving)


def _tumbling(turn: F8, chance: F8, moving: np.ndarray) -> tuple[F8, F8]:
    """Leaves and confetti turn about two axes; what has landed lies flat."""
    tilt = np.where(moving[:, None], turn * 1.37 + 6.0 * chance[:, :1], 0.0)
    flat = np.column_stack([np.cos(turn), np.sin(turn), np.zeros(len(turn))])
    across = np.column_stack([-np.sin(turn), np.cos(turn), np.zeros(len(turn))])
    return flat, across * np.cos(tilt) + np.sin(tilt) * _UP


def _unit(vectors: F8) -> F8:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
