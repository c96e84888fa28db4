"""Where the mark is when: it rests for some seconds, then glides on, so that neither a crop nor a patch takes it away."""

import math

REST_S, GLIDE_S = 3.0, 0.9
_MARGIN = 0.045  # of the shorter side
_TALL_FOOT = 0.1  # of the height, more: players of upright films draw their own words there
# Shares of the room: left to right, top to bottom. Corners, edges, and places that a crop to the middle keeps; seldom where faces are.
_STATIONS = ((0.0, 1.0), (1.0, 0.08), (0.12, 0.64), (1.0, 1.0), (0.45, 0.0), (0.5, 0.82), (0.0, 0.06), (0.88, 0.56))


def place(at_s: float, picture: tuple[int, int], mark: tuple[int, int]) -> tuple[int, int]:
    """The mark's left and top in pixels, even; sizes are (width, height)."""
    width, height = picture
    margin = _MARGIN * min(picture)
    foot = margin + (_TALL_FOOT * height if height > width else 0)
    across, down = _station(at_s)
    left = margin + across * (width - 2 * margin - mark[0])
    top = margin + down * (height - margin - foot - mark[1])
    return _even(left, width - mark[0]), _even(top, height - mark[1])


def _station(at_s: float) -> tuple[float, float]:
    number, within = divmod(at_s, REST_S + GLIDE_S)
    here, there = (_STATIONS[(int(number) + step) % len(_STATIONS)] for step in (0, 1))
    moved = max(0.0, within - REST_S) / GLIDE_S
    eased = (1 - math.cos(math.pi * moved)) / 2
    return here[0] + eased * (there[0] - here[0]), here[1] + eased * (there[1] - here[1])


def _even(value: float, most: int) -> int:
    return max(0, min(round(value / 2) * 2, most // 2 * 2))
