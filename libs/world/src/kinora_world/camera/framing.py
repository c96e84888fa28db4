"""What a framing must show: the catalogue's numbers, and the points of each subject that have to stay in the picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import atan, degrees, radians, tan
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from kinora_world import catalogue
from kinora_world.scene import F4, F8

# Of a standing person, as shares of body height above the hips.
HEAD_TOP, EYES, FEET = 0.475, 0.41, -0.54
SKULL = 0.06  # of body height, from the head's joint up to the eyes
FILM_MM = 24.0  # height of a picture on 35 mm film
LYING = 0.2  # of body height: who has their head no higher above the hips lies down
MARGIN = 0.012  # of the picture, kept free on every side whatever the framing


class Framing(BaseModel):
    """`fov` is vertical, degrees, in landscape; `top`, `bottom`, `sides` are the free shares of the picture."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    description: str
    words: tuple[str, ...]
    fov: float = Field(gt=5, lt=90)
    pitch: float
    top: float = Field(ge=0, lt=0.4)
    bottom: float = Field(ge=0, lt=0.4)
    sides: float = Field(ge=0, lt=0.4)
    crop: Literal["whole", "waist", "face", "eyes"]

    def vertical_fov(self, aspect: float) -> float:
        """Upright pictures see further up and down, so that the camera need not step back as far."""
        return degrees(2 * atan(tan(radians(self.fov) / 2) * min(max(1 / aspect, 1.0), 1.45)))


@cache
def framing(name: str, lens_mm: float | None = None) -> Framing:
    """The catalogue's framing, seen through its usual lens or through one of `lens_mm` on 35 mm film."""
    look = Framing.model_validate(dict(catalogue.entries("camera")[name]))
    return look if lens_mm is None else look.model_copy(update={"fov": degrees(2 * atan(FILM_MM / 2 / lens_mm))})


def _column(x: float, y: float, low: float, high: float, radius: float) -> F8:
    """Corners of the upright box around a subject."""
    return np.array([(x + a, y + b, z) for a in (-radius, radius) for b in (-radius, radius) for z in (low, high)])


EMPTY_STAGE = _column(0, 0, 0.0, 2.2, 2.0)  # what a view shows where nobody and nothing is: the room that people would take


@dataclass(frozen=True, slots=True)
class Bulk:
    """How much room a being takes that is no upright person: metres from its hips, and half its head's size."""

    fore: float
    aft: float
    aside: float
    below: float
    above: float
    head: float

    @property
    def reach(self) -> float:
        """Metres from the middle to what is furthest from it on the level."""
        return max(self.fore, self.aft, self.aside)


def bulk(rest: F4, hips: F8) -> Bulk:
    """Of a resting body's vertices (n, 3) around its hips (3,)."""
    away = rest - hips
    low, high = float(away[:, 2].min()), float(away[:, 2].max())
    fore, aft, aside = (float(np.percentile(reach, 98)) for reach in (-away[:, 1], away[:, 1], np.abs(away[:, 0])))  # it looks along -Y
    return Bulk(fore, aft, aside, -low, high, 0.2 * max(high - low, fore, aft))


def _being(at: F8, head: F8, size: Bulk, crop: str) -> F8:
    """A being's head where a person's face would be shown, all of it otherwise."""
    if crop in ("face", "eyes"):
        half = size.head * (1.5 if crop == "face" else 0.8)
        return _column(float(head[0]), float(head[1]), float(head[2]) - half, float(head[2]) + half, half)
    ahead = (head - at)[:2]
    low, high = float(at[2]) - size.below, float(at[2]) + size.above
    if np.linalg.norm(ahead) < 0.25 * size.fore or size.fore + size.aft < 3 * size.aside:  # it stands upright, or is as wide as long
        return _column(float(at[0]), float(at[1]), low, high, size.reach)
    ahead = ahead / np.linalg.norm(ahead)
    across = np.array([-ahead[1], ahead[0]])
    sides = [at[:2] + ahead * far + across * side for far in (size.fore, -size.aft) for side in (size.aside, -size.aside)]
    return np.array([(*side, z) for side in sides for z in (low, high)])


def subject_points(
    where: Mapping[str, F8],
    names: tuple[str, ...],
    people: frozenset[str],
    heights: Mapping[str, float],
    crop: str,
    beings: Mapping[str, Bulk] | None = None,
) -> F8:
    """(n, 3): what of the subjects must be seen. A person's head joint may be given apart as "<id>.head"; else they stand."""
    boxes = []
    for name in names:
        x, y, z = (float(v) for v in where[name])
        tall = heights.get(name, 1.7 if name in people else 0.3)
        if beings and name in beings:
            boxes.append(_being(where[name], where.get(f"{name}.head", where[name]), beings[name], crop))
            continue
        if name not in people:
            boxes.append(_column(x, y, z, z + tall, min(tall * 0.4, 0.6)))
            continue
        head = where.get(f"{name}.head")
        if head is not None and crop in ("waist", "whole") and abs(float(head[2]) - z) < LYING * tall:
            feet = where[name] * 2.1 - head * 1.1
            boxes.extend(_column(float(end[0]), float(end[1]), z - 0.15, z + 0.35, 0.15 * tall) for end in (head, feet))
            continue
        hx, hy, eyes = (x, y, z + EYES * tall) if head is None else (float(head[0]), float(head[1]), float(head[2]) + SKULL * tall)
        top = eyes + (HEAD_TOP - EYES) * tall
        if crop == "eyes":
            boxes.append(_column(hx, hy, eyes - 0.052 * tall, eyes + 0.034 * tall, 0.04 * tall))
        elif crop == "face":
            boxes.append(_column(hx, hy, eyes - 0.18 * tall, eyes + 0.115 * tall, 0.05 * tall))
        elif crop == "waist":
            boxes.append(np.vstack([_column(hx, hy, top, top, 0.14 * tall), _column(x, y, z - 0.04 * tall, z, 0.18 * tall)]))
        else:
            boxes.append(np.vstack([_column(hx, hy, top, top, 0.1 * tall), _column(x, y, z + FEET * tall, z, 0.2 * tall)]))
    return np.concatenate(boxes)
