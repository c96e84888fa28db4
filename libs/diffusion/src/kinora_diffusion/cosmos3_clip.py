"""What a Cosmos3 shot is conditioned on, laid out as pictures of one clip: a lead that nobody is shown, and keyframes.

The weights hold whole latent frames still: the first picture alone, then four pictures each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kinora_engine.contract import Picture, Refused
from PIL import Image, ImageOps

from kinora_diffusion.contract import Frames, Keyframe
from kinora_diffusion.grid import padded

PICTURES = 4  # to one latent frame, but for the first
OVERLAP = 2  # latent frames that a shot looks back on: as many as the pipeline goes on from by itself


@dataclass(frozen=True, eq=False)
class Clip:
    """`opening` is held still at the beginning; of it and what follows, `frames` pictures are shown from number `lead` on."""

    opening: tuple[Image.Image, ...]
    lead: int
    frames: int

    @property
    def count(self) -> int:
        """Pictures that are made: 4 n + 1 that hold the shown ones."""
        return PICTURES * self.latent(-1) + 1

    @property
    def held(self) -> int:
        """Latent frames of the opening."""
        return math.ceil(len(self.opening) / PICTURES)

    def latent(self, frame: int) -> int:
        """The latent frame of shown picture number `frame` (-1: the last)."""
        return math.ceil((self.lead + frame % self.frames) / PICTURES)

    def filled(self, shown: Frames) -> list[Image.Image]:
        """All pictures: the opening, and `shown` after it, cut or its last one repeated."""
        rest = shown[len(self.opening) - self.lead :]
        pictures = [*self.opening, *map(Image.fromarray, rest[: self.count - len(self.opening)])]
        return pictures + pictures[-1:] * (self.count - len(pictures))


def clip(references: Sequence[Picture], before: Frames | None, frames: int, width: int, height: int) -> Clip:
    """Opens on the references, each whole in the clip's shape, then on the end of what was before; its last picture is shown again."""
    stills = [ImageOps.pad(Image.fromarray(picture), (width, height)) for picture in references]
    opening = [still for number, still in enumerate(stills) for _ in range(PICTURES if number else 1)]
    if before is None:
        return Clip(tuple(opening), len(opening), frames)
    count = PICTURES * OVERLAP - (0 if opening else PICTURES - 1)
    last = [Image.fromarray(padded(picture, width, height)) for picture in before[-count:]]
    opening += last[:1] * (count - len(last)) + last
    return Clip(tuple(opening), len(opening) - 1, frames)


def conditions(made: Clip, keyframes: Sequence[Keyframe], width: int, height: int) -> tuple[list[Image.Image], list[int]]:
    """Pictures of the clip, no more than it takes, and the latent frames that keep them. Raises Refused."""
    held: dict[int, Keyframe] = {}
    for keyframe in keyframes:
        if keyframe.strength < 1:
            raise Refused("unsupported_strength", "Cosmos3 keeps pictures as they are: strength has to be 1, or left out")
        if (latent := made.latent(keyframe.frame)) in held or latent < made.held:
            raise Refused("keyframes_too_close", f"Pictures have to be {PICTURES} frames apart, also from what the shot goes on from")
        held[latent] = keyframe
    pictures = list(made.opening)
    for latent, keyframe in sorted(held.items()):  # a still from the last one on: frames are coded after those before them
        still = Image.fromarray(padded(keyframe.picture, width, height))
        pictures += [still] * (PICTURES * latent + 1 - len(pictures))
    return pictures, [*range(made.held), *sorted(held)]
