"""What a family of weights has to do for the engine: from words and pictures to a take of a shot, from a take to frames and sound."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from kinora.engine.v1.engine_pb2 import Capabilities
from kinora_engine.contract import Picture
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Frames = NDArray[np.uint8]  # (frames, height, width, 3), RGB
Sound = NDArray[np.float32]  # (2, samples), -1 to 1
GuidedBy = Literal["pictures", "depth", "pose"]  # depth is grey, near is white; poses are stick figures on black


@dataclass(frozen=True, eq=False)
class Take:
    """One shot as the weights see it, on the CPU: what is decoded, and what changes, extensions and finishes start from.

    `frames` is how many pictures it decodes to, after the first `lead` ones: those repeat the end of the take it goes on from, and are not
    shown. `video` and `audio` are latents in the family's own layout.
    """

    video: "torch.Tensor"
    audio: "torch.Tensor"
    frames: int
    lead: int = 0


@dataclass(frozen=True, eq=False)
class Keyframe:
    """A picture in the clip's shape that frame number `frame` (-1: the last) has to show, kept by `strength` (0 to 1)."""

    picture: Picture
    frame: int
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class ShotAsked:
    """One shot. At most one of `changed`, `draft` and `before` is given."""

    prompt: str
    negative_prompt: str
    width: int
    height: int
    frames: int  # what Pipeline.frames gave for its length
    seed: int
    few_steps: bool = False
    keyframes: tuple[Keyframe, ...] = ()
    references: tuple[Picture, ...] = ()  # who is in it: pictures of the cast, the first for whom the shot is about
    changed: Take | None = None  # a take that this one is a change of
    changed_strength: float = 0.6  # how closely it is kept
    draft: Take | None = None  # a take of half the size to finish
    before: Take | None = None  # the take whose end this one goes on from, in picture and sound; its `frames` may leave out the very end
    guide: Frames | None = None  # what the simulator drew of it, as many frames: what Pipeline.guided_by says
    loras: tuple[str, ...] = ()


class Pipeline(Protocol):
    """One set of weights, loaded. Not for two threads at once."""

    fps: int
    sample_rate: int
    guided_by: GuidedBy  # what ShotAsked.guide holds

    def sheet(self) -> Capabilities:
        """What these weights can do."""

    def frames(self, seconds: float) -> int:
        """The fewest frames that the weights can make which last `seconds` at least."""

    def shoot(self, asked: ShotAsked, on_step: Callable[[int, int], None]) -> Take:
        """Denoises one shot; `on_step(done, of)` after every step: what it raises ends the shot, and the weights stay usable."""

    def develop(self, take: Take) -> tuple[Frames, Sound]:
        """Decodes a take; the sound lasts as long as the pictures."""

    def preview(self, take: Take) -> Picture | None:
        """A small picture of a take, made cheaply; None where that cannot be."""
