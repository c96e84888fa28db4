"""One tiling texture of noises, baked once: cheaper than noise in a shader, and its mipmaps keep distant ground calm."""

from functools import cache

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import ndtr

from kinora_world.scene import F8, U1

SIDE = 512


def _spectral(rng: np.random.Generator, falloff: float, lowest: float) -> F8:
    """Tiling noise with power falling as frequency**-2*falloff, equalised to 0..1."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE) * SIDE, np.fft.fftfreq(SIDE) * SIDE))
    amplitude = np.where(frequency >= lowest, np.maximum(frequency, 1) ** -falloff, 0.0)
    field = np.fft.ifft2(np.fft.fft2(rng.normal(size=(SIDE, SIDE))) * amplitude).real
    return np.asarray(ndtr((field - field.mean()) / field.std()), np.float64)


def _cells(rng: np.random.Generator, count: int) -> F8:
    """Distance to the nearest of `count` scattered points, tiling."""
    points = rng.uniform(0, SIDE, (count, 2))
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), -1).reshape(-1, 2)
    distance, _ = cKDTree(points, boxsize=SIDE).query(grid)
    return np.asarray(distance / distance.max(), np.float64).reshape(SIDE, SIDE)


@cache
def noise_image() -> U1:
    """(SIDE, SIDE, 4): clouds, finer clouds, cells, grain."""
    rng = np.random.default_rng(20)
    layers = [_spectral(rng, 1.7, 1), _spectral(rng, 1.0, 6), _cells(rng, 700), _spectral(rng, 0.2, 1)]
    return (np.stack(layers, -1) * 255).astype(np.uint8)
