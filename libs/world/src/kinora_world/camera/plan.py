"""Where the camera is at every moment of a shot: planned ahead over the whole shot, then a pure function of time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import atan, degrees, radians, tan

import numpy as np

from kinora_world.camera.fitting import Window, axes, fit, needed
from kinora_world.camera.framing import EMPTY_STAGE, MARGIN, Framing, framing, subject_points
from kinora_world.camera.smoothing import damped, ease
from kinora_world.scene import F8, FPS, StageSet, View
from kinora_world.stage import prop_height, prop_kind, prop_kinds
from kinora_world.storyboard import Shot

Subjects = Callable[[float], Mapping[str, F8]]
WIDEST = 84.0  # degrees of vertical view, when a wall leaves no room to step back
LOWEST = 0.28  # metres a camera keeps above the ground
CLEAR = 0.75  # metres it keeps from everyone
SWINGS = (0, 14, -14, 28, -28, 42, -42, 60, -60)  # degrees tried to get a free view
# Where left over height goes, 0 below the subject to 1 above it: a face keeps its eyes two fifths down, a torso its headroom.
_LIFT = {"face": 0.6, "waist": 0.25, "whole": 0.5}


@dataclass(frozen=True, slots=True)
class _Scene:
    """The shot sampled on a grid of times."""

    times: F8  # (n,)
    points: list[F8]  # per time, (k, 3): what must be seen
    bodies: F8  # (n, people, 3): everyone, to keep clear of
    centre: F8  # (n, 3): middle of the points


def plan_camera(
    shot: Shot, subjects: Subjects, heights: Mapping[str, float], stage: StageSet, aspect: float, duration: float | None = None
) -> Callable[[float], View]:
    """The shot's camera. `subjects(time)` gives people's hips and things' bases (3,) by id, and may give head joints as "<id>.head".

    `heights` are metres by id; a prop's is its kind's when left out.

    All subjects of the framing stay in the picture, as far as the stage's bounds allow a view at all.
    """
    duration = shot.duration if duration is None else duration
    look = framing(shot.camera.framing)
    things = {prop.id: prop_height(prop_kind(prop.kind)) for prop in shot.props if prop.kind in prop_kinds()}
    scene = _sample(shot, subjects, {**things, **heights}, look, duration)
    return _player(scene.times, *_clearest(shot, scene, look, stage, aspect))


def _clearest(shot: Shot, scene: _Scene, look: Framing, stage: StageSet, aspect: float) -> tuple[F8, F8, F8]:
    """The path of the first direction nobody stands in the way of; of the least obstructed when there is none."""
    base = _base_yaw(shot, look)
    costs: list[tuple[float, int]] = []
    paths = []
    for number, swing in enumerate(SWINGS):
        paths.append(_path(shot.camera.move, scene, look, stage, aspect, base + swing, _room(shot, base + swing)))
        costs.append((_trouble(paths[-1], scene) + abs(swing) * 0.004, number))
        if costs[-1][0] <= abs(swing) * 0.004:
            break
    return paths[min(costs)[1]]


def _sample(shot: Shot, subjects: Subjects, heights: Mapping[str, float], look: Framing, duration: float) -> _Scene:
    times = np.linspace(0, duration, max(int(np.ceil(duration * FPS)), 1) + 1)
    found = [{name: np.asarray(at, np.float64) for name, at in subjects(float(t)).items()} for t in times]
    people = frozenset(mark.character for mark in shot.marks)
    names = _subject_names(shot, people, found[0], look)
    points = [subject_points(where, names, people, heights, look.crop) if names else EMPTY_STAGE for where in found]
    bodies = np.array([[where[name] for name in sorted(people) if name in where] for where in found]).reshape(len(times), -1, 3)
    centre = np.array([(p.max(0) + p.min(0)) / 2 for p in points])
    return _Scene(times, points, bodies, centre)


def _subject_names(shot: Shot, people: frozenset[str], there: Mapping[str, F8], look: Framing) -> tuple[str, ...]:
    """The subject alone, or everyone; with nobody there, every thing; in a whole view also what people aim at."""
    if shot.camera.subject in there:
        return (str(shot.camera.subject),)
    present = tuple(sorted(people & there.keys()))
    if not present:
        return tuple(sorted(name for name in there if not name.endswith(".head"))) or ()
    if look.crop != "whole":
        return present
    used = {name for action in shot.actions for name in (action.target, action.prop) if name in there and name not in people}
    return (*present, *sorted(str(name) for name in used))


def _base_yaw(shot: Shot, look: Framing) -> float:
    """Near views of one person look at their front, from a quarter's side; all others from the audience's seat."""
    facing = _facing(shot)
    if facing is None or look.crop == "whole":
        return 0.0 if facing is None else float(np.clip(facing, -40, 40)) * 0.35
    return float(np.clip(facing + (14 if facing <= 0 else -14), -70, 70))


def _facing(shot: Shot) -> float | None:
    name = shot.camera.subject or (shot.marks[0].character if len(shot.marks) == 1 else None)
    mark = next((m for m in shot.marks if m.character == name), None)
    return None if mark is None else (mark.facing + 180) % 360 - 180


def _room(shot: Shot, yaw: float) -> float:
    """Looking room: how far to set one person off the middle, away from where they face; -1..1 of a third."""
    facing = _facing(shot)
    return 0.0 if facing is None else float(np.sin(np.radians(facing - yaw)))


def _window(look: Framing, aspect: float, room: float) -> tuple[Window, float]:
    half = tan(radians(look.vertical_fov(aspect)) / 2)
    side = half * aspect
    shift = room * (0.2 if look.crop != "whole" else 0.1)
    free = 1 - 2 * (look.sides + MARGIN)
    window = Window(
        -(free - max(shift, 0.0)) * side,
        (free + min(shift, 0.0)) * side,
        -(1 - 2 * (look.bottom + MARGIN)) * half,
        (1 - 2 * (look.top + MARGIN)) * half,
    )
    return window, degrees(2 * atan(half))


def _path(move: str, scene: _Scene, look: Framing, stage: StageSet, aspect: float, yaw: float, room: float) -> tuple[F8, F8, F8]:
    """Eyes (n, 3), forward directions as targets (n, 3), and fields of view (n,)."""
    window, fov = _window(look, aspect, room)
    share = ease(scene.times / max(float(scene.times[-1]), 1e-6))
    yaws = yaw + (share - 0.5) * 56 if move == "orbit" else np.full(len(share), yaw)
    travels = float(np.ptp(scene.centre[:, :2], axis=0).max())
    tracks = move == "follow" or (move == "orbit" and travels > 0.3) or (look.crop != "whole" and travels > 0.35)
    step = float(scene.times[1] - scene.times[0])
    centre = damped(scene.centre, step) if tracks else np.broadcast_to(_middle(scene), scene.centre.shape)
    frames = np.array([axes(float(y), look.pitch) for y in yaws])
    seen = np.concatenate([(p - c) @ f.T for p, c, f in zip(scene.points, centre, frames, strict=True)])
    offset = fit(seen, window, lift=_LIFT[look.crop])
    back = (1 - share) * 0.28 * abs(offset[2]) if move == "dolly_in" else np.zeros(len(share))
    eyes = np.array([c + offset @ f - b * f[2] for c, f, b in zip(centre, frames, back, strict=True)])
    if move == "pan":
        frames = _panned(scene, eyes, yaws, look.pitch, share)
    return _settle(scene, eyes, frames, stage, aspect, fov)


def _middle(scene: _Scene) -> F8:
    return np.asarray((scene.centre.max(0) + scene.centre.min(0)) / 2)


def _panned(scene: _Scene, eyes: F8, yaws: F8, pitch: float, share: F8) -> F8:
    """The camera stays and turns: after what moves, or gently across what does not."""
    away = damped(scene.centre, float(scene.times[1] - scene.times[0])) - eyes
    after = np.degrees(np.arctan2(-away[:, 0], away[:, 1]))
    after = yaws + (after - after.mean())
    turn = after if np.ptp(after) > 4 else yaws + (0.5 - share) * 9
    return np.array([axes(float(y), pitch) for y in turn])


def _settle(scene: _Scene, eyes: F8, frames: F8, stage: StageSet, aspect: float, fov: float) -> tuple[F8, F8, F8]:
    """Keeps the camera inside the stage, and widens its view where that, or a turn, would cut someone off."""
    x0, y0, x1, y1 = stage.bounds
    ceiling = 2.75 if stage.indoor else 12.0
    kept = np.clip(eyes, (x0, y0, LOWEST), (x1, y1, ceiling))
    moved = np.linalg.norm(kept - eyes, axis=1) > 1e-6
    if moved.any():
        frames = np.array([_towards(c - e) for c, e in zip(scene.centre, kept, strict=True)])
    half = tan(radians(fov) / 2)
    inner = 1 - 2 * MARGIN
    for points, eye, frame in zip(scene.points, kept, frames, strict=True):
        sideways, upwards = needed(points, eye, frame)
        half = max(half, sideways / (aspect * inner), upwards / inner)
    wide = min(degrees(2 * atan(half)), WIDEST)
    return kept, kept + frames[:, 2] * 4, np.full(len(kept), wide)


def _towards(direction: F8) -> F8:
    yaw = degrees(np.arctan2(-direction[0], direction[1]))
    pitch = degrees(np.arctan2(direction[2], np.hypot(direction[0], direction[1])))
    return axes(yaw, pitch)


def _trouble(path: tuple[F8, F8, F8], scene: _Scene) -> float:
    """How much people stand in the way: inside the camera, or between it and what it looks at."""
    eyes = path[0]
    if scene.bodies.shape[1] == 0:
        return 0.0
    apart = np.linalg.norm(scene.bodies[..., :2] - eyes[:, None, :2], axis=2)
    inside = float(np.clip(CLEAR - apart, 0, None).max())
    line = scene.centre[:, None, :2] - eyes[:, None, :2]
    length = np.linalg.norm(line, axis=2)
    along = ((scene.bodies[..., :2] - eyes[:, None, :2]) * line).sum(2) / np.maximum(length, 1e-6)
    aside = np.sqrt(np.maximum(apart**2 - along**2, 0))
    hides = (aside < 0.32) & (along > 0) & (along < length - 0.5)
    return inside * 10 + float(hides.mean())


def _player(times: F8, eyes: F8, targets: F8, fovs: F8) -> Callable[[float], View]:
    def view(time: float) -> View:
        at = float(np.clip(time, times[0], times[-1]))
        values = [float(np.interp(at, times, column)) for column in (*eyes.T, *targets.T, fovs)]
        return View((values[0], values[1], values[2]), (values[3], values[4], values[5]), values[6])

    return view
