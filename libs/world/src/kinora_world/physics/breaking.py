"""Things that break: one that is struck hard enough gives way to its shards, which go on with its speed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from kinora_world.physics.geoms import movable
from kinora_world.physics.simulate import simulate
from kinora_world.physics.world import Placed
from kinora_world.scene import F8, Contact, Motion, PropKind, Shape, StageSet
from kinora_world.solids import bounds, volume
from kinora_world.storyboard import Prop, Shot

HARDEST = 1.6  # m/s: a blow that changes a thing's speed by more breaks it
SHARDS, THICK = 16, 0.006  # how many, and half how thick, m
SCATTER = 0.8  # m/s outwards
NOTHING = 1e-4  # times its size: too small to be drawn, and still a turn


@dataclass(frozen=True, slots=True)
class _Break:
    name: str
    kind: PropKind
    index: int  # of the first time at which it is in pieces
    time: float
    pose: F8  # (4, 4)
    velocity: F8


def shatter(
    shot: Shot, motion: Motion, props: Mapping[str, Placed], stage: StageSet, times: F8, check: Callable[[], None]
) -> tuple[Motion, dict[str, PropKind]]:
    """The motion in which what is breakable broke where it was struck hard, and the kinds of the shards that are new in it."""
    kinds: dict[str, PropKind] = {}
    hands = {mark.character for mark in shot.marks}  # which catch softly
    for name, (kind, _, _) in props.items():
        if kind.breakable and movable(kind) and (broken := _break(name, kind, motion, times, hands)):
            shards = _shards(broken)
            kinds |= {shard: placed[0] for shard, (placed, _) in shards.items()}
            motion = _in_pieces(shot, motion, broken, shards, stage, times, check)
    return motion, kinds


def _break(name: str, kind: PropKind, motion: Motion, times: F8, hands: set[str]) -> _Break | None:
    struck = [c for c in motion.contacts if name in c.names and not hands & set(c.names)]
    blow = next((c for c in struck if c.impulse > HARDEST * kind.mass), None)
    index = int(np.searchsorted(times, blow.time, "right")) if blow else 0
    if blow is None or not 1 < index < len(times) - 1:
        return None
    path = motion.props[name]
    velocity = (path[index - 1, :3, 3] - path[index - 2, :3, 3]) / (times[index - 1] - times[index - 2])
    return _Break(name, kind, index, blow.time, path[index - 1], velocity)


def _shards(broken: _Break) -> dict[str, tuple[Placed, F8]]:
    """Plates around the middle of what broke, by id, and how fast each flies."""
    rng = np.random.default_rng(crc32(broken.name.encode()))
    body = max((shape for shape in broken.kind.shapes if shape.collides), key=volume)
    low, high = bounds([shape for shape in broken.kind.shapes if shape.collides])
    half = (high - low) / 2
    found: dict[str, tuple[Placed, F8]] = {}
    for number in range(SHARDS):
        around, tall = number * 2.39996, float(rng.uniform(low[2], high[2]))
        out = np.array([np.cos(around), np.sin(around), 0.0])
        place = (broken.pose @ np.append((low + high) / 2 * [1, 1, 0] + out * half * 0.6 + [0, 0, tall], 1.0))[:3]
        place[2] = max(place[2], 0.02)
        size = tuple(float(s) for s in (half[:2].mean() * rng.uniform(0.25, 0.55), THICK, half[2] * rng.uniform(0.15, 0.35)))
        tilt = (float(rng.uniform(-70, 70)), float(rng.uniform(-40, 40)), float(np.degrees(around)) + 90)
        plate = Shape("box", size, (0.0, 0.0, 0.0), tilt, body.colour, body.finish, body.roughness, body.material)
        kind = PropKind(f"{broken.kind.name}_shard", (plate,), broken.kind.mass / SHARDS, 0.9, 0.3)
        thrown = broken.velocity * (0.35, 0.35, -0.25) + broken.pose[:3, :3] @ out * SCATTER * rng.uniform(0.4, 1.2)
        where = (float(place[0]), float(place[1]), float(place[2]))
        found[f"{broken.name[:28]}_shard_{number}"] = ((kind, where, 0.0), np.clip(thrown, -40, 40))
    return found


def _in_pieces(
    shot: Shot,
    motion: Motion,
    broken: _Break,
    shards: Mapping[str, tuple[Placed, F8]],
    stage: StageSet,
    times: F8,
    check: Callable[[], None],
) -> Motion:
    pieces = tuple(Prop(id=name, kind="shard", velocity=tuple(float(v) for v in going)) for name, (_, going) in shards.items())
    after = shot.model_copy(update={"props": pieces, "duration": shot.duration - broken.time})
    placed = {name: where for name, (where, _) in shards.items()}
    flown = simulate(after, placed, {}, stage, times[broken.index :] - times[broken.index], check)
    gone = broken.pose.copy()
    gone[:3, :3] *= NOTHING
    poses = dict(motion.props)
    poses[broken.name] = np.concatenate([poses[broken.name][: broken.index], np.repeat(gone[None], len(times) - broken.index, 0)])
    for name, path in flown.props.items():
        poses[name] = np.concatenate([np.repeat(gone[None], broken.index, 0), path])
    kept = tuple(c for c in motion.contacts if broken.name not in c.names or c.time <= broken.time)
    heard = tuple(_of_the_whole(c, broken, float(times[broken.index])) for c in flown.contacts)
    return replace(motion, props=poses, contacts=tuple(sorted((*kept, *heard), key=lambda c: c.time)))


def _of_the_whole(contact: Contact, broken: _Break, since: float) -> Contact:
    one, other = (broken.name if "_shard_" in name else name for name in contact.names)
    return replace(contact, time=contact.time + since, names=(one, other))
