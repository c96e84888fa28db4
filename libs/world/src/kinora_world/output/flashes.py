"""Flashes that could harm people with photosensitive epilepsy, after WCAG 2.2, success criterion 2.3.1.

A flash is a pair of opposing changes of relative luminance by a tenth or more where the darker picture is below 0.8. More than three in one
second over more than a quarter of a 10 degree field of view, which is 341 x 256 of 1024 x 768 pixels, are too many.
"""

import numpy as np

from kinora_world.scene import F8, U1

ROWS, COLUMNS = 18, 32
SEEN = 3 * ROWS, 3 * COLUMNS  # pixels that are looked at
AREA = 0.25 * 341 * 256 / (1024 * 768)  # of the picture
MOST = 3  # in a second
_STEP, _DARK = 0.1, 0.8
_LINEAR = np.where(np.arange(256) / 255 <= 0.04045, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4)
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


class Flashes:
    """Shown every frame of a clip in turn, says in which seconds there were too many."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._extreme: F8 | None = None  # per cell the luminance since which it has changed direction
        self._direction = np.zeros((ROWS, COLUMNS))
        self._turns: list[tuple[int, int]] = []  # (frame, direction) of every change that enough cells made together
        self._frame = 0

    def show(self, frame: U1) -> None:
        """(height, width, 3) sRGB."""
        light = _luminance(frame)
        if self._extreme is None:
            self._extreme = light
        for direction in (1, -1):
            change = (light - self._extreme) * direction
            turned = (change >= _STEP) & (np.minimum(light, self._extreme) < _DARK) & (self._direction != direction)
            if turned.mean() >= AREA:
                self._turns.append((self._frame, direction))
            self._direction[turned] = direction
        ahead = (light - self._extreme) * self._direction > 0  # it goes on the way it went
        settled = np.abs(light - self._extreme) >= _STEP
        self._extreme = np.where(ahead | settled, light, self._extreme)
        self._frame += 1

    def dangerous_seconds(self) -> list[float]:
        """When a second begins that holds more than three flashes, in seconds of the clip."""
        flashes = [self._turns[i][0] for i in range(1, len(self._turns)) if self._turns[i][1] != self._turns[i - 1][1]][::2]
        return [at / self._fps for i, at in enumerate(flashes) if i + MOST < len(flashes) and flashes[i + MOST] - at < self._fps]


def _luminance(frame: U1) -> F8:
    """(ROWS, COLUMNS) mean relative luminance, from a thinned picture."""
    rows = np.linspace(0, frame.shape[0] - 1, SEEN[0]).astype(int)
    columns = np.linspace(0, frame.shape[1] - 1, SEEN[1]).astype(int)
    light = _LINEAR[frame[np.ix_(rows, columns)]] @ _WEIGHTS
    return np.asarray(light.reshape(ROWS, 3, COLUMNS, 3).mean((1, 3)))
