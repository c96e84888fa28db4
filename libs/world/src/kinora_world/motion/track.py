"""A stretch of sampled motion, and blending of two."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinora_world.motion import quaternion as qt
from kinora_world.scene import F8

RATE = 48  # samples a second; a multiple of scene.FPS, so frames fall on samples


@dataclass(slots=True)
class Track:
    """k samples of a body with b bones. `turns[:, 0]` is the hips' rotation on the stage, all others are local."""

    turns: F8  # (k, b, 4)
    hips: F8  # (k, 3) on the stage
    heading: F8  # (k,) radians: where the person as a whole faces
    grounded: F8  # (k, 2) left and right foot carry weight, 0..1
    free: F8  # (k,) 1 where feet may pivot as a clip has them, 0 where they stay put or step
    shift: F8  # (k, 3) how far gestures move the hips while the feet stay

    def __len__(self) -> int:
        return len(self.hips)

    def part(self, which: slice | NDArray[np.bool_]) -> "Track":
        return Track(self.turns[which], self.hips[which], self.heading[which], self.grounded[which], self.free[which], self.shift[which])


def smooth(x: F8) -> F8:
    """0 to 1 with flat ends (Perlin's quintic)."""
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * x * (x * (6 * x - 15) + 10))


def blended(a: Track, b: Track, share: F8) -> Track:
    """From `a` (0) to `b` (1), sample by sample."""
    wide = np.broadcast_to(share[:, None], a.turns.shape[:2])
    column = share[:, None]
    turn = np.arctan2(np.sin(b.heading - a.heading), np.cos(b.heading - a.heading))
    return Track(
        turns=qt.slerp(a.turns, b.turns, wide),
        hips=a.hips * (1 - column) + b.hips * column,
        heading=a.heading + turn * share,
        grounded=np.where(column < 0.5, a.grounded, b.grounded),
        free=np.where(share < 0.5, a.free, b.free),
        shift=a.shift * (1 - column) + b.shift * column,
    )
