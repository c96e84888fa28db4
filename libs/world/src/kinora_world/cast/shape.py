"""A character's naked shape: MakeHuman macro targets by age, sex, weight and muscle, small traits that tell people apart, and height.

Macro values follow MakeHuman: age 0 is 1 year, 0.1875 is 12, 0.5 is 25 and 1 is 90 years; weight and muscle have a middle at 0.5.
"""

import hashlib
import itertools

import numpy as np

from kinora_world.assets import BodyData
from kinora_world.cast.colour import linear
from kinora_world.scene import F8
from kinora_world.storyboard import Character

_AGE_YEARS = (1.0, 12.0, 25.0, 90.0)
_AGE_NAMES = ("baby", "child", "young", "old")
# Median standing heights in metres, female and male (WHO growth reference to 19 years; then a slow loss with age).
_HEIGHT_AGES = (4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 50.0, 70.0, 95.0)
_HEIGHT_FEMALE = (1.03, 1.15, 1.27, 1.39, 1.51, 1.59, 1.63, 1.65, 1.65, 1.62, 1.57)
_HEIGHT_MALE = (1.04, 1.16, 1.27, 1.38, 1.49, 1.63, 1.73, 1.77, 1.77, 1.74, 1.69)
# Opposite targets and how far a person may stray towards either.
_TRAITS = (
    ("nose-scale-horiz-decr", "nose-scale-horiz-incr", 0.5),
    ("nose-scale-vert-decr", "nose-scale-vert-incr", 0.4),
    ("nose-hump-decr", "nose-hump-incr", 0.4),
    ("mouth-scale-horiz-decr", "mouth-scale-horiz-incr", 0.3),
    ("chin-width-decr", "chin-width-incr", 0.5),
    ("chin-jaw-drop-decr", "chin-jaw-drop-incr", 0.3),
    ("head-oval", "head-square", 0.5),
    ("head-round", "head-rectangular", 0.35),
    ("forehead-scale-vert-decr", "forehead-scale-vert-incr", 0.3),
    ("mouth-lowerlip-volume-decr", "mouth-lowerlip-volume-incr", 0.5),
)
_SOFTER = {"head-square": 0.4, "chin-width-incr": 0.3}  # how far a feminine face leans the other way


def chance(identity: str, purpose: str) -> float:
    """A number in [0, 1) that depends on the two words alone."""
    digest = hashlib.blake2b(f"{identity}/{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def height_of(character: Character) -> float:
    """Standing height in metres, barefoot."""
    female, male = (float(np.interp(character.age_years, _HEIGHT_AGES, row)) for row in (_HEIGHT_FEMALE, _HEIGHT_MALE))
    usual = male + (female - male) * character.feminine
    return usual * (1 + 0.06 * (chance(character.id, "height") - 0.5))


def _between(value: float, knots: tuple[float, ...], names: tuple[str, ...]) -> dict[str, float]:
    place = float(np.interp(value, knots, range(len(knots))))
    low = min(int(place), len(knots) - 2)
    return {names[low]: 1 - (place - low), names[low + 1]: place - low}


def _further(weights: dict[str, float], middle: str) -> dict[str, float]:
    """MakeHuman's extremes of weight are mild: go beyond them, as far again for the heavy, a little for the thin."""
    reach = {"minweight": 1.3, "maxweight": 2.1}
    found = {name: weight * reach[name] for name, weight in weights.items() if name != middle}
    return found | {middle: 1 - sum(found.values())}


def _ancestry(character: Character) -> dict[str, float]:
    """Facial features follow the skin only loosely; the rest is chance, so that faces differ."""
    light = float(np.dot(linear(character.skin), (0.2126, 0.7152, 0.0722)))
    african = float(np.clip((0.30 - light) / 0.22, 0, 0.85))
    asian = (1 - african) * (0.15 + 0.5 * chance(character.id, "ancestry"))
    return {"african": african, "asian": asian, "caucasian": 1 - african - asian}


def macro_weights(character: Character) -> dict[str, float]:
    """Weights of the macro targets; they add up to 2 (ancestry and physique each to 1)."""
    ages = _between(character.age_years, _AGE_YEARS, _AGE_NAMES)
    sexes = {"female": character.feminine, "male": 1 - character.feminine}
    middle = (0.0, 0.5, 1.0)
    muscles = _between(character.muscle, middle, ("minmuscle", "averagemuscle", "maxmuscle"))
    builds = _further(_between(character.weight, middle, ("minweight", "averageweight", "maxweight")), "averageweight")
    found: dict[str, float] = {}
    for (sex, s), (age, a) in itertools.product(sexes.items(), ages.items()):
        for race, r in _ancestry(character).items():
            found[f"{race}-{sex}-{age}"] = s * a * r
        for (muscle, m), (build, b) in itertools.product(muscles.items(), builds.items()):
            found[f"universal-{sex}-{age}-{muscle}-{build}"] = s * a * m * b
    return {name: weight for name, weight in found.items() if weight}


def trait_weights(character: Character) -> dict[str, float]:
    """Small differences of face that stay with a character for good."""
    found = {}
    for less, more, reach in _TRAITS:
        value = (2 * chance(character.id, more) - 1) * reach - _SOFTER.get(more, 0.0) * character.feminine
        found[more if value > 0 else less] = abs(value)
    lined = float(np.clip((character.age_years - 52) / 30, 0, 0.8))
    return found | ({"head-age-incr": lined} if lined else {})


def naked_shape(data: BodyData, weights: dict[str, float]) -> F8:
    """The base mesh displaced by weighted targets, (n, 3) metres."""
    vertices = data.vertices.copy()
    for name, weight in weights.items():
        index, delta = data.shapes.of(name)
        vertices[index] += weight * delta
    return vertices
