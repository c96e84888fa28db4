"""A film known to be good, by the world engine, and the same film broken in known ways: what the measures have to tell apart."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from kinora_media.encode import Mp4Writer
from kinora_media.probe import frames, samples
from kinora_world import output
from kinora_world.director import direct
from kinora_world.render import prepare
from numpy.typing import NDArray

FPS, RATE = 24, 48_000
PROMPT, SECONDS, SEED = "A basketball bounces on a court", 6, 0
Film = tuple[NDArray[np.uint8], NDArray[np.float32]]  # pictures, sound


def good(folder: Path, width: int = 320, height: int = 180) -> Path:
    """Each bounce is seen and heard. Some 15 s on a laptop's core."""
    told = direct(PROMPT, seconds=SECONDS, width=width, height=height, seed=SEED)
    return output.write(prepare(told.storyboard, width=width, height=height), folder).video


def late(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """The sound comes 200 ms late."""
    return pictures, np.concatenate([np.zeros((RATE // 5, 2), np.float32), sound])


def frozen(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """A third of the film stands still."""
    third = len(pictures) // 3
    return np.concatenate([pictures[:third], np.repeat(pictures[third : third + 1], third, axis=0), pictures[2 * third :]]), sound


def stuttering(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """Every other picture repeats the one before."""
    return pictures[np.arange(len(pictures)) // 2 * 2], sound


def flickering(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """Each picture has a brightness of its own."""
    gains = 1 + 0.1 * np.random.default_rng(0).standard_normal(len(pictures))
    return np.clip(pictures * gains[:, None, None, None], 0, 255).astype(np.uint8), sound


def noise(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """What random weights make at best."""
    return np.random.default_rng(0).integers(0, 256, pictures.shape, np.uint8), sound


def silent(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """No sound."""
    return pictures, np.zeros_like(sound)


def again(pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> Film:
    """Nothing but encoded again, as all of these are."""
    return pictures, sound


WAYS: dict[str, Callable[[NDArray[np.uint8], NDArray[np.float32]], Film]] = {
    "encoded again": again,
    "sound 200 ms late": late,
    "a third frozen": frozen,
    "stuttering": stuttering,
    "flickering": flickering,
    "noise": noise,
    "silent": silent,
}


def made(film: Path, folder: Path) -> dict[str, Path]:
    """Files by what was done to the film."""
    pictures, sound = np.stack(list(frames(film))), samples(film)
    files = {}
    for name, way in WAYS.items():
        files[name] = folder / f"{name}.mp4"
        _write(files[name], *way(pictures, sound))
    return files


def _write(path: Path, pictures: NDArray[np.uint8], sound: NDArray[np.float32]) -> None:
    _, height, width, _ = pictures.shape
    with Mp4Writer(path, width, height, FPS) as out:
        for picture in pictures:
            out.frame(picture)
        out.audio(sound[: len(pictures) * RATE // FPS])
