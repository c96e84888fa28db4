"""A prop that bears a likeness: the catalogue's kind says what it weighs and how it falls, the cut-out what it looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from kinora_world.cast.surface import normals
from kinora_world.likeness.cutout import Cushion, blown_up
from kinora_world.likeness.package import Thing
from kinora_world.scene import F4, F8, BodyPart, Portrait, Pose, PropKind, Shape
from kinora_world.solids import bounds

_THINNEST = 0.12  # of its height


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)  # compared and hashed by identity
class Keepsake:
    """Implements `scene.Body`: one rigid piece, whose pose is its root."""

    parts: tuple[BodyPart, ...]
    rest: tuple[F4, F4]
    height: float
    portrait: Portrait
    landmarks: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def posed(self, pose: Pose) -> tuple[F4, F4]:
        """Positions and normals (n, 3) on the stage."""
        turn = pose.root[:3, :3].astype(np.float32)
        return self.rest[0] @ turn.T + pose.root[:3, 3].astype(np.float32), self.rest[1] @ turn.T


def keepsake(kind: PropKind, thing: Thing) -> tuple[PropKind, Keepsake]:
    """The kind with the cut-out's own size, which physics knows and nobody sees; and what is seen. Its picture faces -Y."""
    cushion, (low, high) = blown_up(thing.picture), bounds(kind.shapes)
    box = high - low
    tall = float(np.sqrt(box[2] * max(box[0], box[1]) / cushion.width))  # as much of it is seen as of the kind
    round_ = len(kind.shapes) == 1 and kind.shapes[0].kind == "sphere"
    positions = cushion.positions * (tall, tall * _puff(cushion, float(box[1]) / tall, round_=round_), tall)
    part = BodyPart("cutout", cushion.triangles, "cutout", (0.3, 0.29, 0.27), 0.85)
    rest = positions.astype(np.float32), normals(positions, cushion.triangles).astype(np.float32)
    held = _hidden(kind.shapes[0], positions, round_=round_)
    return replace(kind, shapes=(held,), breakable=False), Keepsake((part,), rest, tall, cushion.portrait)


def _puff(cushion: Cushion, depth: float, *, round_: bool) -> float:
    """Times as thick as a ball would be: as thick as the kind, but no thicker than round."""
    return 1.0 if round_ else float(np.clip(depth / np.ptp(cushion.positions[:, 1]), _THINNEST, 1.0))


def _hidden(like: Shape, positions: F8, *, round_: bool) -> Shape:
    x, y, z = np.ptp(positions, axis=0) / 2
    size = (float(z),) if round_ else (float(x), float(y), float(z))
    return replace(
        like, kind="sphere" if round_ else "box", size=size, position=(0.0, 0.0, float(z)), rotation=(0.0, 0.0, 0.0), visible=False
    )
