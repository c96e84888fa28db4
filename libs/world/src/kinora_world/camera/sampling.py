"""The shot as the camera sees it coming: who and what must be in the picture, sampled over the whole shot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kinora_world.camera.attention import ATTENTIVE, attended
from kinora_world.camera.framing import EMPTY_STAGE, Bulk, Framing, subject_points
from kinora_world.scene import F8, FPS
from kinora_world.storyboard import Shot

_OFF = 6.5  # metres from people at which a thing is gone
_PERSON = 0.3  # metres from the middle to a person's side
Subjects = Callable[[float], Mapping[str, F8]]


@dataclass(frozen=True, slots=True)
class Sampled:
    """The shot on a grid of times."""

    times: F8  # (n,)
    where: tuple[Mapping[str, F8], ...]  # per time: hips, "<id>.head" and bases of things, (3,)
    names: tuple[str, ...]  # the subjects of the framing
    points: tuple[F8, ...]  # per time, (k, 3): what must be seen
    bodies: F8  # (n, people, 3): everyone, to keep clear of
    girths: F8  # (people,): how much further than people's their sides are from the middle, metres
    centre: F8  # (n, 3): middle of the points
    core: F8  # (n, 3): what nothing may hide: the middle, or the chin of a face
    subjects: tuple[int, ...]  # those of the bodies that are to be seen
    beings: frozenset[str]  # who is no upright person

    @property
    def step(self) -> float:
        return float(self.times[1] - self.times[0])

    @property
    def travels(self) -> float:
        """Metres that the subjects' middle gets about."""
        return float(np.ptp(self.centre[:, :2], axis=0).max())

    def track(self, name: str) -> F8 | None:
        """(n, 3) of a name in `where`, None where it is not on the stage all the time."""
        return np.array([at[name] for at in self.where]) if all(name in at for at in self.where) else None

    def head(self, name: str) -> F8 | None:
        """(n, 3) of a head, or of a thing's base."""
        head = self.track(f"{name}.head")
        return self.track(name) if head is None else head


def sample(
    shot: Shot, subjects: Subjects, heights: Mapping[str, float], beings: Mapping[str, Bulk], look: Framing, duration: float
) -> Sampled:
    times = np.linspace(0, duration, max(int(np.ceil(duration * FPS)), 1) + 1)
    where = tuple({name: np.asarray(at, np.float64) for name, at in subjects(float(t)).items()} for t in times)
    people = frozenset(mark.character for mark in shot.marks)
    names = _subject_names(shot, people, where[0], look)
    seen_at = attended(shot, names, where, times) if _chooses(shot) else [names] * len(where)
    names_at = [_in_sight(seen, at, people) for seen, at in zip(seen_at, where, strict=True)]
    points = tuple(
        subject_points(at, seen, people, heights, look.crop, beings) if seen else EMPTY_STAGE
        for at, seen in zip(where, names_at, strict=True)
    )
    present = [name for name in sorted(people) if name in where[0]]
    bodies = np.array([[at[name] for name in present] for at in where]).reshape(len(times), -1, 3)
    centre = np.array([(p.max(0) + p.min(0)) / 2 for p in points])
    chin = np.array([p.min(0) for p in points])[:, 2] * 0.8 + centre[:, 2] * 0.2
    core = centre if look.crop != "face" else np.column_stack([centre[:, :2], chin])
    girths = np.array([max(beings[name].reach - _PERSON, 0.0) if name in beings else 0.0 for name in present])
    subjects_at = tuple(index for index, name in enumerate(present) if name in names)
    return Sampled(times, where, names, points, bodies, girths, centre, core, subjects_at, frozenset(beings))


def _chooses(shot: Shot) -> bool:
    return shot.camera.move in ATTENTIVE and shot.camera.subject is None


def _in_sight(names: tuple[str, ...], where: Mapping[str, F8], people: frozenset[str]) -> tuple[str, ...]:
    """Without things that have flown or rolled off: the picture stays with the people."""
    stand = np.array([where[name] for name in names if name in people])
    if not len(stand):
        return names
    near = {name for name in names if name in people or np.linalg.norm(stand - where[name], axis=1).min() < _OFF}
    return tuple(name for name in names if name in near)


def _subject_names(shot: Shot, people: frozenset[str], there: Mapping[str, F8], look: Framing) -> tuple[str, ...]:
    """The subject alone, or everyone; with nobody there, every thing; in a whole view also what people aim at."""
    if shot.camera.subject in there:
        asked = (shot.camera.subject, shot.camera.other if shot.camera.move == "rack_focus" else None)
        return tuple(str(name) for name in asked if name in there)
    present = tuple(sorted(people & there.keys()))
    if not present:
        return tuple(sorted(name for name in there if not name.endswith(".head"))) or ()
    if look.crop != "whole":
        return present
    used = {name for action in shot.actions for name in (action.target, action.prop) if name in there and name not in people}
    pushed = {
        prop.kind for prop in shot.props for action in shot.actions if action.verb == "push" and prop.id in (action.prop, action.target)
    }
    used |= {prop.id for prop in shot.props if prop.kind in pushed and prop.id in there}  # a row falls to its end
    return (*present, *sorted(str(name) for name in used))
