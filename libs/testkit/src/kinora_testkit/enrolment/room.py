"""What is behind a person: a lit wall with blurred things on it."""

from functools import lru_cache

import cv2
import numpy as np
from kinora_media.image import Rgb

from kinora_testkit.enrolment.head import HEIGHT, WIDTH


@lru_cache(maxsize=8)
def room(seed: int) -> Rgb:
    random = np.random.default_rng(seed)
    wall = np.linspace(150, 205, HEIGHT)[:, None, None] * np.ones((1, WIDTH, 1)) * np.array([1, 0.97, 0.9])
    for _ in range(14):
        x, y = random.integers(0, WIDTH), random.integers(0, HEIGHT)
        wall[y : y + random.integers(15, 120), x : x + random.integers(15, 100)] = random.uniform(60, 230, 3)
    return np.asarray(np.clip(cv2.GaussianBlur(wall, (0, 0), 1.5), 0, 255), np.uint8)
