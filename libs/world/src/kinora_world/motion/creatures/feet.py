"""Feet that stay where they have been put down, and swing to where they are needed next."""

from dataclasses import dataclass

import numpy as np

from kinora_world.motion.creatures.route import Going, Leg
from kinora_world.motion.track import smooth
from kinora_world.scene import F8


@dataclass(frozen=True, slots=True)
class Steps:
    """One foot through the shot. `roll` is 0 as it comes down, 1 as it leaves; `landings` are (sample, metres of the step)."""

    places: F8  # (k, 2)
    lift: F8  # (k,) 0..1 of the gait's step height
    standing: F8  # (k,) 1 or 0
    roll: F8  # (k,)
    swing: F8  # (k,) 0..1 through the swing, 0 while standing
    landings: tuple[tuple[int, float], ...]


def step(going: Going, foot: str, rest: F8) -> Steps:
    """`rest` (2,) is where the foot stands under the resting body, in the body's axes."""
    count = len(going.heading)
    places, lift, standing = np.zeros((count, 2)), np.zeros(count), np.ones(count)
    roll, swing = np.full(count, 0.5), np.zeros(count)
    landings: list[tuple[int, float]] = []
    before = going.which < 0
    places[before] = _under(going.place[before], going.heading[before], rest)
    for number, leg in enumerate(going.legs):
        rows = np.flatnonzero(going.which == number)
        if not len(rows):
            continue
        found = _stepped(leg, going.phase[rows] * leg.stride, leg.gait.offsets.get(foot, 0.0), rest)
        places[rows], lift[rows], standing[rows], roll[rows], swing[rows] = found[:5]
        touch = np.flatnonzero((np.diff(found[2]) > 0) & (found[5][1:] > 0.02))
        landings += [(int(rows[k + 1]), float(found[5][k + 1])) for k in touch]
    return Steps(places, lift, standing, roll, swing, tuple(landings))


def _under(place: F8, heading: F8, rest: F8) -> F8:
    cos, sin = np.cos(heading), np.sin(heading)
    return np.column_stack([place[:, 0] + cos * rest[0] - sin * rest[1], place[:, 1] + sin * rest[0] + cos * rest[1]])


def _stepped(leg: Leg, gone: F8, offset: float, rest: F8) -> tuple[F8, F8, F8, F8, F8, F8]:
    """A foot stands where the body will be in the middle of its stance; before the start and past the end it stands at rest."""
    duty, stride, length = leg.gait.duty, leg.stride, leg.length
    phase = gone / stride - offset + 0.5
    cycle = np.floor(phase)
    stance = phase - cycle < duty

    def spot(number: F8) -> F8:
        middle = np.clip((number + 0.5 * duty + offset - 0.5) * stride, 0, length)
        return _under(*leg.at(middle), rest)

    here, there = spot(cycle), spot(cycle + 1)
    begin = np.clip((cycle + duty + offset - 0.5) * stride, 0, length)
    finish = np.clip((cycle + 1 + offset - 0.5) * stride, 0, length)
    share = np.where(stance, 0.0, np.clip((gone - begin) / np.maximum(finish - begin, 1e-9), 0, 1))
    far = np.linalg.norm(there - here, axis=1)
    eased = smooth(share) * 0.5 + share * 0.5
    places = here + (there - here) * np.where(stance, 0.0, eased)[:, None]
    lift = np.where(stance, 0.0, np.sin(np.pi * share) * np.clip(far / (0.5 * stride), 0, 1))
    roll = np.where(stance, (phase - cycle) / duty, 1 - share)
    reach = np.linalg.norm(here - spot(cycle - 1), axis=1)
    still = (gone <= 1e-6) | (gone >= length - 1e-6)
    calm = np.clip(far / (0.5 * stride), 0, 1)
    return places, lift, np.where(stance | still, 1.0, 0.0), 0.5 + (roll - 0.5) * calm, np.where(stance, 0.0, share), reach
