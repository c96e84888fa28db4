"""People as stick figures on black, in OpenPose's colours (its body of 18 points): what models that follow poses are trained with."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from kinora_engine.contract import Picture
from PIL import Image, ImageDraw

Joints = Mapping[str, Sequence[float]]  # by the world engine's names; x and y in pixels come first

_NOSE = "Nose"
_LIMBS = (
    ("Neck", "RightArm", (255, 0, 0)),
    ("Neck", "LeftArm", (255, 85, 0)),
    ("RightArm", "RightForeArm", (255, 170, 0)),
    ("RightForeArm", "RightHand", (255, 255, 0)),
    ("LeftArm", "LeftForeArm", (170, 255, 0)),
    ("LeftForeArm", "LeftHand", (85, 255, 0)),
    ("Neck", "RightUpLeg", (0, 255, 0)),
    ("RightUpLeg", "RightLeg", (0, 255, 85)),
    ("RightLeg", "RightFoot", (0, 255, 170)),
    ("Neck", "LeftUpLeg", (0, 255, 255)),
    ("LeftUpLeg", "LeftLeg", (0, 170, 255)),
    ("LeftLeg", "LeftFoot", (0, 85, 255)),
    ("Neck", _NOSE, (0, 0, 255)),
)
_DIM = 0.6  # of a limb's colour beside its joint's
_THICK = 1 / 128  # of the shorter side
_FAR = 4  # sides off the picture: there the projection of what lies behind the camera ends up


def skeletons(people: Iterable[Joints], width: int, height: int) -> Picture:
    """(height, width, 3), later people over earlier ones."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    thick = max(1.0, min(width, height) * _THICK)
    for joints in people:
        points = {name: (x, y) for name, (x, y, *_) in joints.items()}
        # The head's joint is the base of the skull, halfway from the neck to the nose.
        head, neck = points["Head"], points["Neck"]
        points[_NOSE] = 2 * head[0] - neck[0], 2 * head[1] - neck[1]
        seen = {name: (x, y) for name, (x, y) in points.items() if abs(x) < _FAR * width and abs(y) < _FAR * height}
        limbs = [(seen[start], seen[end], colour) for start, end, colour in _LIMBS if start in seen and end in seen]
        for start, end, colour in limbs:
            draw.line([start, end], tuple(round(part * _DIM) for part in colour), width=round(2 * thick))
        for _, end, colour in limbs:
            draw.circle(end, thick, colour)
    return np.asarray(image)
