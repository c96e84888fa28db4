"""Black bars above, below or beside a film's pictures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kinora_marks.prints.pdq import Luma

_BLACK = 28  # of luma: what noise and coding leave of 16
_MOST = 0.45  # of a side


def inside(pictures: Sequence[Luma]) -> tuple[slice, slice]:
    """Rows and columns within the bars, which are where no picture of the film has anything. All pictures have the same shape."""
    brightest = np.max(pictures, axis=0)
    return _span(np.percentile(brightest, 95, axis=1)), _span(np.percentile(brightest, 95, axis=0))


def _span(lines: NDArray[np.float64]) -> slice:
    lit = np.flatnonzero(lines > _BLACK)
    most = int(len(lines) * _MOST)
    if len(lit) == 0:
        return slice(0, len(lines))
    return slice(min(int(lit[0]), most), max(int(lit[-1]) + 1, len(lines) - most))
