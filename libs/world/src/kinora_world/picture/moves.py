"""How the camera moves before a picture: little, since there is nothing behind what it shows, and never beyond its edges."""

from math import atan, degrees, radians, tan
from typing import NamedTuple

import numpy as np

from kinora_world.camera.smoothing import ease
from kinora_world.scene import F8

REST_S, CRASH_S = 0.35, 0.4  # the picture is held before the camera moves; how long a crash zoom takes
_RATES, _PARTS = np.array([0.31, 0.73, 1.27, 2.9]), np.array([0.55, 0.3, 0.18, 0.07])  # of a hand's sway: Hz, and how much


class Drift(NamedTuple):
    """Where the camera is: steps of its relief to the right, forwards and up; degrees to the left, up and clockwise; how much closer."""

    right: float = 0.0
    ahead: float = 0.0
    up: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    closer: float = 0.0


ENDS: dict[str, Drift] = {
    "static": Drift(),
    "rack_focus": Drift(),
    "pan": Drift(right=0.8, yaw=-3.0),
    "whip_pan": Drift(right=0.8, yaw=-4.0),
    "tilt": Drift(up=0.6, pitch=3.0),
    "truck": Drift(right=1.6),
    "orbit": Drift(right=1.4, yaw=1.8, closer=0.03),
    "bullet_time": Drift(right=1.8, yaw=2.4, closer=0.05),
    "crane_up": Drift(up=1.4, pitch=-1.5),
    "crane_down": Drift(up=-0.8, pitch=1.0),
    "dolly_in": Drift(ahead=3.0, closer=0.06),
    "follow": Drift(ahead=1.5),
    "pov": Drift(ahead=3.0),
    "over_the_shoulder": Drift(ahead=1.0),
    "dolly_out": Drift(ahead=-1.5, closer=-0.03),
    "zoom_in": Drift(closer=0.35),
    "crash_zoom": Drift(closer=0.9),
    "zoom_out": Drift(closer=-0.06),
    "dolly_zoom": Drift(ahead=4.0, closer=-0.08),
    "dutch": Drift(ahead=1.5, roll=8.0),
    "drone": Drift(ahead=2.5, up=1.2),
    "handheld": Drift(ahead=0.8),
}

# What they are elsewhere needs to be seen from other sides.
CURBED = frozenset(
    {"bullet_time", "crane_down", "crane_up", "dolly_out", "drone", "orbit", "over_the_shoulder", "pov", "whip_pan", "zoom_out"}
)


def drift(move: str, time: float, duration: float) -> Drift:
    """The camera of a move so many seconds into a shot; at first the picture is seen as it is."""
    begins, lasts = (0.4 * duration, CRASH_S) if move == "crash_zoom" else (REST_S, duration - REST_S)
    share = float(ease(np.array([(time - begins) / max(lasts, 0.1)]))[0])
    moved = Drift(*(share * part for part in ENDS.get(move, ENDS["static"])))
    return _swayed(moved, time) if move == "handheld" else moved


def _swayed(held: Drift, time: float) -> Drift:
    """Slow drifts and small tremors, of hands that take hold of the picture gently."""
    phases = np.arange(5)[:, None] * 2.399 + np.arange(len(_RATES)) * 1.1
    hold = float(ease(np.array([(time - REST_S) / 1.2]))[0])
    right, up, yaw, pitch, roll = (float(v) for v in (np.sin(2 * np.pi * _RATES * time + phases) * _PARTS).sum(1) * hold)
    return Drift(held.right + 0.5 * right, held.ahead, held.up + 0.4 * up, 0.5 * yaw, 0.4 * pitch, 0.5 * roll, held.closer)


def kept_inside(ring: F8, frame: F8, fov: float, aspect: float, roll: float) -> float:
    """The field of view, at most `fov`, in which nothing beyond the ring is seen: places (n, 3) from the eye; `frame` has rows right, up,
    forward.
    """
    right, up, ahead = (ring @ frame.T).T
    turn = radians(roll)
    x, y = (right * np.cos(turn) + up * np.sin(turn)) / ahead, (up * np.cos(turn) - right * np.sin(turn)) / ahead
    outermost = np.maximum(np.abs(x) / aspect, np.abs(y))[ahead > 0]
    return min(fov, degrees(2 * atan(float(outermost.min(initial=tan(radians(fov) / 2))))))
