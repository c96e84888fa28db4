"""The world of a given picture: a stage before it, lit as it is, and a camera that sees it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from math import atan, degrees, radians, tan

import numpy as np

from kinora_world.camera.fitting import axes
from kinora_world.camera.framing import Bulk, Framing, framing
from kinora_world.camera.sampling import Sampled, Subjects, sample
from kinora_world.picture.backdrop import mesh, relief, with_margin
from kinora_world.picture.lighting import LUMA, light_of
from kinora_world.picture.moves import CURBED, drift, kept_inside
from kinora_world.picture.patches import linear
from kinora_world.scene import F8, U1, Backdrop, Light, StageSet, View
from kinora_world.stage.catalogue import weather_entries
from kinora_world.stage.weather import weathered
from kinora_world.storyboard import Shot

_HOURS = {"day": (1.0, 1.0, 1.0), "dawn": (1.0, 0.8, 0.74), "sunset": (1.05, 0.7, 0.46), "night": (0.13, 0.18, 0.33)}  # linear gains
_DARK = (0.06, 0.16)  # mean linear luminance from which on a picture is dark already, and is not
_DISTANCES = np.arange(1.0, 16.0, 0.1)  # metres
_BLUR = 0.012
_CLOSE = 0.06  # of the distance to the people, a step at most
_HAZE = 0.5  # of a weather's, since depths are guessed
_BOUNDS = (-7.0, -3.0, 7.0, 7.0)
TOLD = "The picture is the backdrop; it moves in depth by an estimate."
_ENDS = "The picture ends at its edges: the camera stays about where it was taken, and moves only a little."
_NO_GROUND = "No ground was found in the picture: who and what is staged stands before it."


class PictureWorld:
    """Of a picture (height, width, 3), as large as the clip."""

    def __init__(self, picture: U1) -> None:
        self._seen = relief(picture)
        self._light = light_of(self._seen.small, self._seen.found)
        self._bright = float((linear(self._seen.small) @ LUMA).mean())
        vertices, triangles = mesh(self._seen)
        self._backdrop = Backdrop(with_margin(picture), vertices, triangles)
        self._ring = np.asarray(vertices[_outline(triangles)][:, :3], np.float64)

    def notes(self, moves: Collection[str], *, anybody: bool) -> tuple[str, ...]:
        """What people should know of it, given the camera's moves in it and whether anybody or anything is staged."""
        found = [TOLD]
        if anybody and not self._seen.found.grounded:
            found.append(_NO_GROUND)
        if CURBED & set(moves):
            found.append(_ENDS)
        return tuple(found)

    def stage(self, place: StageSet, shot: Shot) -> StageSet:
        """The place's sound and ground under the picture's light, in the shot's weather and at its time of day."""
        gain = self._gain(shot)
        own = replace(place, shapes=(), indoor=False, light=_dimmed(self._light, gain), bounds=_BOUNDS, overcast=0.0)
        weather = weather_entries()[shot.weather]
        there = weathered(own, shot.weather, weather.model_copy(update={"fog_density": _HAZE * weather.fog_density}))
        dimmed = gain * min(1.0, 0.45 * (weather.key + weather.sky)) if shot.weather not in {"clear", "wind"} else gain
        shown = replace(self._backdrop, gain=_three(dimmed), grey=0.5 * weather.grey, shade=0.5 * (1 - 0.8 * weather.overcast))
        return replace(there, wet=0.0, snow=0.0, backdrop=shown)

    def _gain(self, shot: Shot) -> F8:
        """What the hour asked for does to the picture; a dark one is not darkened again."""
        low, high = _DARK
        return np.asarray(_HOURS[shot.time_of_day]) ** float(np.clip((self._bright - low) / (high - low), 0, 1))

    def filmed(
        self, shot: Shot, stage: StageSet, subjects: Subjects, heights: Mapping[str, float], beings: Mapping[str, Bulk]
    ) -> tuple[StageSet, Callable[[float], View]]:
        """The stage as far behind the camera's eye as its framing asks for, and the camera."""
        look = framing(shot.camera.framing)
        sampled = sample(shot, subjects, heights, beings, look, shot.duration)
        away = self._distance(sampled, look) if sampled.names else 1.15 * self._seen.nearest
        hung = replace(stage.backdrop or self._backdrop, distance=away)
        return replace(stage, backdrop=hung), self._camera(shot, away)

    def _distance(self, sampled: Sampled, look: Framing) -> float:
        """The nearest at which everything that must be seen is, from where the picture was taken."""
        points = np.concatenate(sampled.points)
        half = tan(radians(self._seen.fov) / 2)
        over = []
        for away in _DISTANCES:
            right, up, ahead = ((points - (0, -away, self._seen.eye)) @ axes(0, self._seen.pitch).T).T
            ahead = np.maximum(ahead, 0.2)
            x, y = np.abs(right / ahead).max() / half / self._seen.aspect, up / ahead / half
            over.append(max(x - 1 + 2 * look.sides, y.max() - 1 + 2 * look.top, -y.min() - 1 + 2 * look.bottom, 0.0))
        return float(_DISTANCES[int(np.argmin(over))])

    def _camera(self, shot: Shot, away: float) -> Callable[[float], View]:
        seen = self._seen
        step = min(seen.step, _CLOSE * away)

        def view(time: float) -> View:
            now = drift(shot.camera.move, time, shot.duration)
            moved = np.array([now.right, now.ahead, now.up]) * step
            frame = axes(now.yaw, seen.pitch + now.pitch)
            fov = degrees(2 * atan(tan(radians(seen.fov) / 2) / (1 + now.closer)))
            fov = kept_inside(self._ring - moved - (0, 0, seen.eye), frame, fov, seen.aspect, now.roll)
            eye = moved + np.array([0.0, -away, seen.eye])
            blur = _BLUR if shot.camera.shallow or shot.camera.move == "rack_focus" else 0.0
            return View(_three(eye), _three(eye + 4 * frame[2]), fov, now.roll, focus=away, blur=blur)

        return view


def _outline(triangles: np.ndarray) -> np.ndarray:
    """Numbers of the vertices on the border: of edges that one triangle alone has."""
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), 1)
    alone, count = np.unique(edges, axis=0, return_counts=True)
    return np.unique(alone[count == 1])


def _dimmed(light: Light, gain: F8) -> Light:
    key, sky, ground, fog = (_three(np.asarray(part) * gain) for part in (light.key, light.sky, light.ground, light.fog))
    return replace(light, key=key, sky=sky, ground=ground, fog=fog)


def _three(values: F8) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in values)
    return x, y, z
