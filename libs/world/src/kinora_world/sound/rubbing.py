"""Sounds that last: things that slide or roll, limbs and balls that rush through the air, clothes that rustle. All read off the motion."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, SAMPLE_RATE, Performance, PropKind
from kinora_world.sound.foley import material
from kinora_world.sound.noises import band_noise
from kinora_world.sound.types import ShotSound

_GROUND_M = 0.04  # as near as this the thing lies on the ground
_SLOWEST = 0.12  # m/s
_RUSH = 5.5  # m/s above which the air is heard
_LIMBS = ("LeftHand", "RightHand", "LeftFoot", "RightFoot")
_RATE = 48  # looks at the limbs in a second


def rubs(heard: ShotSound, seed: int) -> Iterator[tuple[float, F8, F8]]:
    """(start, samples (n,), stage position (3,)) of every stretch of sliding and rolling, of rushing air and of clothes."""
    for number, (name, poses) in enumerate(sorted(heard.props.items())):
        if not heard.kinds[name].fixed and len(poses) > 3:
            rng = np.random.default_rng([seed, 3, number])
            yield from _slides(heard, heard.kinds[name], poses, rng)
            yield from _rushes(*_flight(poses, heard.fps), heard.fps, rng, size=0.6)
    for number, (_, performance) in enumerate(sorted(heard.performances.items())):
        yield from _moves(performance, heard.duration, np.random.default_rng([seed, 4, number]))


def centre_and_reach(kind: PropKind) -> tuple[F8, float]:
    """The middle of a prop in its own axes (3,), and how far its surface is from there."""
    points = np.array([shape.position for shape in kind.shapes])
    reach = [max(shape.size) for shape in kind.shapes]
    low, high = (points - np.array(reach)[:, None]).min(axis=0), (points + np.array(reach)[:, None]).max(axis=0)
    return np.asarray((low + high) / 2), float(max(reach))


def sliding(poses: F8, kind: PropKind, fps: int) -> tuple[F8, F8]:
    """Speeds in m/s (n_frames,) at which a prop slides and at which it rolls over the ground, 0 where it does neither."""
    middle, reach = centre_and_reach(kind)
    round_ = all(shape.kind in ("sphere", "torus") for shape in kind.shapes)
    places = poses[:, :3, :3] @ middle + poses[:, :3, 3]
    velocity = np.gradient(places, 1 / fps, axis=0)
    lowest = places[:, 2] - reach if round_ else poses[:, 2, 3]
    grounded = (lowest < _GROUND_M) & (np.abs(velocity[:, 2]) < 0.25)
    speed = np.linalg.norm(velocity[:, :2], axis=1) * grounded
    spin = np.linalg.norm(Rotation.from_matrix(poses[1:, :3, :3] @ poses[:-1, :3, :3].transpose(0, 2, 1)).as_rotvec(), axis=1) * fps
    rolls = np.append(spin, spin[-1:]) * reach > 0.5 * speed
    return np.where(rolls, 0, speed), np.where(rolls, speed, 0)


def _slides(heard: ShotSound, kind: PropKind, poses: F8, rng: np.random.Generator) -> Iterator[tuple[float, F8, F8]]:
    own, ground = material(kind.shapes[0].material), material(heard.stage.ground_material)
    slid, rolled = sliding(poses, kind, heard.fps)
    weight = min(1.0, kind.mass**0.4)
    for speeds, gain, (low, high) in ((slid, 0.05, own["slide"]), (rolled, 0.025, own["roll"])):
        for first, last in _stretches(speeds > _SLOWEST):
            level = _stretch_level(speeds[first:last], heard.fps) * gain * weight * (0.5 + ground["rough"])
            yield first / heard.fps, level * band_noise(rng, len(level), low, high), poses[(first + last) // 2, :3, 3]


def _stretch_level(speeds: F8, fps: int) -> F8:
    """(n,) at the sample rate: louder the faster, fading in and out."""
    count = int(len(speeds) / fps * SAMPLE_RATE)
    level = np.interp(np.arange(count) / SAMPLE_RATE * fps, np.arange(len(speeds)), np.minimum(1.5, speeds**0.8))
    edge = min(count // 2, int(0.08 * SAMPLE_RATE))
    level[:edge] *= np.linspace(0, 1, edge)
    level[count - edge :] *= np.linspace(1, 0, edge)
    return level


def _stretches(on: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, after the last) of every run of at least three frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= 3]


def _flight(poses: F8, fps: int) -> tuple[F8, F8]:
    """Speeds (n,) of what flies free, and places (n, 3)."""
    places = poses[:, :3, 3]
    return np.linalg.norm(np.gradient(places, 1 / fps, axis=0), axis=1) * (places[:, 2] > 0.3), places


def _rushes(speeds: F8, places: F8, rate: int, rng: np.random.Generator, size: float) -> Iterator[tuple[float, F8, F8]]:
    """Air around each burst of speed, brighter the faster."""
    for first, last in _stretches(speeds > _RUSH):
        top = float(speeds[first:last].max())
        length = max(0.16, (last - first) / rate)
        count = int(length * SAMPLE_RATE)
        level = 0.05 * size * min(2.0, (top / 8) ** 1.6)
        sound = band_noise(rng, count, 60 * top, 190 * top) * np.sin(np.linspace(0, np.pi, count)) ** 2 * level
        middle = (first + last) / 2 / rate
        yield max(0.0, middle - length / 2), sound, places[(first + last) // 2]


def _moves(performance: Performance, duration: float, rng: np.random.Generator) -> Iterator[tuple[float, F8, F8]]:
    clock = np.arange(0, duration, 1 / _RATE)
    total = np.zeros(len(clock))
    for limb in _LIMBS:
        places = np.array([performance.joint(limb, time) for time in clock])
        speeds = gaussian_filter1d(np.linalg.norm(np.gradient(places, 1 / _RATE, axis=0), axis=1), 1.0)
        total += speeds
        yield from _rushes(speeds, places, _RATE, rng, size=0.9)
    yield from _rustle(total, performance, rng)


def _rustle(speeds: F8, performance: Performance, rng: np.random.Generator) -> Iterator[tuple[float, F8, F8]]:
    """Cloth on cloth while a body moves a lot."""
    for first, last in _stretches(speeds > 3.0):
        level = 0.002 * _stretch_level(np.maximum(0, speeds[first:last] - 2.5) / 2, _RATE)
        yield first / _RATE, level * band_noise(rng, len(level), 1800, 6500), performance.joint("Hips", (first + last) / 2 / _RATE)
