"""Noise levels (sigmas) of a shot, from 1, pure noise, downwards; flow matching, as LTX-2 has it."""

from collections.abc import Sequence

import numpy as np

STEPS, DRAFT_STEPS = 30, 12  # of weights that are not distilled


def thinned(sigmas: Sequence[float], count: int) -> list[float]:
    """At most `count` of them, evenly spread, the first and the last among them."""
    if count >= len(sigmas):
        return list(sigmas)
    kept = np.linspace(0, len(sigmas) - 1, count).round().astype(int) if count > 1 else [0]
    return [float(sigmas[index]) for index in kept]


def even(count: int) -> list[float]:
    """Before the scheduler shifts them by the number of tokens."""
    return [float(sigma) for sigma in np.linspace(1.0, 1.0 / count, count)]


def last(sigmas: Sequence[float], kept: float) -> list[float]:
    """What is left to do of a take that is kept by `kept` (0 to 1): that share of the steps is left out, as image-to-image does."""
    return list(sigmas)[-max(1, round(len(sigmas) * (1 - kept))) :]
