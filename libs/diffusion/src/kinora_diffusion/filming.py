"""Shots are taken and developed in turn, one in memory at a time, and joined by the storyboard's transitions."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kinora_engine.contract import Picture, Studio
from kinora_media.planes import Planes, planes
from kinora_world.joining import joined
from kinora_world.scene import F4

from kinora_diffusion.contract import Frames, Keyframe, Pipeline, Sound, Take
from kinora_diffusion.grid import middle
from kinora_diffusion.guidance import BEGUN, Guide
from kinora_diffusion.plan import Plan, Planned
from kinora_diffusion.soundtrack import resampled

FILMED = 0.96  # of the progress: the last shot is written
_TAKING = 0.85  # of a shot's time: denoising it; the rest is decoding it


@dataclass
class Filming:
    """`frames` may be asked for once; takes, sounds and seconds are there when it has ended."""

    plan: Plan
    pipeline: Pipeline
    studio: Studio
    guide: Guide | None = None
    takes: list[Take] = field(default_factory=list)
    sounds: list[F4] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0  # spent by the pipeline
    _opening: Picture | None = None
    _done: int = 0  # frames of shots that are written

    @property
    def count(self) -> int:
        """Frames of the film."""
        return sum(planned.shown for planned in self.plan.shots)

    def frames(self) -> Iterator[Planes]:
        """Every frame of the film, in order."""
        shots, before = [planned.shot for planned in self.plan.shots], None
        for number, planned in enumerate(self.plan.shots):
            pictures = self._shot(number, planned)
            if number == 0:
                before = self._before(pictures)
            for index, picture in enumerate(pictures):
                yield planes(joined(shots, number, index, len(pictures), self.pipeline.fps, before, picture))
                if index % self.pipeline.fps == 0:
                    done = len(pictures) * _TAKING + index * (1 - _TAKING)
                    self.studio.tell(self._fraction(done), f"{self._name(number)}, developed", picture)
            self._done += len(pictures)
            before = pictures[-1]

    def _before(self, pictures: Frames) -> Picture | None:
        """What the film opens from: where a loop has but one shot, its own end, which no picture could steer while it was made."""
        self._opening = pictures[0]
        if not self.plan.storyboard.loop or len(self.plan.shots) > 1:
            return None
        self.notes.append("The loop closes with a dissolve: for 0.6 s its end gives way to its beginning.")
        ending: Picture = pictures[-1]
        return ending

    def _shot(self, number: int, planned: Planned) -> Frames:
        take = planned.kept or self._taken(number, planned)
        self.takes.append(take)
        self.studio.tell(self._fraction(planned.shown * _TAKING), f"developing {self._name(number)}", lambda: self.pipeline.preview(take))
        pictures, sound = self._developed(take)
        self.sounds.append(resampled(sound, self.pipeline.sample_rate))
        width, height = planned.asked.width, planned.asked.height
        return middle(pictures[: planned.shown], width, height)

    def _taken(self, number: int, planned: Planned) -> Take:
        asked = replace(planned.asked, keyframes=(*planned.asked.keyframes, *self._closing(number, planned)))
        if planned.goes_on:
            asked = replace(asked, before=self._last(number))
        if self.guide:
            asked = replace(asked, guide=self.guide.shot(number, asked.frames, self.pipeline.guided_by))

        def stepped(done: int, of: int) -> None:
            self.studio.count()
            self.studio.tell(self._fraction(planned.shown * _TAKING * done / of), f"{self._name(number)}, step {done} of {of}")

        self.studio.tell(self._fraction(0), self._name(number))
        began = time.monotonic()
        try:
            return self.pipeline.shoot(asked, stepped)
        finally:
            self.seconds += time.monotonic() - began

    def _last(self, number: int) -> Take:
        """The take before, up to the first frame that the film does not show: with that one the next shot begins."""
        take, shown = self.takes[-1], self.plan.shots[number - 1].shown
        return replace(take, frames=min(take.frames, shown + 1))

    def _closing(self, number: int, planned: Planned) -> list[Keyframe]:
        """A loop's last shot ends on the picture that its first one opened on."""
        is_last = number == len(self.plan.shots) - 1
        if not self.plan.storyboard.loop or not is_last or self._opening is None or any(key.frame < 0 for key in planned.asked.keyframes):
            return []
        self.notes.append("The loop is drawn towards its first picture, and meets it about.")
        return [Keyframe(self._opening, -1)]

    def _developed(self, take: Take) -> tuple[Frames, Sound]:
        began = time.monotonic()
        try:
            return self.pipeline.develop(take)
        finally:
            self.seconds += time.monotonic() - began

    def _name(self, number: int) -> str:
        return f"shot {number + 1} of {len(self.plan.shots)}"

    def _fraction(self, more: float) -> float:
        return BEGUN + (FILMED - BEGUN) * min(1.0, (self._done + more) / self.count)
