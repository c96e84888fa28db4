"""What a picture shows, guessed without a trained model: sky, ground, what stands between them, and the line of the horizon."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from kinora_world.picture.patches import Patches, patches
from kinora_world.scene import F8, U1

Mask = NDArray[np.bool_]
_SPLITS = np.linspace(0.2, 0.85, 66)  # rows at which the ground may begin, as shares of the height
_ALIKE, _APART = 14.0, 8.0  # geodesic Lab units from a border within which a patch is of it, and beyond which it is none
_BRIGHT, _WARM = 46.0, 14.0  # L of the darkest day sky; a and b of the warmest
_WIDE = 0.35  # of the lower edge, that a ground takes
_USUAL_HORIZON = 0.42
_STANDS_OUT = (10.0, 40.0)  # geodesic Lab units from the borders: not at all, and wholly
_LEAST = 0.06  # share of the picture below which a ground or sky is none


@dataclass(frozen=True, slots=True)
class Regions:
    """Masks (height, width) of a small picture; `horizon` is a share of its height from the top, `grounded` whether a ground was found."""

    sky: Mask
    ground: Mask
    horizon: float
    grounded: bool
    subject: F8  # (height, width) 0..1: how much it stands out from the picture's borders

    @property
    def upright(self) -> Mask:
        return ~(self.sky | self.ground)


def regions(picture: U1) -> Regions:
    """Of a small picture (height, width, 3)."""
    found = patches(picture)
    split = _split(picture)
    ground = _large(_ground(found, split))
    sky = _large(_sky(found, split) & ~ground)
    grounded = bool(ground.any())
    horizon = float(np.clip(_top(ground) - 0.03, 0.12, 0.72)) if grounded else _USUAL_HORIZON
    return Regions(sky, ground, horizon, grounded, _subject(found))


def _large(mask: Mask) -> Mask:
    return mask if mask.mean() > _LEAST else np.zeros_like(mask)


def _split(picture: U1) -> float:
    """The row that parts the picture best into two even halves, by the colours of its rows (Otsu's criterion, with a prior)."""
    rows = np.median(picture.astype(np.float64), axis=1)
    costs = []
    for share in _SPLITS:
        at = max(1, min(len(rows) - 1, round(share * len(rows))))
        within = ((rows[:at] - rows[:at].mean(0)) ** 2).sum() + ((rows[at:] - rows[at:].mean(0)) ** 2).sum()
        costs.append(within * (1 + 1.5 * (share - 0.52) ** 2))
    return float(_SPLITS[int(np.argmin(costs))])


def _ground(found: Patches, split: float) -> Mask:
    """What is like the lower border, and like the sides of the picture too: who stands in front touches only the lower one."""
    below, above = found.from_border("bottom"), found.from_border("top")
    aside = np.minimum(found.from_border("left"), found.from_border("right"))
    of_it = (below < _ALIKE) & (above > _APART) & (below <= above) & (aside < 1.5 * _ALIKE) & (found.row > split - 0.12)
    ground = _joined(of_it[found.label], -1)
    return ground if ground[-1].mean() > _WIDE else np.zeros_like(ground)


def _sky(found: Patches, split: float) -> Mask:
    cool = (found.colour[:, 0] > _BRIGHT) & (found.colour[:, 1:].max(1) < _WARM)
    of_it = (found.from_border("top") < _ALIKE) & (found.row < split + 0.02) & cool
    return _joined(of_it[found.label], 0)


def _subject(found: Patches) -> F8:
    """Geodesic saliency (Wei et al., 2012): what colour edges part from the sides and the top; the foot of a portrait is its own."""
    away = np.minimum.reduce([found.from_border(side) for side in ("top", "left", "right")])
    low, high = _STANDS_OUT
    return np.asarray(np.clip((away - low) / (high - low), 0, 1)[found.label])


def _joined(mask: Mask, row: int) -> Mask:
    """Only what hangs together with that row, its pinholes filled."""
    parts, _ = ndimage.label(mask)
    kept = np.isin(parts, np.setdiff1d(parts[row], 0))
    return np.asarray(ndimage.binary_fill_holes(kept) if kept.any() else kept)


def _top(ground: Mask) -> float:
    """How high the ground reaches where it reaches highest, a tenth of its columns aside; a share of the height."""
    columns = ground.any(0)
    tops: F8 = ground.argmax(0)[columns] / ground.shape[0]
    return float(np.percentile(tops, 10))
