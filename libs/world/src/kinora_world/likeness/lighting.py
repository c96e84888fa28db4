"""The light that lay on a face when it was filmed, taken out of its texture: what is broad is light, what is fine is the face."""

import numpy as np
from scipy.ndimage import gaussian_filter, zoom
from scipy.spatial import cKDTree

from kinora_world.scene import F8

_STEP = 4  # light is looked for in a picture of a quarter of the size
_BROAD = 0.07  # of the texture: light on the face is broader than its features
_OUT = 0.7  # share of the broad light that is taken out in the middle of the face; at the rim it is all of it
_PATCHY = 0.02  # of the texture: what is broader is a patch, not a line
_PATCH = 0.3  # logarithm of the light: patches stay about as far from the skin around them, and no further
_NEAR = (0.02, 0.05)  # of the texture, from a feature: as it is, softened
_FEATURES = (
    *(33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173),  # the right eye, the left
    *(263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398),
    *(46, 53, 52, 65, 55, 70, 63, 105, 66, 107, 276, 283, 282, 295, 285, 300, 293, 334, 296, 336),  # brows
    *(61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409),  # lips, outside and inside
    *(78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415),
    *(2, 97, 98, 326, 327),  # nostrils
)


def evened(colours: F8, seen: F8, rim: F8, tone: F8, uv: F8) -> F8:
    """Colours (h, w, 3) in 0..1 nearer to `tone` (3,), the skin's, in what is broad, and alike on both sides.

    seen (h, w): what is skin for sure; rim (h, w): 0 in the middle of the face, 1 at its edge; uv (468, 2): where the landmarks lie.
    """
    small, sure, edge = (_small(layer) for layer in (colours, seen, rim))
    off = _features(sure.shape, uv)
    light = np.log(np.maximum(small, 0.02) / tone)
    broad = _broad(light, sure * (1 - 0.8 * off) + 1e-3)
    share = (_OUT + (1 - _OUT) * edge)[..., None]
    change = (1 - share) * (broad + broad[:, ::-1]) / 2 - broad
    patches = gaussian_filter(light - broad, (_PATCHY * len(light), _PATCHY * len(light), 0))
    change += (1 - off)[..., None] * (_PATCH * np.tanh(patches / _PATCH) - patches)
    gain = zoom(np.exp(change), (_STEP, _STEP, 1), order=1, grid_mode=True, mode="nearest")
    return np.asarray(colours * gain[: colours.shape[0], : colours.shape[1]])


def _small(layer: F8) -> F8:
    whole = np.pad(layer, [(0, -side % _STEP) for side in layer.shape[:2]] + [(0, 0)] * (layer.ndim - 2), mode="edge")
    height, width = (side // _STEP for side in whole.shape[:2])
    return np.asarray(whole.reshape(height, _STEP, width, _STEP, *layer.shape[2:]).mean((1, 3)))


def _broad(light: F8, sure: F8) -> F8:
    """Blurred over what is sure."""
    sigma = _BROAD * len(light)
    blurred = gaussian_filter(light * sure[..., None], (sigma, sigma, 0))
    return np.asarray(blurred / gaussian_filter(sure, sigma)[..., None])


def _features(shape: tuple[int, ...], uv: F8) -> F8:
    """1 on eyes, brows, nostrils and lips, 0 away from them."""
    down, across = (np.mgrid[: shape[0], : shape[1]] + 0.5) / np.array(shape)[:, None, None]
    far = cKDTree(uv[list(_FEATURES)]).query(np.dstack([across, down]), distance_upper_bound=_NEAR[1])[0]
    share = np.clip((_NEAR[1] - far) / (_NEAR[1] - _NEAR[0]), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))
