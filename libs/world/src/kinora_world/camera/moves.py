"""The named moves: each turns a framing into a path through the shot.

A move says how the camera's direction, distance, lens and roll change over the shot; `frame_up` finds the nearest place from which the
subjects are seen all the while. Angles in degrees, distances in metres.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import atan, degrees, radians, tan

import numpy as np

from kinora_world.camera.fitting import Window, axes, fit, hull, keep_up
from kinora_world.camera.framing import MARGIN, Framing
from kinora_world.camera.sampling import Sampled
from kinora_world.camera.smoothing import damped, ease, steadied
from kinora_world.scene import F8

# Where left over height goes, 0 below the subject to 1 above it: a face keeps its eyes two fifths down, a torso its headroom.
_LIFT = {"eyes": 0.5, "face": 0.6, "waist": 0.25, "whole": 0.5}
WHIP_S, CRASH_S = 0.3, 0.4
_OPERATOR_S = 0.6  # seconds that somebody at the camera sees ahead
_LONGEST_ZOOM = 3.0
_PANS, _ZOOMS = 4.0, 0.15  # degrees, and parts, from which on a turn is one after somebody


@dataclass(frozen=True, slots=True)
class Setup:
    """What a move works with. `yaw` is the direction the camera looks in, `room` the looking room: -1..1 of a third."""

    sampled: Sampled
    look: Framing
    aspect: float
    yaw: float
    room: float

    @property
    def share(self) -> F8:
        """(n,) 0..1 through the shot, gentle at both ends."""
        return ease(self.progress)

    @property
    def reach(self) -> int:
        """Times that the operator sees ahead."""
        return max(1, round(_OPERATOR_S / self.sampled.step))

    @property
    def progress(self) -> F8:
        return np.asarray(self.sampled.times / max(float(self.sampled.times[-1]), 1e-6))

    def during(self, start: float, seconds: float) -> F8:
        """(n,) 0..1 through a stretch that begins at a share of the shot."""
        begin = start * float(self.sampled.times[-1])
        return ease((self.sampled.times - begin) / seconds)

    def steady(self, value: float) -> F8:
        return np.full(len(self.sampled.times), value)


@dataclass(frozen=True, slots=True)
class Path:
    """The camera over the shot's n times."""

    eyes: F8  # (n, 3)
    frames: F8  # (n, 3, 3): rows right, up, forward
    fovs: F8  # (n,) vertical
    rolls: F8 = field(default_factory=lambda: np.zeros(1))  # (n,) or (1,)
    turns: F8 = field(default_factory=lambda: np.zeros((1, 2)))  # (n, 2) or (1, 2): yaw and pitch away from what is framed, on top
    focus_share: F8 = field(default_factory=lambda: np.zeros(1))  # 0 sharp on the subject, 1 on the other one
    promised: int = 0  # index of the first time at which the subjects must be in the picture


Move = Callable[[Setup], Path]


def frame_up(setup: Setup, yaws: F8, pitches: F8, *, tracks: bool | None = None) -> Path:
    """The nearest camera in these directions that sees the subjects throughout; `tracks` has it go along with them."""
    sampled, look = setup.sampled, setup.look
    window, fov = _window(look, setup.aspect, setup.room)
    if tracks is None:
        tracks = look.crop != "whole" and sampled.travels > 0.35
    centre = damped(sampled.centre, sampled.step) if tracks else np.broadcast_to(_middle(sampled), sampled.centre.shape)
    frames = np.array([axes(float(y), float(p)) for y, p in zip(yaws, pitches, strict=True)])
    seen = np.concatenate([(p - c) @ f.T for p, c, f in zip(sampled.points, centre, frames, strict=True)])
    offset = fit(seen, window, lift=_LIFT[look.crop])
    return Path(centre + np.einsum("j,njk->nk", offset, frames), frames, setup.steady(fov))


def _middle(sampled: Sampled) -> F8:
    return np.asarray((sampled.centre.max(0) + sampled.centre.min(0)) / 2)


def _window(look: Framing, aspect: float, room: float) -> tuple[Window, float]:
    half = tan(radians(look.vertical_fov(aspect)) / 2)
    side = half * aspect
    shift = room * (0.2 if look.crop != "whole" else 0.1)
    free = 1 - 2 * (look.sides + MARGIN)
    window = Window(
        -(free - max(shift, 0.0)) * side,
        (free + min(shift, 0.0)) * side,
        -(1 - 2 * (look.bottom + MARGIN)) * half,
        (1 - 2 * (look.top + MARGIN)) * half,
    )
    return window, degrees(2 * atan(half))


def _distance(setup: Setup, path: Path) -> F8:
    return np.asarray(np.linalg.norm(path.eyes - setup.sampled.centre, axis=1))


def _backed(path: Path, metres: F8) -> Path:
    return replace(path, eyes=path.eyes - path.frames[:, 2] * metres[:, None])


def static(setup: Setup) -> Path:
    return frame_up(setup, setup.steady(setup.yaw), setup.steady(setup.look.pitch))


def pan(setup: Setup) -> Path:
    """Stays, turns after what moves and zooms to keep it as large; goes gently across what does not."""
    path = static(setup)
    window, _ = _window(setup.look, setup.aspect, setup.room)
    frame = path.frames[0]
    seen = [(p - e) @ frame.T for p, e in zip(setup.sampled.points, path.eyes, strict=True)]
    low, high = (np.array([edge(p[:, :2] / p[:, 2:], 0) for p in seen]) for edge in (np.min, np.max))
    low, high = -_hulls(-low, setup), _hulls(high, setup)
    across, tall = window.right - window.left, window.top - window.bottom
    size = np.maximum(np.maximum((high - low)[:, 0] / across, (high - low)[:, 1] / tall), 1 / _LONGEST_ZOOM)
    x = (low[:, 0] - window.left * size + high[:, 0] - window.right * size) / 2
    y0, y1 = high[:, 1] - window.top * size, low[:, 1] - window.bottom * size
    y = y0 + (y1 - y0) * _LIFT[setup.look.crop]
    if np.degrees(np.ptp(np.arctan(x))) < _PANS and np.ptp(np.log(size)) < _ZOOMS:
        turns = np.column_stack([(0.5 - setup.share) * 9, setup.steady(0.0)])
        return replace(path, turns=turns)
    turned = np.array([axes(setup.yaw - float(a), setup.look.pitch + float(b)) for a, b in np.degrees(np.arctan(np.column_stack([x, y])))])
    return _zoomed(replace(path, frames=turned), size)


def _hulls(track: F8, setup: Setup) -> F8:
    return np.column_stack([hull(column, setup.reach) for column in track.T])


def tilt(setup: Setup) -> Path:
    """Comes up from the feet to a near subject, or down from the sky to a whole view."""
    path = static(setup)
    begin = 0.55 * float(path.fovs[0]) * (1 if setup.look.crop == "whole" else -1)
    pitches = begin * (1 - ease(setup.progress / 0.7))
    return replace(path, turns=np.column_stack([np.zeros_like(pitches), pitches]), promised=-1)


def dolly_in(setup: Setup) -> Path:
    path = static(setup)
    return _backed(path, (1 - setup.share) * 0.35 * _distance(setup, path))


def dolly_out(setup: Setup) -> Path:
    path = static(setup)
    return _backed(path, setup.share * 0.35 * _distance(setup, path))


def truck(setup: Setup) -> Path:
    """Slides past, the direction kept."""
    path = static(setup)
    aside = (setup.share - 0.5) * 0.3 * _distance(setup, path)
    return replace(path, eyes=path.eyes + path.frames[:, 0] * aside[:, None])


def crane_up(setup: Setup) -> Path:
    return frame_up(setup, setup.steady(setup.yaw), 4 - 30 * setup.share)


def crane_down(setup: Setup) -> Path:
    return frame_up(setup, setup.steady(setup.yaw), -26 + 30 * setup.share)


def orbit(setup: Setup) -> Path:
    return frame_up(setup, setup.yaw + (setup.share - 0.5) * 56, setup.steady(setup.look.pitch), tracks=setup.sampled.travels > 0.3)


def follow(setup: Setup) -> Path:
    """Goes along, and comes nearer as those who are seen come together."""
    sampled = setup.sampled
    window, fov = _window(setup.look, setup.aspect, setup.room)
    frame = axes(setup.yaw, setup.look.pitch)
    centre = steadied(sampled.centre, setup.reach)
    seen = [(p - c) @ frame.T for p, c in zip(sampled.points, centre, strict=True)]
    offset = keep_up(seen, window, _LIFT[setup.look.crop], setup.reach)
    return Path(centre + offset @ frame, np.broadcast_to(frame, (len(centre), 3, 3)), setup.steady(fov))


def handheld(setup: Setup) -> Path:
    """Goes along and breathes: slow drifts and small tremors, of hands that hold a camera."""
    path = follow(setup)
    sway = _wander(setup.sampled.times, 5)
    eyes = path.eyes + sway[:, :3] * 0.012 * _distance(setup, path)[:, None]
    return replace(path, eyes=eyes, turns=sway[:, 1:3] * 0.55, rolls=sway[:, 4] * 0.7)


def _wander(times: F8, channels: int) -> F8:
    """(n, channels) smooth wandering within about -1..1: sines whose periods share no multiple."""
    rates = np.array([0.31, 0.73, 1.27, 2.9])
    parts = np.array([0.55, 0.3, 0.18, 0.07])
    phases = np.arange(channels)[:, None] * 2.399 + np.arange(len(rates)) * 1.1
    return np.asarray((np.sin(2 * np.pi * rates * times[:, None, None] + phases) * parts).sum(-1))


def whip_pan(setup: Setup) -> Path:
    """Rests on what is beside, then whips over to the subject."""
    path = static(setup)
    swing = 65 * (1 - setup.during(0.2, WHIP_S))
    return replace(path, turns=np.column_stack([swing, np.zeros_like(swing)]), promised=-1)


def rack_focus(setup: Setup) -> Path:
    return replace(static(setup), focus_share=setup.during(0.4, 0.7))


def zoom_in(setup: Setup) -> Path:
    return _zoomed(static(setup), 1 + 0.6 * (1 - setup.share))


def zoom_out(setup: Setup) -> Path:
    return _zoomed(static(setup), 1 + 0.6 * setup.share)


def crash_zoom(setup: Setup) -> Path:
    return _zoomed(static(setup), 1 + 1.3 * (1 - setup.during(0.3, CRASH_S)))


def _zoomed(path: Path, wider: F8) -> Path:
    return replace(path, fovs=np.degrees(2 * np.arctan(np.tan(np.radians(path.fovs) / 2) * wider)))


def dolly_zoom(setup: Setup) -> Path:
    """Goes in while the lens widens: the subject keeps its size and the place rushes away (Hitchcock's "Vertigo", 1958)."""
    path = static(setup)
    distance = _distance(setup, path)
    closer = 1.35 - 0.6 * setup.share
    return _zoomed(_backed(path, (closer - 1) * distance), 1 / closer)


def dutch(setup: Setup) -> Path:
    path = dolly_in(setup)
    return replace(path, rolls=setup.steady(12.0))


def drone(setup: Setup) -> Path:
    """From high up and far it sinks and turns towards the subject; a short shot leaves time for less of it."""
    path_share = (setup.share - 1) * min(1.0, float(setup.sampled.times[-1]) / 5)
    path = frame_up(setup, setup.yaw + path_share * 45, -16 + 20 * path_share, tracks=True)
    return _backed(path, (0.3 - 0.8 * path_share) * _distance(setup, path))


def bullet_time(setup: Setup) -> Path:
    """Swings around the action while the shot's clock all but stands still (`render` slows it)."""
    return frame_up(setup, setup.yaw + (setup.share - 0.5) * 130, setup.steady(setup.look.pitch), tracks=False)


MOVES: dict[str, Move] = {
    move.__name__: move
    for move in (
        *(static, pan, tilt, dolly_in, dolly_out, truck, crane_up, crane_down, orbit, follow, handheld, whip_pan, rack_focus),
        *(zoom_in, zoom_out, crash_zoom, dolly_zoom, dutch, drone, bullet_time),
    )
}
