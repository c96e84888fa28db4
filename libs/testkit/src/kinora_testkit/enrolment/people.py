"""The two faces, both works of the United States government: Eileen Collins (NASA) and Grace Hopper (US Navy)."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from kinora_media.image import Rgb
from PIL import Image

from kinora_testkit.enrolment.head import Head

PEOPLE = ("eileen", "grace")
_CARRIERS = Path(__file__).parents[5] / ".cache" / "carriers"


@cache
def head(name: str) -> Head:
    """Takes a second the first time."""
    return Head(picture(name))


def picture(name: str) -> Rgb:
    matplotlib = find_spec("matplotlib")
    if matplotlib is None or matplotlib.origin is None:
        raise FileNotFoundError("matplotlib, which carries one of the pictures, is not installed")
    paths = {
        "eileen": _CARRIERS / "skimage/data/astronaut.png",
        "grace": Path(matplotlib.origin).parent / "mpl-data/sample_data/grace_hopper.jpg",
    }
    return np.asarray(Image.open(paths[name]).convert("RGB"))
