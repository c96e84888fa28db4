"""How one shot gives way to the next, and the end of a loop to its beginning: dissolves and fades of finished pictures."""

from collections.abc import Sequence
from math import inf

import numpy as np
from kinora_media.planes import BLACK

from kinora_world.scene import U1
from kinora_world.storyboard import Shot

DISSOLVE, FADE = 0.6, 0.35  # s


def eased(share: float) -> float:
    """0..1 with level ends (smoothstep)."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def joined(shots: Sequence[Shot], number: int, index: int, count: int, fps: int, before: U1 | None, frame: U1) -> U1:
    """Frame `index` of the `count` of shot `number`, by its transitions. `before` is what it follows on: of the first shot, what the clip
    opens from.
    """
    if number == 0 or shots[number].transition == "dissolve":
        frame = dissolved(before, frame, index / fps)
    fades_in = number > 0 and shots[number].transition == "fade"
    fades_out = any(after.transition == "fade" for after in shots[number + 1 : number + 2])
    return faded(frame, index / fps if fades_in else inf, (count - 1 - index) / fps if fades_out else inf)


def dissolved(before: U1 | None, frame: U1, time: float) -> U1:
    """`before` gives way to `frame` during the first DISSOLVE seconds of a shot; exactly `before` at its start."""
    if before is None or time >= DISSOLVE:
        return frame
    share = eased(time / DISSOLVE)
    mixed: U1 = np.rint(before * (1 - share) + frame * share).astype(np.uint8)
    return mixed


def faded(frame: U1, since: float, until: float) -> U1:
    """Out of black and into it: seconds since the shot began to fade in, and until it has faded out; infinite where it does not."""
    share = eased(min(since, until) / FADE)
    if share >= 1:
        return frame
    darker: U1 = np.rint(frame * share + _black(frame) * (1 - share)).astype(np.uint8)
    return darker


def _black(frame: U1) -> U1:
    """A column that is black beside the frame's rows."""
    if frame.ndim == 3:
        return np.zeros((1, 1, 1), np.uint8)
    luma = len(frame) * 2 // 3
    return np.repeat(np.array(BLACK, np.uint8), (luma, len(frame) - luma))[:, None]
