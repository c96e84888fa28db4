"""Where bystanders stand and what they do: behind the action, out of its way and out of each other's."""

from random import Random

import numpy as np

from kinora_world.crowd.extras import KINDS, Doing, extra
from kinora_world.crowd.mass import Bystander, Mass, assemble, choices, distance
from kinora_world.scene import F8, StageSet
from kinora_world.solids import bounds
from kinora_world.stage import place_entries
from kinora_world.storyboard import Shot

_BEHIND = 1.6  # metres from the action to the nearest bystander
_APART = 0.75
_WALKERS = 0.3  # share of those outdoors who pass by
_EXCITED = {"joyful", "playful", "epic"}
_TRIES = 40


def gather(shot: Shot, stage: StageSet, seed: int) -> Mass | None:
    """The shot's crowd, the same for the same seed; None where nobody is asked for or there is no room."""
    if not shot.crowd or place_entries()[shot.place].stands:
        return None
    chance = Random(f"{seed}/crowd/{shot.place}")
    people: list[Bystander] = []
    taken = _kept_free(shot)
    back = max((mark.position[1] for mark in shot.marks), default=0.0) + _BEHIND
    for number in range(shot.crowd):
        spot = _spot(stage, back, taken, chance)
        if spot is not None:
            people.append(_bystander(number, spot, shot, stage, chance))
            taken = np.concatenate([taken, [spot]])
    if not people:
        return None
    doings: tuple[Doing, ...] = tuple(sorted({person.doing for person in people}))
    return assemble(people, {kind: extra(kind, shot.style, doings) for kind in sorted({person.kind for person in people})})


def _kept_free(shot: Shot) -> F8:
    """What the action needs (n, 2)."""
    spots = [mark.position for mark in shot.marks] + [action.to for action in shot.actions if action.to is not None]
    spots += [prop.position[:2] for prop in shot.props if prop.position is not None]
    return np.array(spots, np.float64).reshape(-1, 2)


def _spot(stage: StageSet, back: float, taken: F8, chance: Random) -> tuple[float, float] | None:
    """A free place, the nearer the likelier; None when the stage is full."""
    x0, _, x1, y1 = stage.bounds
    deep = max(y1 + (0.0 if stage.indoor else 3.0), back + 0.5)
    for _ in range(_TRIES):
        spot = (chance.uniform(x0 + 0.3, x1 - 0.3), back + (deep - back) * chance.random() ** 1.5)
        if distance(np.array([spot]), taken)[0] > _APART and not _obstructed(stage, spot):
            return spot
    return None


def _obstructed(stage: StageSet, spot: tuple[float, float]) -> bool:
    """Something solid and lower than a head is there."""
    x, y = spot
    for shape in stage.shapes:
        if shape.collides and shape.visible and shape.kind != "plane" and abs(shape.position[0] - x) < 4 and abs(shape.position[1] - y) < 4:
            low, high = bounds([shape])
            if low[0] - 0.35 < x < high[0] + 0.35 and low[1] - 0.35 < y < high[1] + 0.35 and low[2] < 1.7 and high[2] > 0.1:
                return True
    return False


def _bystander(number: int, spot: tuple[float, float], shot: Shot, stage: StageSet, chance: Random) -> Bystander:
    excited = shot.mood in _EXCITED
    walks = not stage.indoor and not excited and chance.random() < _WALKERS
    doing: Doing = "walk" if walks else "cheer" if excited and chance.random() < 0.75 else "stand"
    looks = {role: chance.randrange(count) for role, count in choices().items()}
    middle = np.mean([mark.position for mark in shot.marks], axis=0) if shot.marks else np.zeros(2)
    towards = float(np.degrees(np.arctan2(middle[0] - spot[0], spot[1] - middle[1])))
    facing = towards + chance.gauss(0, 12 if excited else 35)
    lane = (0.0, 0.0)
    if walks:
        way = chance.choice((-1.0, 1.0))
        lane, facing = (-way * 11.0, way * 11.0), way * 90.0
    return Bystander(number % KINDS, doing, spot, facing, chance.random(), looks, lane)
