"""Simulate, then render: the world engine plays the storyboard, and what it draws leads the picture, its blows are heard."""

from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import Any

import numpy as np
from kinora_engine.contract import Refused, Studio
from kinora_world.likeness import Likeness, Thing
from kinora_world.look import Renderer
from kinora_world.output import events, posed
from kinora_world.render import Clip, Scene, StoryboardError, draw, heard, moment, prepare
from kinora_world.scene import F8, SAMPLE_RATE, U1
from kinora_world.sound.mixing import effects
from kinora_world.storyboard import Storyboard
from numpy.typing import NDArray

from kinora_diffusion.contract import Frames, GuidedBy
from kinora_diffusion.skeleton import skeletons

BEGUN = 0.03  # of the progress: the simulation is over, and the first shot begins
_NEAREST = 0.995  # of all pixels' nearness that counts as white: one pixel right before the lens does not darken the rest


class Guide:
    """One clip, played and not yet drawn."""

    def __init__(
        self, storyboard: Storyboard, likenesses: Mapping[str, Likeness | Thing], size: tuple[int, int], studio: Studio, fps: int
    ) -> None:
        """Raises Refused for a storyboard that the world engine cannot play."""

        def told(fraction: float, stage: str, _: U1 | None) -> None:
            studio.tell(fraction * BEGUN, f"simulating: {stage}")

        self._studio = studio
        try:
            self.clip: Clip = prepare(storyboard, width=size[0], height=size[1], fps=fps, likenesses=likenesses, on_progress=told)
        except StoryboardError as error:
            raise Refused("invalid_storyboard", str(error)) from error

    def shot(self, number: int, frames: int, kind: GuidedBy) -> Frames:
        """(frames, height, width, 3) of a shot; what it is too short for stands still."""
        scene = self.clip.scenes[number]
        with closing(Renderer(self.clip.width, self.clip.height)) as renderer:
            draw_one = partial(self._drawn, renderer, scene, kind)
            drawn = [draw_one(index) for index in range(min(frames, scene.n_frames))]
        shown = np.stack(drawn + [drawn[-1]] * (frames - len(drawn)))
        return nearness(shown) if kind == "depth" else shown

    def _drawn(self, renderer: Renderer, scene: Scene, kind: GuidedBy, index: int) -> NDArray[Any]:
        self._studio.check()
        if kind == "pose":
            return skeletons(posed(self.clip, scene, index).values(), self.clip.width, self.clip.height)
        if kind == "depth":
            return renderer.passes(scene.stage, moment(scene, index, self.clip.fps), None).depth
        return draw(renderer, scene, index, self.clip.fps)

    def effects(self) -> F8:
        """(n, 2) what is struck, trodden on and set off, without voices, air and music."""
        people = {character.id: character for character in self.clip.storyboard.characters}
        count = round(self.clip.n_frames * SAMPLE_RATE / self.clip.fps)
        return effects([heard(scene, people, self.clip.fps) for scene in self.clip.scenes], self.clip.storyboard.seed, count)

    def happened(self) -> dict[str, object]:
        return events(self.clip)


def nearness(depth: NDArray[Any]) -> Frames:
    """Depth (frames, height, width) in metres as grey, near is white: disparity, which is what depth models are trained to tell."""
    disparity = 1 / np.maximum(np.where(np.isfinite(depth), depth, np.inf), 1e-3)
    most = max(float(np.quantile(disparity, _NEAREST)), 1e-6)
    grey = np.rint(np.clip(disparity / most, 0, 1) * 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)
