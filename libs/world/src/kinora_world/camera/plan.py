"""Where the camera is at every moment of a shot: planned ahead over the whole shot, then a pure function of time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import degrees, radians, tan

import numpy as np

from kinora_world.camera import obstacles
from kinora_world.camera.attention import ATTENTIVE
from kinora_world.camera.fitting import axes, hull, needed
from kinora_world.camera.framing import FILM_MM, LYING, MARGIN, Bulk, Framing, framing
from kinora_world.camera.moves import MOVES, Path, Setup
from kinora_world.camera.sampling import Sampled, Subjects, sample
from kinora_world.camera.smoothing import steadied
from kinora_world.camera.through import over_the_shoulder, point_of_view
from kinora_world.scene import F8, StageSet, View
from kinora_world.stage import prop_height, prop_kind, prop_kinds
from kinora_world.stage.shapes import placed
from kinora_world.storyboard import LAUNCHES, Shot

WIDEST = 84.0  # degrees of vertical view, when a wall leaves no room to step back
LOWEST = 0.28  # metres a camera keeps above the ground
_BEDSIDE = 62.0  # degrees from the foot of a bed
_THREE_QUARTERS = 30  # degrees from the front, from where a whole animal shows its length
_BEHIND = 52.0  # degrees from the side
CLEAR = 0.75  # metres it keeps from everyone
SWINGS = (0, 14, -14, 28, -28, 42, -42, 60, -60)  # degrees tried to get a free view
_IN_SOMEBODY = 1.5  # trouble from which on a camera is in somebody, or sees next to nothing
_AT_ONE = 0.5  # metres between people who embrace, or ride
_LOOK_EVERY = 6  # samples between two looks for obstacles
_SENSIBLE_BLUR, _F_NUMBER = 0.02, 2.0


def plan_camera(
    shot: Shot,
    subjects: Subjects,
    heights: Mapping[str, float],
    stage: StageSet,
    aspect: float,
    duration: float | None = None,
    beings: Mapping[str, Bulk] | None = None,
) -> Callable[[float], View]:
    """The shot's camera. `subjects(time)` gives people's hips and things' bases (3,) by id, and may give head joints as "<id>.head".

    `heights` are metres by id; a prop's is its kind's when left out. `beings` are those that are no upright people, and their size.

    All subjects of the framing stay in the picture, as far as the stage's bounds allow a view at all; a move that comes from elsewhere
    (tilt, whip pan) ends on them.
    """
    duration = shot.duration if duration is None else duration
    look = framing(shot.camera.framing, shot.camera.lens_mm)
    things = {prop.id: prop_height(prop_kind(prop.kind)) * prop.scale for prop in shot.props if prop.kind in prop_kinds()}
    sampled = sample(shot, subjects, {**things, **heights}, beings or {}, look, duration)
    path = _own_view(shot, sampled)
    if path is not None:
        return _player(shot, sampled, _onstage(path, stage))
    solid = _solid(shot, sampled, look, stage)
    return _player(shot, sampled, _before_walls(_clearest(shot, sampled, look, stage, aspect, solid), sampled, solid))


def _own_view(shot: Shot, sampled: Sampled) -> Path | None:
    if shot.camera.move == "pov":
        return point_of_view(shot, sampled)
    return over_the_shoulder(shot, sampled) if shot.camera.move == "over_the_shoulder" else None


def _clearest(shot: Shot, sampled: Sampled, look: Framing, stage: StageSet, aspect: float, solid: F8) -> Path:
    """The path of the first direction nobody stands in the way of; of the least obstructed when there is none.

    Where the stage has no room for the move, the camera stands still.
    """
    base = _BEDSIDE if _lies(shot, sampled) else _base_yaw(shot, look, sampled.beings)
    moves = (MOVES.get(shot.camera.move, MOVES["static"]), MOVES["static"])
    found: list[tuple[float, Path]] = []
    for move in moves:
        for swing in SWINGS:
            setup = Setup(sampled, look, aspect, base + swing, _room(shot, base + swing))
            path = _settle(setup, move(setup), stage, live=shot.camera.move in ATTENTIVE)
            cost = _trouble(path, sampled, solid) + abs(swing) * 0.004
            if cost <= abs(swing) * 0.004:
                return path
            found.append((cost, path))
        if min(cost for cost, _ in found) < _IN_SOMEBODY:
            break
    return min(found, key=lambda pair: pair[0])[1]


def _solid(shot: Shot, sampled: Sampled, look: Framing, stage: StageSet) -> F8:
    """Boxes of the place and of the standing things that are no subject, nor what a subject is on or at."""
    standing = [p for p in shot.props if p.position is not None and p.id not in sampled.names and p.kind in prop_kinds()]
    shapes = [placed(s, p.position, p.facing, p.scale) for p in standing if p.position for s in prop_kind(p.kind).shapes]
    everything = np.concatenate([obstacles.boxes(stage.shapes), obstacles.boxes(tuple(shapes))])
    shown = sampled.core[[0, -1]] if look.crop in ("face", "eyes") else np.concatenate([sampled.points[0], sampled.points[-1]])
    return obstacles.around(everything, np.concatenate([sampled.bodies[0, list(sampled.subjects)], shown]))


def _base_yaw(shot: Shot, look: Framing, beings: frozenset[str]) -> float:
    """Near views of one person, and those of one animal, look at their front, from a quarter's side; others from the audience's seat."""
    aim, facing = _aim(shot), _facing(shot)
    if aim is not None:  # who aims is seen from behind, large before what they aim at
        return float(np.copysign(_BEHIND, -aim))
    if facing is None:
        return 0.0
    whole, beast = look.crop == "whole", shot.camera.subject in beings
    if whole and not beast:
        return float(np.clip(facing, -40, 40)) * 0.35
    aside = 0 if _meets_eyes(shot) else _THREE_QUARTERS if whole else 14
    return float(np.clip(facing + (aside if facing <= 0 else -aside), -70, 70))


def _lies(shot: Shot, sampled: Sampled) -> bool:
    """The one person who is seen lies down."""
    name = None if shot.camera.subject in sampled.beings else shot.camera.subject
    head, hips = (sampled.track(f"{name}.head"), sampled.track(name)) if name else (None, None)
    return head is not None and hips is not None and float(np.abs(head[:, 2] - hips[:, 2]).max()) < LYING


def _aim(shot: Shot) -> float | None:
    """The way, in degrees as a mark faces, of what is kicked or thrown at something."""
    where = {prop.id: prop.position for prop in shot.props}
    marks = {mark.character: mark.position for mark in shot.marks}
    for action in shot.actions:
        at, start = where.get(action.target or ""), marks.get(action.actor)
        if action.verb in LAUNCHES and action.prop is not None and at is not None and start is not None:
            return degrees(np.arctan2(at[0] - start[0], start[1] - at[1]))
    return None


def _meets_eyes(shot: Shot) -> bool:
    """Somebody looks, and at nothing on the stage: into the camera."""
    return any(action.verb == "look_at" and action.target is None and action.prop is None for action in shot.actions)


def _facing(shot: Shot) -> float | None:
    name = shot.camera.subject or (shot.marks[0].character if len(shot.marks) == 1 else None)
    mark = next((m for m in shot.marks if m.character == name), None)
    return None if mark is None else (mark.facing + 180) % 360 - 180


def _room(shot: Shot, yaw: float) -> float:
    """Looking room: how far to set one person off the middle, away from where they face; -1..1 of a third."""
    facing = _facing(shot)
    return 0.0 if facing is None else float(np.sin(np.radians(facing - yaw)))


def _onstage(path: Path, stage: StageSet) -> Path:
    return replace(path, eyes=_bounded(path.eyes, stage))


def _bounded(eyes: F8, stage: StageSet) -> F8:
    x0, y0, x1, y1 = stage.bounds
    return np.clip(eyes, (x0, y0, LOWEST), (x1, y1, 2.75 if stage.indoor else 12.0))


def _beside_people(eyes: F8, sampled: Sampled, stage: StageSet) -> F8:
    """Where the stage is too small for the view, the camera is at least not in anybody: pushed out of whom it would be in."""
    for person in range(sampled.bodies.shape[1]):
        away = (eyes - sampled.bodies[:, person]) * [1, 1, 0]
        apart = np.linalg.norm(away, axis=1, keepdims=True)
        wanted = CLEAR + sampled.girths[person]
        eyes = eyes + away / np.maximum(apart, 1e-3) * np.clip(wanted - apart, 0, None)
    return _bounded(eyes, stage)


def _settle(setup: Setup, path: Path, stage: StageSet, *, live: bool) -> Path:
    """Keeps the camera inside the stage, and widens its view where that, or a turn, would cut someone off; if `live` only meanwhile."""
    sampled = setup.sampled
    kept = _beside_people(_bounded(path.eyes, stage), sampled, stage)
    frames = path.frames
    if (np.linalg.norm(kept - path.eyes, axis=1) > 1e-6).any():
        frames = np.array([_towards(c - e) for c, e in zip(steadied(sampled.centre, setup.reach), kept, strict=True)])
    wider = np.ones(len(kept))
    inner = 1 - 2 * MARGIN
    for index in range(len(kept))[path.promised :]:
        half = tan(radians(path.fovs[index]) / 2)
        sideways, upwards = needed(sampled.points[index], kept[index], frames[index])
        wider[index] = max(1.0, sideways / (setup.aspect * inner) / half, upwards / inner / half)
    wider = hull(wider, setup.reach if live else len(wider))
    fovs = np.minimum(np.degrees(2 * np.arctan(np.tan(np.radians(path.fovs) / 2) * wider)), WIDEST)
    return replace(path, eyes=kept, frames=frames, fovs=fovs)


def _towards(direction: F8) -> F8:
    yaw = degrees(np.arctan2(-direction[0], direction[1]))
    pitch = degrees(np.arctan2(direction[2], np.hypot(direction[0], direction[1])))
    return axes(yaw, pitch)


def _trouble(path: Path, sampled: Sampled, solid: F8) -> float:
    """How much stands in the way: people inside the camera or before what it looks at, and things between the two."""
    hidden = 1 - np.array(obstacles.blocked(solid, sampled.core, path.eyes, _LOOK_EVERY))
    things = float(np.where(hidden > 0, 0.3 + hidden, 0).mean()) * 1.5
    apart = np.linalg.norm(sampled.bodies[..., :2] - path.eyes[:, None, :2], axis=2)
    inside = float(np.clip(CLEAR + sampled.girths - apart, 0, None).max(initial=0.0))
    return inside * 10 + _hidden(path, sampled) + things


def _hidden(path: Path, sampled: Sampled) -> float:
    """The share of time, over all subjects, for which somebody stands before them: who is not at one with them, as a rider with a horse."""
    bodies = sampled.bodies[..., :2] - path.eyes[:, None, :2]
    apart = np.linalg.norm(bodies, axis=2)
    found = 0.0
    for subject in sampled.subjects:
        line, length = bodies[:, subject, None], apart[:, subject, None]
        along = (bodies * line).sum(2) / np.maximum(length, 1e-6)
        aside = np.sqrt(np.maximum(apart**2 - along**2, 0))
        beside = np.linalg.norm(bodies - line, axis=2) > _AT_ONE + sampled.girths
        hides = (aside < 0.32 + sampled.girths) & (along > 0) & (along < length) & beside
        found += float(hides.mean(0).sum()) / len(sampled.subjects)
    return found


def _before_walls(path: Path, sampled: Sampled, solid: F8) -> Path:
    """Where no direction is free the camera comes forward to before what hides the subject, and its view widens to match."""
    shares = np.array(obstacles.blocked(solid, sampled.core, path.eyes, _LOOK_EVERY))
    free = float(shares.min(initial=1.0))
    if free >= 1 or free < 0.2:
        return path
    eyes = sampled.centre + (path.eyes - sampled.centre) * free
    apart = np.linalg.norm(sampled.bodies[..., :2] - eyes[:, None, :2], axis=2) - sampled.girths
    if (apart < CLEAR).any():  # better half hidden than in somebody
        return path
    fovs = np.minimum(np.degrees(2 * np.arctan(np.tan(np.radians(path.fovs) / 2) / free)), WIDEST)
    return replace(path, eyes=eyes, fovs=fovs)


def _player(shot: Shot, sampled: Sampled, path: Path) -> Callable[[float], View]:
    times, count = sampled.times, len(sampled.times)
    forward = np.array([_turned(frame, turn) for frame, turn in zip(path.frames, np.broadcast_to(path.turns, (count, 2)), strict=True)])
    focus, blur = _focus(shot, sampled, path)
    rolls = np.broadcast_to(path.rolls, (count,))
    columns = (*path.eyes.T, *(path.eyes + forward * 4).T, path.fovs, rolls, focus)

    def view(time: float) -> View:
        at = float(np.clip(time, times[0], times[-1]))
        v = [float(np.interp(at, times, column)) for column in columns]
        return View((v[0], v[1], v[2]), (v[3], v[4], v[5]), fov=v[6], roll=v[7], focus=v[8], blur=blur)

    return view


def _turned(frame: F8, turn: F8) -> F8:
    """The forward axis, turned left by yaw and up by pitch."""
    yaw, pitch = np.radians(turn)
    right, up, forward = frame
    level = forward * np.cos(yaw) - right * np.sin(yaw)
    return np.asarray(level * np.cos(pitch) + up * np.sin(pitch))


def _focus(shot: Shot, sampled: Sampled, path: Path) -> tuple[F8, float]:
    """Distance (n,) that is sharp, and how big a far point appears: the thin lens at a portrait's aperture, within reason."""
    camera = shot.camera
    first = sampled.head(camera.subject) if camera.subject else None
    other = sampled.head(camera.other) if camera.other else None
    first = sampled.centre if first is None else first
    other = first if other is None else other
    ahead = path.frames[:, 2]
    distances = [np.maximum(((at - path.eyes) * ahead).sum(1), 0.3) for at in (first, other)]
    share = np.broadcast_to(path.focus_share, distances[0].shape)
    focus = 1 / ((1 - share) / distances[0] + share / distances[1])  # even in dioptres, as a focus puller turns the ring
    if not (camera.shallow or camera.move == "rack_focus"):
        return focus, 0.0
    lens = FILM_MM / 2 / tan(radians(float(path.fovs.mean())) / 2)
    spot = lens**2 / (_F_NUMBER * max(float(focus.mean()) * 1000 - lens, 1.0))
    return focus, float(min(spot / FILM_MM, _SENSIBLE_BLUR))
