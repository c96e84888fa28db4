"""How one shot gives way to the next, and the end of a loop to its beginning: dissolves and fades of finished pictures."""

import numpy as np
from kinora_media.planes import BLACK

from kinora_world.scene import U1

DISSOLVE, FADE = 0.6, 0.35  # s


def eased(share: float) -> float:
    """0..1 with level ends (smoothstep)."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


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
