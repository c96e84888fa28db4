"""A stage on the graphics side, baked at first use."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from kinora_world.look.backdrop import BackdropMesh
from kinora_world.look.batch import Batch, bake
from kinora_world.look.grounding import Grounding
from kinora_world.look.meshes import StaticMesh
from kinora_world.look.programs import MATTE, SWAYING
from kinora_world.look.uniforms import ACTION, REACH
from kinora_world.scene import Shape, StageSet

GROUND_HALF = 800.0
SHADES_WITHIN = 9.0  # metres; a low sun behind a far tree would leave the action dark
OUTLINED_WITHIN = 26.0  # metres from the middle
BREEZE = 3.0  # m/s
SWAYS_WITHIN = 15.0  # metres
_USUAL_EYE = np.array([0.0, -7.0, 1.6])


class Scenery:
    """The stage's shapes front to back from where cameras usually stand, those that cast shadows on the action, and the ground."""

    def __init__(self, context: Any, stage: StageSet) -> None:
        self.stage = stage
        ordered = sorted(stage.shapes, key=lambda shape: float(np.linalg.norm(np.asarray(shape.position) - _USUAL_EYE)))
        windy = stage.wind > BREEZE
        self.near = StaticMesh(context, _baked([s for s in ordered if not _is_far(s, windy=windy)]))
        self.far = StaticMesh(context, _baked([s for s in ordered if _is_far(s, windy=windy)], OUTLINED_WITHIN))
        self.casting = StaticMesh(context, _baked([shape for shape in ordered if _shades_action(shape, stage)]))
        self.ground = StaticMesh(context, bake([] if stage.backdrop else [_ground(stage)]))
        self.backdrop = BackdropMesh(context, stage.backdrop) if stage.backdrop else None
        self.grounding = Grounding(context, stage) if stage.shapes else None

    def close(self) -> None:
        for mesh in (self.near, self.far, self.casting, self.ground, self.backdrop, self.grounding):
            if mesh is not None:
                mesh.close()


def _baked(shapes: Sequence[Shape], outlined_within: float = np.inf) -> Batch:
    return _kept_batch(tuple(shapes), outlined_within)


@lru_cache(9)
def _kept_batch(shapes: tuple[Shape, ...], outlined_within: float) -> Batch:
    """A worker's next clip is often of the same place: a final after its draft, an extension, a remix. Three batches a place."""
    return bake(shapes, outlined_within)


def _ground(stage: StageSet) -> Shape:
    half = 45.0 if stage.indoor else GROUND_HALF
    return Shape("plane", (half, half), colour=stage.ground_colour, finish=stage.ground_finish, roughness=0.9)


def _is_far(shape: Shape, *, windy: bool) -> bool:
    """Beyond the reach of the action's shadows; in a wind, leaves that are seen to move are not."""
    if windy and shape.finish in SWAYING and float(np.hypot(*shape.position[:2])) < SWAYS_WITHIN:
        return False
    return float(np.hypot(*(np.asarray(shape.position) - ACTION)[:2])) - max(shape.size) > REACH * 1.2 or shape.finish in MATTE - {"tuft"}


def _shades_action(shape: Shape, stage: StageSet) -> bool:
    """Whether the shape comes near the beam of light that reaches the action."""
    towards = np.asarray(stage.light.direction)
    away = np.asarray(shape.position) - ACTION
    along = float(away @ towards)
    aside = float(np.linalg.norm(away - along * towards))
    beside = float(np.hypot(away[0], away[1])) < SHADES_WITHIN + max(shape.size)
    return beside and aside < REACH * 1.45 + max(shape.size) and along < 38
