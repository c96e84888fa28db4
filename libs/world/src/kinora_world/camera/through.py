"""Views that belong to somebody: over a shoulder, and through their eyes."""

import numpy as np

from kinora_world.camera.moves import Path
from kinora_world.camera.sampling import Sampled
from kinora_world.camera.smoothing import damped
from kinora_world.scene import F8
from kinora_world.storyboard import Shot

_BEHIND, _ASIDE, _ABOVE = 0.85, 0.38, 0.16  # metres from the head whose shoulder is seen
_OTS_FOV, _POV_FOV = 30.0, 52.0
_UP = np.array([0.0, 0.0, 1.0])
_WALKING = 0.3  # m/s: from here on people look where they go


def over_the_shoulder(shot: Shot, sampled: Sampled) -> Path | None:
    """Past one person's shoulder at another, from the audience's side of the line between them. None where there are not two."""
    here, there = _pair(shot, sampled)
    if here is None or there is None:
        return None
    here, there = damped(here, sampled.step), damped(there, sampled.step)
    way = _level(there - here)
    aside = np.column_stack([way[:, 1], -way[:, 0], np.zeros(len(way))])
    aside *= np.where(aside[:, 1:2].mean() <= 0, 1.0, -1.0)  # the audience is at -Y: the line between them is not crossed
    eyes = here - way * _BEHIND + aside * _ASIDE + _UP * _ABOVE
    return Path(eyes, _frames(there + _UP * 0.02 + aside * 0.12 - eyes), np.full(len(eyes), _OTS_FOV))


def point_of_view(shot: Shot, sampled: Sampled) -> Path | None:
    """What the subject sees: who they look at, else where they walk or face. None where there is no such person."""
    person = shot.camera.subject or (shot.marks[0].character if shot.marks else None)
    eyes = sampled.track(f"{person}.head")
    if eyes is None:
        return None
    eyes = damped(eyes, sampled.step, 0.12) + _UP * 0.09
    other = sampled.head(shot.camera.other) if shot.camera.other else None
    way = _level(other - eyes) if other is not None else _ahead(shot, str(person), sampled)
    gaze = other - eyes if other is not None else way - _UP * 0.08
    return Path(eyes + way * 0.16, _frames(damped(gaze, sampled.step, 0.3)), np.full(len(eyes), _POV_FOV))


def _pair(shot: Shot, sampled: Sampled) -> tuple[F8 | None, F8 | None]:
    """Heads of who is looked past and who is looked at."""
    people = [mark.character for mark in shot.marks]
    subject, other = shot.camera.subject, shot.camera.other
    if other is None:  # the subject is looked at, past whoever else is there
        other = subject or next(iter(people), None)
        subject = next((name for name in people if name != other), None)
    here, there = (sampled.head(name) if name else None for name in (subject, other))
    return here, there


def _ahead(shot: Shot, person: str, sampled: Sampled) -> F8:
    """(n, 3) unit vectors."""
    hips = sampled.track(person)
    facing = np.radians(next((mark.facing for mark in shot.marks if mark.character == person), 0.0))
    still = np.array([np.sin(facing), -np.cos(facing), 0.0])
    if hips is None:
        return np.broadcast_to(still, (len(sampled.times), 3))
    speed = np.gradient(damped(hips, sampled.step, 0.3), sampled.step, axis=0) * [1, 1, 0]
    ways, way = [], still
    for velocity in speed:
        way = velocity / np.linalg.norm(velocity) if np.linalg.norm(velocity) > _WALKING else way
        ways.append(way)
    return _level(damped(np.array(ways), sampled.step, 0.4))


def _level(ways: F8) -> F8:
    level = ways * [1, 1, 0]
    return np.asarray(level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-6))


def _frames(ways: F8) -> F8:
    forward = ways / np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-6)
    right = _level(np.column_stack([forward[:, 1], -forward[:, 0], np.zeros(len(forward))]))
    return np.stack([right, np.cross(right, forward), forward], 1)
