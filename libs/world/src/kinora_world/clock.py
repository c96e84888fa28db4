"""Time on film and time on the stage: slow motion, time lapse, and the moment that all but stands still.

A shot is as long as the storyboard says; how much happens in it follows from its clock. Words are spoken at their own pace, so a shot with
dialogue runs at natural speed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from kinora_world.scene import F8, Contact, Footfall, Hold, Launch, Performance, Pose
from kinora_world.storyboard import Shot

_RATE = 240.0  # samples a second
_FROZEN = 0.05  # of natural speed, in the middle of a bullet-time shot
_FREEZE = (0.3, 0.4, 0.8, 0.9)  # shares of the shot: begins to slow, slow, begins to quicken, natural again


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Both ways between seconds of film and of the stage; each grows with the other."""

    film: F8  # (n,)
    stage: F8  # (n,)

    def staged(self, film: float) -> float:
        return float(np.interp(film, self.film, self.stage))

    def filmed(self, stage: float) -> float:
        return float(np.interp(stage, self.stage, self.film))

    @property
    def natural(self) -> bool:
        return bool(np.abs(self.film - self.stage).max() < 1e-9)


def clock_of(shot: Shot) -> Clock:
    """The shot's clock: its `speed`, and a freeze for bullet time."""
    film = np.linspace(0, shot.duration, max(2, round(shot.duration * _RATE) + 1))
    if shot.dialogue:
        return Clock(film, film)
    begins, slow, quickens, ends = (share * shot.duration for share in _FREEZE)
    frozen = np.interp(film, (begins, slow, quickens, ends), (0, 1, 1, 0)) if shot.camera.move == "bullet_time" else np.zeros(len(film))
    rate = shot.speed * (1 - (1 - _FROZEN) * frozen)
    stage = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * np.diff(film))])
    return Clock(film, stage)


def on_stage(shot: Shot, clock: Clock) -> Shot:
    """The same shot in seconds of the stage: its duration, and when actions and effects begin and end."""
    if clock.natural:
        return shot
    actions = tuple(
        action.model_copy(update={"start": clock.staged(action.start), "end": None if action.end is None else clock.staged(action.end)})
        for action in shot.actions
    )
    effects = tuple(
        effect.model_copy(update={"start": clock.staged(effect.start), "end": None if effect.end is None else clock.staged(effect.end)})
        for effect in shot.effects
    )
    return shot.model_copy(update={"duration": clock.staged(shot.duration), "actions": actions, "effects": effects})


@dataclass(frozen=True, slots=True)
class Filmed:
    """A performance in seconds of film."""

    played: Performance
    clock: Clock

    @property
    def footfalls(self) -> tuple[Footfall, ...]:
        return tuple(replace(step, time=self.clock.filmed(step.time)) for step in self.played.footfalls)

    @property
    def holds(self) -> tuple[Hold, ...]:
        return tuple(replace(h, start=self.clock.filmed(h.start), end=self.clock.filmed(h.end)) for h in self.played.holds)

    @property
    def launches(self) -> tuple[Launch, ...]:
        return tuple(replace(launch, time=self.clock.filmed(launch.time)) for launch in self.played.launches)

    def pose(self, time: float) -> Pose:
        return self.played.pose(self.clock.staged(time))

    def joint(self, name: str, time: float) -> F8:
        return self.played.joint(name, self.clock.staged(time))


def on_film(performances: Mapping[str, Performance], clock: Clock) -> Mapping[str, Performance]:
    return performances if clock.natural else {name: Filmed(played, clock) for name, played in performances.items()}


def heard_on_film(contacts: tuple[Contact, ...], clock: Clock) -> tuple[Contact, ...]:
    return contacts if clock.natural else tuple(replace(contact, time=clock.filmed(contact.time)) for contact in contacts)
